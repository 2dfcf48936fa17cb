"""How far a command is that works on many buckets: for people at a terminal; a pipe gets nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from securebucket.cli.output import errors, escape

Told = Callable[[int, int, str], None]
"""Gets how many buckets are done, how many there are, and the name of the last one."""


@contextmanager
def show_progress(doing: str, first: str = "", total: int | None = None) -> Iterator[Told]:
    """Show a bar while something is done; call what it gives with the news.

    Args:
        doing: in one word, e.g. `reading`.
        first: what is done before the first bucket.
        total: how many buckets there are; None while that is not known.
    """
    progress = Progress(
        TextColumn(doing),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    with progress:
        task = progress.add_task(first, total=total)

        def told(done: int, total: int, name: str) -> None:
            progress.update(task, completed=done, total=total, description=escape(name))

        yield told
