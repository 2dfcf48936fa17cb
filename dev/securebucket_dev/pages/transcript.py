"""A `console` block: commands, and what each prints."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from securebucket_dev.pages.step import Block, PageError

PROMPT = "$ "
ANYTHING = "…"
"""Stands for any text of a line, and alone in a line for any number of lines."""
# What is different every time. In this order: a time holds what would be an age.
CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "TIME"),
    (re.compile(r"(?<![\w.-])(\d+(d|h|m|s|ms))+(?![\w-])"), "AGE"),
    (re.compile(r"(?<![\w-])(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}(?![\w-])"), "HASH"),
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One command and what it prints.

    Args:
        line: of the command in the page.
        command: to run.
        printed: the lines that the page shows.
    """

    line: int
    command: str
    printed: tuple[str, ...]


def read_transcript(block: Block) -> list[Exchange]:
    r"""Take a block apart; a command goes on in the next line after a `\`.

    Raises:
        PageError: it does not begin with a command.
    """
    lines = block.text.splitlines()
    found: list[Exchange] = []
    number = 0
    while number < len(lines):
        if not lines[number].startswith(PROMPT):
            raise PageError(f"{block.place}: it begins with no command. Remedy: begin with `$ `, or make it text.")
        begin, number = number, number + 1
        while lines[number - 1].endswith("\\"):
            number += 1
        command = "\n".join(lines[begin:number]).removeprefix(PROMPT)
        end = next((each for each in range(number, len(lines)) if lines[each].startswith(PROMPT)), len(lines))
        found.append(Exchange(block.line + 1 + begin, command, tuple(lines[number:end])))
        number = end
    return found


def agrees(shown: Sequence[str], printed: Sequence[str]) -> bool:
    """Tell whether a command printed what the page shows; blanks, ages, times and hashes are not compared."""
    pattern = "".join(
        r"(?:[^\n]*\n)*" if line.strip() == ANYTHING else f"{_pattern(line)}\n" for line in _settled(shown)
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _settled(printed))) is not None


def _pattern(line: str) -> str:
    return r"[^\n]*".join(re.escape(part) for part in line.split(ANYTHING))


def _settled(lines: Sequence[str]) -> list[str]:
    settled = []
    for each in lines:
        line = " ".join(each.split())
        for pattern, name in CHANGING:
            line = pattern.sub(name, line)
        settled.append(line)
    while settled and not settled[-1]:
        settled.pop()
    return settled
