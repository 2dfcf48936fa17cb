"""Making changes, one by one, in order; one that fails does not stop the others."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from securebucket.aws.bucket_client import BucketClient
from securebucket.engine.memory import Memory, Moment
from securebucket.engine.outcome import Change, Decision, Fate
from securebucket.engine.plan import differences
from securebucket.model.control import Context, Control
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.observation import Observation


@dataclass(frozen=True, slots=True)
class Applied:
    """One change after it was tried.

    Args:
        observation: what was read afterwards; what was read before when nothing was sent.
        answers: what that was read from; none when nothing was sent.
        made: API names of the calls that succeeded.
        failure: why it did not succeed; None when it did.
    """

    change: Change
    observation: Observation
    made: tuple[str, ...]
    failure: Failure | None
    answers: Answers = field(default_factory=dict)


NOT_KEPT = "NotKept"
"""Reason of a change that was accepted twice and is not there."""
NOT_LEADING = Failure("NotLeading", "this replica is no longer the leader; nothing more is written.", retry=True)


def apply(
    context: Context,
    decisions: Iterable[Decision],
    *,
    controls: Mapping[str, Control[Any]],
    client: BucketClient,
    memory: Memory,
    now: Moment,
    may_write: Callable[[], bool],
) -> dict[str, Applied]:
    """Make the changes that are to be made, in order, and read back each document that was written.

    Args:
        context: as it was planned with; its observations are renewed as documents are written.
        decisions: in the registry's order. Who requires a control whose change is due and not made waits too.
        controls: by name.
        client: of the bucket.
        memory: gets the writes.
        now: when they were made.
        may_write: asked before every single call; false once this process may no longer write.
    """
    results: dict[str, Applied] = {}
    decided = tuple(decisions)
    stuck = {each.change.control for each in decided if each.fate not in {Fate.MADE, Fate.UNMANAGED}}
    for change in (each.change for each in decided if each.fate is Fate.MADE):
        control = controls[change.control]
        waits_for = sorted(stuck.intersection(control.requires))
        if waits_for:
            failure = Failure("Waiting", f"waits for {', '.join(waits_for)}, which is not done yet.", retry=True)
            results[change.control] = Applied(change, change.observed, (), failure)
            stuck.add(change.control)
            continue
        applied = _apply_one(context, change, control, client, may_write)
        if applied.made:
            applied = _remembered(applied, memory, now)
            context = replace(context, observed={**context.observed, change.control: applied.observation})
        if applied.failure is not None:
            stuck.add(change.control)
        results[change.control] = applied
    return results


def _apply_one(
    context: Context, change: Change, control: Control[Any], client: BucketClient, may_write: Callable[[], bool]
) -> Applied:
    made: list[str] = []
    failure: Failure | None = None
    for call in change.calls:
        failure = client.make(call) if may_write() else NOT_LEADING
        if failure is not None:
            break
        made.append(call.api)
    if not made:
        return Applied(change, change.observed, (), failure)
    reading = client.read(control, context.bucket)
    if failure is None:
        failure = _mismatch(context, control, reading.observation)
    return Applied(change, reading.observation, tuple(made), failure, reading.answers)


def _remembered(applied: Applied, memory: Memory, now: Moment) -> Applied:
    """Remember a write that was made in full and read back; say where it was in vain for a second time.

    Of a write that failed half way, or that could not be read back, nothing is known that the next pass could go by.
    """
    change, settling = applied.change, applied.failure is not None and applied.failure.reason == "Settling"
    if applied.failure is not None and not settling:
        memory.overrule(change.control)
        return applied
    before, after, desired = map(fields_of, (change.observed, applied.observation, change.desired))
    memory.note_write(change.control, before, after, desired, now, arrived=not settling)
    dropped = settling and memory.is_dropped(change.control, after, desired)
    return replace(applied, failure=_not_kept(change)) if dropped else applied


def _not_kept(change: Change) -> Failure:
    fields = ", ".join(each.field for each in change.differences)
    return Failure(NOT_KEPT, f"the server accepts {fields} and does not keep it.")


def _mismatch(context: Context, control: Control[Any], seen: Observation) -> Failure | None:
    """Say what the read-back does not show yet; S3 configuration is eventually consistent, so this is not drift."""
    if isinstance(seen, Failure):
        return seen
    renewed = replace(context, observed={**context.observed, control.name: seen})
    left = differences(seen, control.desired(renewed, seen))
    if not left:
        return None
    fields = ", ".join(each.field for each in left)
    return Failure(
        "Settling",
        f"written, but {fields} does not show it yet (S3 is eventually consistent); checking again.",
        retry=True,
    )
