"""A file means the same to the command line as to a cluster, and what is written for people means the same to both."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.cli.yaml_rows import MAPPINGS, ROWS

from securebucket.cli.yaml_documents import Document, Wrong, read_objects
from securebucket.cli.yaml_scalars import json_number, read_plain
from securebucket.cli.yaml_text import yaml_text


def read(text: str, folder: Path) -> Any:
    file = folder / "objects.yaml"
    file.write_text(text)
    (found,) = read_objects([file])
    return found


@pytest.mark.parametrize("written", [*ROWS, *MAPPINGS])
def test_reads_as_kubectl_does(written: str, tmp_path: Path) -> None:
    found = read(f"- {written}\n", tmp_path)
    assert isinstance(found, Document), found
    assert json.dumps(found.content, sort_keys=True) == json.dumps([(ROWS | MAPPINGS)[written]], sort_keys=True)


REFUSED = {
    ".inf": ".inf is no number in JSON",
    "-.INF": "-.INF is no number in JSON",
    ".nan": ".nan is no number in JSON",
    "{~: 1}": "~ is no name; put it in quotes",
    "{1.5: x}": "1.5 is no name; put it in quotes",
    "{0123456789: x}": "0123456789 is no name; put it in quotes",
    "{18446744073709551615: x}": "18446744073709551615 is no name; put it in quotes",
    "{a: 1, a: 2}": "a is there twice; remove one",
    "{yes: 1, true: 2}": "true is there twice; remove one",
    "{10: 1, 012: 2}": "10 is there twice; remove one",
    '{10: 1, "10": 2}': "10 is there twice; remove one",
    "{<<: 3}": "<< merges mappings, and this is none",
    "{a: {b: &b {x: 1, x: 2}}, m: {<<: *b}}": "x is there twice; remove one",
    "!!binary aGVsbG8=": "the tag !!binary is not read; write the value without it",
    "!!int '12'": "the tag !!int is not read",
    "!!set {a, b}": "the tag !!set is not read",
    "!own x": "the tag !own is not read",
    "!own {a: 1}": "the tag !own is not read",
    "! 12": "the tag !!int is not read",
    "!!python/name:os.system x": "the tag !!python/name:os.system is not read",
}


@pytest.mark.parametrize("written", REFUSED)
def test_what_kubectl_refuses_or_would_read_as_something_else_is_refused(written: str, tmp_path: Path) -> None:
    found = read(f"- {written}\n", tmp_path)
    assert isinstance(found, Wrong), found
    assert REFUSED[written] in found.message
    assert "line 1" in found.source


def test_merges_of_merges_cannot_fill_the_memory(tmp_path: Path) -> None:
    """Each mapping merges the one before nine times: keys are counted once, or the last line alone is billions."""
    lines = [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}], k{n}: 1}}" for n in range(1, 40)]
    found = read("a0: &a0 {k0: 1}\n" + "\n".join(lines), tmp_path)
    assert isinstance(found, Document), found
    assert len(found.content["a39"]) == 40


@given(st.text(max_size=12) | st.from_regex(r"[-+0-9._eExXobTYn:~]{1,8}", fullmatch=True))
def test_a_text_that_we_write_is_the_same_text_to_every_reader(text: str) -> None:
    written = yaml_text([text])
    (node,) = yaml.compose(written, yaml.SafeLoader).value
    assert node.value == text
    assert node.style is not None or read_plain(text) == text
    assert yaml.safe_load(written) == [text]


@pytest.mark.parametrize("text", ["012345678901", "0o17", "y", "N", "1e3", "1.11122223333e11", "08", "012", "off", ""])
def test_a_text_that_kubectl_would_take_for_something_else_is_quoted(text: str) -> None:
    assert yaml_text({"account": text}) == f"account: '{text}'\n"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_stays_what_it_is(number: float) -> None:
    found = json_number(number)
    assert math.isclose(found, number, rel_tol=1e-15)
    assert isinstance(found, int) == (number.is_integer() and abs(number) < 1e21)
