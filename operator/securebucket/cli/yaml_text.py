"""Documents as YAML text that every reader understands alike.

PyYAML quotes what YAML 1.1 would take for something else than a text. kubectl takes other texts for numbers and
booleans, such as the account 012345678901, which then is an account no longer.
"""

from typing import Any

import yaml

from securebucket.cli.yaml_scalars import read_plain

LINES = frozenset("\x85\u2028\u2029")
"""Ends of lines to YAML 1.1 alone, which only an escape keeps."""


class _Writer(yaml.SafeDumper):
    def represent_text(self, text: str) -> yaml.ScalarNode:
        plain = '"' if LINES.intersection(text) else "'"
        style = None if read_plain(text) == text and plain == "'" else plain
        return self.represent_scalar("tag:yaml.org,2002:str", text, style)


_Writer.add_representer(str, _Writer.represent_text)


def yaml_text(document: Any, *, width: int | None = None, ascii_only: bool = False) -> str:
    """Write a document, in its own order.

    Args:
        document: of what JSON has.
        width: of lines; None for PyYAML's.
        ascii_only: write everything beyond ASCII as escapes.
    """
    text: str = yaml.dump(document, Dumper=_Writer, sort_keys=False, allow_unicode=not ascii_only, width=width)
    return text
