"""Attribute-based access control: whether the bucket's tags decide who may do what with it.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
"""

from dataclasses import dataclass
from typing import Any

from securebucket.controls.undeclared import risk_of_taking_away
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk

ENABLED, DISABLED = "Enabled", "Disabled"


@dataclass(frozen=True, slots=True)
class AbacState:
    """The ABAC status.

    Args:
        status: `Enabled` or `Disabled`.
    """

    status: str

    @property
    def enabled(self) -> bool:
        """Whether tags decide, and PutBucketTagging is refused."""
        return self.status == ENABLED


class AbacControl(Control[AbacState]):
    """Keeps ABAC off, or on where that is declared. It has no checks: neither is better where nobody asked for it."""

    name = "abac"
    permissions = Permissions(read=("s3:GetBucketAbac",), write=("s3:PutBucketAbac",))
    written_by = ("PutBucketAbac",)
    requires = ("tags",)
    read_in_turn = True
    keeps_found = True

    def observe(self, bucket: Bucket) -> Flow[AbacState]:
        """Read the status; it is off unless S3 says otherwise."""
        answer = (yield Read("get_bucket_abac")) or {}
        return AbacState((answer.get("AbacStatus") or {}).get("Status") or DISABLED)

    def desired(self, context: Context, observed: AbacState) -> AbacState:
        """Take the declared status."""
        return AbacState(context.spec.abac.status)

    def calls(self, context: Context, observed: AbacState, desired: AbacState) -> tuple[Call, ...]:
        """Put the status: there is no call that deletes it."""
        return (Call("put_bucket_abac", {"AbacStatus": {"Status": desired.status}}),)

    def risk(self, context: Context, observed: AbacState, desired: AbacState) -> Risk:
        """Tell of a lock-out when conditions on tags begin to hold, or end on an adopted bucket unasked."""
        return Risk.LOCKOUT if desired.enabled else risk_of_taking_away(context, "abac")

    def declaration(self, state: AbacState) -> dict[str, Any] | None:
        """Declare the status, where it is one that this release knows."""
        return {"status": state.status} if state.status in {ENABLED, DISABLED} else None
