"""The steps of a page: what a reader types, reads or saves, and what only the test does."""

from dataclasses import dataclass

LANGUAGES = frozenset({"bash", "console", "json", "promql", "python", "text", "yaml"})
"""What a block may be written in; another word would be a block that nobody runs."""


class PageError(ValueError):
    """A page cannot be run as it stands; the text begins with page and line, and ends with the remedy."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Args:
        page: path of the page in the repository.
        line: of the fence's first line, from 1.
        language: one of `LANGUAGES`.
        text: what is between the fences, without the indentation of a list.
        title: the file that it is saved as; "" for none.
        exit_codes: that its commands may end with.
        background: whether it goes on while the rest of the page runs.
    """

    page: str
    line: int
    language: str
    text: str
    title: str = ""
    exit_codes: tuple[int, ...] = (0,)
    background: bool = False

    @property
    def place(self) -> str:
        """Where it is, as editors open it: `docs/page.md:12`."""
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Let:
    """`<!-- test: let WORD=TEXT -->`: fills in a capital word from here on.

    Args:
        page: path of the page in the repository.
        line: of the comment, from 1.
        word: what the reader replaces.
        value: shell words, expanded by the page's bash.
    """

    page: str
    line: int
    word: str
    value: str

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.page}:{self.line}"


@dataclass(frozen=True, slots=True)
class Run:
    """`<!-- test: run COMMAND -->`: what somebody else than the reader does, such as tampering with a bucket.

    Args:
        page: path of the page in the repository.
        line: of the comment, from 1.
        command: of bash; several lines if the comment has them.
    """

    page: str
    line: int
    command: str

    @property
    def place(self) -> str:
        """Where it is."""
        return f"{self.page}:{self.line}"


Step = Block | Let | Run


@dataclass(frozen=True, slots=True)
class Page:
    """A page.

    Args:
        path: in the repository.
        steps: in their order.
        bare: the page begins on a cluster without the operator and its definitions: it installs the chart, or
            says `<!-- test: bare -->`.
    """

    path: str
    steps: tuple[Step, ...]
    bare: bool = False

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks alone."""
        return tuple(each for each in self.steps if isinstance(each, Block))
