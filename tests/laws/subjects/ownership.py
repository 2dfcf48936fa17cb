"""Object ownership, and the ACL that it governs, as the laws try it."""

from collections.abc import Mapping
from typing import Any

from tests.laws.stage import Stage
from tests.laws.subject import Document, Foreign, Subject, Tampering
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


def a_grant_of_theirs(stage: Stage, bucket: str) -> Mapping[str, Any]:
    """Let the log service write, and turn ACLs on before: S3 takes no grant while they are off."""
    stage.plain().put_bucket_ownership_controls(
        Bucket=bucket, OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    return {"Grantee": {"Type": "Group", "URI": LOG_DELIVERY}, "Permission": "WRITE"}


SUBJECT = Subject(
    specs=(
        {"ownership": {"objectOwnership": "BucketOwnerPreferred"}},
        {"ownership": {"objectOwnership": "ObjectWriter"}},
        {
            "ownership": {
                "objectOwnership": "BucketOwnerPreferred",
                "grants": [
                    {"grantee": {"type": "CanonicalUser", "id": STRANGER}, "permission": "READ"},
                    {"grantee": {"type": "Group", "uri": LOG_DELIVERY}, "permission": "READ_ACP"},
                ],
                "foreign": "Remove",
            }
        },
    ),
    readings=(
        ({"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}, None),
        (
            {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
            _acl(({"ID": OTHER_ID, "Type": "CanonicalUser"}, "WRITE_ACP")),
        ),
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
        Tampering("public where ACLs count", ("grants",), sample=1, acl={"GrantRead": f'uri="{ALL_USERS}"'}),
        Tampering("shared where ACLs count", ("grants",), sample=0, acl={"GrantWriteACP": f'id="{STRANGER}"'}),
        Tampering("granted more", ("grants",), sample=2, acl={"GrantFullControl": f'id="{STRANGER}"'}),
        Tampering("granted nothing", ("grants",), sample=2, acl={"ACL": "private"}),
        Tampering("deleted", ("objectOwnership",), deletes=True),
    ),
    foreign=Foreign(
        path="AccessControlPolicy.Grants",
        entry=a_grant_of_theirs,
        name="WRITE to LogDelivery",
        told="grants",
        frame={"AccessControlPolicy": {"Grants": []}},
        ours=lambda _: {"grants": [{"grantee": {"type": "Group", "uri": LOG_DELIVERY}, "permission": "READ_ACP"}]},
        needs={"objectOwnership": "ObjectWriter"},
        document=Document(get="get_bucket_acl", put="put_bucket_acl", member="AccessControlPolicy"),
    ),
)
