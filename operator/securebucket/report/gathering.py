"""Puts snippets of text together to pieces that are worth sending. Pure."""

from collections.abc import Iterable, Iterator

PIECE = 8192
"""Characters of a piece at the least, but for the last one: some milliseconds of work."""


def gathered(snippets: Iterable[str]) -> Iterator[str]:
    """Return the same text in larger pieces."""
    held: list[str] = []
    size = 0
    for each in snippets:
        held.append(each)
        size += len(each)
        if size >= PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)
