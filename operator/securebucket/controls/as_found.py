"""How a state that was found is declared in a spec, for those who want to keep it. Pure.

Only where silence means something else: rules, targets, tags and statements of others stay on an adopted bucket anyway.
"""

from typing import Any

from securebucket.controls.encryption import MANAGED_KEY, SSE_KMS, EncryptionState
from securebucket.controls.lifecycle import LifecycleState
from securebucket.controls.ownership import OwnershipState
from securebucket.controls.public_access_block import PublicAccessBlockState
from securebucket.controls.versioning import ENABLED, SUSPENDED, VersioningState
from securebucket.model.document import camel_case
from securebucket.policy.document import PolicyState


def declaration_of(state: Any) -> dict[str, Any] | None:
    """Give the block of the spec that keeps a state; None where no block can.

    Whether it does is for the plan to say: a profile may have defaults that a block cannot take back.

    Args:
        state: what was read of a control.
    """
    match state:
        case PublicAccessBlockState():
            return {
                camel_case(name): getattr(state, name)
                for name in (
                    "block_public_acls",
                    "ignore_public_acls",
                    "block_public_policy",
                    "restrict_public_buckets",
                )
            }
        case OwnershipState(object_ownership=ownership) if ownership:
            return {"objectOwnership": ownership}
        case EncryptionState(sse_algorithm=algorithm) if algorithm:
            return _encryption(state)
        case VersioningState():
            return {"status": ENABLED if state.status == ENABLED else SUSPENDED}
        case PolicyState():
            return {"requireTls": False}
        case LifecycleState():
            return {"abortIncompleteMultipartUploadDays": 0}
        case _:
            return None


def _encryption(state: EncryptionState) -> dict[str, Any]:
    block: dict[str, Any] = {"sseAlgorithm": state.sse_algorithm}
    if state.kms_master_key_id not in {"", MANAGED_KEY}:
        block["kmsMasterKeyId"] = state.kms_master_key_id
    if state.sse_algorithm == SSE_KMS:
        block["bucketKeyEnabled"] = state.bucket_key_enabled
    block["blockedEncryptionTypes"] = sorted(state.blocked_encryption_types) or ["NONE"]
    return block
