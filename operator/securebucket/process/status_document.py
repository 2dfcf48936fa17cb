"""The status as JSON: how it is read, and the smallest patch from one to the next. Pure."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from securebucket.api.bucket_exception import BucketExceptionStatus
from securebucket.api.status import SecureBucketStatus
from securebucket.fleet.record import mapping_of

ALWAYS_MOVING = frozenset({"lastVerifiedAt", "oldestReadingAt"})
"""Fields that are written along, and are not worth a write of their own."""

NEVER_REMOVED = frozenset({"bucket"})
"""It tells a bucket that vanished from one that never was; without it a lost bucket would be made again, empty."""


def read_status(written: object) -> SecureBucketStatus:
    """Read the status of an object whose spec is not valid; fields that this version does not take are left out."""
    given = mapping_of(written)
    try:
        return SecureBucketStatus.model_validate(given)
    except ValidationError as error:
        odd = {str(fault["loc"][0]) for fault in error.errors(include_url=False) if fault["loc"]}
        return SecureBucketStatus.model_validate({name: value for name, value in given.items() if name not in odd})


def write_status(status: SecureBucketStatus | BucketExceptionStatus) -> dict[str, Any]:
    """Write a status as it is stored: absent fields are left out."""
    return status.model_dump(mode="json", by_alias=True, exclude_none=True)


def status_patch(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON merge patch between two statuses; empty when nothing but a moving time differs.

    https://datatracker.ietf.org/doc/html/rfc7386
    """
    patch = _merge_patch(before, after)
    patch = {name: value for name, value in patch.items() if value is not None or name not in NEVER_REMOVED}
    return {} if patch.keys() <= ALWAYS_MOVING else patch


def _merge_patch(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    patch: dict[str, Any] = dict.fromkeys(before.keys() - after.keys())  # None removes a key
    for name, value in after.items():
        old = before.get(name)
        if name in before and old == value:
            continue
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            patch[name] = _merge_patch(old, value)
        else:
            patch[name] = value
    return patch
