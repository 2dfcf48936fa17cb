"""S3 Metadata, as the laws try it."""

from typing import Any

from tests.laws.subject import GONE, Document, Subject, Tampering
from tests.laws.things import ACCOUNT, KEY

WHOLE = "MetadataConfiguration"
JOURNAL = f"{WHOLE}.JournalTableConfiguration"
INVENTORY = f"{WHOLE}.InventoryTableConfiguration"
ANNOTATION = f"{WHOLE}.AnnotationTableConfiguration"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/annotations"
OTHER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/theirs"
TABLE_BUCKET = f"arn:aws:s3tables:eu-central-1:{ACCOUNT}:bucket"
NOT_TOLD = "S3 takes it when it makes the table, and no read tells it"


def as_created(answer: dict[str, Any]) -> dict[str, Any]:
    """Write what was read as the creation has it: without what S3 tells of the tables themselves."""
    found = answer["GetBucketMetadataConfigurationResult"]["MetadataConfigurationResult"]
    kept = ("RecordExpiration", "ConfigurationState", "Role")
    return {
        WHOLE: {
            name.removesuffix("Result"): {key: value for key, value in table.items() if key in kept}
            for name, table in found.items()
            if name != "DestinationResult"
        }
    }


def told(kind: str, **tables: Any) -> dict[str, Any]:
    """Write an answer of S3's."""
    destination = {"TableBucketType": kind, "TableBucketArn": f"{TABLE_BUCKET}/aws-s3", "TableNamespace": "b_x"}
    result = {f"{name}TableConfigurationResult": table for name, table in tables.items()}
    whole = {"MetadataConfigurationResult": {"DestinationResult": destination, **result}}
    return {"GetBucketMetadataConfigurationResult": whole}


def a_journal(expiration: str = "DISABLED", **more: Any) -> dict[str, Any]:
    """Write a journal that works."""
    record = {"Expiration": expiration, **more}
    return {"TableStatus": "ACTIVE", "TableName": "journal", "RecordExpiration": record}


SUBJECT = Subject(
    specs=(
        {
            "metadata": {
                "journalTable": {
                    "recordExpiration": {"expiration": "ENABLED", "days": 365},
                    "encryption": {"sseAlgorithm": "aws:kms", "kmsKeyArn": KEY},
                },
                "inventoryTable": {
                    "configurationState": "ENABLED",
                    "encryption": {"sseAlgorithm": "aws:kms", "kmsKeyArn": KEY},
                },
                "annotationTable": {
                    "configurationState": "ENABLED",
                    "encryption": {"sseAlgorithm": "aws:kms", "kmsKeyArn": KEY},
                    "role": ROLE,
                },
            }
        },
        {"metadata": {"journalTable": {}}},
        {
            "metadata": {
                "journalTable": {"recordExpiration": {"expiration": "DISABLED"}},
                "inventoryTable": {"configurationState": "DISABLED"},
                "annotationTable": {"configurationState": "ENABLED"},
            }
        },
    ),
    readings=(
        (
            told(
                "aws",
                Journal=a_journal("ENABLED", Days=7),
                Inventory={"ConfigurationState": "ENABLED", "TableStatus": "BACKFILLING", "TableName": "inventory"},
                Annotation={"ConfigurationState": "ENABLED", "TableStatus": "CREATING", "Role": OTHER_ROLE},
            ),
            None,
        ),
        (told("customer", Journal=a_journal()), None),
        (
            told(
                "aws",
                Journal={
                    **a_journal(),
                    "TableStatus": "FAILED",
                    "Error": {"ErrorCode": "AccessDeniedWritingToTable", "ErrorMessage": "Unable to write"},
                },
            ),
            None,
        ),
    ),
    document=Document(
        get="get_bucket_metadata_configuration",
        put="create_bucket_metadata_configuration",
        delete="delete_bucket_metadata_configuration",
        absent="MetadataConfigurationNotFound",
        after_read=as_created,
        put_makes=True,
    ),
    rights={
        "get_bucket_metadata_configuration": "s3:GetBucketMetadataTableConfiguration",
        "create_bucket_metadata_configuration": "s3:CreateBucketMetadataTableConfiguration",
        "delete_bucket_metadata_configuration": "s3:DeleteBucketMetadataTableConfiguration",
        **{
            f"update_bucket_metadata_{table}_table_configuration": (
                f"s3:UpdateBucketMetadata{table.capitalize()}TableConfiguration"
            )
            for table in ("journal", "inventory", "annotation")
        },
    },
    tamperings=(
        Tampering("other days", ("days",), {f"{JOURNAL}.RecordExpiration.Days": 7}, 0),
        Tampering(
            "no expiry", ("recordExpiration", "days"), {f"{JOURNAL}.RecordExpiration": {"Expiration": "DISABLED"}}, 0
        ),
        Tampering("no inventory", ("inventoryTable",), {f"{INVENTORY}.ConfigurationState": "DISABLED"}, 0),
        Tampering(
            "an inventory",
            ("inventoryTable",),
            {INVENTORY: {"ConfigurationState": "ENABLED"}},
            1,
            leaves={  # an update switches it off, and leaves it in the configuration
                WHOLE: {
                    "JournalTableConfiguration": {"RecordExpiration": {"Expiration": "DISABLED"}},
                    "InventoryTableConfiguration": {"ConfigurationState": "DISABLED"},
                }
            },
        ),
        Tampering(
            "no annotations",
            ("annotationTable", "annotationRole"),
            {ANNOTATION: {"ConfigurationState": "DISABLED"}},
            0,
        ),
        Tampering("another role", ("annotationRole",), {f"{ANNOTATION}.Role": OTHER_ROLE}, 0),
        Tampering("taken out", ("annotationTable", "annotationRole"), {ANNOTATION: GONE}, 0),
        Tampering(
            "turned on",
            ("tableBucketType", "recordExpiration", "inventoryTable", "annotationTable"),
            {WHOLE: {"JournalTableConfiguration": {"RecordExpiration": {"Expiration": "DISABLED"}}}},
        ),
        Tampering(
            "deleted",
            ("tableBucketType", "recordExpiration", "days", "inventoryTable", "annotationTable", "annotationRole"),
            sample=0,
            deletes=True,
        ),
    ),
    untampered={
        f"{JOURNAL}.EncryptionConfiguration": NOT_TOLD,
        f"{INVENTORY}.EncryptionConfiguration": NOT_TOLD,
        f"{ANNOTATION}.EncryptionConfiguration": NOT_TOLD,
    },
)
