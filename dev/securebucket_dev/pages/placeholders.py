"""Capital words of a page, which the reader replaces."""

import re
from collections.abc import Mapping

from securebucket_dev.pages.step import Block, Let, Page, PageError
from securebucket_dev.pages.transcript import read_transcript

# Not a variable ($NAME, ${NAME}), an assignment (NAME=…), or the title of a column (NAME:.metadata.name).
WORD = re.compile(r"(?<![\w${])[A-Z]{4,}(?![\w=]|:[.{])")
HEREDOC = re.compile(r"<<-?\s*['\"]?(\w+)")
CUSTOMARY = frozenset(
    {"ACCOUNT", "BUCKET", "CONTROL", "DIGEST", "ENDPOINT", "HASH", "NAME", "NAMESPACE", "OWNER", "REPOSITORY"}
)
"""What a capital word in YAML or JSON must be to be one of ours."""
THEMSELVES = frozenset(
    {
        *("DELETE", "HEAD", "PATCH", "POST"),
        *("DEBUG", "ERROR", "INFO", "WARNING"),
        *("COMPLIANCE", "FALSE", "GLACIER", "GOVERNANCE", "STANDARD", "TRUE"),
        "ALERTS",
    }
)
"""Words that mean what they say: verbs of HTTP, levels, values of S3, and the series of Prometheus' own."""


def placeholders(block: Block) -> list[str]:
    """Give the capital words of a block that a reader has to replace, in their order."""
    if block.language in {"text", "python"}:
        return []
    text = block.text
    if block.language == "console":  # what is printed may have titles of columns
        text = "\n".join(each.command for each in read_transcript(block))
    found = WORD.findall(text)
    if block.language in {"yaml", "json"}:
        return [each for each in found if each in CUSTOMARY]
    return [each for each in found if each not in THEMSELVES.union(HEREDOC.findall(block.text))]


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Replace capital words by their values; those that have none stay."""
    return WORD.sub(lambda found: values.get(found[0], found[0]), text)


def check_placeholders(page: Page) -> None:
    """See that each capital word is filled in before it is needed.

    Raises:
        PageError: one is not.
    """
    known: set[str] = set()
    for step in page.steps:
        if isinstance(step, Let):
            known.add(step.word)
        elif isinstance(step, Block):
            for word in placeholders(step):
                if word not in known:
                    raise PageError(
                        f"{step.place}: nobody fills in {word}. Remedy: a real name, a variable that a command of the "
                        f"page sets, or `<!-- test: let {word}=TEXT -->` before the block."
                    )
