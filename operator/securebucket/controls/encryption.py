"""Default encryption: algorithm, KMS key, bucket key and blocked encryption types, which all live in one rule.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketEncryption.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control, FloorTerm
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.surroundings import S3_KEY, KmsKey, KmsKeyQuery, Query, S3Key, S3KeyQuery
from securebucket.model.verdict import (
    Check,
    Remedy,
    Severity,
    Subject,
    Verdict,
    failed,
    not_applicable,
    passed,
    unknown,
)

SSE_S3, SSE_KMS, DSSE_KMS = "AES256", "aws:kms", "aws:kms:dsse"
STRENGTH = {"": 0, SSE_S3: 1, SSE_KMS: 2, DSSE_KMS: 3}
UNKNOWN_STRENGTH = 4
"""An algorithm that is newer than this release is not taken for a weak one."""
MANAGED_KEY = S3_KEY


@dataclass(frozen=True, slots=True)
class EncryptionState:
    """The one rule of default encryption.

    Args:
        sse_algorithm: empty when nothing is configured (never on AWS since 2023, but on other servers).
        kms_master_key_id: as S3 gives it; empty without KMS. `alias/aws/s3` stands for an omitted key.
        bucket_key_enabled: false where it means nothing (AES256, DSSE): S3 answers either there.
        blocked_encryption_types: empty means that nothing is blocked; S3 writes that as `NONE`.
    """

    sse_algorithm: str
    kms_master_key_id: str
    bucket_key_enabled: bool
    blocked_encryption_types: frozenset[str]


def judge_kms(subject: Subject, state: EncryptionState) -> Verdict:
    """Pass with SSE-KMS or DSSE-KMS; a log target cannot have either."""
    if subject.role == Role.LOG_TARGET:
        return not_applicable("S3 cannot deliver access logs to a bucket with KMS by default")
    if state.sse_algorithm in {SSE_KMS, DSSE_KMS}:
        return passed(f"default encryption is {state.sse_algorithm}")
    return failed(f"default encryption is {state.sse_algorithm or 'absent'}")


def judge_encrypted(_: Subject, state: EncryptionState) -> Verdict:
    """Pass with any default encryption."""
    if state.sse_algorithm not in STRENGTH:
        return unknown(f"default encryption is {state.sse_algorithm}, which this release does not know")
    if state.sse_algorithm:
        return passed(f"default encryption is {state.sse_algorithm}")
    return failed("there is no default encryption")


def judge_sse_c_blocked(_: Subject, state: EncryptionState) -> Verdict:
    """Pass when uploads with customer-provided keys are refused: ransomware writes with them."""
    if "SSE-C" in state.blocked_encryption_types:
        return passed("SSE-C is blocked")
    return failed("uploads may use SSE-C, keys that AWS does not have")


class EncryptionControl(Control[EncryptionState]):
    """Keeps the default encryption as declared, and never below what it was."""

    name = "encryption"
    permissions = Permissions(
        read=("s3:GetEncryptionConfiguration",),
        write=("s3:PutEncryptionConfiguration",),
        other=(
            ("kms:DescribeKey", "arn:*:kms:*:*:key/*", "to check a KMS key before it is set, and to compare aliases"),
        ),
    )
    written_by = ("PutBucketEncryption", "DeleteBucketEncryption")
    # S3 delivers access logs to a bucket with SSE-S3 by default only.
    impossible: ClassVar[Mapping[Role, tuple[str, ...]]] = {
        Role.LOG_TARGET: ("sseAlgorithm", "kmsMasterKeyId", "bucketKeyEnabled")
    }
    checks = (
        Check(
            id="encrypted-by-default",
            title="The bucket encrypts new objects by default",
            severity=Severity.HIGH,
            rationale="Objects would lie on disk in plain text.",
            remediation="Leave spec.encryption out, or set sseAlgorithm.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html",),
            judge=judge_encrypted,
        ),
        Check(
            id="encrypted-with-kms",
            title="The bucket encrypts new objects with AWS KMS by default",
            severity=Severity.MEDIUM,
            rationale="Without a KMS key nobody can see who decrypts, nor take the right to decrypt away.",
            remediation="Set spec.encryption.sseAlgorithm to aws:kms, and kmsMasterKeyId to your key.",
            remedy=Remedy.INPUTS,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-17",
            ),
            judge=judge_kms,
        ),
        Check(
            id="sse-c-blocked",
            title="Uploads cannot use customer-provided keys (SSE-C)",
            severity=Severity.MEDIUM,
            rationale="Ransomware overwrites objects with keys that the owner never has.",
            remediation='Leave spec.encryption.blockedEncryptionTypes out, or set it to ["SSE-C"].',
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html",
            ),
            judge=judge_sse_c_blocked,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[EncryptionState]:
        """Read the rule; S3 always has exactly one."""
        answer = yield Read(
            "get_bucket_encryption",
            absent=frozenset({"ServerSideEncryptionConfigurationNotFoundError"}),
            required="ServerSideEncryptionConfiguration.Rules",
        )
        rules = (answer or {}).get("ServerSideEncryptionConfiguration", {}).get("Rules") or [{}]
        rule: Mapping[str, Any] = rules[0]
        default = rule.get("ApplyServerSideEncryptionByDefault", {})
        algorithm = default.get("SSEAlgorithm", "")
        kms = algorithm not in {"", SSE_S3}
        blocked = frozenset(rule.get("BlockedEncryptionTypes", {}).get("EncryptionType", ()))
        return EncryptionState(
            sse_algorithm=algorithm,
            kms_master_key_id=_named(default.get("KMSMasterKeyID")) if kms else "",
            bucket_key_enabled=bool(rule.get("BucketKeyEnabled", False)) and _has_bucket_key(algorithm),
            blocked_encryption_types=blocked - {"NONE"},
        )

    def facts(self, context: Context, observed: EncryptionState) -> tuple[Query[Any], ...]:
        """Ask what the declared key is; and the observed one where only its name can differ.

        Where AWS's own is declared, or none, only the observed one is asked about, if it may be that one.
        """
        declared, there, region = (
            context.spec.encryption.kms_master_key_id,
            observed.kms_master_key_id,
            context.bucket.region,
        )
        if declared is None or _named(declared) == MANAGED_KEY:
            differs = self.desired(context, observed).kms_master_key_id not in {"", there}
            return (S3KeyQuery(there, region),) if there and differs else ()
        keys = [declared]
        if there not in {"", declared, MANAGED_KEY}:
            keys.append(there)
        return tuple(KmsKeyQuery(key, region) for key in keys)

    def desired(self, context: Context, observed: EncryptionState) -> EncryptionState:
        """Take what is declared; an adopted bucket without a declared algorithm keeps a stronger one.

        Not so a log target: S3 delivers no access logs to a bucket with KMS by default.
        """
        block = context.spec.encryption
        algorithm = block.sse_algorithm or SSE_S3
        key = _named(block.kms_master_key_id)
        bucket_key = block.bucket_key_enabled is not False
        if context.spec.role is Role.LOG_TARGET:
            algorithm = SSE_S3
        elif (
            block.sse_algorithm is None
            and context.bucket.origin is Origin.ADOPTED
            and STRENGTH.get(observed.sse_algorithm, UNKNOWN_STRENGTH) > STRENGTH[SSE_S3]
        ):
            algorithm, key = observed.sse_algorithm, observed.kms_master_key_id
            bucket_key = observed.bucket_key_enabled if block.bucket_key_enabled is None else block.bucket_key_enabled
        kms = algorithm not in {"", SSE_S3}
        if kms and self._same_key(context, key, observed.kms_master_key_id):
            key = observed.kms_master_key_id
        return EncryptionState(
            sse_algorithm=algorithm,
            kms_master_key_id=key if kms else "",
            bucket_key_enabled=bucket_key and _has_bucket_key(algorithm),
            blocked_encryption_types=frozenset(block.blocked_encryption_types) - {"NONE"},
        )

    def refuse(self, context: Context, observed: EncryptionState, desired: EncryptionState) -> Failure | None:
        """Refuse a new key that S3 would accept now, without a look, and then fail every upload with.

        A key that is there already is no reason to refuse another change, such as blocking SSE-C.
        """
        declared = context.spec.encryption.kms_master_key_id
        if declared is None or desired.kms_master_key_id in {"", observed.kms_master_key_id}:
            return None
        fact = context.facts.get(KmsKeyQuery(declared, context.bucket.region))
        if isinstance(fact, Failure):
            return fact
        if not isinstance(fact, KmsKey):
            return None
        field = "spec.encryption.kmsMasterKeyId"
        region = fact.arn.split(":")[3]
        if region != context.bucket.region:
            return Failure(
                "KmsKeyInOtherRegion",
                f"{field} is a key of {region}, the bucket is in {context.bucket.region}; name a key of that region.",
            )
        if fact.state != "Enabled":
            return Failure(
                "KmsKeyNotEnabled", f"{field} is a key in state {fact.state}; enable the key, or name another one."
            )
        if not fact.symmetric:
            return Failure(
                "KmsKeyNotSymmetric",
                f"{field} is not a symmetric encryption key; S3 takes no other, name one of type SYMMETRIC_DEFAULT.",
            )
        return None

    def calls(self, context: Context, observed: EncryptionState, desired: EncryptionState) -> tuple[Call, ...]:
        """Put the whole rule, blocked types always said: whether S3 keeps or clears omitted ones is not documented."""
        default: dict[str, Any] = {"SSEAlgorithm": desired.sse_algorithm}
        if desired.kms_master_key_id not in {"", MANAGED_KEY}:
            default["KMSMasterKeyID"] = desired.kms_master_key_id
        rule: dict[str, Any] = {
            "ApplyServerSideEncryptionByDefault": default,
            "BucketKeyEnabled": desired.bucket_key_enabled,
            "BlockedEncryptionTypes": {"EncryptionType": sorted(desired.blocked_encryption_types) or ["NONE"]},
        }
        return (Call("put_bucket_encryption", {"ServerSideEncryptionConfiguration": {"Rules": [rule]}}),)

    @staticmethod
    def _same_key(context: Context, declared: str, observed: str) -> bool:
        """Tell whether two names are one key: S3 echoes whatever name was put, id, ARN or alias."""
        if declared == MANAGED_KEY:
            fact = context.facts.get(S3KeyQuery(observed, context.bucket.region))
            return declared == observed or (isinstance(fact, S3Key) and fact.managed)

        def arn_of(key: str) -> str:
            fact = context.facts.get(KmsKeyQuery(key, context.bucket.region))
            return fact.arn if isinstance(fact, KmsKey) else key

        return arn_of(declared) == arn_of(observed)

    def floor_terms(self, spec: SecureBucketSpec, floor: Floor) -> tuple[FloorTerm, ...]:
        """Ask for an algorithm that is strong enough, and for SSE-C to be blocked."""
        block, terms = spec.encryption, []
        if floor.sse_algorithm:
            met = STRENGTH[block.sse_algorithm or SSE_S3] >= STRENGTH[floor.sse_algorithm]
            terms.append(FloorTerm("sseAlgorithm", met, f"it must be at least {floor.sse_algorithm}"))
        if floor.block_sse_c:
            met = "SSE-C" in block.blocked_encryption_types
            terms.append(FloorTerm("blockedEncryptionTypes", met, "SSE-C must be in it"))
        return tuple(terms)

    def declaration(self, state: EncryptionState) -> dict[str, Any] | None:
        """Declare the algorithm, its key and what is blocked; none, or one that is not known, cannot be declared."""
        if not STRENGTH.get(state.sse_algorithm):
            return None
        block: dict[str, Any] = {"sseAlgorithm": state.sse_algorithm}
        if state.kms_master_key_id not in {"", MANAGED_KEY}:
            block["kmsMasterKeyId"] = state.kms_master_key_id
        if state.sse_algorithm == SSE_KMS:
            block["bucketKeyEnabled"] = state.bucket_key_enabled
        block["blockedEncryptionTypes"] = sorted(state.blocked_encryption_types) or ["NONE"]
        return block


def _has_bucket_key(algorithm: str) -> bool:
    return algorithm not in {"", SSE_S3, DSSE_KMS}


def _named(key: str | None) -> str:
    """Give one name to the AWS managed key, which S3 takes when none is named and may answer by its alias's ARN."""
    return MANAGED_KEY if not key or key.endswith(":" + MANAGED_KEY) else key
