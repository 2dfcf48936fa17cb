"""Block Public Access of the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from typing import Any

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import SecureBucketSpec
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.document import fields_of
from securebucket.model.flow import Flow, Read
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed


def judge_all_blocked(_: Subject, state: PublicAccessBlock) -> Verdict:
    """Pass when all four flags are on."""
    off = [name for name, on in fields_of(state).items() if not on]
    return failed(f"{', '.join(off)} off") if off else passed("all four public access blocks are on")


class PublicAccessBlockControl(Control[PublicAccessBlock]):
    """Keeps the four flags as declared."""

    name = "publicAccessBlock"
    permissions = Permissions(read=("s3:GetBucketPublicAccessBlock",), write=("s3:PutBucketPublicAccessBlock",))
    written_by = ("PutBucketPublicAccessBlock", "DeleteBucketPublicAccessBlock")
    checks = (
        Check(
            id="public-access-blocked",
            title="Block Public Access is on for the bucket",
            severity=Severity.HIGH,
            rationale="A public policy or ACL that somebody adds later takes effect at once.",
            remediation="Leave spec.publicAccessBlock out, or set all four of its fields to true.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-8",
            ),
            judge=judge_all_blocked,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[PublicAccessBlock]:
        """Read the flags; a bucket without the configuration has none on."""
        answer = yield Read(
            "get_public_access_block",
            absent=frozenset({"NoSuchPublicAccessBlockConfiguration"}),
            required="PublicAccessBlockConfiguration",
        )
        return PublicAccessBlock.of((answer or {}).get("PublicAccessBlockConfiguration"))

    def desired(self, context: Context, observed: PublicAccessBlock) -> PublicAccessBlock:
        """Take the declared flags."""
        return PublicAccessBlock(**context.spec.public_access_block.model_dump())

    def calls(self, context: Context, observed: PublicAccessBlock, desired: PublicAccessBlock) -> tuple[Call, ...]:
        """Put all four flags: S3 replaces the document, and an omitted flag would turn off."""
        return (Call("put_public_access_block", {"PublicAccessBlockConfiguration": desired.document}),)

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for all four flags."""
        if not floor.block_public_access:
            return ()
        met = all(spec.public_access_block.model_dump().values())
        return (FloorTerm("", met, "all four fields must be true"),)

    def declaration(self, state: PublicAccessBlock) -> dict[str, Any] | None:
        """Declare the flags."""
        return dict(fields_of(state))
