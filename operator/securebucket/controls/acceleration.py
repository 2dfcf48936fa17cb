"""Transfer Acceleration: a further endpoint of the bucket, at CloudFront's edge locations.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html
"""

from dataclasses import dataclass
from typing import Any

from securebucket.controls.undeclared import risk_of_taking_away
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk

ON, OFF = "Enabled", "Suspended"


@dataclass(frozen=True, slots=True)
class AccelerationState:
    """Whether the accelerated endpoint answers.

    Args:
        status: `Enabled`, or `Suspended`, which a bucket where it was never set is as well.
    """

    status: str = OFF


class AccelerationControl(Control[AccelerationState]):
    """Keeps Transfer Acceleration as declared, by default off. It has no checks: it opens nothing to anybody."""

    name = "acceleration"
    permissions = Permissions(read=("s3:GetAccelerateConfiguration",), write=("s3:PutAccelerateConfiguration",))
    written_by = ("PutAccelerateConfiguration", "PutBucketAccelerateConfiguration")
    read_in_turn = True
    keeps_found = True

    def observe(self, bucket: Bucket) -> Flow[AccelerationState]:
        """Read the status; S3 answers without one where it was never set."""
        answer = (yield Read("get_bucket_accelerate_configuration")) or {}
        return AccelerationState(answer.get("Status") or OFF)

    def desired(self, context: Context, observed: AccelerationState) -> AccelerationState:
        """Take the declared status."""
        return AccelerationState(context.spec.acceleration.status)

    def refuse(self, context: Context, observed: AccelerationState, desired: AccelerationState) -> Failure | None:
        """Refuse names with dots, which S3 refuses; the API does not see one that is the object's own name."""
        if desired.status != ON or "." not in context.bucket.name:
            return None
        return Failure(
            "AccelerationImpossible",
            f"S3 accelerates no bucket with a dot in its name, such as {context.bucket.name}; leave spec.acceleration"
            " out.",
        )

    def calls(self, context: Context, observed: AccelerationState, desired: AccelerationState) -> tuple[Call, ...]:
        """Put the status: there is no call that deletes it."""
        configuration = {"AccelerateConfiguration": {"Status": desired.status}}
        return (Call("put_bucket_accelerate_configuration", configuration),)

    def risk(self, context: Context, observed: AccelerationState, desired: AccelerationState) -> Risk:
        """Tell of a lock-out when the endpoint goes from an adopted bucket undeclared: clients may use it."""
        return risk_of_taking_away(context, "acceleration") if observed.status == ON else Risk.NONE

    def declaration(self, state: AccelerationState) -> dict[str, Any] | None:
        """Declare the status."""
        return {"status": state.status}
