"""A bucket that gets access logs, as far as it decides whether S3 can deliver them.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
"""

from dataclasses import dataclass

from securebucket.model.acl import LOG_DELIVERY_GROUP, read_grants
from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow
from securebucket.model.region import region_of
from securebucket.model.surroundings import MINUTES, Query, of_bucket

ENFORCED = "BucketOwnerEnforced"
WRITING = frozenset({"WRITE", "FULL_CONTROL"})


@dataclass(frozen=True, slots=True)
class LogTarget:
    """A log target.

    Args:
        region: where it lies.
        sse_algorithm: its default encryption; empty where it could not be read.
        object_lock: whether Object Lock is on.
        requester_pays: whether Requester Pays is on.
        acls_off: whether the owner owns everything in it, so that no grant counts.
        group_writes: its ACL lets the log delivery group write, and ACLs count; or why that could not be read.
        policy: the text of its policy, empty where it has none; or why it could not be read.
    """

    name: str
    region: str
    sse_algorithm: str
    object_lock: bool
    requester_pays: bool
    acls_off: bool
    group_writes: bool | Failure
    policy: str | Failure


@dataclass(frozen=True, slots=True)
class LogTargetQuery(Query[LogTarget]):
    """Can access logs be delivered to this bucket? `account_id` is the owner that it must have."""

    name: str
    account_id: str

    def observe(self) -> Flow[LogTarget]:
        """Read what decides it. Many buckets have one log target, so that an answer holds for minutes for all of them.

        What may not be read, but for the policy, counts as it is by default: S3 itself then says no where it is not so.
        """

        def read(operation: str, *absent: str) -> Flow[Response | Failure]:
            answer = yield of_bucket(
                self.name,
                self.account_id,
                operation,
                absent=frozenset(absent),
                optional=True,
                remembered=MINUTES,
                refusal_remembered=MINUTES,
            )
            return {} if answer is None else answer

        head = yield of_bucket(self.name, self.account_id, "head_bucket", remembered=MINUTES)
        policy = yield from read("get_bucket_policy", "NoSuchBucketPolicy")
        encryption = _told((yield from read("get_bucket_encryption", "ServerSideEncryptionConfigurationNotFoundError")))
        lock = _told((yield from read("get_object_lock_configuration", "ObjectLockConfigurationNotFoundError")))
        payment = _told((yield from read("get_bucket_request_payment")))
        ownership = _told((yield from read("get_bucket_ownership_controls", "OwnershipControlsNotFoundError")))
        ownership_rules = (ownership.get("OwnershipControls") or {}).get("Rules") or [{}]
        acls_off = ownership_rules[0].get("ObjectOwnership") == ENFORCED
        acl: Response | Failure = {}
        if not acls_off:
            acl = yield from read("get_bucket_acl")
        rules = (encryption.get("ServerSideEncryptionConfiguration") or {}).get("Rules") or [{}]
        default = rules[0].get("ApplyServerSideEncryptionByDefault") or {}
        return LogTarget(
            name=self.name,
            region=region_of(head.get("BucketRegion")),
            sse_algorithm=str(default.get("SSEAlgorithm") or ""),
            object_lock=(lock.get("ObjectLockConfiguration") or {}).get("ObjectLockEnabled") == "Enabled",
            requester_pays=payment.get("Payer") == "Requester",
            acls_off=acls_off,
            group_writes=acl if isinstance(acl, Failure) else _lets_the_group_write(acl),
            policy=policy if isinstance(policy, Failure) else str(policy.get("Policy") or ""),
        )


def _lets_the_group_write(acl: Response) -> bool:
    grants = read_grants(acl.get("Grants") or ())
    return any(each.grantee == LOG_DELIVERY_GROUP and each.permission in WRITING for each in grants)


def _told(answer: Response | Failure) -> Response:
    return {} if isinstance(answer, Failure) else answer
