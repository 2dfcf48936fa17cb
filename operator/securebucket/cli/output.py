"""What people and programs read: lines and tables for people, JSON and YAML for programs."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import typer
from rich import markup
from rich.console import Console
from rich.table import Table
from rich.text import Text

from securebucket.cli.yaml_text import yaml_text
from securebucket.model.plain_text import printable, whole

OK, FAILED, DIFFERS = 0, 1, 2
INTERRUPTED = 130


class CommandError(Exception):
    """Why a command fails, and what to do: one text a fault. The command prints them, and exits 1."""


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


class DocumentFormat(StrEnum):
    """How something is written that only programs read."""

    JSON = "json"
    YAML = "yaml"


console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def write(document: Any, chosen: Format | DocumentFormat) -> None:
    """Write a document for a program, to standard output and without colours.

    What comes from outside is whole where it enters; names of files and variables of the environment are not.
    """
    if chosen.value == DocumentFormat.JSON.value:
        typer.echo(whole(json.dumps(document, indent=2, ensure_ascii=False)))
    else:
        typer.echo(whole(yaml_text(document)), nl=False)


def pour(pieces: Iterable[bytes]) -> None:
    """Write pieces for a program to standard output, each when it is made."""
    out = typer.get_binary_stream("stdout")
    out.writelines(pieces)
    out.flush()


def say(text: str = "") -> None:
    """Write a line for a person. It may hold markup: what comes from outside must go through `escape`."""
    console.print(text, soft_wrap=True)


def escape(text: str) -> str:
    """Write a text from outside as markup: one line, nothing that colours it, and nothing that a terminal obeys."""
    return markup.escape(printable(text))


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write columns for a person. Cells may hold markup, as in `say`.

    A terminal folds the last column. A pipe gets one line per row: a line that is cut in two cannot be searched.
    """
    if not console.is_terminal:
        lines = [[Text.from_markup(cell).plain for cell in row] for row in (columns, *rows)]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        for line in lines:
            say(markup.escape("  ".join(map(str.ljust, line, widths)).rstrip()))
        return
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in columns:
        grid.add_column(column, overflow="fold", no_wrap=column is not columns[-1])
    for row in rows:
        grid.add_row(*map(Text.from_markup, row))
    console.print(grid)


def complain(message: str) -> None:
    """Tell a person what is wrong, on standard error, in one line."""
    errors.print(f"[bold red]error:[/] {escape(one_line(message))}", soft_wrap=True)


def warn(message: str) -> None:
    """Tell a person what is odd, on standard error, in one line."""
    errors.print(f"[bold yellow]warning:[/] {escape(one_line(message))}", soft_wrap=True)


def one_line(text: str) -> str:
    """Write a text in one line: libraries like to break theirs."""
    return " ".join(text.split())
