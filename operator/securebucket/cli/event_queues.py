"""The queues of events that an operator reads, as `run` and `doctor` are told."""

from collections.abc import Sequence

import typer

from securebucket.aws.event_queue import place_of
from securebucket.model.event_message import QueuePlace

EVENT_QUEUE_VARIABLE = "SECUREBUCKET_EVENT_QUEUE"


def event_queues_of(given: Sequence[str] | None) -> tuple[QueuePlace, ...]:
    """Return the queues without repetitions.

    Raises:
        typer.BadParameter: one is not the URL of a queue.
    """
    try:
        return tuple(place_of(url) for url in dict.fromkeys(given or ()))
    except ValueError as error:
        advice = f"Repeat the option for each one, or put spaces between them in {EVENT_QUEUE_VARIABLE}."
        raise typer.BadParameter(f"{error}. {advice}", param_hint="--event-queue") from error
