"""When an object is due: at the start, and again and again after that. Pure."""

from hashlib import blake2b

from securebucket.dispatch.work_queue import Priority
from securebucket.fleet.record import Record

JITTER = 0.1
"""Share of the interval by which sweeps are moved, so that a fleet that was declared at once drifts apart."""


def next_delay(interval: float, draw: float) -> float:
    """Return the seconds until the next sweep: the interval, 10 % more or less.

    Args:
        interval: seconds.
        draw: a random number, at least 0 and below 1.
    """
    return interval * (1.0 - JITTER + 2.0 * JITTER * draw)


def spread(uid: str, interval: float) -> float:
    """Give an object its place within the interval after a start: the same after every start, and even over a fleet."""
    digest = blake2b(uid.encode(), digest_size=8).digest()
    return interval * (int.from_bytes(digest) / 2**64)


def starting_place(record: Record) -> tuple[Priority, float]:
    """Say when an object is due after the operator has started, and how urgently.

    First what nobody has handled yet, then what was not in order, and the rest over the whole interval:
    a start must not make the operator read its whole fleet at once.

    Returns:
        The priority, and the delay in seconds.
    """
    if record.deleting:
        return Priority.DELETION, 0.0
    if record.observed_generation != record.generation or record.asked:
        return Priority.SPEC_CHANGE, 0.0
    if not record.ready:
        return Priority.RETRY, 0.0
    return Priority.SWEEP, spread(record.uid, record.interval)
