"""Answers about things outside the bucket: KMS keys, log targets, replicas, the account's Block Public Access."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from securebucket.aws.failures import ERRORS, UNANSWERED, failure_of
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.fact import (
    AccountBlock,
    AccountBlockQuery,
    BucketQuery,
    BucketRegion,
    BucketRegionQuery,
    Fact,
    FactQuery,
    KmsKey,
    KmsKeyQuery,
    OtherBucket,
)
from securebucket.model.failure import Failure
from securebucket.model.region import region_of

LIFETIME = 600.0
REGION_LIFETIME = 86400.0
"""Seconds. A bucket never moves; it can only be deleted and made anew elsewhere."""


@dataclass(slots=True)
class Facts:
    """Answers fact queries; what every pass asks is remembered: keys and the account's block for ten minutes."""

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _known: dict[tuple[Binding, FactQuery], tuple[float, Fact]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, binding: Binding, query: FactQuery) -> Fact:
        """Answer one query, with a failure where it cannot be answered."""
        if isinstance(query, BucketQuery):
            return self._bucket(binding, query)
        with self._lock:
            known = self._known.get((binding, query))
        if known and known[0] > self.clock():
            return known[1]
        fact = self._ask(binding, query)
        lifetime = _lifetime(query, fact)
        if lifetime:
            with self._lock:
                self._known[(binding, query)] = (self.clock() + lifetime, fact)
        return fact

    def forget(self) -> None:
        """Ask again next time."""
        with self._lock:
            self._known.clear()

    def _ask(self, binding: Binding, query: KmsKeyQuery | BucketRegionQuery | AccountBlockQuery) -> Fact:
        if isinstance(query, KmsKeyQuery):
            return self._key(binding, query)
        if isinstance(query, BucketRegionQuery):
            located = self._locate(self.sessions.client(binding, "s3"), query.name, query.account_id)
            return located if isinstance(located, Failure) else BucketRegion(located)
        return self._account_block(binding, query)

    def _account_block(self, binding: Binding, query: AccountBlockQuery) -> Fact:
        try:
            answer = self.sessions.client(binding, "s3control").get_public_access_block(AccountId=query.account_id)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchPublicAccessBlockConfiguration":
                return AccountBlock()
            return failure_of(error, "GetPublicAccessBlock of the account")
        except UNANSWERED as error:
            return failure_of(error, "GetPublicAccessBlock of the account")
        flags = answer.get("PublicAccessBlockConfiguration", {})
        return AccountBlock(
            block_public_acls=bool(flags.get("BlockPublicAcls")),
            ignore_public_acls=bool(flags.get("IgnorePublicAcls")),
            block_public_policy=bool(flags.get("BlockPublicPolicy")),
            restrict_public_buckets=bool(flags.get("RestrictPublicBuckets")),
        )

    def _key(self, binding: Binding, query: KmsKeyQuery) -> Fact:
        region = query.key.split(":")[3] if query.key.startswith("arn:") and query.key.count(":") >= 5 else query.region
        try:
            key = self.sessions.client(binding, "kms", region).describe_key(KeyId=query.key)["KeyMetadata"]
        except ERRORS as error:
            return failure_of(error, "DescribeKey")
        return KmsKey(
            arn=key["Arn"],
            state=key.get("KeyState", ""),
            symmetric=key.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT",
            aws_managed=key.get("KeyManager") == "AWS",
        )

    def _bucket(self, binding: Binding, query: BucketQuery) -> Fact:
        s3 = self.sessions.client(binding, "s3")
        region = self._locate(s3, query.name, query.account_id)
        if isinstance(region, Failure):
            return region
        target = _target(query.name, query.account_id)
        rules = (
            self._quietly(s3.get_bucket_encryption, target).get("ServerSideEncryptionConfiguration", {}).get("Rules")
        )
        default = (rules or [{}])[0].get("ApplyServerSideEncryptionByDefault", {})
        lock = self._quietly(s3.get_object_lock_configuration, target).get("ObjectLockConfiguration", {})
        return OtherBucket(
            name=query.name,
            region=region,
            sse_algorithm=str(default.get("SSEAlgorithm", "")),
            object_lock=lock.get("ObjectLockEnabled") == "Enabled",
            requester_pays=self._quietly(s3.get_bucket_request_payment, target).get("Payer") == "Requester",
            versioning=str(self._quietly(s3.get_bucket_versioning, target).get("Status", "")),
        )

    @staticmethod
    def _locate(s3: Any, name: str, account_id: str) -> str | Failure:
        try:
            return region_of(s3.head_bucket(**_target(name, account_id)).get("BucketRegion"))
        except ClientError as error:
            if str(error.response.get("Error", {}).get("Code")) in {"404", "NoSuchBucket"}:
                return Failure(
                    "BucketMissing",
                    f"there is no bucket {name} in this account.",
                    retry=True,
                    code="404",
                    operation="HeadBucket",
                )
            return failure_of(error, "HeadBucket")
        except UNANSWERED as error:
            return failure_of(error, "HeadBucket")

    @staticmethod
    def _quietly(read: Callable[..., Any], target: dict[str, str]) -> dict[str, Any]:
        """Read what may be absent or denied: these answers only explain a refusal that S3 would not explain."""
        try:
            answer: dict[str, Any] = read(**target)
        except ERRORS:
            return {}
        return answer


def _lifetime(query: FactQuery, fact: Fact) -> float:
    """Give the seconds for which a fact is remembered. What only a verdict needs may be denied for long."""
    if isinstance(fact, Failure):
        return 0.0 if fact.retry or isinstance(query, KmsKeyQuery) else LIFETIME
    return REGION_LIFETIME if isinstance(query, BucketRegionQuery) else LIFETIME


def _target(name: str, account_id: str) -> dict[str, str]:
    return {"Bucket": name} | ({"ExpectedBucketOwner": account_id} if account_id else {})
