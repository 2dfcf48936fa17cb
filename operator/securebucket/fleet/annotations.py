"""What people ask for by annotation. Pure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.model.plain_text import whole

RECONCILE_AT = "securebucket.io/reconcile-at"
PAUSED = "securebucket.io/paused"
APPROVE = "securebucket.io/approve"
ABANDON = "securebucket.io/abandon"
APPROVE_ROLLOUT = "securebucket.io/approve-rollout"


def approves_rollout(metadata: Mapping[str, Any]) -> bool:
    """Tell whether a BucketProfile's annotation allows the fleet to follow the generation that it has now."""
    annotations = metadata.get("annotations")
    given = annotations.get(APPROVE_ROLLOUT) if isinstance(annotations, Mapping) else None
    return given is not None and str(given).strip() == str(metadata.get("generation"))


@dataclass(frozen=True, slots=True)
class Pause:
    """Whether an object is paused.

    Args:
        paused: nothing is written to S3 for the object now.
        left: seconds until the pause ends by itself; 0 when it has no end, or there is none.
        problem: what is wrong with the annotation and what to write; empty when nothing is.
    """

    paused: bool
    left: float = 0.0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Annotations:
    """Our annotations of one object, as written; empty where absent."""

    reconcile_at: str = ""
    paused: str = ""
    approve: str = ""
    abandon: str = ""

    @property
    def abandoned(self) -> bool:
        """The object may go without touching S3."""
        return self.abandon.strip().lower() == "true"

    def pause(self, now: dt.datetime) -> Pause:
        """Say whether the object is paused at `now` (with a time zone).

        A value that is neither `true`, `false` nor a time pauses: not writing can be undone, writing cannot.
        """
        written = self.paused.strip()
        if written.lower() in {"", "false"}:
            return Pause(paused=False)
        if written.lower() == "true":
            return Pause(paused=True)
        try:
            end = dt.datetime.fromisoformat(written)
        except ValueError:
            end = None
        if end is None or end.tzinfo is None:
            return Pause(
                paused=True,
                problem=f'annotation {PAUSED} is {written!r}, which is neither "true" nor a time with a zone such as'
                " 2030-01-31T18:00:00Z; the object stays paused until it is corrected or removed",
            )
        left = (end - now).total_seconds()
        return Pause(paused=True, left=left) if left > 0 else Pause(paused=False)


def read_annotations(written: Mapping[str, Any]) -> Annotations:
    """Take ours out of an object's `metadata.annotations`; what is not a text counts as if it were written as one."""
    return Annotations(*(_text(written.get(each)) for each in (RECONCILE_AT, PAUSED, APPROVE, ABANDON)))


def _text(value: object) -> str:
    """Return a value as text that can be written again: half a character cannot."""
    return "" if value is None else whole(str(value))
