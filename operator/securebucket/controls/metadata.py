"""S3 Metadata: tables in a table bucket that hold the key and the metadata of every object.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-overview.html
"""

from typing import Any

from pydantic import ValidationError

from securebucket.api.metadata import Metadata
from securebucket.controls.metadata_tables import (
    ABSENT,
    IN_AWS_TABLE_BUCKET,
    MetadataState,
    creation,
    declared_state,
    expires_sooner,
    read_state,
    updates,
)
from securebucket.controls.undeclared import risk_of_taking_away
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.risk import Risk

RESULT = "GetBucketMetadataConfigurationResult"
TABLE_BUCKET = "arn:*:s3tables:*:*:bucket/aws-s3*"
"""The table bucket that AWS manages in each region, and the tables in it."""
MAKING = (
    "CreateTableBucket",
    "CreateNamespace",
    "CreateTable",
    "GetTable",
    "PutTableBucketPolicy",
    "PutTableEncryption",
    "PutTablePolicy",
)
"""What S3 does there in the caller's name; the same page has kms:DescribeKey and iam:PassRole.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-permissions.html
"""


class MetadataControl(Control[MetadataState]):
    """Keeps the declared tables, and none otherwise. It has no checks: undeclared, there is nothing to judge."""

    name = "metadata"
    permissions = Permissions(
        read=("s3:GetBucketMetadataTableConfiguration",),
        write=(
            "s3:CreateBucketMetadataTableConfiguration",
            "s3:DeleteBucketMetadataTableConfiguration",
            "s3:UpdateBucketMetadataAnnotationTableConfiguration",
            "s3:UpdateBucketMetadataInventoryTableConfiguration",
            "s3:UpdateBucketMetadataJournalTableConfiguration",
        ),
        other=(
            *(
                (f"s3tables:{action}", TABLE_BUCKET, "to have S3 make the tables that are declared")
                for action in MAKING
            ),
            ("kms:DescribeKey", "arn:*:kms:*:*:key/*", "to have S3 encrypt metadata tables with a key"),
            ("iam:PassRole", "arn:*:iam::*:role/*", "to give S3 the role that it reads annotations as"),
        ),
    )
    written_by = (
        "CreateBucketMetadataConfiguration",
        "CreateBucketMetadataTableConfiguration",
        "DeleteBucketMetadataConfiguration",
        "DeleteBucketMetadataTableConfiguration",
        "UpdateBucketMetadataAnnotationTableConfiguration",
        "UpdateBucketMetadataInventoryTableConfiguration",
        "UpdateBucketMetadataJournalTableConfiguration",
    )
    keeps_found = True

    def observe(self, bucket: Bucket) -> Flow[MetadataState]:
        """Read the configuration of either kind: the newer operation tells of the older kind too."""
        answer = yield Read(
            "get_bucket_metadata_configuration",
            absent=frozenset({"MetadataConfigurationNotFound"}),
            required=f"{RESULT}.MetadataConfigurationResult",
        )
        return ABSENT if answer is None else read_state(answer[RESULT]["MetadataConfigurationResult"])

    def desired(self, context: Context, observed: MetadataState) -> MetadataState:
        """Take the declared tables; whatever else is there goes."""
        return declared_state(context.spec.metadata, observed)

    def refuse(self, context: Context, observed: MetadataState, desired: MetadataState) -> Failure | None:
        """Refuse to write while S3 cannot fill a table: only a new configuration makes a new one."""
        if desired == ABSENT or not observed.errors:
            return None
        told = "; ".join(f"{name}: {why}" for name, why in sorted(observed.errors.items()))
        return Failure(
            "MetadataTableFailed",
            f"S3 cannot fill a metadata table ({told}). Put the cause right, then take spec.metadata out and, once the"
            " configuration is gone, declare it again: S3 makes a new table only with a new configuration.",
        )

    def calls(self, context: Context, observed: MetadataState, desired: MetadataState) -> tuple[Call, ...]:
        """Delete, create or update the configuration. One of the older kind cannot be changed, only made anew."""
        delete = Call("delete_bucket_metadata_configuration")
        if desired == ABSENT:
            return (delete,)
        if observed == ABSENT:
            return (creation(context.spec.metadata, desired),)
        if observed.table_bucket_type != desired.table_bucket_type:
            return delete, creation(context.spec.metadata, desired)
        return tuple(updates(context.spec.metadata, observed, desired))

    def risk(self, context: Context, observed: MetadataState, desired: MetadataState) -> Risk:
        """Tell of readers whose tables end unasked, of records that expire, and of what no table records meanwhile.

        S3 leaves the tables themselves where they are.
        """
        if desired == ABSENT:
            return risk_of_taking_away(context, "metadata")
        if observed == ABSENT:
            return Risk.NONE
        made_anew = observed.table_bucket_type != desired.table_bucket_type
        return Risk.DATA_LOSS if made_anew or expires_sooner(observed, desired) else Risk.NONE

    def declaration(self, state: MetadataState) -> dict[str, Any] | None:
        """Declare the tables as they are, where a configuration of today's kind can have them and S3 can fill them."""
        if state == ABSENT:
            return {}
        if state.table_bucket_type != IN_AWS_TABLE_BUCKET or state.errors:
            return None
        days = {"days": state.days} if state.days else {}
        role = {"role": state.annotation_role} if state.annotation_role else {}
        block = {
            "journalTable": {"recordExpiration": {"expiration": state.record_expiration, **days}},
            "inventoryTable": {"configurationState": state.inventory_table},
            "annotationTable": {"configurationState": state.annotation_table, **role},
        }
        try:
            Metadata.model_validate(block)
        except ValidationError:
            return None
        return block
