"""Findings for people: what was found under what, with its severity, and the words to it. Nothing is ever cut off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from securebucket.cli.output import console, escape, say, table
from securebucket.model.plain_text import printable
from securebucket.model.verdict import Severity

WIDE = 110
"""Columns; on a narrower terminal the words follow what they are about, or they would be a thin strip."""
INDENT = 2
STYLES = {
    Severity.CRITICAL.value: "bold red",
    Severity.HIGH.value: "red",
    Severity.MEDIUM.value: "yellow",
    Severity.LOW.value: "cyan",
}
LABEL_WIDTH = max(map(len, STYLES))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line.

    Args:
        label: a severity, or what else became of the check.
        name: the check, or several.
        text: what was seen.
    """

    label: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """Findings about one thing.

    Args:
        title: e.g. the bucket.
        about: a few words more for the title's line.
        findings: at least one.
    """

    title: str
    about: str
    findings: Sequence[Entry]


def show_groups(groups: Sequence[Group], columns: tuple[str, str, str, str]) -> None:
    """Print findings: in groups on a terminal; on a pipe one line each, that can be searched for and cut apart.

    Args:
        groups: in their order.
        columns: headings for the pipe: of the title, the label, the name and the text.
    """
    if not console.is_terminal:
        rows = [
            tuple(map(escape, (group.title, each.label, each.name, each.text)))
            for group in groups
            for each in group.findings
        ]
        if rows:
            table(columns, rows)
        return
    width = _width(each for group in groups for each in group.findings)
    for group in groups:
        about = f"  [dim]{escape(group.about)}[/]" if group.about else ""
        say(f"[bold]{escape(group.title)}[/]{about}")
        _show(group.findings, width)


def show_findings(title: str, findings: Sequence[Entry], columns: tuple[str, str, str]) -> None:
    """Print findings that stand under no other heading than this one."""
    if not findings:
        return
    say(f"\n[bold]{escape(title)}[/]")
    if console.is_terminal:
        _show(findings, _width(findings))
    else:
        table(columns, [tuple(map(escape, (each.label, each.name, each.text))) for each in findings])


def show_names(title: str, names: Iterable[str]) -> None:
    """Print names under a heading, if there are any."""
    given = list(names)
    if given:
        say(f"\n[bold]{escape(title)}[/]")
        for name in given:
            say(f"{' ' * INDENT}{escape(name)}")


def _width(findings: Iterable[Entry]) -> int:
    """Return the width of the longest name; where there are several, each may have a line, with its comma."""
    return max((len(line) for each in findings for line in each.name.replace(", ", ",\n").splitlines()), default=0)


def _show(findings: Sequence[Entry], width: int) -> None:
    wide = console.width >= WIDE
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(min_width=LABEL_WIDTH, no_wrap=True)
    grid.add_column(width=width if wide else None, overflow="fold")
    if wide:
        grid.add_column(overflow="fold")
    for each in findings:
        label = Text(printable(each.label), STYLES.get(each.label, "dim"))
        name, text = Text(printable(each.name)), Text(printable(each.text), "dim")
        if wide:
            grid.add_row(label, name, text)
        else:
            grid.add_row(label, Text.assemble(name, "  ", text))
    console.print(Padding(grid, (0, 0, 0, INDENT)))
