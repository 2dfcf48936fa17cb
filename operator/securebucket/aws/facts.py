"""Answers about things outside the bucket: KMS keys, log targets, replicas."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from securebucket.aws.failures import ERRORS, UNANSWERED, failure_of
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.fact import BucketQuery, Fact, FactQuery, KmsKey, KmsKeyQuery, OtherBucket
from securebucket.model.failure import Failure

KEY_LIFETIME = 600.0


@dataclass(slots=True)
class Facts:
    """Answers fact queries; what a KMS key is gets remembered for ten minutes, since every pass asks."""

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _keys: dict[tuple[Binding, KmsKeyQuery], tuple[float, Fact]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, binding: Binding, query: FactQuery) -> Fact:
        """Answer one query, with a failure where it cannot be answered."""
        if isinstance(query, BucketQuery):
            return self._bucket(binding, query)
        with self._lock:
            known = self._keys.get((binding, query))
        if known and known[0] > self.clock():
            return known[1]
        fact = self._key(binding, query)
        if not isinstance(fact, Failure):
            with self._lock:
                self._keys[(binding, query)] = (self.clock() + KEY_LIFETIME, fact)
        return fact

    def forget(self) -> None:
        """Ask again next time."""
        with self._lock:
            self._keys.clear()

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
        target = {"Bucket": query.name} | ({"ExpectedBucketOwner": query.account_id} if query.account_id else {})
        try:
            region = str(s3.head_bucket(**target).get("BucketRegion") or "")
        except ClientError as error:
            if str(error.response.get("Error", {}).get("Code")) in {"404", "NoSuchBucket"}:
                return Failure(
                    "BucketMissing",
                    f"there is no bucket {query.name} in this account.",
                    retry=True,
                    code="404",
                    operation="HeadBucket",
                )
            return failure_of(error, "HeadBucket")
        except UNANSWERED as error:
            return failure_of(error, "HeadBucket")
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
    def _quietly(read: Callable[..., Any], target: dict[str, str]) -> dict[str, Any]:
        """Read what may be absent or denied: these answers only explain a refusal that S3 would not explain."""
        try:
            answer: dict[str, Any] = read(**target)
        except ERRORS:
            return {}
        return answer
