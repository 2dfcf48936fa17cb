"""The ids of the checks, as exceptions, metrics and reports name them. An id stays, once it has been released."""

from typing import Literal, get_args

CheckId = Literal[
    "access-logged",
    "access-point-policies-not-public",
    "access-point-policies-to-trusted-accounts",
    "acl-not-publicly-readable",
    "acl-not-publicly-writable",
    "acls-disabled",
    "administration-not-shared",
    "analytics-to-trusted-accounts",
    "bucket-access-points-blocked",
    "cors-writes-restricted",
    "cross-account-access-restricted",
    "encrypted-by-default",
    "encrypted-with-kms",
    "events-notified",
    "inventories-to-trusted-accounts",
    "kms-keys-healthy",
    "kms-keys-rotated",
    "lifecycle-active",
    "log-target-owner-pays",
    "mfa-delete-enabled",
    "object-lock-enabled",
    "policy-not-public",
    "policy-principals-restricted",
    "policy-services-confined",
    "public-access-blocked",
    "public-read-prevented",
    "public-write-prevented",
    "replicated",
    "replicated-across-regions",
    "sse-c-blocked",
    "tagged",
    "tagging-not-shared",
    "tls-required",
    "unfinished-uploads-removed",
    "versioning-enabled",
    "versions-have-lifecycle",
    "website-off",
]
"""Checks of a bucket; an exception can be granted for each of them."""

CHECK_IDS: tuple[CheckId, ...] = get_args(CheckId)

AccountCheckId = Literal[
    "access-analyzed",
    "access-points-blocked",
    "access-points-in-vpc",
    "account-public-access-blocked",
    "data-classified",
    "data-discovered-automatically",
    "directory-buckets-have-lifecycle",
    "multi-region-access-points-blocked",
    "policy-changes-alarmed",
    "read-events-logged",
    "threats-detected",
    "trail-bucket-logged",
    "write-events-logged",
]
"""Checks of an account; no exception can be granted for them, since an exception names a bucket."""

ACCOUNT_CHECK_IDS: tuple[AccountCheckId, ...] = get_args(AccountCheckId)
