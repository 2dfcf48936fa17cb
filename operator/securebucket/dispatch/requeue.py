"""When an object is due again after a pass. Pure, but for the count of failures."""

from dataclasses import dataclass

from securebucket.api.status import ControlState
from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.sweep import next_delay
from securebucket.dispatch.work_queue import Priority
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey

SOON = 1.0
"""Seconds after which a pass is repeated whose object changed under it."""
LONGEST_OVERTAKEN = 60.0
"""Seconds after which it is at the latest."""


@dataclass(frozen=True, slots=True)
class Requeue:
    """The object is due again.

    Args:
        after: in so many seconds.
        priority: how urgently.
    """

    after: float
    priority: Priority


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing is due until something changes."""


@dataclass(frozen=True, slots=True)
class Gone:
    """The object does not exist any more."""


Ending = Requeue | Rest | Gone

OVERTAKEN = Requeue(SOON, Priority.RETRY)
"""The object changed under the pass: what the pass knows is old, so it is made again."""


def overtaken(key: ObjectKey, backoff: Backoff) -> Requeue:
    """Make the pass again: soon the first time, and then ever later, as long as what is written is always overtaken.

    A change of the object itself begins anew at the shortest wait.
    """
    first = backoff.failures(key) == 0
    wait = min(backoff.wait(key, stalled=False), LONGEST_OVERTAKEN)
    return Requeue(SOON if first else wait, Priority.RETRY)


def after_outcome(outcome: Outcome, key: ObjectKey, backoff: Backoff, pause_left: float = 0.0) -> Ending:
    """Say when an object is due again.

    Failures that time may end wait up to 10 minutes, those that need a person up to an hour. Where only some
    controls failed, the others are still verified every interval.

    Args:
        outcome: of the pass.
        key: the object.
        backoff: counts the failures; forgiven by a pass without any.
        pause_left: seconds until a pause ends by itself; 0 when it does not.
    """
    sweep = next_delay(outcome.interval, backoff.draw())
    transient = outcome.failure.retry if outcome.failure else any(each.retry for each in outcome.controls)
    lasting = outcome.failure is not None or any(each.state is ControlState.FAILED for each in outcome.controls)
    if transient or lasting:
        wait = backoff.wait(key, stalled=not transient)
        if transient and outcome.retry_after is not None:
            wait = max(wait, outcome.retry_after)
        if outcome.failure is None:
            wait = min(wait, sweep)
        return _not_after_pause(wait, Priority.RETRY, pause_left)
    if outcome.look_again is not None:
        # As urgent as what asked for the bucket: it must not wait behind a sweep of the fleet, or a profile's users.
        return Requeue(outcome.look_again, Priority.SPEC_CHANGE)
    backoff.reset(key)
    if outcome.retry_after is not None:
        return _not_after_pause(outcome.retry_after, Priority.RETRY, pause_left)
    return _not_after_pause(sweep, Priority.SWEEP, pause_left)


def _not_after_pause(wait: float, priority: Priority, pause_left: float) -> Requeue:
    if 0.0 < pause_left < wait:
        return Requeue(pause_left + SOON, Priority.RETRY)
    return Requeue(wait, priority)
