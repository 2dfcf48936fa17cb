"""A hook of MkDocs: our pages are written for readers of the repository, and a site differs in links and lists.

Pages at the top of the repository come into the site; a link to any other file becomes a link into the repository, if
`repo_url` names one, and its bare words if not. Comments, which are for the tests, are left out, and what is indented
as far as the words of a list's item belongs to the item, as in CommonMark. It runs in the environment of
`requirements/docs.txt`.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
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
FENCE = re.compile(r"(^ *```.*?^ *```)", re.MULTILINE | re.DOTALL)


class CommonMarkLists(Extension):  # type: ignore[misc] # mypy does not know it here
    """Two spaces are enough to belong to an item; else each block of code ends its list, and numbers begin again at 1.

    Python-Markdown asks for four: https://python-markdown.github.io/#differences.
    """

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Set the width, and build what has read it already; so this must be the first extension."""
        md.tab_length = 2
        md.build_parser()


def on_config(config: Any) -> Any:
    """Put our extension before those of the configuration."""
    config.markdown_extensions.insert(0, CommonMarkLists())
    return config


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
    return "".join(turned)
