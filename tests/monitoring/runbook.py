"""What the runbooks tell a person to type."""

import re
from collections.abc import Iterator
from pathlib import Path

RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks"
CONTINUED = re.compile(r" \\\n *")


def blocks(language: str) -> Iterator[tuple[str, str]]:
    """Give each block of a language with the name of its page."""
    for page in sorted(RUNBOOKS.glob("*.md")):
        for indent, text in re.findall(rf"^( *)```{language}\n(.*?)^\1```", page.read_text(), re.MULTILINE | re.DOTALL):
            yield page.stem, re.sub(f"^{indent}", "", text, flags=re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    """Give each shell command with the name of its page; one that goes over several lines is one."""
    return [
        (page, line)
        for page, text in blocks("bash")
        for line in CONTINUED.sub(" ", text).splitlines()
        if not line.startswith(" ")
    ]


def expressions() -> list[tuple[str, str]]:
    """Give each PromQL expression with the name of its page: one a line, or one over the lines of a parenthesis."""
    found: list[tuple[str, str]] = []
    for page, text in blocks("promql"):
        expr = ""
        for line in text.splitlines():
            expr += line + "\n"
            if expr.count("(") == expr.count(")"):
                found.append((page, expr.strip()))
                expr = ""
    return found
