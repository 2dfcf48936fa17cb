"""Block Public Access of the bucket.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from dataclasses import dataclass
from typing import Any

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import SecureBucketSpec
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.document import camel_case
from securebucket.model.flow import Flow, Read
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed


@dataclass(frozen=True, slots=True)
class PublicAccessBlockState:
    """The four flags at bucket level; the account's own block is not part of it and never compared with it."""

    block_public_acls: bool
    ignore_public_acls: bool
    block_public_policy: bool
    restrict_public_buckets: bool


FLAGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")


def judge_all_blocked(_: Subject, state: PublicAccessBlockState) -> Verdict:
    """Pass when all four flags are on."""
    off = [camel_case(name) for name in FLAGS if not getattr(state, name)]
    return failed(f"{', '.join(off)} off") if off else passed("all four public access blocks are on")


class PublicAccessBlockControl(Control[PublicAccessBlockState]):
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

    def observe(self, bucket: Bucket) -> Flow[PublicAccessBlockState]:
        """Read the flags; a bucket without the configuration has none on."""
        answer = yield Read(
            "get_public_access_block",
            absent=frozenset({"NoSuchPublicAccessBlockConfiguration"}),
            required="PublicAccessBlockConfiguration",
        )
        flags = (answer or {}).get("PublicAccessBlockConfiguration", {})
        return PublicAccessBlockState(
            block_public_acls=flags.get("BlockPublicAcls", False),
            ignore_public_acls=flags.get("IgnorePublicAcls", False),
            block_public_policy=flags.get("BlockPublicPolicy", False),
            restrict_public_buckets=flags.get("RestrictPublicBuckets", False),
        )

    def desired(self, context: Context, observed: PublicAccessBlockState) -> PublicAccessBlockState:
        """Take the declared flags."""
        block = context.spec.public_access_block
        return PublicAccessBlockState(
            block_public_acls=block.block_public_acls,
            ignore_public_acls=block.ignore_public_acls,
            block_public_policy=block.block_public_policy,
            restrict_public_buckets=block.restrict_public_buckets,
        )

    def calls(
        self,
        context: Context,
        observed: PublicAccessBlockState,
        desired: PublicAccessBlockState,
    ) -> tuple[Call, ...]:
        """Put all four flags: S3 replaces the document, and an omitted flag would turn off."""
        flags = {
            "BlockPublicAcls": desired.block_public_acls,
            "IgnorePublicAcls": desired.ignore_public_acls,
            "BlockPublicPolicy": desired.block_public_policy,
            "RestrictPublicBuckets": desired.restrict_public_buckets,
        }
        return (Call("put_public_access_block", {"PublicAccessBlockConfiguration": flags}),)

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for all four flags."""
        if not floor.block_public_access:
            return ()
        met = all(getattr(spec.public_access_block, name) for name in FLAGS)
        return (FloorTerm("", met, "all four fields must be true"),)

    def declaration(self, state: PublicAccessBlockState) -> dict[str, Any] | None:
        """Declare the flags."""
        return {camel_case(name): getattr(state, name) for name in FLAGS}
