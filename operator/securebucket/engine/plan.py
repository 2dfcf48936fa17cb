"""From what is and what should be to changes, and from changes to what a person approves, as plain data. Pure."""

import hashlib
from collections.abc import Iterable
from typing import Any

from securebucket.api.late_rules import late_faults
from securebucket.engine.outcome import Change, Difference, Proposal, Step
from securebucket.model.call import Call
from securebucket.model.control import Context, Control
from securebucket.model.document import Json, canonical_text, fields_of
from securebucket.model.failure import Failure
from securebucket.model.observation import readable
from securebucket.model.risk import Risk
from securebucket.model.understanding import refusal as not_understood


def differences(observed: Any, desired: Any) -> tuple[Difference, ...]:
    """Compare two states of one control, field by field and entry by entry."""
    if observed == desired:
        return ()
    before, after = fields_of(observed), fields_of(desired)
    fields = [*before, *(field for field in after if field not in before)]
    return tuple(
        Difference(field, before.get(field), after.get(field))
        for field in fields
        if before.get(field) != after.get(field) or (field in before) != (field in after)
    )


def make_plan(context: Context, controls: Iterable[Control[Any]]) -> tuple[Change, ...]:
    """Ask every readable control for its desired state, and for the calls where that differs.

    Returns:
        The changes in the registry's order; a control without a difference has none.
    """
    return tuple(change for control in controls if (change := _change(context, control)) is not None)


def _change(context: Context, control: Control[Any]) -> Change | None:
    observed = context.observed.get(control.name)
    if observed is None or not readable(observed):
        return None
    desired = control.desired(context, observed)
    found = differences(observed, desired)
    if not found:
        return None
    refusal = (
        not_understood(control.name, control.sent(observed, desired))
        or refused_by_late_rule(context, control)
        or control.refuse(context, observed, desired)
    )
    calls = control.calls(context, observed, desired) if refusal is None else ()
    risk, warning = control.risk(context, observed, desired), control.warning(context, observed, desired)
    return Change(control.name, found, calls, risk, observed, desired, refusal, warning)


def refused_by_late_rule(context: Context, control: Control[Any]) -> Failure | None:
    """Refuse what the API takes no more, where the object or its profile was stored before: see `Rule.since`."""
    faults = [each for each in late_faults(context.spec, "spec") if each.path.split(".")[1] == control.name]
    return Failure("InvalidSpec", f"{'; '.join(map(str, faults))}.") if faults else None


def propose(owner: str, changes: Iterable[Change], *, creation: Call | None = None) -> Proposal | None:
    """Write changes down as steps under a hash that approves exactly them; None when there is nothing to do."""
    steps = [
        Step(
            change.control,
            each.field,
            each.observed,
            each.desired,
            change.risk,
            ", ".join(call.api for call in change.calls),
        )
        for change in changes
        for each in change.differences
    ]
    if creation is not None:
        steps.insert(0, Step("bucket", "exists", observed=False, desired=True, risk=Risk.NONE, call=creation.api))
    if not steps:
        return None
    lines: list[Json] = [
        [each.control, each.field, each.observed, each.desired, each.risk, each.call] for each in steps
    ]
    digest = hashlib.sha256(canonical_text([owner, lines]).encode()).hexdigest()
    return Proposal(hash=digest[:16], steps=tuple(steps))
