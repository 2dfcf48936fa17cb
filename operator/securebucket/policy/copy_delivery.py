"""The copies that come from buckets of other accounts: the statement that lets S3 write them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html#setting-repl-config-crossacct
"""

from collections.abc import Iterable
from typing import Any

from securebucket.model.bucket import Bucket
from securebucket.model.demand import CopyDemand
from securebucket.policy.document import digest

WRITES = ("s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags")
GIVES_AWAY = "s3:ObjectOwnerOverrideToBucketOwner"
SEES = "s3:GetBucketVersioning"
"""S3 looks whether versioning is on before it takes a rule."""
COPIES = "SecureBucketCopies"


def copy_deliveries(bucket: Bucket, demands: Iterable[CopyDemand]) -> tuple[dict[str, Any], ...]:
    """Let the roles of other accounts write their copies; a role of this account needs its own rights only.

    Each role gets two statements, whatever it copies from: nothing in its requests says from which bucket they come.
    """
    gives: dict[str, bool] = {}
    for demand in sorted(demands):
        if demand.role.split(":")[4:5] != [bucket.account_id]:
            gives[demand.role] = gives.get(demand.role, False) or demand.gives_away
    return tuple(
        statement for role, gives_away in gives.items() for statement in copy_statements(bucket.arn, role, gives_away)
    )


def copy_statements(arn: str, role: str, gives_away: bool) -> tuple[dict[str, Any], ...]:
    """Write the two statements of a role.

    Args:
        arn: of the bucket that gets the copies.
        role: ARN of the role that S3 copies as.
        gives_away: the copies are to belong to the bucket's owner.
    """
    name = f"{COPIES}{digest(role)}"
    return (
        {
            "Sid": name,
            "Effect": "Allow",
            "Principal": {"AWS": role},
            "Action": [*WRITES, *((GIVES_AWAY,) if gives_away else ())],
            "Resource": f"{arn}/*",
        },
        {"Sid": f"{name}Bucket", "Effect": "Allow", "Principal": {"AWS": role}, "Action": SEES, "Resource": arn},
    )
