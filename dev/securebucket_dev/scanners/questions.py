"""Which check of a scanner asks what which of our checks ask."""

from collections.abc import Mapping
from dataclasses import dataclass

from securebucket.compliance.framework import frameworks
from securebucket_dev.scanners.custodian import CUSTODIAN
from securebucket_dev.scanners.prowler import PROWLER


@dataclass(frozen=True, slots=True)
class Question:
    """One question that a scanner and we answer.

    Args:
        scanner: `Prowler` or `Cloud Custodian`.
        check: the scanner's name of it; of Custodian's, the name of the policy in `custodian.yaml`.
        ours: the ids of our checks; the scanner passes a bucket where all of them pass it.
    """

    scanner: str
    check: str
    ours: tuple[str, ...]


_PROWLER = {item.id: item.checks for item in frameworks()["prowler"].items if item.id.startswith("s3_") and item.checks}
"""What the catalogue itself says of Prowler's checks."""

_CUSTODIAN = {
    "public-access-block-incomplete": ("public-access-blocked",),
    "acl-lets-public-read": ("acl-not-publicly-readable",),
    "acl-lets-public-write": ("acl-not-publicly-writable",),
    "acls-enabled": ("acls-disabled",),
    "policy-lets-public-in": ("policy-not-public",),
    "policy-lets-others-in": ("cross-account-access-restricted",),
    "policy-lets-others-administer": ("administration-not-shared",),
    "policy-lets-plain-http-in": ("tls-required",),
    "not-encrypted": ("encrypted-by-default",),
    "not-encrypted-with-kms": ("encrypted-with-kms",),
    "not-versioned": ("versioning-enabled",),
    "not-locked": ("object-lock-enabled",),
    "not-logged": ("access-logged",),
    "no-lifecycle-rule": ("lifecycle-active",),
    "versions-without-lifecycle-rule": ("versions-have-lifecycle",),
    "unfinished-uploads-stay": ("unfinished-uploads-removed",),
    "not-replicated": ("replicated",),
    "no-notification": ("events-notified",),
    "no-tags": ("tagged",),
}

QUESTIONS: tuple[Question, ...] = tuple(
    Question(scanner, check, ours)
    for scanner, mapping in ((PROWLER, _PROWLER), (CUSTODIAN, _CUSTODIAN))
    for check, ours in mapping.items()
)

UNASKED: Mapping[tuple[str, str], str] = {
    (PROWLER, "s3_account_level_public_access_blocks"): "asks about the account, not about a bucket",
}
"""What the scanners answer and is not compared, with the reason."""
