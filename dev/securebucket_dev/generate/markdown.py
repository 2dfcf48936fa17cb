"""Pieces of Markdown that the reference pages are made of."""

from collections.abc import Iterable

NOTICE = "<!-- made by make generate; edit the code instead -->\n\n"
BAR = "&#124;"
"""A bar within a cell would end it."""


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a table."""
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *map(list, rows)]
    return "".join(f"| {' | '.join(_cell(cell) for cell in line)} |\n" for line in lines)


def code(text: str) -> str:
    """Write something as code, within a line."""
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", BAR)
