"""Configurations of Object Ownership and of ACLs, with and without a block before them."""

from securebucket_dev.scanners.configuration import Configuration, Step
from securebucket_dev.scanners.configurations.steps import (
    ALL_USERS,
    AUTHENTICATED_USERS,
    GROUPS,
    UNBLOCKED,
    blocked,
    granted,
    granted_to_group,
    ownership,
)

OTHER_ID = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
OPEN = (UNBLOCKED, ownership("ObjectWriter"))


def _acl(name: str, says: str, acl: Step, *after: Step) -> Configuration:
    return Configuration(f"acl-{name}", says, (*OPEN, acl, *after))


ACLS = (
    Configuration("ownership-writer", "ACLs count, and uploaders own.", (ownership("ObjectWriter"),)),
    Configuration("ownership-preferred", "ACLs count.", (ownership("BucketOwnerPreferred"),)),
    Configuration("ownership-enforced", "ACLs were turned off.", (ownership("BucketOwnerEnforced"),)),
    Configuration("ownership-absent", "Object Ownership was deleted.", (Step("delete_bucket_ownership_controls"),)),
    _acl("private", "ACLs count, and grant nothing to others.", Step("put_bucket_acl", {"ACL": "private"})),
    _acl("public-read", "The canned ACL public-read.", Step("put_bucket_acl", {"ACL": "public-read"})),
    _acl(
        "public-read-write", "The canned ACL public-read-write.", Step("put_bucket_acl", {"ACL": "public-read-write"})
    ),
    *(
        _acl(
            f"{who}-{permission.lower().replace('_', '-')}",
            f"The ACL grants {permission} to {group.rsplit('/', 1)[-1]}.",
            granted_to_group(group, permission),
        )
        for who, group in (("all", ALL_USERS), ("signed-in", AUTHENTICATED_USERS))
        for permission in ("READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL")
    ),
    _acl(
        "log-delivery",
        "The ACL lets the log delivery group write.",
        granted_to_group(f"{GROUPS}/s3/LogDelivery", "WRITE", "READ_ACP"),
    ),
    _acl(
        "other-account",
        "The ACL lets another account read.",
        granted({"Type": "CanonicalUser", "ID": OTHER_ID}, "READ"),
    ),
    _acl(
        "public-ignored",
        "The ACL is public, and IgnorePublicAcls alone is on.",
        granted_to_group(ALL_USERS, "READ", "WRITE"),
        blocked(["IgnorePublicAcls"]),
    ),
    _acl(
        "public-restricted",
        "The ACL is public, and RestrictPublicBuckets alone is on.",
        granted_to_group(ALL_USERS, "READ", "WRITE"),
        blocked(["RestrictPublicBuckets"]),
    ),
    _acl(
        "public-no-more",
        "The ACL is public, and BlockPublicAcls came later.",
        granted_to_group(ALL_USERS, "READ", "WRITE"),
        blocked(["BlockPublicAcls"]),
    ),
    _acl(
        "public-ineffective",
        "The ACL is public, and what is public is ignored and restricted.",
        granted_to_group(ALL_USERS, "READ", "WRITE"),
        blocked(["IgnorePublicAcls", "RestrictPublicBuckets"]),
    ),
    _acl(
        "preferred-public",
        "The ACL is public, and the bucket's owner is preferred.",
        granted_to_group(ALL_USERS, "READ"),
        ownership("BucketOwnerPreferred"),
    ),
)
