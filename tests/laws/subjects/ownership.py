"""Object ownership, and the ACL that it governs, as the laws try it."""

from collections.abc import Mapping
from typing import Any

from tests.laws.subject import Document, Subject, Tampering
from tests.laws.things import ALL_USERS, LOG_DELIVERY, OTHER_ID

OWNERSHIP = "OwnershipControls.Rules[0].ObjectOwnership"
OWNER_ID = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
STRANGER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"


def _acl(*grants: tuple[Mapping[str, str], str]) -> Mapping[str, Any]:
    own: tuple[Mapping[str, str], str] = ({"ID": OWNER_ID, "Type": "CanonicalUser"}, "FULL_CONTROL")
    return {
        "Owner": {"ID": OWNER_ID},
        "Grants": [{"Grantee": grantee, "Permission": permission} for grantee, permission in (own, *grants)],
    }


SUBJECT = Subject(
    specs=(
        {"ownership": {"objectOwnership": "BucketOwnerPreferred"}},
        {"ownership": {"objectOwnership": "ObjectWriter"}},
    ),
    readings=(
        ({"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}, None),
        ({"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}}, _acl()),
        (
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
            _acl(
                ({"ID": OTHER_ID, "Type": "CanonicalUser", "DisplayName": "partner"}, "READ"),
                ({"URI": ALL_USERS, "Type": "Group"}, "FULL_CONTROL"),
                ({"URI": LOG_DELIVERY, "Type": "Group"}, "WRITE"),
            ),
        ),
    ),
    document=Document(
        get="get_bucket_ownership_controls",
        put="put_bucket_ownership_controls",
        delete="delete_bucket_ownership_controls",
        absent="OwnershipControlsNotFoundError",
    ),
    rights={
        "get_bucket_ownership_controls": "s3:GetBucketOwnershipControls",
        "put_bucket_ownership_controls": "s3:PutBucketOwnershipControls",
        "get_bucket_acl": "s3:GetBucketAcl",
        "put_bucket_acl": "s3:PutBucketAcl",
    },
    tamperings=(
        Tampering("ACLs on", ("objectOwnership",), {OWNERSHIP: "ObjectWriter"}),
        Tampering("ACLs half on", ("objectOwnership",), {OWNERSHIP: "BucketOwnerPreferred"}),
        Tampering(
            "public by ACL",
            ("objectOwnership", "grants"),
            {OWNERSHIP: "ObjectWriter"},
            acl={"GrantRead": f'uri="{ALL_USERS}"'},
        ),
        Tampering(
            "shared by ACL",
            ("objectOwnership", "grants"),
            {OWNERSHIP: "ObjectWriter"},
            acl={"GrantFullControl": f'id="{STRANGER}"'},
        ),
        Tampering("ACLs off where they are wanted", ("objectOwnership",), {OWNERSHIP: "BucketOwnerEnforced"}, 0),
        Tampering("deleted", ("objectOwnership",), deletes=True),
    ),
    never_sent={
        "PutBucketAcl": dict.fromkeys(
            (
                "AccessControlPolicy",
                "GrantFullControl",
                "GrantRead",
                "GrantReadACP",
                "GrantWrite",
                "GrantWriteACP",
            ),
            "the ACL is only ever emptied",
        ),
    },
)
