"""A `console` block: what is run, and when its output is that of the page."""

import pytest

from securebucket_dev.pages.step import Block, PageError
from securebucket_dev.pages.transcript import Exchange, agrees, read_transcript

TEXT = """\
$ kubectl get sb \\
    -n payments
NAME   READY
a      True
$ true
"""


def test_each_command_has_its_output_and_its_line() -> None:
    assert read_transcript(Block("a.md", 10, "console", TEXT)) == [
        Exchange(11, "kubectl get sb \\\n    -n payments", ("NAME   READY", "a      True")),
        Exchange(15, "true", ()),
    ]


def test_it_begins_with_a_command() -> None:
    with pytest.raises(PageError, match=r"^a\.md:10: it begins with no command"):
        read_transcript(Block("a.md", 10, "console", "NAME\n"))


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (["NAME  AGE", "a  2m"], ["NAME     AGE", "a        13s"]),
        (["since 2026-11-25T03:00:00Z"], ["since 2027-01-01T00:00:00.123+00:00"]),
        (["plan 0a1b2c3d4e"], ["plan 9f8e7d6c5b4a3928"]),
        (["step … of 3"], ["step 2 of 3"]),
        (["first", "…", "last"], ["first", "a", "b", "last"]),
        (["first", "…"], ["first"]),
        (["a"], ["a", "", ""]),
        ([], []),
    ],
)
def test_what_changes_every_time_is_not_compared(shown: list[str], printed: list[str]) -> None:
    assert agrees(shown, printed)


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (["SCORE 76"], ["SCORE 77"]),
        (["a True"], ["a False"]),
        (["a"], ["a", "b"]),
        (["a", "b"], ["a"]),
        ([], ["a"]),
        (["step … of 3"], ["step 2 of 4"]),
        (["a.b"], ["aXb"]),
    ],
)
def test_another_output_is_seen(shown: list[str], printed: list[str]) -> None:
    assert not agrees(shown, printed)
