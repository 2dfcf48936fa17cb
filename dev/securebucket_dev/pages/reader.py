"""Reads a page of Markdown into its steps; what it does not know is an error, so that no block is left out unseen."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from markdown_it import MarkdownIt

from securebucket_dev.pages.step import LANGUAGES, Block, Let, Page, PageError, Run, Step

TOP = ("README.md", "SECURITY.md", "CONTRIBUTING.md", "charts/securebucket/README.md", "deploy/README.md")
"""Pages outside `docs/`."""
DATED = "docs/design"
"""Decisions of a day: they record what was so then, and are not changed afterwards."""
DIRECTIVE = re.compile(r"<!--\s*test:\s*(.*?)\s*-->", re.DOTALL)
INFO = re.compile(r'(?P<language>\w+)(?: title="(?P<title>[\w./-]+)")?')
RUN = re.compile(r"run\s+(.+)", re.DOTALL)
LET = re.compile(r"let ([A-Z]{4,})=(.+)", re.DOTALL)
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
        place = f"{path}:{token.map[0] + 1}"
        if token.type == "code_block":
            raise PageError(f"{place}: an indented block has no language. Remedy: write it between fences.")
        if token.type == "fence":
            steps.append(_block(path, token.map[0] + 1, token.info.strip(), token.content, about))
            about = {}
            continue
        if about and token.type != "html_block":
            raise PageError(f"{place}: a comment for the test speaks of no block. Remedy: put it right before one.")
        for found in DIRECTIVE.findall(token.content) if token.type == "html_block" else ():
            if found == "bare":
                bare = True
            elif found == "background" or re.fullmatch(r"exit \d+( or \d+)*", found):
                word, _, codes = found.partition(" ")
                about[word] = tuple(map(int, re.findall(r"\d+", codes)))
            else:
                steps.append(_preparation(path, token.map[0] + 1, found))
    if about:
        raise PageError(f"{path}: its last comment for the test speaks of no block. Remedy: put it right before one.")
    return Page(path, tuple(steps), bare)


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
