"""Whether a bucket's objects are copied to another region."""

from typing import Any

from securebucket.api.spec import Role
from securebucket.controls.replication import ReplicationState
from securebucket.controls.replication_rules import destinations
from securebucket.model.failure import Failure
from securebucket.model.surroundings import BucketRegion, BucketRegionQuery, Query
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


def judge_across_regions(subject: Subject, state: ReplicationState) -> Verdict:
    """Pass when an enabled rule copies to a bucket in another region; the rule only names the bucket.

    One such rule is enough. A destination that cannot be read may be one, a bucket that does not exist is none.
    """
    if subject.role == Role.REPLICA_TARGET:
        return not_applicable("the bucket holds the copies of another one")
    asked = _destinations(subject, state)
    if not asked:
        return failed("no replication rule is enabled" if state.rules else "there is no replication")
    own = subject.bucket.region
    useless: list[str] = []
    unread: list[str] = [] if own else ["in which region the bucket itself is"]
    for query in asked:
        fact = subject.facts.get(query)
        if isinstance(fact, BucketRegion) and fact.region:
            if own and fact.region != own:
                return passed(f"objects are copied to {query.name} in {fact.region}")
            useless.append(f"{query.name} is in {fact.region}")
        elif isinstance(fact, Failure) and fact.reason == "BucketMissing":
            useless.append(f"{query.name} does not exist")
        else:
            unread.append(f"in which region {query.name} is ({_reason(subject, query, fact)})")
    if unread:
        return unknown(f"could not be read: {', '.join(unread)}")
    return failed(f"no copy is in another region: {', '.join(useless)}")


def _reason(subject: Subject, query: BucketRegionQuery, fact: BucketRegion | Failure | None) -> str:
    if isinstance(fact, Failure):
        return fact.message
    if isinstance(fact, BucketRegion):
        return "its server does not tell"
    elsewhere = query.account_id != subject.bucket.account_id
    return f"it belongs to account {query.account_id}" if elsewhere else "it was not asked for"


def ask_regions(subject: Subject) -> tuple[Query[Any], ...]:
    """Ask where the destinations are, as far as they are in the bucket's own account; others cannot be read."""
    state = subject.observed["replication"]
    if not isinstance(state, ReplicationState) or subject.role == Role.REPLICA_TARGET:
        return ()
    own = subject.bucket.account_id
    return tuple(query for query in _destinations(subject, state) if query.account_id == own)


def _destinations(subject: Subject, state: ReplicationState) -> tuple[BucketRegionQuery, ...]:
    """A rule that names no account copies within the bucket's own, or to a bucket that is then denied and unknown."""
    own = subject.bucket.account_id
    return tuple(dict.fromkeys(BucketRegionQuery(name, account or own) for name, account in destinations(state.rules)))


ACROSS_REGIONS = Check(
    id="replicated-across-regions",
    title="An enabled rule copies the bucket's objects to another region",
    severity=Severity.LOW,
    rationale="What takes a whole region down takes the only copy with it.",
    remediation="Declare spec.replication.role and rules, with a destination bucket in another region.",
    remedy=Remedy.INPUTS,
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-7",
    ),
    judge=judge_across_regions,
    asks=ask_regions,
)
