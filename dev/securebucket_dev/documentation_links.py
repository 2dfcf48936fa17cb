"""A hook of MkDocs: our pages are written for readers of the repository, and link to what no site has.

Pages at the top of the repository come into the site; a link to any other file becomes a link into the repository, if
`repo_url` names one, and its bare words if not. Comments, which are for the tests, are left out, and what belongs to
an item of a list is put in as far as Python-Markdown asks. It runs in the environment of `requirements/docs.txt`.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
FROM_THE_TOP = {
    "README.md": "start.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
}
"""Pages of the repository's top, by what they are called in the site."""
LINK = re.compile(r"\[((?:[^\[\]`]|`[^`]*`)+)\]\((?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?\)")
COMMENT = re.compile(r"^ *<!--.*?-->\n", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"(-|\d+\.) ")
FENCE = re.compile(r"(^ *```.*?^ *```)", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: Any) -> Files:
    """Bring the pages of the top into the site."""
    for source, page in FROM_THE_TOP.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, config: Any, files: Files) -> str:
    """Turn each link into one that the site can follow, and the rest into what Python-Markdown understands."""
    uri = page.file.src_uri
    path = {site: top for top, site in FROM_THE_TOP.items()}.get(uri, f"docs/{uri}")

    def turn(found: "re.Match[str]") -> str:
        words, target, anchor = found[1], found[2], found[3] or ""
        named = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        to = FROM_THE_TOP.get(named) or (named.removeprefix("docs/") if named.startswith("docs/") else "")
        to = to if files.get_file_from_path(to) else f"{to}/README.md".lstrip("/")
        if files.get_file_from_path(to) and (named == "docs" or named.startswith("docs/") or named in FROM_THE_TOP):
            return f"[{words}]({posixpath.relpath(to, posixpath.dirname(uri) or '.')}{anchor})"
        if not (ROOT / named).exists():
            return found[0]  # MkDocs says what is wrong with it
        return f"[{words}]({config.repo_url.rstrip('/')}/blob/main/{named})" if config.repo_url else words

    turned = (
        part if part.lstrip().startswith("```") else LINK.sub(turn, COMMENT.sub("", part))
        for part in FENCE.split(markdown)
    )
    return indent_items("".join(turned))


def indent_items(markdown: str) -> str:
    """Put blocks within an item of a list in by four spaces, where CommonMark is content with two or three.

    At less, Python-Markdown ends the list, and the next item is 1 again (https://python-markdown.github.io/#differences).
    """
    lines: list[str] = []
    in_item = in_fence = False
    shift: int | None = None  # what an item lacks; not known before the first block in it
    for line in markdown.split("\n"):
        within = len(line) - len(line.lstrip())
        if line.startswith("```"):
            in_fence, in_item = not in_fence, False
        elif ITEM.match(line) and not in_fence:
            in_item, shift = True, None
        elif line and not within and lines[-1:] == [""]:
            in_item = False
        elif in_item and within:
            shift = max(0, 4 - within) if shift is None and lines[-1] == "" else shift
            lines.append(" " * (shift or 0) + line)
            continue
        lines.append(line)
    return "\n".join(lines)
