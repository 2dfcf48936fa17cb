"""KMS keys that documents of a bucket name: whether each can be used, whether it rotates, and what its policy says."""

from dataclasses import dataclass

from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.surroundings import MINUTES, KmsKey, Query, look_at_key

RIGHTS = {
    "kms:DescribeKey": "whether the keys that documents of a bucket name can be used",
    "kms:GetKeyRotationStatus": "whether they rotate",
    "kms:GetKeyPolicy": "whether they let S3 and its replication role use them",
}
"""What it takes to look at the keys of a bucket, each right with its reason."""
USABLE_STATES = frozenset({"Enabled", "Updating"})
"""In which KMS encrypts and decrypts with a key (https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html)."""
ROTATING_STATES = frozenset({"Enabled", "Disabled", "Updating"})
"""In which KMS tells whether a key rotates; one that is to be deleted is always said not to."""


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key, and what of it was asked for.

    Args:
        key: what it is.
        rotates: whether its material is made anew by itself, or why that could not be read; None where it is not asked,
            or not its owner's to say: KMS rotates no other than symmetric keys whose material it has made.
        policy: the text of its policy, or why that could not be read; None where it is not asked, or another account's.
    """

    key: KmsKey
    rotates: bool | Failure | None = None
    policy: str | Failure | None = None


@dataclass(frozen=True, slots=True)
class KeyInUseQuery(Query[KeyInUse]):
    """How is this key, which a document names?

    Args:
        name: its id, ARN, alias or alias ARN.
        region: where it is asked for unless the name says it.
        account_id: whose the bucket is; the policy of a key can be read within its account only.
        rotation: whether it is asked if the key rotates.
        policy: whether its policy is asked for.
    """

    name: str
    region: str
    account_id: str
    rotation: bool = True
    policy: bool = False

    def observe(self) -> Flow[KeyInUse]:
        """Describe it, and ask further what applies to it. All buckets share the answers."""
        key = yield from look_at_key(self.name, self.region, refusal_remembered=MINUTES)
        rotates, policy = None, None
        if self.rotation and is_rotatable(key) and key.state in ROTATING_STATES:
            told = yield _of_key(key, "get_key_rotation_status", "KeyId or KeyRotationEnabled")
            rotates = told if isinstance(told, Failure) else bool(told.get("KeyRotationEnabled"))
        if self.policy and key.account_id == self.account_id:
            told = yield _of_key(key, "get_key_policy", "Policy", PolicyName="default")
            policy = told if isinstance(told, Failure) else str(told["Policy"])
        return KeyInUse(key, rotates, policy)


def is_rotatable(key: KmsKey) -> bool:
    """Tell whether its owner can have KMS rotate it.

    https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
    """
    return key.managed_by == "CUSTOMER" and key.symmetric and key.origin == "AWS_KMS"


def unusable(key: KmsKey, region: str) -> str:
    """Say why S3 cannot encrypt with a key, and what to do; empty where nothing speaks against it.

    Args:
        key: the key.
        region: where it must be; empty where that is not known.
    """
    if region and key.region != region:
        return f"it is a key of {key.region}; name one of {region}"
    if not key.symmetric:
        return "it is not a symmetric encryption key, and S3 takes no other; name one of type SYMMETRIC_DEFAULT"
    if key.state == "PendingDeletion":
        when = f", on {key.deleted_on}" if key.deleted_on else ""
        return f"it is to be deleted{when}, and cannot be used; cancel its deletion and enable it, or name another one"
    if key.state not in USABLE_STATES:
        return f"its state is {key.state}; enable it, or name another one"
    return ""


def _of_key(key: KmsKey, operation: str, required: str, **parameters: str) -> Read:
    return Read(
        operation,
        service="kms",
        region=key.region,
        item=key.arn,
        parameters={"KeyId": key.arn, **parameters},
        required=required,
        remembered=MINUTES,
        refusal_remembered=MINUTES,
        optional=True,
    )
