"""Rules that came to fields when objects were stored already: what breaks them is found in the model that was read.

A stored object that breaks one must not be lost as a whole: all else of its bucket is still kept safe
(`docs/design/2026-12-01-refusals.md`).
"""

from collections.abc import Iterator
from typing import Any

from securebucket.api.base import ApiModel
from securebucket.api.errors import FieldError


def late_faults(value: Any, path: str) -> Iterator[FieldError]:
    """Give what breaks a late rule in a model, at every depth.

    Args:
        value: a model, or anything that a field of one holds.
        path: where it is, as people write it, e.g. `spec.lifecycle`.
    """
    if isinstance(value, ApiModel):
        for rule in value.all_invariants():
            if rule.since and not rule.holds(value):
                yield FieldError(f"{path}.{rule.blames}" if rule.blames else path, rule.message)
        for name, info in type(value).model_fields.items():
            yield from late_faults(getattr(value, name), f"{path}.{info.alias or name}")
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from late_faults(item, f"{path}[{place}]")
