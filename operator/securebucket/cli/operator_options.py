"""What an operator is told, for `run` and `doctor`: by an option, or as in a pod by a variable of the environment."""

import re
from collections.abc import Sequence
from typing import Any

import typer

from securebucket.aws.event_queue import place_of
from securebucket.model.event_message import QueuePlace

NAMESPACE = re.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names"""


def told(variable: str, meaning: str, **more: Any) -> Any:
    """Declare an option.

    Args:
        variable: of the environment, without the prefix that all have.
        meaning: for the help.
        more: as Typer's option takes it.
    """
    return typer.Option(envvar=f"SECUREBUCKET_{variable}", help=meaning, **more)


def namespaces_of(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return the namespaces without repetitions; none at all means the whole cluster.

    Raises:
        typer.BadParameter: one cannot be a namespace's name, so that nothing would ever be seen there.
    """
    for each in given or ():
        if not NAMESPACE.fullmatch(each):
            raise typer.BadParameter(
                f"{each!r} is not a namespace. {_repeat('SECUREBUCKET_NAMESPACES')}", param_hint="--namespace"
            )
    return tuple(dict.fromkeys(given or ()))


def event_queues_of(given: Sequence[str] | None) -> tuple[QueuePlace, ...]:
    """Return the queues of events without repetitions.

    Raises:
        typer.BadParameter: one is not the URL of a queue.
    """
    try:
        return tuple(place_of(url) for url in dict.fromkeys(given or ()))
    except ValueError as error:
        advice = _repeat("SECUREBUCKET_EVENT_QUEUE")
        raise typer.BadParameter(f"{error}. {advice}", param_hint="--event-queue") from error


def _repeat(variable: str) -> str:
    return f"Repeat the option for each one, or put spaces between them in {variable}."
