"""Answers about things outside the bucket: KMS keys, log targets, replicas, the account's Block Public Access."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.aws.asking import Refused, ask
from securebucket.aws.lately_used import LatelyUsed
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
MOST_FACTS = 10_000
REGION_LIFETIME = 86400.0
"""Seconds. A bucket never moves; it can only be deleted and made anew elsewhere."""
SILENCE = 15.0
"""Seconds for which a service, or a bucket, that did not answer in time is not asked again."""

Place = tuple[Binding, str, str]
"""As whom, which service, and in which region; empty for the binding's."""


@dataclass(slots=True)
class Facts:
    """Answers fact queries; what every pass asks is remembered: keys and the account's block for ten minutes."""

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _known: LatelyUsed[tuple[Binding, FactQuery], tuple[float, Fact]] = field(
        default_factory=lambda: LatelyUsed(MOST_FACTS)
    )
    _silences: LatelyUsed[tuple[Place, str], tuple[float, Failure]] = field(
        default_factory=lambda: LatelyUsed(MOST_FACTS)
    )

    def answer(self, binding: Binding, query: FactQuery) -> Fact:
        """Answer one query, with a failure where it cannot be answered."""
        if isinstance(query, BucketQuery):
            return self._bucket(binding, query)
        known = self._known.get((binding, query))
        if known and known[0] > self.clock():
            return known[1]
        fact = self._ask(binding, query)
        lifetime = _lifetime(query, fact)
        if lifetime:
            self._known.put((binding, query), (self.clock() + lifetime, fact))
        return fact

    def forget(self) -> None:
        """Ask again next time."""
        self._known.clear()
        self._silences.clear()

    def _ask(self, binding: Binding, query: KmsKeyQuery | BucketRegionQuery | AccountBlockQuery) -> Fact:
        if isinstance(query, KmsKeyQuery):
            return self._key(binding, query)
        if isinstance(query, BucketRegionQuery):
            located = self._locate(binding, query)
            return located if isinstance(located, Failure) else BucketRegion(located)
        return self._account_block(binding, query)

    def _account_block(self, binding: Binding, query: AccountBlockQuery) -> Fact:
        answer = self._call(
            (binding, "s3control", ""),
            "get_public_access_block",
            {"AccountId": query.account_id},
            needs=("PublicAccessBlockConfiguration",),
            about="GetPublicAccessBlock of the account",
        )
        if isinstance(answer, Failure):
            return AccountBlock() if answer.code == "NoSuchPublicAccessBlockConfiguration" else answer
        flags = answer["PublicAccessBlockConfiguration"]
        return AccountBlock(
            block_public_acls=bool(flags.get("BlockPublicAcls")),
            ignore_public_acls=bool(flags.get("IgnorePublicAcls")),
            block_public_policy=bool(flags.get("BlockPublicPolicy")),
            restrict_public_buckets=bool(flags.get("RestrictPublicBuckets")),
        )

    def _key(self, binding: Binding, query: KmsKeyQuery) -> Fact:
        region = query.key.split(":")[3] if query.key.startswith("arn:") and query.key.count(":") >= 5 else query.region
        answer = self._call(
            (binding, "kms", region),
            "describe_key",
            {"KeyId": query.key},
            needs=("KeyMetadata.Arn", "KeyMetadata.KeyState"),
        )
        if isinstance(answer, Failure):
            return answer
        key = answer["KeyMetadata"]
        return KmsKey(
            arn=key["Arn"],
            state=key["KeyState"],
            symmetric=key.get("KeySpec", "SYMMETRIC_DEFAULT") == "SYMMETRIC_DEFAULT",
            aws_managed=key.get("KeyManager") == "AWS",
        )

    def _bucket(self, binding: Binding, query: BucketQuery) -> Fact:
        region = self._locate(binding, query)
        if isinstance(region, Failure):
            return region

        def read(operation: str) -> Mapping[str, Any]:
            """Read what may be absent or denied: it only explains a refusal that S3 would not explain."""
            answer = self._call((binding, "s3", ""), operation, _target(query))
            return {} if isinstance(answer, Failure) else answer

        rules = read("get_bucket_encryption").get("ServerSideEncryptionConfiguration", {}).get("Rules")
        default = (rules or [{}])[0].get("ApplyServerSideEncryptionByDefault", {})
        lock = read("get_object_lock_configuration").get("ObjectLockConfiguration", {})
        return OtherBucket(
            name=query.name,
            region=region,
            sse_algorithm=str(default.get("SSEAlgorithm", "")),
            object_lock=lock.get("ObjectLockEnabled") == "Enabled",
            requester_pays=read("get_bucket_request_payment").get("Payer") == "Requester",
            versioning=str(read("get_bucket_versioning").get("Status", "")),
        )

    def _locate(self, binding: Binding, query: BucketQuery | BucketRegionQuery) -> str | Failure:
        answer = self._call((binding, "s3", ""), "head_bucket", _target(query))
        if not isinstance(answer, Failure):
            return region_of(answer.get("BucketRegion"))
        if answer.code in {"404", "NoSuchBucket"}:
            text = f"there is no bucket {query.name} in this account."
            return Failure("BucketMissing", text, retry=True, code="404", operation="HeadBucket")
        return answer

    def _call(
        self,
        place: Place,
        operation: str,
        parameters: Mapping[str, Any],
        *,
        needs: tuple[str, ...] = (),
        about: str = "",
    ) -> dict[str, Any] | Failure:
        """Make one call, unless one like it was not answered in time just now: each would cost its pass as much."""
        subject = (place, str(parameters.get("Bucket", "")))
        silence = self._silences.get(subject)
        if silence and silence[0] > self.clock():
            return silence[1]
        answer = ask(lambda: self.sessions.client(*place), operation, parameters, needs=needs, about=about)
        if isinstance(answer, Refused) and answer.silent:
            self._silences.put(subject, (self.clock() + SILENCE, answer))
        return answer


def _lifetime(query: FactQuery, fact: Fact) -> float:
    """Give the seconds for which a fact is remembered. What only a verdict needs may be denied for long."""
    if isinstance(fact, Failure):
        return 0.0 if fact.retry or isinstance(query, KmsKeyQuery) else LIFETIME
    return REGION_LIFETIME if isinstance(query, BucketRegionQuery) else LIFETIME


def _target(query: BucketQuery | BucketRegionQuery) -> dict[str, str]:
    return {"Bucket": query.name} | ({"ExpectedBucketOwner": query.account_id} if query.account_id else {})
