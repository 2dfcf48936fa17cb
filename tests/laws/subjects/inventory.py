"""Inventories, as the laws try them."""

from typing import Any

from tests.laws.stage import Stage
from tests.laws.subject import GONE, Document, Foreign, Limit, Subject, Tampering
from tests.laws.surroundings import make_bucket, make_key
from tests.laws.things import ACCOUNT, KEY, REGION

MEMBER = "InventoryConfiguration"
TARGET = "Destination.S3BucketDestination"


def changed(name: str, member: str, value: Any) -> Tampering:
    """Change one member of the first inventory of the sample."""
    return Tampering(name, ("configurations[daily]",), {f"{MEMBER}[daily].{member}": value}, 0)


def theirs(bucket: str, **target: Any) -> dict[str, Any]:
    """Write an inventory of all objects."""
    return {
        "Id": "theirs",
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "Schedule": {"Frequency": "Daily"},
        "Destination": {"S3BucketDestination": {"Bucket": f"arn:aws:s3:::{bucket}", "Format": "CSV", **target}},
    }


def ours(stage: Stage) -> dict[str, Any]:
    """Declare an inventory."""
    return {
        "configurations": [
            {
                "id": "ours",
                "destination": {"bucket": make_bucket(stage, "reports"), "format": "ORC"},
                "includedObjectVersions": "Current",
                "schedule": {"frequency": "Weekly"},
            }
        ]
    }


SUBJECT = Subject(
    specs=(
        {
            "inventory": {
                "foreign": "Remove",
                "configurations": [
                    {
                        "id": "daily",
                        "enabled": True,
                        "destination": {
                            "bucket": "acme-reports",
                            "accountId": ACCOUNT,
                            "format": "Parquet",
                            "prefix": "inventory/",
                            "encryption": {"sseKms": {"keyId": KEY}},
                        },
                        "includedObjectVersions": "All",
                        "schedule": {"frequency": "Daily"},
                        "optionalFields": ["Size", "ETag", "EncryptionStatus"],
                        "filter": {"prefix": "invoices/"},
                    },
                    {
                        "id": "weekly",
                        "enabled": False,
                        "destination": {
                            "bucket": "arn:aws:s3:::acme-reports",
                            "format": "ORC",
                            "encryption": {"sseS3": {}},
                        },
                        "includedObjectVersions": "Current",
                        "schedule": {"frequency": "Weekly"},
                    },
                ],
            }
        },
        {
            "inventory": {
                "configurations": [
                    {
                        "id": "plain",
                        "destination": {"bucket": "acme-reports", "format": "CSV"},
                        "includedObjectVersions": "All",
                        "schedule": {"frequency": "Daily"},
                    }
                ]
            }
        },
    ),
    readings=(
        ({"InventoryConfigurationList": [theirs("elsewhere")], "IsTruncated": False}, None),
        (
            {
                "InventoryConfigurationList": [
                    theirs("elsewhere", AccountId="444455556666", Encryption={"SSES3": {}}, Prefix="x/"),
                    {
                        **theirs("elsewhere", Encryption={"SSEKMS": {"KeyId": KEY}}),
                        "Id": "disabled",
                        "IsEnabled": False,
                        "Filter": {"Prefix": "a/"},
                        "OptionalFields": ["Size", "ETag"],
                    },
                ],
                "IsTruncated": True,
                "NextContinuationToken": "more",
            },
            {
                "ContinuationToken": "more",
                "InventoryConfigurationList": [{**theirs("elsewhere"), "Id": "daily"}],
                "IsTruncated": False,
            },
        ),
    ),
    document=Document(
        get="list_bucket_inventory_configurations",
        put="put_bucket_inventory_configuration",
        member=MEMBER,
        delete="delete_bucket_inventory_configuration",
        listed="InventoryConfigurationList",
    ),
    rights={
        "list_bucket_inventory_configurations": "s3:GetInventoryConfiguration",
        "put_bucket_inventory_configuration": "s3:PutInventoryConfiguration",
        "delete_bucket_inventory_configuration": "s3:PutInventoryConfiguration",
    },
    tamperings=(
        changed("another account", f"{TARGET}.AccountId", "444455556666"),
        changed("whatever account", f"{TARGET}.AccountId", GONE),
        changed("redirected", f"{TARGET}.Bucket", lambda stage: f"arn:aws:s3:::{make_bucket(stage, 'theirs', REGION)}"),
        changed("another format", f"{TARGET}.Format", "CSV"),
        changed("another place", f"{TARGET}.Prefix", "theirs/"),
        changed("another key", f"{TARGET}.Encryption.SSEKMS.KeyId", lambda stage: make_key(stage, REGION)),
        changed("a key of S3", f"{TARGET}.Encryption", {"SSES3": {}}),
        changed("not encrypted", f"{TARGET}.Encryption", GONE),
        changed("disabled", "IsEnabled", False),
        changed("another part", "Filter.Prefix", "theirs/"),
        changed("of everything", "Filter", GONE),
        changed("of current versions", "IncludedObjectVersions", "Current"),
        changed("fewer fields", "OptionalFields", ["Size"]),
        changed("no fields", "OptionalFields", GONE),
        changed("less often", "Schedule.Frequency", "Weekly"),
        Tampering("renamed", ("configurations[daily]", "configurations[other]"), {f"{MEMBER}[daily].Id": "other"}, 0),
        Tampering("taken out", ("configurations[weekly]",), {f"{MEMBER}[weekly]": GONE}, 0),
        Tampering("a way out", ("configurations[theirs]",), {f"{MEMBER}[+]": theirs("elsewhere")}),
        Tampering("deleted", ("configurations[daily]", "configurations[weekly]"), sample=0, deletes=True),
    ),
    untampered={"Id": "it is the Id of the entry, once more"},
    foreign=Foreign(
        path=MEMBER,
        entry=lambda _, bucket: theirs(bucket),
        name="theirs",
        frame={MEMBER: []},
        ours=ours,
        unshown={"moto": "its DELETE of an inventory deletes the bucket"},
    ),
    limits={"moto": {0: Limit("loses keys of S3, and takes optional fields apart")}},
    unseen={"moto": {"a way out": "its DELETE of an inventory deletes the bucket"}},
)
