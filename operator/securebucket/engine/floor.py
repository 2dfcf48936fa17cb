"""The floor of a profile: what no bucket may go below. Pure."""

from typing import Any

from securebucket.api.bucket_profile import Floor
from securebucket.api.spec import Role, SecureBucketSpec
from securebucket.model.failure import Failure

SSE_ORDER = ("AES256", "aws:kms", "aws:kms:dsse")
TLS_ORDER = ("1.2", "1.3")


def below_floor(spec: SecureBucketSpec, profile: str, floor: Floor) -> Failure | None:
    """Refuse a spec that asks for less than the floor of its profile; the failure names the field."""
    block = spec.public_access_block
    all_blocked = (
        block.block_public_acls
        and block.ignore_public_acls
        and block.block_public_policy
        and block.restrict_public_buckets
    )
    data = spec.role is not Role.LOG_TARGET  # a log target can have neither KMS nor Object Lock nor logs of its own
    sse, tls = floor.sse_algorithm, floor.min_tls_version
    demands: tuple[tuple[bool, bool, str, str], ...] = (
        (floor.block_public_access, all_blocked, "publicAccessBlock", "all four fields must be true"),
        (
            floor.bucket_owner_enforced,
            spec.ownership.object_ownership == "BucketOwnerEnforced",
            "ownership.objectOwnership",
            "it must be BucketOwnerEnforced",
        ),
        (
            sse is not None and data,
            _reaches(SSE_ORDER, spec.encryption.sse_algorithm or "AES256", sse),
            "encryption.sseAlgorithm",
            f"it must be at least {sse}",
        ),
        (
            floor.block_sse_c,
            "SSE-C" in spec.encryption.blocked_encryption_types,
            "encryption.blockedEncryptionTypes",
            "SSE-C must be in it",
        ),
        (floor.versioning, spec.versioning.status == "Enabled", "versioning.status", "it must be Enabled"),
        (floor.object_lock and data, bool(spec.object_lock.enabled), "objectLock.enabled", "it must be true"),
        (floor.require_tls, spec.policy.require_tls, "policy.requireTls", "it must be true"),
        (
            tls is not None,
            _reaches(TLS_ORDER, spec.policy.min_tls_version, tls),
            "policy.minTlsVersion",
            f"it must be at least {tls}",
        ),
        (
            floor.logging and data,
            spec.logging.target_bucket is not None,
            "logging.targetBucket",
            "it must name a log target",
        ),
        (floor.managed, not spec.unmanaged, "unmanaged", "it must be empty"),
    )
    for demanded, met, field, demand in demands:
        control = field.partition(".")[0]
        if demanded and not met:
            # Else whoever wrote nothing would look for a fault in what they wrote.
            unsaid = "" if _is_written(spec, field) else " Set it in the object, or in the profile's defaults."
            return Failure("BelowFloor", f"spec.{field} is below the floor of profile {profile}: {demand}.{unsaid}")
        if demanded and control in spec.unmanaged:
            return Failure(
                "BelowFloor",
                f"spec.unmanaged: profile {profile} has a floor for {control}; take {control} out of the list.",
            )
    return None


def _is_written(spec: SecureBucketSpec, path: str) -> bool:
    """Tell whether the object or the profile's defaults say something about a field."""
    written: Any = spec.model_dump(by_alias=True, exclude_unset=True)
    for name in path.split("."):
        if name not in written:
            return False
        written = written[name]
    return True


def _reaches(order: tuple[str, ...], value: str | None, least: str | None) -> bool:
    """Tell whether a value comes no earlier than the least one in an order from weak to strong."""
    return least is None or (value is not None and order.index(value) >= order.index(least))
