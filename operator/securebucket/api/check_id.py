"""The ids of the checks, as exceptions, metrics and reports name them. An id stays, once it has been released."""

from typing import Literal, get_args

CheckId = Literal[
    "access-logged",
    "acl-not-publicly-readable",
    "acl-not-publicly-writable",
    "acls-disabled",
    "administration-not-shared",
    "cross-account-access-restricted",
    "encrypted-by-default",
    "encrypted-with-kms",
    "events-notified",
    "lifecycle-active",
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
    "tls-required",
    "unfinished-uploads-removed",
    "versioning-enabled",
    "versions-have-lifecycle",
]
"""Checks of a bucket; an exception can be granted for each of them."""

CHECK_IDS: tuple[CheckId, ...] = get_args(CheckId)
