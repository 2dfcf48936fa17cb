"""What is found when a document is seen for the first time on an object that an older release has verified. Pure.

It is kept as if it were declared, in `status.found`, until somebody declares the document. Otherwise an upgrade would
take away what the older release could not know of; and what changes after the first sight is drift.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import ValidationError

from securebucket.api.spec import SecureBucketSpec
from securebucket.engine.effective import Effective, laid_over, written
from securebucket.engine.task import Task
from securebucket.model.control import ANY_BUCKET, Context, Control
from securebucket.model.document import camel_case, canonical_text, fields_of
from securebucket.model.flow import drive, never_configured
from securebucket.model.observation import readable

LARGEST = 8 * 1024
"""Bytes of JSON that are kept of one document: the status of an object is read and sent with every change."""

LEFT: Mapping[str, Any] = {"leftAlone": True}
"""Stands in the place of a block that nobody can write: without it, what somebody puts there later would be the first
that is seen, and kept."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is kept of the documents that this release sees and an older one did not.

    Args:
        found: blocks of the spec that keep documents as they were found, by control; empty where nothing is kept. A
            control that is missing was never seen.
        left: controls whose document no block can keep; they are left alone as long as that is so.
    """

    found: Mapping[str, Any] = field(default_factory=dict)
    left: frozenset[str] = frozenset()


def found_of(task: Task, context: Context, controls: Iterable[Control[Any]], *, created: bool) -> Sight:
    """Say what is kept: what the status remembers, and what is seen now for the first time.

    Args:
        task: with the status of the pass before.
        context: the bucket as it was read, and the spec without anything that is kept.
        controls: the registry.
        created: this pass created the bucket.
    """
    status = task.request.status
    found: dict[str, Any] = dict(status.found or {})  # also what only a newer release knows
    left: set[str] = set()
    for control in (each for each in controls if each.keeps_found or each.new_fields):
        name, seen = control.name, context.observed[control.name]
        if created or not status.controls or _is_declared(control, task.effective):
            found[name] = {}
        elif name not in found and not readable(seen):
            continue
        else:
            block = found[name] if name in found else _block_of(control, context, seen)
            if block is not None and _with_block(context.spec, name, block) is not None:
                found[name] = block
            elif control.new_fields:
                found[name] = {}  # the spec leaves no room for it, as where it turns ACLs off
            else:
                left.add(name)  # also where another release wrote a block that this one does not take
                found.setdefault(name, LEFT)
    return Sight(found, frozenset(left))


def with_found(effective: Effective, sight: Sight) -> Effective:
    """Lay what is kept under what is in force: nobody declared these documents."""
    spec = effective.spec
    for name, block in sight.found.items():
        spec = (_with_block(spec, name, block) if block and name not in sight.left else None) or spec
    if sight.left:
        spec = spec.model_copy(update={"unmanaged": tuple(dict.fromkeys((*spec.unmanaged, *sorted(sight.left))))})
    return replace(effective, spec=spec)


def kept_as_found(control: Control[Any], context: Context, seen: Any, sight: Sight) -> tuple[str, ...]:
    """Name what stays in a document because it was found there: its entries, and its fields that are no lists.

    Args:
        control: whose document it is.
        context: with what is kept laid under the spec.
        seen: the document as it is.
        sight: what is kept.
    """
    if not sight.found.get(control.name) and control.name not in sight.left:
        return ()
    stays = seen if control.name in sight.left else control.desired(context, seen)
    never = drive(control.observe(ANY_BUCKET), never_configured).observation
    names: list[str] = []
    for each in dataclasses.fields(seen):
        if control.new_fields and camel_case(each.name) not in control.new_fields:
            continue
        value, staying = getattr(seen, each.name), getattr(stays, each.name)
        if isinstance(value, Mapping):
            names += [key for key, entry in value.items() if staying.get(key) == entry]
        elif isinstance(value, frozenset):
            names += map(str, sorted(value & staying))
        elif value == staying != getattr(never, each.name):
            names.append(camel_case(each.name))
    return tuple(names)


def _is_declared(control: Control[Any], effective: Effective) -> bool:
    """Tell whether the object or its profile says what is to become of what an older release could not see."""
    if not control.new_fields:
        return control.name in effective.declared
    return not written(effective.spec).get(control.name, {}).keys().isdisjoint(control.new_fields)


def _block_of(control: Control[Any], context: Context, seen: Any) -> Mapping[str, Any] | None:
    """Give the block that keeps a document as it is; empty where nothing would change it, None where no block can."""
    if control.desired(context, seen) == seen:
        return {}
    block = control.found_block(seen)
    if block is None or len(canonical_text(block).encode()) > LARGEST:
        return None
    spec = _with_block(context.spec, control.name, block)
    if spec is None or not _keeps(control, control.desired(replace(context, spec=spec), seen), seen):
        return None
    return block


def _keeps(control: Control[Any], desired: Any, seen: Any) -> bool:
    """Tell whether what is desired keeps what an older release could not see; its other fields may differ."""
    before, after = fields_of(seen), fields_of(desired)
    if control.new_fields:
        return all(before[name] == after[name] for name in control.new_fields if name in before)
    return bool(desired == seen)


def _with_block(spec: SecureBucketSpec, name: str, block: Mapping[str, Any]) -> SecureBucketSpec | None:
    """Declare a block besides; None where the API does not take it."""
    try:
        return SecureBucketSpec.model_validate(laid_over(written(spec), {name: block} if block else {}))
    except ValidationError:
        return None
