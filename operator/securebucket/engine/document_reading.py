"""Reading a bucket in a pass: what is due, and what may rest on an earlier reading (`engine.turns`)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from securebucket.engine.documents import TAGS, Documents, documents_of
from securebucket.engine.location import Found
from securebucket.engine.memory import Memory
from securebucket.engine.task import Task
from securebucket.engine.tools import Tools
from securebucket.engine.turns import LastReading, due, outlasts, shared
from securebucket.model.failure import Failure
from securebucket.model.flow import Reading
from securebucket.model.observation import is_unread

MISSING = frozenset({"BucketMissing"})
"""Reasons that time may mend, and that are about the bucket all the same."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """The bucket may not be where it was, or not be ours any more: it has to be looked for."""


def read_as_before(tools: Tools, task: Task, found: Found, memory: Memory) -> Documents | Doubt | Failure:
    """Read what is due of a bucket that nobody looked for: its tags first, which say that it is there and whose it is.

    Returns:
        What was read; or why nothing was, where time may mend that. Who asks more of a server that does not answer
        waits once more.
    """
    tags = found.client.read_all(tuple(each for each in tools.controls if each.name == TAGS), found.bucket)
    seen = tags[TAGS].observation
    if not is_unread(seen):
        return read_due(tools, task, found, memory, tags)
    return seen if seen.retry and seen.reason not in MISSING else Doubt()


def read_due(
    tools: Tools, task: Task, found: Found, memory: Memory, known: Mapping[str, Reading[Any]] = MappingProxyType({})
) -> Documents:
    """Read what is due, and go on with what was last read of the documents that take turns.

    Args:
        tools: what all passes work with.
        task: what the pass is to do.
        found: the bucket.
        memory: what is remembered of it; takes in what is read.
        known: what was read in this pass already, by control.
    """
    effective, now = task.effective, tools.clock()
    turn = due(tools.controls, memory.readings, now=now, interval=effective.interval, within=effective.full_read)
    wanted = [
        each
        for each in tools.controls
        if each.name not in known
        and (
            not each.read_in_turn
            or each.name in turn
            or each.name in task.request.changes
            or memory.is_watched(each.name)
        )
    ]
    readings = {**known, **found.client.read_all(tuple(wanted), found.bucket)}
    return _noted(tools, memory, readings, now, effective.full_read)


def read_again(tools: Tools, found: Found, memory: Memory, documents: Documents) -> Documents:
    """Read everything again that rests on an earlier reading: from here on the earlier ones have no say."""
    memory.readings.clear()
    aged = replace(tools, controls=tuple(each for each in tools.controls if each.name in documents.ages))
    readings = found.client.read_all(aged.controls, found.bucket)
    again = _noted(aged, memory, dict(readings), tools.clock(), 0.0)
    return documents.laid_under(again.observed, again.answers)


def _noted(tools: Tools, memory: Memory, readings: dict[str, Reading[Any]], now: float, within: float) -> Documents:
    """Take in what was read, and give it with what was not."""
    ages: dict[str, float] = {}
    for name in (each.name for each in tools.controls if each.read_in_turn):
        reading, last = readings.get(name), memory.readings.get(name)
        if last is not None and (reading is None or outlasts(reading, last, now=now, within=within)):
            readings[name], ages[name] = last.reading, now - last.at
        elif reading is not None and is_unread(reading.observation):
            memory.readings.pop(name, None)
        elif reading is not None:
            memory.readings[name] = LastReading(shared(name, reading), now)
    return documents_of({each.name: readings[each.name] for each in tools.controls}, ages)
