"""Whom the access points of one bucket let in, beside what the bucket's own policy and block say.

Nothing of them is declared and nothing is written: what an access point blocks and where it lets in from can never be
changed, and its policy is its owner's. Why they are surroundings: `docs/design/2026-11-30-access-points.md`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from securebucket.model.access_points import AccessPoint, AccessPoints, AccessPointsQuery
from securebucket.model.failure import Failure
from securebucket.model.observation import Observation, Unsupported
from securebucket.model.surroundings import Query
from securebucket.model.verdict import (
    Check,
    Remedy,
    Severity,
    Subject,
    Verdict,
    failed,
    not_applicable,
    passed,
    some_of,
    unknown,
)
from securebucket.policy.document import read_policy
from securebucket.policy.exposure import (
    OF_ACCESS_POINTS,
    RESTRICTING,
    Statements,
    foreign_statements,
    public_statements,
)

NONE_THERE = frozenset({"Unsupported", "BucketMissing"})
"""Reasons of servers that have no access points: some take the path for that of a bucket."""
WHO = RESTRICTING - OF_ACCESS_POINTS
"""Keys that say who comes; by which access point is no question in the policy of one."""

Judge = Callable[[Subject, AccessPoint], str | Failure]
"""Says what is wrong with one access point, or why that is not known; empty where nothing is."""


def ask_access_points(subject: Subject) -> tuple[Query[Any], ...]:
    """Ask which lead to the bucket; a server without accounts has none."""
    bucket = subject.bucket
    return (AccessPointsQuery(bucket.name, bucket.account_id, bucket.region),) if bucket.account_id else ()


def open_by_block(_: Subject, point: AccessPoint) -> str | Failure:
    """Say which flags are off; one in a VPC is never public."""
    if point.vpc:
        return ""
    if isinstance(point.block, Failure):
        return point.block
    return f"{', '.join(point.block.off)} off" if point.block.off else ""


def open_to_public(_: Subject, point: AccessPoint) -> str | Failure:
    """Name the statements by which S3 counts the policy as public; one in a VPC is never public."""
    if point.vpc or isinstance(point.policy, Failure):
        return "" if point.vpc else point.policy
    return ", ".join(public_statements(_statements(point.policy), WHO))


def open_to_others(subject: Subject, point: AccessPoint) -> str | Failure:
    """Name the statements that let in an account which is not trusted."""
    if isinstance(point.policy, Failure):
        return point.policy
    trusted = {subject.bucket.account_id} | subject.trusted_accounts
    return ", ".join(foreign_statements(_statements(point.policy), trusted, WHO))


def judge(wrong: Judge, right: str, subject: Subject, _: Observation) -> Verdict:
    """Pass when nothing is wrong with any access point.

    Args:
        wrong: what is asked of each.
        right: what is said after their names where nothing is.
        subject: the bucket, with what was told of its access points.
    """
    seen = _seen(subject)
    if isinstance(seen, Failure):
        return not_applicable("the server has no access points") if seen.reason in NONE_THERE else unknown(seen.message)
    found = {point.name: wrong(subject, point) for point in seen.points}
    bad = [f"{name}: {each}" for name, each in found.items() if each and not isinstance(each, Failure)]
    if bad:
        return failed(some_of(bad))
    unread = [f"{name}: {each.message}" for name, each in found.items() if isinstance(each, Failure)]
    if unread:
        return unknown(some_of(unread))
    if seen.more:
        return unknown(f"more access points lead to the bucket than the {len(found)} that were looked into")
    return (
        passed(f"{some_of(list(found))}: {right}") if found else not_applicable("no access point leads to the bucket")
    )


def _seen(subject: Subject) -> AccessPoints | Failure:
    asked = ask_access_points(subject)
    if not asked:
        return Unsupported("a server without accounts has no access points.")
    fact = subject.facts.get(asked[0])
    return (
        fact if isinstance(fact, AccessPoints | Failure) else Failure("NotAsked", "access points were not asked for.")
    )


def _statements(policy: str) -> Statements:
    return read_policy(policy).statements if policy else {}


def _check(judged: Judge, right: str, **words: Any) -> Check[Any]:
    return Check(
        remedy=Remedy.OUTSIDE,
        judge=partial(judge, judged, right),
        whole=True,
        asks=ask_access_points,
        further_right=True,
        **words,
    )


BLOCKED = _check(
    open_by_block,
    "all block public access, or let in from a VPC only",
    id="bucket-access-points-blocked",
    title="The bucket's access points block public access, or let in from a VPC only",
    severity=Severity.HIGH,
    rationale="The public gets through an access point wherever the bucket and the account stop blocking.",
    remediation="Make the access point anew with all four settings on, or in a VPC: neither can ever be changed.",
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html",
        "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19",
    ),
)
NOT_PUBLIC = _check(
    open_to_public,
    "no policy of theirs is public",
    id="access-point-policies-not-public",
    title="No access point of the bucket has a public policy",
    severity=Severity.HIGH,
    rationale="Where the bucket leaves access to its access points, anybody on the internet gets the data through one.",
    remediation="Name principals in the access point's policy, or delete the access point.",
    references=(
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status",
    ),
)
TO_TRUSTED = _check(
    open_to_others,
    "no policy of theirs lets another account in that is not trusted",
    id="access-point-policies-to-trusted-accounts",
    title="No access point of the bucket lets in an account that is not trusted",
    severity=Severity.MEDIUM,
    rationale="Where the bucket leaves access to its access points, whoever controls the other account gets the data.",
    remediation="Take the account out of the access point's policy, or have it put into the profile's trustedAccounts.",
    references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html",),
)
