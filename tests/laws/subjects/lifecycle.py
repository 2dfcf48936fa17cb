"""Lifecycle rules, as the laws try it."""

import datetime as dt
from typing import Any

from tests.laws.subject import GONE, Document, Foreign, Limit, Subject, Tampering

RULES = "LifecycleConfiguration.Rules"
OWN = "SecureBucketAbortIncompleteMultipartUpload"
SIZE = "TransitionDefaultMinimumObjectSize"
EXPIRING = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}


def take_size_out(parameters: dict[str, Any]) -> dict[str, Any]:
    """Put the minimum size beside the rules, where the PUT has it."""
    rules = dict(parameters["LifecycleConfiguration"])
    size = {SIZE: rules.pop(SIZE)} if SIZE in rules else {}
    return {"LifecycleConfiguration": rules, **size}


def changed(name: str, rule: str, member: str, value: Any) -> Tampering:
    """Change one member of a rule of the sample."""
    return Tampering(name, (f"rules[{rule}]",), {f"{RULES}[{rule}].{member}": value}, 0)


SUBJECT = Subject(
    specs=(
        {
            "lifecycle": {
                "abortIncompleteMultipartUploadDays": 3,
                "transitionDefaultMinimumObjectSize": "varies_by_storage_class",
                "foreign": "Remove",
                "rules": [
                    {
                        "id": "archive",
                        "status": "Enabled",
                        "filter": {
                            "prefix": "invoices/",
                            "tags": {"class": "archive"},
                            "objectSizeGreaterThan": 1024,
                            "objectSizeLessThan": 1048576,
                        },
                        "expiration": {"days": 3650},
                        "transitions": [
                            {"days": 30, "storageClass": "STANDARD_IA"},
                            {"days": 90, "storageClass": "GLACIER"},
                        ],
                        "noncurrentVersionExpiration": {"noncurrentDays": 90, "newerNoncurrentVersions": 3},
                        "noncurrentVersionTransitions": [
                            {"noncurrentDays": 30, "newerNoncurrentVersions": 1, "storageClass": "ONEZONE_IA"}
                        ],
                    },
                    {
                        "id": "uploads",
                        "filter": {"prefix": "tmp/"},
                        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 1},
                        "expiration": {"expiredObjectDeleteMarker": True},
                    },
                    {
                        "id": "once",
                        "status": "Disabled",
                        "expiration": {"date": "2030-01-01"},
                        "transitions": [{"date": "2029-01-01", "storageClass": "DEEP_ARCHIVE"}],
                    },
                    {"id": "one tag", "filter": {"tags": {"class": "log"}}, "expiration": {"days": 400}},
                    {"id": "large", "filter": {"objectSizeGreaterThan": 1024}, "expiration": {"days": 400}},
                    {"id": "small", "filter": {"objectSizeLessThan": 1024}, "expiration": {"days": 400}},
                ],
            }
        },
        {"lifecycle": {"abortIncompleteMultipartUploadDays": 0}},
    ),
    readings=(
        (
            {
                "Rules": [
                    {"Prefix": "old/", "Status": "Enabled", "Expiration": {"Days": 30}},
                    {
                        "ID": "dated",
                        "Filter": {"Prefix": ""},
                        "Status": "Enabled",
                        "Expiration": {"Date": dt.datetime(2031, 5, 1, tzinfo=dt.UTC)},
                    },
                ],
                "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
            },
            None,
        ),
    ),
    document=Document(
        get="get_bucket_lifecycle_configuration",
        put="put_bucket_lifecycle_configuration",
        member="LifecycleConfiguration",
        delete="delete_bucket_lifecycle",
        absent="NoSuchLifecycleConfiguration",
        after_read=take_size_out,
    ),
    rights={
        "get_bucket_lifecycle_configuration": "s3:GetLifecycleConfiguration",
        "put_bucket_lifecycle_configuration": "s3:PutLifecycleConfiguration",
        "delete_bucket_lifecycle": "s3:PutLifecycleConfiguration",
    },
    tamperings=(
        changed("expires sooner", "archive", "Expiration.Days", 100),
        changed("expires on another day", "once", "Expiration.Date", "2029-06-01T00:00:00Z"),
        changed("markers stay", "uploads", "Expiration.ExpiredObjectDeleteMarker", False),
        changed("disabled", "archive", "Status", "Disabled"),
        changed("prefix", "uploads", "Filter.Prefix", "elsewhere/"),
        changed("tag's key", "one tag", "Filter.Tag.Key", "klass"),
        changed("tag's value", "one tag", "Filter.Tag.Value", "other"),
        changed("larger", "large", "Filter.ObjectSizeGreaterThan", 2048),
        changed("smaller", "small", "Filter.ObjectSizeLessThan", 512),
        changed("prefix of several", "archive", "Filter.And.Prefix", "elsewhere/"),
        changed("key of several", "archive", "Filter.And.Tags", [{"Key": "klass", "Value": "archive"}]),
        changed("value of several", "archive", "Filter.And.Tags", [{"Key": "class", "Value": "other"}]),
        changed("larger of several", "archive", "Filter.And.ObjectSizeGreaterThan", 2048),
        changed("smaller of several", "archive", "Filter.And.ObjectSizeLessThan", 4096),
        changed("moved later", "archive", "Transitions[0].Days", 60),
        changed("moved on another day", "once", "Transitions[0].Date", "2028-06-01T00:00:00Z"),
        changed("moved elsewhere", "archive", "Transitions[1].StorageClass", "DEEP_ARCHIVE"),
        changed("old versions moved later", "archive", "NoncurrentVersionTransitions[0].NoncurrentDays", 31),
        changed("old versions moved elsewhere", "archive", "NoncurrentVersionTransitions[0].StorageClass", "GLACIER"),
        changed("more versions stay", "archive", "NoncurrentVersionTransitions[0].NewerNoncurrentVersions", 9),
        changed("old versions go sooner", "archive", "NoncurrentVersionExpiration.NoncurrentDays", 31),
        changed("fewer versions stay", "archive", "NoncurrentVersionExpiration.NewerNoncurrentVersions", 1),
        changed("uploads stay longer", OWN, "AbortIncompleteMultipartUpload.DaysAfterInitiation", 90),
        Tampering("renamed", ("rules[archive]", "rules[other]"), {f"{RULES}[archive].ID": "other"}, 0),
        Tampering("taken out", ("rules[uploads]",), {f"{RULES}[uploads]": GONE}, 0),
        Tampering("everything expires", ("rules[theirs]",), {f"{RULES}[+]": EXPIRING}),
        Tampering(
            "minimum size",
            ("transitionDefaultMinimumObjectSize",),
            {"TransitionDefaultMinimumObjectSize": "all_storage_classes_128K"},
            0,
        ),
        Tampering("deleted", (f"rules[{OWN}]", "transitionDefaultMinimumObjectSize"), deletes=True),
    ),
    foreign=Foreign(
        path=RULES,
        entry=lambda *_: {
            "ID": "theirs",
            "Status": "Enabled",
            "Filter": {"Prefix": "tmp/"},
            "Expiration": {"Days": 7},
        },
        name="theirs",
        frame={"LifecycleConfiguration": {"Rules": []}},
        ours=lambda _: {"abortIncompleteMultipartUploadDays": 3},
    ),
    written_at_first="PutBucketLifecycleConfiguration",
    limits={"moto": {0: Limit("loses sizes, NewerNoncurrentVersions and the minimum size")}},
)
