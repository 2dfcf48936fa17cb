"""Metadata tables: what S3 tells of them, and how they are made and updated.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_MetadataConfigurationResult.html
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.api.base import aws_document
from securebucket.api.metadata import Metadata
from securebucket.model.call import Call

ENABLED, DISABLED = "ENABLED", "DISABLED"
IN_AWS_TABLE_BUCKET = "aws"
"""Where configurations of today's kind (V2) keep their tables; the older kind has a table bucket of the customer's."""
KINDS = ("Journal", "Inventory", "Annotation")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MetadataState:
    """The metadata configuration; all empty where there is none. S3 does not tell how the tables are encrypted.

    Args:
        table_bucket_type: `aws` (V2) or `customer` (V1, made before July 2025).
        record_expiration: of the journal, `ENABLED` or `DISABLED`.
        days: until a record of the journal expires; 0 where none does.
        inventory_table: `ENABLED` or `DISABLED`.
        annotation_table: `ENABLED` or `DISABLED`.
        annotation_role: ARN of the role that reads annotations; empty while that table is off.
        errors: why S3 cannot make or fill a table, by its name in the spec.
    """

    table_bucket_type: str = ""
    record_expiration: str = ""
    days: int = 0
    inventory_table: str = ""
    annotation_table: str = ""
    annotation_role: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


ABSENT = MetadataState()


def read_state(found: Document) -> MetadataState:
    """Read a `MetadataConfigurationResult`; whether a table is still being made says nothing of what is configured."""
    tables = {kind: found.get(f"{kind}TableConfigurationResult") or {} for kind in KINDS}
    expiration = tables["Journal"].get("RecordExpiration") or {}
    expires = expiration.get("Expiration") or DISABLED
    annotated = tables["Annotation"].get("ConfigurationState") or DISABLED
    return MetadataState(
        table_bucket_type=found["DestinationResult"]["TableBucketType"],
        record_expiration=expires,
        days=(expiration.get("Days") or 0) if expires != DISABLED else 0,
        inventory_table=tables["Inventory"].get("ConfigurationState") or DISABLED,
        annotation_table=annotated,
        annotation_role=(tables["Annotation"].get("Role") or "") if annotated != DISABLED else "",
        errors={
            f"{kind.lower()}Table": _trouble(table)
            for kind, table in tables.items()
            if table.get("TableStatus") == "FAILED" or table.get("Error")
        },
    )


def declared_state(block: Metadata, observed: MetadataState) -> MetadataState:
    """Give the state that a block declares; a role that it does not name stays as it is."""
    if block.journal_table is None:
        return ABSENT
    expiration, inventory, annotation = (
        block.journal_table.record_expiration,
        block.inventory_table,
        block.annotation_table,
    )
    annotated = annotation is not None and annotation.configuration_state == ENABLED
    named = annotation.role if annotation is not None else None
    return MetadataState(
        table_bucket_type=IN_AWS_TABLE_BUCKET,
        record_expiration=expiration.expiration,
        days=expiration.days or 0,
        inventory_table=inventory.configuration_state if inventory is not None else DISABLED,
        annotation_table=ENABLED if annotated else DISABLED,
        annotation_role=(named or observed.annotation_role) if annotated else "",
    )


def creation(block: Metadata, desired: MetadataState) -> Call:
    """Make the call that makes the configuration, with how its tables are to be encrypted."""
    document = aws_document(block)
    if desired.annotation_role:
        document["AnnotationTableConfiguration"]["Role"] = desired.annotation_role
    return Call("create_bucket_metadata_configuration", {"MetadataConfiguration": document})


def updates(block: Metadata, observed: MetadataState, desired: MetadataState) -> Iterator[Call]:
    """Make a call for each table that differs; a table that begins is encrypted as declared."""
    document = aws_document(block)
    if (observed.record_expiration, observed.days) != (desired.record_expiration, desired.days):
        journal = document["JournalTableConfiguration"]
        told = {"JournalTableConfiguration": {"RecordExpiration": journal["RecordExpiration"]}}
        yield Call("update_bucket_metadata_journal_table_configuration", told)
    if observed.inventory_table != desired.inventory_table:
        told = {"InventoryTableConfiguration": _switched(document, "Inventory", desired.inventory_table)}
        yield Call("update_bucket_metadata_inventory_table_configuration", told)
    if (observed.annotation_table, observed.annotation_role) != (desired.annotation_table, desired.annotation_role):
        role = {"Role": desired.annotation_role} if desired.annotation_role else {}
        annotation = _switched(document, "Annotation", desired.annotation_table) | role
        yield Call(
            "update_bucket_metadata_annotation_table_configuration", {"AnnotationTableConfiguration": annotation}
        )


def expires_sooner(observed: MetadataState, desired: MetadataState) -> bool:
    """Tell whether records of the journal go that would have stayed."""
    if desired.record_expiration != ENABLED:
        return False
    return observed.record_expiration != ENABLED or desired.days < observed.days


def _switched(document: Document, kind: str, state: str) -> dict[str, Any]:
    if state != ENABLED:
        return {"ConfigurationState": DISABLED}
    declared = document[f"{kind}TableConfiguration"]
    return {name: value for name, value in declared.items() if name != "Role"}


def _trouble(table: Document) -> str:
    error = table.get("Error") or {}
    told = [error[name] for name in ("ErrorCode", "ErrorMessage") if error.get(name)]
    return ": ".join(told) or "its status is FAILED"
