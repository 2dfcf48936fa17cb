"""What people and programs read: tables on a terminal, JSON and YAML on demand."""

import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import typer
import yaml
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

OK, FAILED, DIFFERS = 0, 1, 2


class Format(StrEnum):
    """How results are written."""

    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


FORMAT = typer.Option("--output", "-o", help="table for people, json or yaml for programs.")

console = Console()
errors = Console(stderr=True)


def write(document: Any, chosen: Format) -> None:
    """Write a document for a program, to standard output and without colours."""
    if chosen is Format.JSON:
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        typer.echo(yaml.safe_dump(document, sort_keys=False, allow_unicode=True), nl=False)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table for a person. Cells may hold markup: what comes from outside must be escaped."""
    grid = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        grid.add_column(column, overflow="fold")
    for row in rows:
        grid.add_row(*map(Text.from_markup, row))
    console.print(grid)


def complain(message: str) -> None:
    """Tell a person what is wrong, on standard error."""
    errors.print(f"[bold red]error:[/] {escape(message)}", highlight=False, soft_wrap=True)
