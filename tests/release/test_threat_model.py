"""The threat model names what is there: numbered without a gap, each control with tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "explanation" / "threat-model.md").read_text()
CONTROLS = re.findall(r"^- \*\*C(\d+)\*\* (.*?)(?=^- \*\*C|^#|\Z)", TEXT, re.MULTILINE | re.DOTALL)


def test_threats_and_controls_are_numbered_without_a_gap() -> None:
    threats = [int(each) for each in re.findall(r"^### T(\d+): ", TEXT, re.MULTILINE)]
    assert threats == list(range(1, len(threats) + 1))
    assert [int(number) for number, _ in CONTROLS] == list(range(1, len(CONTROLS) + 1))


def test_every_threat_has_a_control() -> None:
    parts = re.split(r"^#+ ", TEXT, flags=re.MULTILINE)
    assert [part.splitlines()[0] for part in parts if re.match(r"T\d+:", part) and "**C" not in part] == []


def test_every_control_is_held_by_a_test_that_is_there() -> None:
    """`file::test` or a whole file of tests."""
    assert len(CONTROLS) >= 25
    for number, text in CONTROLS:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
        assert named, f"C{number}"
        for file, test in named:
            code = (ROOT / file).read_text()
            assert f"def {test}(" in code if test else "def test_" in code, f"C{number}: {file}::{test}"


def test_every_threat_and_boundary_speaks_of_an_asset_that_is_listed() -> None:
    listed = set(re.findall(r"^\| (A\d+) \|", TEXT, re.MULTILINE))
    assert set(re.findall(r"\bA\d+\b", TEXT)) == listed
