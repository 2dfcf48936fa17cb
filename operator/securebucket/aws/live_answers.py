"""Answers flows from the servers: what a server says becomes an answer here, and nowhere else."""

from collections.abc import Callable
from typing import Any, TypeVar

from securebucket.aws.asking import BROKEN, Refused
from securebucket.aws.failures import unreadable
from securebucket.model.flow import Answer, Flow, NeverConfigured, Read, Reading, checked, drive, has_required
from securebucket.model.observation import Unsupported

S = TypeVar("S")


def observe(flow: Flow[S], ask: Callable[[Read], Answer]) -> Reading[S]:
    """Drive a flow; an answer in which a part is missing without which it means nothing is none that AWS gives."""
    asked: list[Read] = []

    def noted(read: Read) -> Answer:
        asked.append(read)
        return ask(read)

    try:
        return drive(flow, noted)
    except BROKEN:
        failure = unreadable(asked[0].api)
        return Reading(failure, {read.name: failure for read in asked})


def answer_of(read: Read, said: dict[str, Any] | Refused) -> Answer:
    """Say what a server's word means to a read."""
    if isinstance(said, Refused):
        if said.code in read.absent:
            return NeverConfigured()
        return Unsupported(said.message, code=said.code) if said.reason == "Unsupported" else said.failure
    said.pop("ResponseMetadata", None)
    if read.service and not has_required(read, said):
        return unreadable(read.api)  # S3 alone has servers that know a part of it
    return checked(read, said)
