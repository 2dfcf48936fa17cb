"""Configurations of the public access block, the bucket's and the account's."""

from itertools import combinations

from securebucket_dev.scanners.configuration import BLOCKED_ACCOUNT, HALF_BLOCKED_ACCOUNT, Configuration
from securebucket_dev.scanners.configurations.steps import (
    ALL_USERS,
    FLAGS,
    UNBLOCKED,
    allow,
    blocked,
    granted_to_group,
    ownership,
    policy,
)

SHORT = {
    "BlockPublicAcls": "block-acls",
    "IgnorePublicAcls": "ignore-acls",
    "BlockPublicPolicy": "block-policy",
    "RestrictPublicBuckets": "restrict",
}


def _some(count: int) -> tuple[Configuration, ...]:
    return tuple(
        Configuration(
            f"block-{'-'.join(SHORT[flag] for flag in flags)}",
            f"Of the public access block only {' and '.join(flags)} is on.",
            (blocked(flags),),
        )
        for flags in combinations(FLAGS, count)
    )


BLOCKS = (
    Configuration("block-new", "A new bucket, with what AWS gives it."),
    Configuration("block-all", "All four settings of the public access block were put.", (blocked(FLAGS),)),
    Configuration("block-absent", "The public access block was deleted, and nothing is public.", (UNBLOCKED,)),
    Configuration("block-none", "All four settings of the public access block are off.", (blocked(()),)),
    *_some(1),
    *_some(2),
    *_some(3),
)

ACCOUNT_BLOCKS = tuple(
    Configuration(f"{name}-{suffix}", f"{says} {told}", steps, account=account)
    for account, suffix, told in (
        (BLOCKED_ACCOUNT, "account-blocks", "The account blocks all that is public."),
        (HALF_BLOCKED_ACCOUNT, "account-ignores", "The account ignores public ACLs and restricts public policies."),
    )
    for name, says, steps in (
        ("new", "A new bucket.", ()),
        ("unblocked", "The bucket's public access block was deleted.", (UNBLOCKED,)),
        (
            "public-policy",
            "The bucket has no block of its own, and a policy for the public.",
            (UNBLOCKED, policy(allow("*", ["s3:GetObject", "s3:PutObject"]))),
        ),
        (
            "public-acl",
            "The bucket has no block of its own, and an ACL for the public.",
            (UNBLOCKED, ownership("ObjectWriter"), granted_to_group(ALL_USERS, "READ", "WRITE")),
        ),
    )
)
