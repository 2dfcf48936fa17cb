"""A KMS key that a document of the bucket names: what it encrypts, where it must be, and who has to use it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.controls.entries import is_active
from securebucket.model.bucket import Bucket
from securebucket.model.failure import Failure
from securebucket.model.kms_keys import KeyInUse, KeyInUseQuery, unusable
from securebucket.policy.key_policy import KeyUser, shut_out

S3 = "s3.amazonaws.com"


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One use of a key.

    Args:
        what: what it encrypts.
        key: its name as the document has it.
        region: where it must be; empty where that is not known.
        users: who has to use it besides those who read and write objects.
    """

    what: str
    key: str
    region: str = ""
    users: tuple[KeyUser, ...] = ()

    def query(self, bucket: Bucket, *, rotation: bool = True) -> KeyInUseQuery | None:
        """Ask about the key where it is; None where the document does not say where that is."""
        if not self.region and not self.key.startswith("arn:"):
            return None
        region = "" if self.key.startswith("arn:") else self.region
        return KeyInUseQuery(self.key, region, bucket.account_id, rotation=rotation, policy=bool(self.users))

    def wrong(self, seen: KeyInUse) -> str:
        """Say why the key cannot be used for this, and what to do; empty where nothing speaks against it."""
        if trouble := unusable(seen.key, self.region):
            return trouble
        policy = seen.policy if isinstance(seen.policy, str) else ""
        shut = [each for user in self.users if policy and (each := shut_out(policy, user))]
        return f"in its key policy, {' and '.join(shut)}; allow it there" if shut else ""


def asked_about(bucket: Bucket, uses: Iterable[KeyUse | None]) -> tuple[tuple[KeyUse, KeyInUseQuery], ...]:
    """Give uses with the question about the key of each, as far as one can be asked before a change."""
    asked = ((use, use.query(bucket, rotation=False)) for use in uses if use)
    return tuple((use, query) for use, query in asked if query)


def refuse_key(use: KeyUse, fact: KeyInUse | Failure | None) -> Failure | None:
    """Refuse a new use of a key that certainly fails; what is not known of the key speaks against nothing."""
    wrong = use.wrong(fact) if isinstance(fact, KeyInUse) else ""
    return Failure("KmsKeyUnusable", f"{use.key}, the key of {use.what}: {wrong}.", retry=True) if wrong else None


def of_default(bucket: Bucket, key: str, role: str, rules: Mapping[str, Mapping[str, Any]]) -> KeyUse:
    """Give the use of the key of default encryption, with which copies are decrypted too.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html
    """
    copied = any(map(_copies_encrypted, rules.values()))
    return KeyUse(
        "default encryption", key, bucket.region, (KeyUser("AWS", role, "kms:Decrypt"),) if copied and role else ()
    )


def of_rule(name: str, rule: Mapping[str, Any], role: str, region: str = "") -> KeyUse | None:
    """Give the use of a key by a replication rule in its canonical form; None where it names none, or is not applied.

    Args:
        name: the rule's id.
        rule: the rule.
        role: as which S3 copies.
        region: where the destination lies; empty where that is not known.
    """
    encryption = (rule.get("Destination") or {}).get("EncryptionConfiguration") or {}
    key = str(encryption.get("ReplicaKmsKeyID") or "")
    if not key or not is_active(rule):
        return None
    users = (KeyUser("AWS", role, "kms:Encrypt"),) if role else ()
    return KeyUse(f"copies by replication rule {name}", key, region, users)


def of_inventory(bucket: Bucket, name: str, entry: Mapping[str, Any]) -> KeyUse | None:
    """Give the use of a key by an inventory in its canonical form; None where it names none, or is disabled.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/configure-inventory.html#configure-inventory-kms-key-policy
    """
    target = (entry.get("Destination") or {}).get("S3BucketDestination") or {}
    key = str(((target.get("Encryption") or {}).get("SSEKMS") or {}).get("KeyId") or "")
    if not key or not entry["IsEnabled"]:
        return None
    known = {"aws:sourceaccount": (bucket.account_id,), "aws:sourcearn": (bucket.arn,)}
    users = (KeyUser("Service", S3, "kms:GenerateDataKey", known),) if bucket.account_id else ()
    return KeyUse(f"inventory {name}", key, bucket.region, users)


def _copies_encrypted(rule: Mapping[str, Any]) -> bool:
    criteria = rule.get("SourceSelectionCriteria") or {}
    return is_active(rule) and is_active(criteria.get("SseKmsEncryptedObjects") or {})
