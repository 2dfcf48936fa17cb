"""The calls that several configurations share."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from securebucket_dev.scanners.configuration import BUCKET, Step

Statement = Mapping[str, Any]

FLAGS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
BUCKET_ARN = f"arn:aws:s3:::{BUCKET}"
OBJECTS_ARN = f"{BUCKET_ARN}/*"
BOTH_ARNS = [BUCKET_ARN, OBJECTS_ARN]
GROUPS = "http://acs.amazonaws.com/groups"
ALL_USERS = f"{GROUPS}/global/AllUsers"
AUTHENTICATED_USERS = f"{GROUPS}/global/AuthenticatedUsers"
OWNER_ID = "{owner}"

UNBLOCKED = Step("delete_public_access_block")
VERSIONED = Step("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}})


def blocked(flags: Iterable[str]) -> Step:
    """Turn these settings of the public access block on, the others off."""
    chosen = set(flags)
    return Step("put_public_access_block", {"PublicAccessBlockConfiguration": {flag: flag in chosen for flag in FLAGS}})


def policy(*statements: Statement) -> Step:
    """Put a bucket policy."""
    return Step("put_bucket_policy", {"Policy": json.dumps({"Version": "2012-10-17", "Statement": list(statements)})})


def allow(principal: Any, actions: Any = "s3:GetObject", resources: Any = OBJECTS_ARN, **more: Any) -> Statement:
    """Write an Allow; `more` are further elements, e.g. `Condition`."""
    return {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": resources, **more}


def deny(condition: Any, **other: Any) -> Statement:
    """Write a Deny of everything to everybody under a condition; `other` elements replace these."""
    everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": BOTH_ARNS, "Condition": condition}
    return {name: value for name, value in {**everything, **other}.items() if value is not None}


def ownership(rule: str) -> Step:
    """Choose the Object Ownership."""
    return Step("put_bucket_ownership_controls", {"OwnershipControls": {"Rules": [{"ObjectOwnership": rule}]}})


def granted(grantee: Mapping[str, str], *permissions: str) -> Step:
    """Put an ACL with the owner's grant and these."""
    owner = {"Grantee": {"Type": "CanonicalUser", "ID": OWNER_ID}, "Permission": "FULL_CONTROL"}
    grants = [owner, *({"Grantee": dict(grantee), "Permission": permission} for permission in permissions)]
    return Step("put_bucket_acl", {"AccessControlPolicy": {"Owner": {"ID": OWNER_ID}, "Grants": grants}})


def granted_to_group(group: str, *permissions: str) -> Step:
    """Put an ACL that grants something to a predefined group."""
    return granted({"Type": "Group", "URI": group}, *permissions)
