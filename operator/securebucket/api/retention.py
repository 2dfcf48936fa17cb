"""What keeps data from being lost: versioning and Object Lock."""

from typing import Literal

from pydantic import Field

from securebucket.api.base import ApiModel
from securebucket.api.rule import Rule, exactly_one


class Versioning(ApiModel):
    """Versioning (PutBucketVersioning). Once on, it can only be suspended."""

    status: Literal["Enabled", "Suspended"] = Field(
        "Enabled",
        description=(
            "Enabled or Suspended. Default: Enabled. Suspended leaves a bucket that never had versioning alone,"
            " and waits for approval on one that has it (risk: data-loss)."
        ),
    )


class EventHold(ApiModel):
    """How long a version is kept after its event hold is released. Give exactly one of days and years."""

    invariants = (exactly_one(days="days", years="years"),)

    days: int | None = Field(None, ge=1, le=36500, description="Days after the release.")
    years: int | None = Field(None, ge=1, le=100, description="Years after the release.")


class DefaultRetention(ApiModel):
    """Default retention of new object versions: a mode with days or years, with an event hold, or with both."""

    invariants = (
        Rule(
            "!has(self.days) || !has(self.years)",
            lambda retention: retention.days is None or retention.years is None,
            "give days or years, not both",
            "years",
        ),
        Rule(
            "(self.mode == 'NONE') != (has(self.days) || has(self.years) || has(self.defaultEventHold))",
            lambda retention: (
                (retention.mode == "NONE")
                == (retention.days is None and retention.years is None and retention.default_event_hold is None)
            ),
            "mode GOVERNANCE or COMPLIANCE needs days, years or defaultEventHold, and NONE goes with none of them",
            "mode",
        ),
    )

    mode: Literal["GOVERNANCE", "COMPLIANCE", "NONE"] = Field(
        description=(
            "GOVERNANCE can be lifted with a special permission; COMPLIANCE by nobody, root included (risk: irreversible)."
            " NONE takes the default retention away (risk: data-loss)."
        )
    )
    days: int | None = Field(None, ge=1, le=36500, description="Retention in days.")
    years: int | None = Field(None, ge=1, le=100, description="Retention in years.")
    default_event_hold: EventHold | None = Field(
        None,
        description="Puts new versions under an event hold and keeps them this long after its release. Default: left as it is.",
    )


class ObjectLock(ApiModel):
    """Object Lock (PutObjectLockConfiguration): write once, read many. It can never be turned off again."""

    invariants = (
        Rule(
            "!has(self.defaultRetention) || (has(self.enabled) && self.enabled)",
            lambda lock: lock.default_retention is None or lock.enabled is True,
            "defaultRetention needs enabled: true",
            "defaultRetention",
        ),
    )

    enabled: bool | None = Field(
        None,
        description=(
            "Turn Object Lock on. Default: leave as it is. One-way, so it waits for approval (risk: irreversible),"
            " on a new bucket too."
        ),
    )
    default_retention: DefaultRetention | None = Field(
        None,
        description="Default retention. Default: leave as it is; a declared one is corrected when changed.",
    )
