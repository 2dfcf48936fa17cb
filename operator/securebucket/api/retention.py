"""What keeps data from being lost: versioning and Object Lock."""

from typing import Literal

from pydantic import Field

from securebucket.api.base import ApiModel, rule, validations


class Versioning(ApiModel):
    """Versioning (PutBucketVersioning). Once on, it can only be suspended."""

    status: Literal["Enabled", "Suspended"] = Field(
        "Enabled",
        description=(
            "Enabled or Suspended. Default: Enabled. Suspended leaves a bucket that never had versioning alone,"
            " and waits for approval on one that has it (risk: data-loss)."
        ),
    )


class DefaultRetention(ApiModel):
    """Default retention of new object versions. Give exactly one of days and years."""

    model_config = validations(
        rule("has(self.days) != has(self.years)", "give exactly one of days and years"),
    )

    mode: Literal["GOVERNANCE", "COMPLIANCE"] = Field(
        description="GOVERNANCE can be lifted with a special permission; COMPLIANCE by nobody, root included."
    )
    days: int | None = Field(None, ge=1, le=36500, description="Retention in days.")
    years: int | None = Field(None, ge=1, le=100, description="Retention in years.")


class ObjectLock(ApiModel):
    """Object Lock (PutObjectLockConfiguration): write once, read many. It can never be turned off again."""

    model_config = validations(
        rule(
            "!has(self.defaultRetention) || (has(self.enabled) && self.enabled)",
            "defaultRetention needs enabled: true",
            ".defaultRetention",
        ),
    )

    enabled: bool | None = Field(
        None,
        description=(
            "Turn Object Lock on. Default: leave as it is. One-way: on an existing bucket it waits for approval"
            " (risk: irreversible); on a bucket that the operator creates it is set at creation."
        ),
    )
    default_retention: DefaultRetention | None = Field(
        None,
        description="Default retention. Default: leave as it is; a declared one is put back when changed.",
    )
