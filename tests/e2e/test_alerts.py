"""The rules as Prometheus itself judges them: `tests/monitoring/alerts` has what must fire and what must not."""

import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
RULES = REPOSITORY / "charts" / "securebucket" / "files" / "monitoring" / "rules.yaml"
CASES = sorted((REPOSITORY / "tests" / "monitoring" / "alerts").glob("*.yaml"))


def promtool(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["promtool", *arguments], capture_output=True, text=True, timeout=60, check=False)


def test_prometheus_takes_the_rules() -> None:
    checked = promtool("check", "rules", "--lint=all", "--lint-fatal", str(RULES))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_it_fires_when_it_must_and_only_then(case: Path) -> None:
    tested = promtool("test", "rules", str(case))
    assert tested.returncode == 0, tested.stdout + tested.stderr
