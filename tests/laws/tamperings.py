"""What others do to a bucket behind the operator's back, and where the difference must be seen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.laws.documents import GONE
from tests.laws.samples import LOG_DELIVERY, OTHER_ID
from tests.laws.surroundings import REGION, make_key, make_log_target, make_queue, make_topic

ALL_USERS = 'uri="http://acs.amazonaws.com/groups/global/AllUsers"'
FLAGS = {
    "BlockPublicAcls": "blockPublicAcls",
    "IgnorePublicAcls": "ignorePublicAcls",
    "BlockPublicPolicy": "blockPublicPolicy",
    "RestrictPublicBuckets": "restrictPublicBuckets",
}
OWNERSHIP = "OwnershipControls.Rules[0].ObjectOwnership"
ENCRYPTION = "ServerSideEncryptionConfiguration.Rules[0]"
DEFAULT = f"{ENCRYPTION}.ApplyServerSideEncryptionByDefault"
LOCK = "ObjectLockConfiguration"
RETENTION = f"{LOCK}.Rule.DefaultRetention"
TARGET = "BucketLoggingStatus.LoggingEnabled"
FORMAT = f"{TARGET}.TargetObjectKeyFormat"
TLS = "Policy.Statement[SecureBucketRequireTls]"
TLS_STATEMENT = "statements[SecureBucketRequireTls]"
OTHERS = "Policy.Statement[SecureBucketOthers]"
TAG_SET = "Tagging.TagSet"
NOTIFIED = "NotificationConfiguration"
STRANGER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"
ALONE = {"policy": {"foreign": "Remove"}}
BACKDOOR = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::444455556666:root"},
    "Action": "s3:*",
    "Resource": "arn:aws:s3:::*",
}


@dataclass(frozen=True)
class Tampering:
    """One change by somebody else.

    Args:
        name: what is done, for the test's name.
        drifted: the fields of the control's state that must be named.
        edits: members and their new values (see `documents.edit`); a function makes the value on the stage.
        sample: index of the sample spec that is declared; None for `spec`.
        spec: what is declared otherwise.
        deletes: the whole document is deleted instead.
        acl: the ACL that is put besides, as `put_bucket_acl` takes it.
        leaves: the document after the repair; None where it is as it was.
    """

    name: str
    drifted: tuple[str, ...]
    edits: Mapping[str, Any] = field(default_factory=dict)
    sample: int | None = None
    deletes: bool = False
    acl: Mapping[str, str] = field(default_factory=dict)
    spec: Mapping[str, Any] = field(default_factory=dict)
    leaves: Mapping[str, Any] | None = None


def target_edits(kind: str, entry: str) -> tuple[Tampering, ...]:
    """Change everything that a notification target has, `kind` and `entry` as in the sample."""
    member = f"{kind.capitalize()}Configurations" if kind != "lambda" else "LambdaFunctionConfigurations"
    listed = {"topic": "topics", "queue": "queues", "lambda": "lambdaFunctions"}[kind]
    path, named = f"{NOTIFIED}.{member}[{entry}]", f"targets[{listed}/{entry}]"
    arn = {
        "topic": ("TopicArn", lambda stage: make_topic(stage, REGION)),
        "queue": ("QueueArn", lambda stage: make_queue(stage, REGION)),
        "lambda": ("LambdaFunctionArn", "arn:aws:lambda:eu-central-1:444455556666:function:theirs"),
    }[kind]
    rules = f"{path}.Filter.Key.FilterRules"
    renamed = (named, f"targets[{listed}/other]")
    return (
        Tampering(f"{kind} redirected", (named,), {f"{path}.{arn[0]}": arn[1]}, 0),
        Tampering(f"{kind} told of more", (named,), {f"{path}.Events": ["s3:ObjectTagging:*"]}, 0),
        Tampering(f"{kind} renamed", renamed, {f"{path}.Id": "other"}, 0),
        Tampering(f"{kind} filter value", (named,), {f"{rules}[0].Value": "x"}, 0),
        Tampering(f"{kind} filter name", (named,), {rules: [{"Name": "Suffix", "Value": "x"}]}, 0),
        Tampering(f"{kind} taken out", (named,), {path: GONE}, 0),
    )


TAMPERINGS: Mapping[str, tuple[Tampering, ...]] = {
    "publicAccessBlock": (
        *(
            Tampering(f"{flag} off", (named,), {f"PublicAccessBlockConfiguration.{flag}": False})
            for flag, named in FLAGS.items()
        ),
        Tampering("a flag on", ("blockPublicAcls",), {"PublicAccessBlockConfiguration.BlockPublicAcls": True}, 0),
        Tampering("deleted", tuple(FLAGS.values()), deletes=True),
    ),
    "ownership": (
        Tampering("ACLs on", ("objectOwnership",), {OWNERSHIP: "ObjectWriter"}),
        Tampering("ACLs half on", ("objectOwnership",), {OWNERSHIP: "BucketOwnerPreferred"}),
        Tampering(
            "public by ACL",
            ("objectOwnership", "grants"),
            {OWNERSHIP: "ObjectWriter"},
            acl={"GrantRead": ALL_USERS},
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
    "encryption": (
        Tampering("KMS", ("sseAlgorithm", "kmsMasterKeyId"), {f"{DEFAULT}.SSEAlgorithm": "aws:kms"}),
        Tampering(
            "another key",
            ("kmsMasterKeyId",),
            {f"{DEFAULT}.KMSMasterKeyID": lambda stage: make_key(stage, REGION)},
            0,
        ),
        Tampering("the AWS managed key", ("kmsMasterKeyId",), {f"{DEFAULT}.KMSMasterKeyID": GONE}, 0),
        Tampering("bucket key", ("bucketKeyEnabled",), {f"{ENCRYPTION}.BucketKeyEnabled": True}, 0),
        Tampering(
            "SSE-C let in",
            ("blockedEncryptionTypes",),
            {f"{ENCRYPTION}.BlockedEncryptionTypes.EncryptionType": ["NONE"]},
        ),
        Tampering(
            "SSE-C blocked where it is wanted",
            ("blockedEncryptionTypes",),
            {f"{ENCRYPTION}.BlockedEncryptionTypes.EncryptionType": ["SSE-C"]},
            0,
        ),
        Tampering("deleted", ("sseAlgorithm",), deletes=True),
    ),
    "versioning": (
        Tampering("suspended", ("status",), {"VersioningConfiguration.Status": "Suspended"}),
        Tampering(
            "turned on where that is not wanted",
            ("status",),
            {"VersioningConfiguration.Status": "Enabled"},
            0,
            leaves={"VersioningConfiguration": {"Status": "Suspended"}},
        ),
    ),
    "objectLock": (
        Tampering("shorter", ("days",), {f"{RETENTION}.Days": 1}, 1),
        Tampering("years", ("days", "years"), {f"{RETENTION}.Days": GONE, f"{RETENTION}.Years": 1}, 1),
        Tampering("nobody may delete", ("mode",), {f"{RETENTION}.Mode": "COMPLIANCE"}, 1),
        Tampering("no retention", ("mode", "days"), {f"{LOCK}.Rule": GONE}, 1),
        Tampering("a retention", ("mode", "days"), {RETENTION: {"Mode": "GOVERNANCE", "Days": 9}}, 4),
    ),
    "policy": (
        Tampering("Effect", (TLS_STATEMENT,), {f"{TLS}.Effect": "Allow"}),
        Tampering("Principal", (TLS_STATEMENT,), {f"{TLS}.Principal": {"AWS": "arn:aws:iam::444455556666:root"}}),
        Tampering("Action", (TLS_STATEMENT,), {f"{TLS}.Action": "s3:GetObject"}),
        Tampering("Resource", (TLS_STATEMENT,), {f"{TLS}.Resource": "arn:aws:s3:::elsewhere/*"}),
        Tampering("Condition", (TLS_STATEMENT,), {f"{TLS}.Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        Tampering("no Condition", (TLS_STATEMENT,), {f"{TLS}.Condition": GONE}),
        Tampering("Sid", (TLS_STATEMENT, "statements[Harmless]"), {f"{TLS}.Sid": "Harmless"}, spec=ALONE),
        Tampering(
            "every statement replaced",
            (TLS_STATEMENT, "statements[Theirs]"),
            {"Policy.Statement": [{"Sid": "Theirs", **BACKDOOR}]},
            spec=ALONE,
        ),
        Tampering(
            "statement in our name",
            ("statements[SecureBucketBackdoor]",),
            {"Policy.Statement[+]": {"Sid": "SecureBucketBackdoor", **BACKDOOR}},
        ),
        Tampering("statement", ("statements[Theirs]",), {"Policy.Statement[+]": {"Sid": "Theirs", **BACKDOOR}}, 0),
        Tampering("NotAction", ("statements[SecureBucketOthers]",), {f"{OTHERS}.NotAction": "s3:*"}, 0),
        Tampering(
            "NotPrincipal",
            ("statements[SecureBucketOthers]",),
            {f"{OTHERS}.NotPrincipal": {"AWS": "arn:aws:iam::444455556666:root"}},
            0,
        ),
        Tampering(
            "NotResource",
            ("statements[SecureBucketOthers]",),
            {f"{OTHERS}.NotResource": "arn:aws:s3:::acme-*/*"},
            0,
        ),
        Tampering(
            "grant widened",
            ("statements[SecureBucketReports]",),
            {"Policy.Statement[SecureBucketReports].Action": "s3:*"},
            0,
        ),
        Tampering("deleted", ("version", TLS_STATEMENT), deletes=True),
    ),
    "logging": (
        Tampering(
            "logged elsewhere",
            ("targetBucket",),
            {f"{TARGET}.TargetBucket": lambda stage: make_log_target(stage, REGION)},
            1,
        ),
        Tampering("prefix", ("targetPrefix",), {f"{TARGET}.TargetPrefix": "hidden/"}, 1),
        Tampering(
            "date source",
            ("partitionDateSource",),
            {f"{FORMAT}.PartitionedPrefix.PartitionDateSource": "EventTime"},
            1,
        ),
        Tampering("key format", ("targetObjectKeyFormat", "partitionDateSource"), {FORMAT: {"SimplePrefix": {}}}, 1),
        Tampering(
            "partitions",
            ("targetObjectKeyFormat", "partitionDateSource"),
            {FORMAT: {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}},
            3,
        ),
        Tampering("grant's permission", ("targetGrants",), {f"{TARGET}.TargetGrants[0].Permission": "FULL_CONTROL"}, 1),
        Tampering(
            "grantees",
            ("targetGrants",),
            {
                f"{TARGET}.TargetGrants": [
                    {"Grantee": {"Type": "CanonicalUser", "ID": OTHER_ID[::-1]}, "Permission": "READ"},
                    {"Grantee": {"Type": "Group", "URI": LOG_DELIVERY}, "Permission": "WRITE"},
                ]
            },
            1,
        ),
        Tampering("no grants", ("targetGrants",), {f"{TARGET}.TargetGrants": GONE}, 1),
        Tampering("off", ("targetBucket", "targetObjectKeyFormat"), {"BucketLoggingStatus.LoggingEnabled": GONE}, 3),
    ),
    "notifications": (
        *target_edits("topic", "topic"),
        *target_edits("queue", "queue"),
        *target_edits("lambda", "function"),
        Tampering("EventBridge off", ("eventBridge",), {f"{NOTIFIED}.EventBridgeConfiguration": GONE}, 0),
        Tampering("EventBridge on", ("eventBridge",), {f"{NOTIFIED}.EventBridgeConfiguration": {}}, 1),
        Tampering(
            "a way out",
            ("targets[queues/theirs]",),
            {
                f"{NOTIFIED}.QueueConfigurations": lambda stage: [
                    {"Id": "theirs", "QueueArn": make_queue(stage, REGION), "Events": ["s3:ObjectCreated:*"]}
                ]
            },
        ),
    ),
    "tags": (
        Tampering("value", ("tags[team]",), {f"{TAG_SET}[team].Value": "others"}, 0),
        Tampering("key", ("tags[team]", "tags[crew]"), {f"{TAG_SET}[team].Key": "crew"}, 0),
        Tampering("a tag", ("tags[theirs]",), {f"{TAG_SET}[+]": {"Key": "theirs", "Value": ""}}, 0),
        Tampering("taken out", ("tags[empty]",), {f"{TAG_SET}[empty]": GONE}, 0),
        Tampering("origin", ("tags[securebucket.io/origin]",), {f"{TAG_SET}[securebucket.io/origin].Value": "Adopted"}),
        Tampering("no owner", ("tags[securebucket.io/owner]",), {f"{TAG_SET}[securebucket.io/owner]": GONE}),
        Tampering("deleted", ("tags[securebucket.io/owner]", "tags[securebucket.io/origin]"), deletes=True),
    ),
}
"""By control; `tamperings_of_rules` has those of lifecycle and replication."""
