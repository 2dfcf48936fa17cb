"""What the runbooks tell a person to type; `tests/e2e/test_documentation.py` does it."""

import re
from collections.abc import Iterator
from pathlib import Path

from securebucket_dev.pages.queries import split_queries
from securebucket_dev.pages.reader import read_page
from securebucket_dev.pages.step import Block

RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
CONTINUED = re.compile(r" \\\n *")


def blocks(language: str) -> Iterator[tuple[str, Block]]:
    """Give each block of a language with the name of its page."""
    for path in sorted(RUNBOOKS.glob("*.md")):
        for block in read_page(path.name, path.read_text(encoding="utf-8")).blocks:
            if block.language == language:
                yield path.stem, block


def commands() -> list[tuple[str, str]]:
    """Give each shell command with the name of its page; one that goes over several lines is one."""
    return [
        (page, line)
        for page, block in blocks("bash")
        for line in CONTINUED.sub(" ", block.text).splitlines()
        if not line.startswith(" ")
    ]


def expressions() -> list[tuple[str, str]]:
    """Give each PromQL expression with the name of its page."""
    return [(page, expr) for page, block in blocks("promql") for expr in split_queries(block.text)]
