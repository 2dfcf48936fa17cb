"""What the public can really do with a bucket: account block, bucket block, ownership, ACL and policy together.

Each of the two doors, the policy and the ACL, is closed by the bucket's own Block Public Access or by the account's.
The account is asked only where a door is open otherwise: a safe bucket costs no further call.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from securebucket.controls.ownership import ONLY_READS, ONLY_WRITES, OwnershipState
from securebucket.model.acl import PUBLIC_GROUPS
from securebucket.model.failure import Failure
from securebucket.model.observation import Observation, is_unread
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.surroundings import AccountBlockQuery, Query
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed, unknown
from securebucket.policy.actions import Access, accesses_of
from securebucket.policy.document import PolicyState
from securebucket.policy.exposure import public_statements

READS = ("publicAccessBlock", "policy", "ownership")
HARMLESS = {Access.READ: ONLY_WRITES, Access.WRITE: ONLY_READS}
"""Permissions of an ACL that do not give the access."""
POLICY, ACL = "the policy", "the ACL"


@dataclass(frozen=True, slots=True)
class Door:
    """One way in for the public.

    Args:
        place: `the policy` or `the ACL`.
        open_by: the statements or grants that open it; none where it could not be read.
        unread: why it could not be read; empty where it was.
    """

    place: str
    open_by: tuple[str, ...] = ()
    unread: str = ""

    @property
    def closed(self) -> bool:
        """Nothing opens it, and that is known."""
        return not self.open_by and not self.unread


def judge(access: Access, subject: Subject, observed: Mapping[str, Observation]) -> Verdict:
    """Pass when no door is open, or each open one is blocked by the bucket or by its account."""
    doors = _doors(access, observed)
    if not doors:
        return passed(f"neither the policy nor the ACL lets the public {access}")
    left = _left_by_bucket(doors, observed)
    if not left:
        return passed(f"{_named(doors)}, and the bucket's Block Public Access keeps the public out")
    blocked = _account_block(subject)
    if isinstance(blocked, Failure):
        return unknown(f"{_named(left)}, and the account's Block Public Access could not be read: {blocked.message}")
    by_bucket = "the bucket's and " if len(left) < len(doors) else ""
    left = tuple(door for door in left if not _closes(blocked, door))
    if not left:
        return passed(f"{_named(doors)}, and {by_bucket}the account's Block Public Access keeps the public out")
    block = observed["publicAccessBlock"]
    if is_unread(block):
        return unknown(f"{_named(left)}, and the bucket's Block Public Access could not be read: {block.message}")
    opened = [door for door in left if door.open_by]
    if not opened:
        return unknown(_named(left))
    return failed(f"the public can {access}: {_named(opened)}, and no Block Public Access keeps the public out")


def ask_account(access: Access, subject: Subject) -> tuple[Query[Any], ...]:
    """Ask for the account's block where the bucket's own leaves a door open."""
    left = _left_by_bucket(_doors(access, subject.observed), subject.observed)
    return (AccountBlockQuery(subject.bucket.account_id),) if left and subject.bucket.account_id else ()


def _doors(access: Access, observed: Mapping[str, Observation]) -> tuple[Door, ...]:
    doors = (_policy_door(access, observed["policy"]), _acl_door(access, observed["ownership"]))
    return tuple(door for door in doors if not door.closed)


def _policy_door(access: Access, state: Observation) -> Door:
    if is_unread(state):
        return Door(POLICY, unread=state.message)
    if not isinstance(state, PolicyState):
        return Door(POLICY)  # a server without bucket policies
    public = public_statements(state.statements)
    return Door(POLICY, tuple(name for name in public if access in accesses_of(state.statements[name])))


def _acl_door(access: Access, state: Observation) -> Door:
    if not isinstance(state, OwnershipState):
        return Door(ACL, unread=state.message)  # a server without Object Ownership still has ACLs
    # where ACLs are off, the state has no grants
    public = sorted(each for each in state.grants if each.grantee in PUBLIC_GROUPS)
    granted = (each for each in public if each.permission not in HARMLESS[access])
    return Door(ACL, tuple(f"{each.permission} to {each.grantee.rsplit('/', 1)[-1]}" for each in granted))


def _left_by_bucket(doors: tuple[Door, ...], observed: Mapping[str, Observation]) -> tuple[Door, ...]:
    block = observed["publicAccessBlock"]
    if not isinstance(block, PublicAccessBlock):
        return doors
    return tuple(door for door in doors if not _closes(block, door))


def _closes(block: PublicAccessBlock, door: Door) -> bool:
    """Tell whether a block closes a door that is open: the two other flags only keep new ones from being opened."""
    return block.restrict_public_buckets if door.place == POLICY else block.ignore_public_acls


def _account_block(subject: Subject) -> PublicAccessBlock | Failure:
    if not subject.bucket.account_id:
        return PublicAccessBlock()  # a server without accounts
    fact = subject.facts.get(AccountBlockQuery(subject.bucket.account_id))
    if isinstance(fact, PublicAccessBlock):
        return fact
    if not isinstance(fact, Failure):
        return Failure("NotAsked", "it was not asked for.")
    return PublicAccessBlock() if fact.reason == "Unsupported" else fact


def _named(doors: tuple[Door, ...] | list[Door]) -> str:
    return "; ".join(
        f"{door.place} could not be read: {door.unread}"
        if door.unread
        else f"{door.place} lets the public in ({', '.join(door.open_by)})"
        for door in doors
    )


def _check(access: Access, severity: Severity, control: str) -> Check[Any]:
    return Check(
        id="public-read-prevented" if access is Access.READ else "public-write-prevented",
        title=f"The public cannot {access}, all settings taken together",
        severity=severity,
        rationale="Anybody on the internet can take the data."
        if access is Access.READ
        else "Anybody on the internet can change or delete the data, and store their own at your cost.",
        remediation="Leave spec.publicAccessBlock and spec.ownership out, and name principals in spec.policy.",
        remedy=Remedy.BUCKET,
        references=(
            "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
            f"https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#{control}",
        ),
        judge=partial(judge, access),
        whole=True,
        asks=partial(ask_account, access),
    )


CHECKS = (_check(Access.READ, Severity.CRITICAL, "s3-2"), _check(Access.WRITE, Severity.CRITICAL, "s3-3"))
