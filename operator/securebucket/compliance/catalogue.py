"""The catalogue: every check of a bucket, and the control whose document it reads."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.compliance.access_points import BLOCKED, NOT_PUBLIC, TO_TRUSTED
from securebucket.compliance.copies import ACROSS_REGIONS
from securebucket.compliance.exposure import CHECKS as EXPOSURE
from securebucket.compliance.exposure import READS
from securebucket.compliance.kms_keys import HEALTHY, ROTATED
from securebucket.compliance.kms_keys import READS as NAMING_KEYS
from securebucket.controls import CONTROLS
from securebucket.model.verdict import Check

VERSION = "2026.11"
"""Changes with every change of a pass condition, so that two reports can be told apart."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One check of the catalogue.

    Args:
        reads: the controls whose documents it reads; the first one is the one to set.
    """

    check: Check[Any]
    reads: tuple[str, ...]


FURTHER = (
    *(Entry(check, READS) for check in EXPOSURE),
    Entry(BLOCKED, ("publicAccessBlock",)),
    *(Entry(check, ("policy",)) for check in (NOT_PUBLIC, TO_TRUSTED)),
    Entry(ACROSS_REGIONS, ("replication",)),
    *(Entry(check, NAMING_KEYS) for check in (HEALTHY, ROTATED)),
)
"""Checks that no control can answer alone."""


def _entries() -> Iterator[Entry]:
    for control in CONTROLS:
        yield from (Entry(check, (control.name, *check.also_reads)) for check in control.checks)
        yield from (entry for entry in FURTHER if entry.reads[0] == control.name)


CATALOGUE: tuple[Entry, ...] = tuple(_entries())
BY_ID: Mapping[str, Entry] = {entry.check.id: entry for entry in CATALOGUE}
