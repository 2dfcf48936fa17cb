"""Reads a page of Markdown into its steps; what it does not know is an error, so that no block is left out unseen."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from securebucket_dev.pages.step import LANGUAGES, Block, Let, Page, PageError, Run, Step

TOP = ("README.md", "SECURITY.md", "CONTRIBUTING.md", "charts/securebucket/README.md", "deploy/README.md")
"""Pages outside `docs/`."""
DATED = "docs/design"
"""Decisions of a day: they record what was so then, and are not changed afterwards."""
DIRECTIVE = re.compile(r"<!--\s*test:\s*(.*?)\s*-->", re.DOTALL)
INFO = re.compile(r'(?P<language>\w+)(?: title="(?P<title>[\w./-]+)")?')
EXIT = re.compile(r"exit \d+( or \d+)*")
RUN = re.compile(r"run\s+(.+)", re.DOTALL)
LET = re.compile(r"let ([A-Z]{4,})=(.+)", re.DOTALL)
RELEASE = re.compile(r"^helm (install|upgrade) .*\bcharts/securebucket\b", re.MULTILINE)
TYPED = re.compile(
    r"\s*(\$ |(argocd|aws|cat|cd|curl|docker|echo|export|flux|gh|git|grep|helm|jq|kubectl|make|pip|promtool|python3?"
    r"|securebucket|sudo)\b)"
)
"""How a text begins that is to be typed."""


def list_pages(root: Path) -> list[str]:
    """Give the paths of all pages in a repository, without those that record decisions."""
    found = [str(each.relative_to(root)) for each in sorted((root / "docs").rglob("*.md"))]
    return [*TOP, *(each for each in found if not each.startswith(DATED))]


def read_page(path: str, text: str) -> Page:
    """Read a page.

    Raises:
        PageError: a block or a comment for the test is not understood.
    """
    steps: list[Step] = []
    about: dict[str, tuple[int, ...]] = {}  # what the comments above the next block say of it, by word
    bare = False
    for token in MarkdownIt("commonmark").parse(text):
        if token.map is None:
            continue
        line = token.map[0] + 1
        if token.type == "fence":
            steps.append(_block(path, line, token.info.strip(), token.content, about))
            about = {}
        elif about and token.type != "html_block":
            raise PageError(f"{path}:{line}: the comment above speaks of no block. Remedy: put it right before one.")
        for found in _directives(path, line, token):
            word, _, codes = found.partition(" ")
            if found == "bare":
                bare = True
            elif found == "background" or EXIT.fullmatch(found):
                about[word] = tuple(map(int, re.findall(r"\d+", codes)))
            else:
                steps.append(_preparation(path, line, found))
    if about:
        raise PageError(f"{path}: its last comment speaks of no block. Remedy: put it right before one.")
    return Page(path, tuple(steps), bare or _installs(steps))


def _installs(steps: Sequence[Step]) -> bool:
    """Tell whether the first release of a page is one that it installs: who upgrades first takes one for granted."""
    done = [found[1] for each in steps if isinstance(each, Block) for found in RELEASE.finditer(each.text)]
    return done[:1] == ["install"]


def _directives(path: str, line: int, token: Token) -> list[str]:
    """Give what a comment says to the test, and refuse what would hide a block or a comment."""
    if token.type == "html_block" and "```" not in token.content:
        return DIRECTIVE.findall(token.content)
    if token.type == "code_block":
        raise PageError(f"{path}:{line}: an indented block has no language. Remedy: write it between fences.")
    if token.type == "html_block":
        raise PageError(f"{path}:{line}: a block within HTML is not run. Remedy: leave a blank line before its fence.")
    if token.type == "inline" and "<!-- test:" in token.content:
        raise PageError(f"{path}:{line}: a comment for the test is within text. Remedy: give it lines of its own.")
    return []


def _block(page: str, line: int, info: str, text: str, about: dict[str, tuple[int, ...]]) -> Block:
    place = f"{page}:{line}"
    named = INFO.fullmatch(info)
    if named is None or named["language"] not in LANGUAGES:
        what = repr(info) if info else "no language"
        known = ", ".join(sorted(LANGUAGES))
        raise PageError(f'{place}: nobody runs a block of {what}. Remedy: {known}, and title="FILE" if it is a file.')
    block = Block(page, line, named["language"], text, named["title"] or "")
    if block.language == "text" and TYPED.match(text):
        raise PageError(f"{place}: this text is to be typed, and would not be run. Remedy: make it bash or console.")
    if about and block.language not in {"bash", "console"}:
        raise PageError(f"{place}: only commands end with a code or run on. Remedy: remove the comment above.")
    return replace(block, exit_codes=about.get("exit", (0,)), background="background" in about)


def _preparation(page: str, line: int, text: str) -> Let | Run:
    if let := LET.fullmatch(text):
        return Let(page, line, let[1], let[2])
    if run := RUN.fullmatch(text):
        return Run(page, line, run[1])
    raise PageError(
        f"{page}:{line}: `test: {text}` is not known. "
        "Remedy: exit CODE or CODE, background, let WORD=TEXT, run COMMAND or bare."
    )


def unused_files(page: Page) -> Iterator[Block]:
    """Give the blocks with a title that no later command of the page names."""
    for number, step in enumerate(page.steps):
        if isinstance(step, Block) and step.title:
            later = "\n".join(_said(each) for each in page.steps[number + 1 :])
            folder = str(Path(step.title).parent)
            if step.title not in later and (folder == "." or folder not in later):
                yield step


def _said(step: Step) -> str:
    if isinstance(step, Block):
        return step.text if step.language in {"bash", "console", "python"} else ""
    return step.command if isinstance(step, Run) else step.value
