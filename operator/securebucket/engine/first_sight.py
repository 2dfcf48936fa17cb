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
from securebucket.model.document import camel_case, canonical_text
from securebucket.model.flow import drive, never_configured
from securebucket.model.observation import readable

LARGEST = 8 * 1024
"""Bytes of JSON that are kept of one document: the status of an object is read and sent with every change."""


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
    for control in (each for each in controls if each.keeps_found):
        name, seen = control.name, context.observed[control.name]
        if created or not status.controls or name in task.effective.declared:
            found[name] = {}
        elif name not in found and not readable(seen):
            continue
        elif name not in found:
            block = _block_of(control, context, seen)
            if block is None:
                left.add(name)
            else:
                found[name] = block
        elif _with_block(context.spec, name, found[name]) is None:
            left.add(name)  # another release wrote a block that this one does not take
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
        value, staying = getattr(seen, each.name), getattr(stays, each.name)
        if isinstance(value, Mapping):
            names += [key for key, entry in value.items() if staying.get(key) == entry]
        elif value == staying != getattr(never, each.name):
            names.append(camel_case(each.name))
    return tuple(names)


def _block_of(control: Control[Any], context: Context, seen: Any) -> Mapping[str, Any] | None:
    """Give the block that keeps a document as it is; empty where nothing would change it, None where no block can."""
    if control.desired(context, seen) == seen:
        return {}
    block = control.declaration(seen)
    if block is None or len(canonical_text(block).encode()) > LARGEST:
        return None
    spec = _with_block(context.spec, control.name, block)
    if spec is None or control.desired(replace(context, spec=spec), seen) != seen:
        return None
    return block


def _with_block(spec: SecureBucketSpec, name: str, block: Mapping[str, Any]) -> SecureBucketSpec | None:
    """Declare a block besides; None where the API does not take it."""
    try:
        return SecureBucketSpec.model_validate(laid_over(written(spec), {name: block} if block else {}))
    except ValidationError:
        return None
