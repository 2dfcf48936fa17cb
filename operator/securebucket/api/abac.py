"""Attribute-based access control by the bucket's tags."""

from typing import Literal

from pydantic import Field

from securebucket.api.base import ApiModel


class Abac(ApiModel):
    """Attribute-based access control (PutBucketAbac). Secure default: Disabled, so that tags give nobody access."""

    status: Literal["Enabled", "Disabled"] = Field(
        "Disabled",
        description="Enabled: conditions on the bucket's tags count in policies, so tags are access control; turning it on waits for approval (risk: lockout). Default: Disabled.",
    )
