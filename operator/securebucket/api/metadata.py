"""S3 Metadata: tables about the bucket's objects, which S3 keeps in a table bucket of the account."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName
from securebucket.api.names import RoleArn
from securebucket.api.policy import KmsKeyArn
from securebucket.api.rule import Rule

Switch = Literal["ENABLED", "DISABLED"]


class TableEncryption(ApiModel):
    """How a table is encrypted. S3 takes it when it makes the table, and does not tell it afterwards."""

    invariants = (
        Rule(
            "(self.sseAlgorithm == 'aws:kms') == has(self.kmsKeyArn)",
            lambda block: (block.sse_algorithm == "aws:kms") == (block.kms_key_arn is not None),
            "aws:kms needs kmsKeyArn, the ARN of a key of your own, and AES256 has none; give both, or leave both out",
            "kmsKeyArn",
        ),
    )

    sse_algorithm: Literal["aws:kms", "AES256"] = Field(description="aws:kms (SSE-KMS) or AES256 (SSE-S3).")
    kms_key_arn: KmsKeyArn | None = Field(None, description="ARN of a customer managed key in the bucket's region.")


class RecordExpiration(ApiModel):
    """Whether records of the journal expire. What has expired cannot be recovered."""

    invariants = (
        Rule(
            "(self.expiration == 'ENABLED') == has(self.days)",
            lambda block: (block.expiration == "ENABLED") == (block.days is not None),
            "days says after how long records expire; give it with expiration ENABLED, and leave it out with DISABLED",
            "days",
        ),
    )

    expiration: Switch = Field(description="ENABLED or DISABLED.")
    days: int | None = Field(None, ge=7, le=2147483647, description="Days until a record expires.")


class JournalTable(ApiModel):
    """The table of what happens to objects; the others build on it."""

    record_expiration: RecordExpiration = Field(
        RecordExpiration(expiration="DISABLED"), description="When records expire. Default: never."
    )
    encryption: Annotated[TableEncryption | None, AwsName("EncryptionConfiguration")] = Field(
        None, description="Encryption of a new table. Default: as S3 chooses, SSE-S3."
    )


class InventoryTable(ApiModel):
    """The table of all objects there are."""

    configuration_state: Switch = Field(description="ENABLED or DISABLED.")
    encryption: Annotated[TableEncryption | None, AwsName("EncryptionConfiguration")] = Field(
        None, description="Encryption of a new table. Default: as S3 chooses, SSE-S3."
    )


class AnnotationTable(ApiModel):
    """The table of the annotations on objects."""

    configuration_state: Switch = Field(description="ENABLED or DISABLED.")
    encryption: Annotated[TableEncryption | None, AwsName("EncryptionConfiguration")] = Field(
        None, description="Encryption of a new table. Default: as S3 chooses, SSE-S3."
    )
    role: RoleArn | None = Field(
        None, description="Role as which S3 reads annotations. Default: the one that is there, or none."
    )


class Metadata(ApiModel):
    """S3 Metadata tables (CreateBucketMetadataConfiguration). Secure default: none; they hold every key and its metadata."""

    whole = True
    invariants = (
        Rule(
            "has(self.journalTable) || (!has(self.inventoryTable) && !has(self.annotationTable))",
            lambda block: block.journal_table is not None or not (block.inventory_table or block.annotation_table),
            "the other tables build on the journal; declare journalTable too, which may be {}",
            "journalTable",
        ),
    )

    journal_table: Annotated[JournalTable | None, AwsName("JournalTableConfiguration")] = Field(
        None, description="The journal. {} has the defaults. Default: no tables at all."
    )
    inventory_table: Annotated[InventoryTable | None, AwsName("InventoryTableConfiguration")] = Field(
        None, description="The live inventory. Default: DISABLED."
    )
    annotation_table: Annotated[AnnotationTable | None, AwsName("AnnotationTableConfiguration")] = Field(
        None, description="The annotations. Default: DISABLED."
    )
