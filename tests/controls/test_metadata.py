"""The control of S3 Metadata: none unless declared, updated where S3 can, made anew where it cannot."""

from typing import Any

import pytest
from tests.controls.builders import context, first_read, state_of
from tests.laws.subjects.metadata import ROLE, a_journal, told

from securebucket.api.spec import SecureBucketSpec
from securebucket.controls.metadata import MetadataControl
from securebucket.controls.metadata_tables import ABSENT, MetadataState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.risk import Risk

CONTROL = MetadataControl()
KEEPING = MetadataState("aws", "DISABLED", 0, "DISABLED", "DISABLED")
EXPIRING = MetadataState("aws", "ENABLED", 30, "DISABLED", "DISABLED")
FULL = MetadataState("aws", "ENABLED", 365, "ENABLED", "ENABLED", ROLE)
OLDER = MetadataState("customer", "DISABLED", 0, "DISABLED", "DISABLED")
BROKEN = MetadataState("aws", "DISABLED", 0, "DISABLED", "DISABLED", errors={"journalTable": "its status is FAILED"})
JOURNAL: Any = {"journalTable": {}}


def expiring(days: int) -> Any:
    return {"journalTable": {"recordExpiration": {"expiration": "ENABLED", "days": days}}}


def on(table: str, **more: Any) -> Any:
    return {**JOURNAL, table: {"configurationState": "ENABLED", **more}}


def desired(block: Any, observed: MetadataState = ABSENT) -> MetadataState:
    return CONTROL.desired(context({"metadata": block}), observed)


def calls(block: Any, observed: MetadataState) -> tuple[Call, ...]:
    return CONTROL.calls(context({"metadata": block}), observed, desired(block, observed))


def test_a_bucket_without_configuration_has_no_tables() -> None:
    assert state_of(CONTROL) == ABSENT


def test_an_answer_without_a_configuration_comes_from_a_server_that_does_not_know_it() -> None:
    """Nothing is deleted there: it could take the DELETE for the bucket's."""
    assert first_read(CONTROL).required == "GetBucketMetadataConfigurationResult.MetadataConfigurationResult"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (told("aws", Journal=a_journal()), KEEPING),
        (told("aws", Journal=a_journal("ENABLED", Days=30)), EXPIRING),
        (told("aws", Journal=a_journal(Days=30)), KEEPING),
        (told("aws", Journal={**a_journal(), "TableStatus": "CREATING"}), KEEPING),
        (told("aws", Journal=a_journal(), Inventory={"ConfigurationState": "DISABLED"}), KEEPING),
        (told("aws", Journal=a_journal(), Annotation={"ConfigurationState": "DISABLED", "Role": ROLE}), KEEPING),
        (told("customer", Journal=a_journal()), OLDER),
        (told("aws", Journal={**a_journal(), "TableStatus": "FAILED"}), BROKEN),
    ],
)
def test_what_is_told_is_read(answer: Any, state: MetadataState) -> None:
    assert state_of(CONTROL, answer) == state


def test_why_a_table_fails_is_read() -> None:
    error = {"ErrorCode": "DestinationTableNotFound", "ErrorMessage": "The destination table doesn't exist."}
    state = state_of(CONTROL, told("aws", Journal={**a_journal(), "Error": error}))
    assert state.errors == {"journalTable": "DestinationTableNotFound: The destination table doesn't exist."}


@pytest.mark.parametrize(
    ("block", "state"),
    [
        ({}, ABSENT),
        (JOURNAL, KEEPING),
        (expiring(30), EXPIRING),
        ({**JOURNAL, "inventoryTable": {"configurationState": "DISABLED"}}, KEEPING),
        ({**JOURNAL, "annotationTable": {"configurationState": "DISABLED", "role": ROLE}}, KEEPING),
    ],
)
def test_what_is_declared_is_wanted(block: Any, state: MetadataState) -> None:
    assert desired(block) == state
    assert desired(block, FULL) == state


def test_a_role_that_is_not_declared_stays() -> None:
    assert desired(on("annotationTable"), FULL).annotation_role == ROLE
    assert desired(on("annotationTable")).annotation_role == ""


def test_a_configuration_is_made_with_its_encryption() -> None:
    encryption = {"sseAlgorithm": "AES256"}
    (call,) = calls(on("inventoryTable", encryption=encryption), ABSENT)
    assert call == Call(
        "create_bucket_metadata_configuration",
        {
            "MetadataConfiguration": {
                "JournalTableConfiguration": {"RecordExpiration": {"Expiration": "DISABLED"}},
                "InventoryTableConfiguration": {
                    "ConfigurationState": "ENABLED",
                    "EncryptionConfiguration": {"SseAlgorithm": "AES256"},
                },
            }
        },
    )


UPDATE = "update_bucket_metadata_{}_table_configuration"


@pytest.mark.parametrize(
    ("block", "observed", "table", "document"),
    [
        (expiring(7), KEEPING, "journal", {"RecordExpiration": {"Expiration": "ENABLED", "Days": 7}}),
        (JOURNAL, EXPIRING, "journal", {"RecordExpiration": {"Expiration": "DISABLED"}}),
        (on("inventoryTable"), KEEPING, "inventory", {"ConfigurationState": "ENABLED"}),
        (on("annotationTable"), KEEPING, "annotation", {"ConfigurationState": "ENABLED"}),
        (on("annotationTable", role=ROLE), KEEPING, "annotation", {"ConfigurationState": "ENABLED", "Role": ROLE}),
    ],
)
def test_a_table_that_differs_is_updated_alone(block: Any, observed: MetadataState, table: str, document: Any) -> None:
    (call,) = calls(block, observed)
    assert call == Call(UPDATE.format(table), {f"{table.capitalize()}TableConfiguration": document})


def test_tables_that_are_not_declared_any_more_are_switched_off() -> None:
    assert [call.operation for call in calls(expiring(365), FULL)] == [
        UPDATE.format(table) for table in ("inventory", "annotation")
    ]


def test_what_is_not_declared_is_deleted() -> None:
    assert calls({}, FULL) == calls({}, OLDER) == (Call("delete_bucket_metadata_configuration"),)


def test_a_configuration_of_the_older_kind_is_made_anew() -> None:
    """S3 updates none of that kind."""
    assert [call.operation for call in calls(JOURNAL, OLDER)] == [
        "delete_bucket_metadata_configuration",
        "create_bucket_metadata_configuration",
    ]


@pytest.mark.parametrize(
    ("origin", "spec", "observed", "risk"),
    [
        (Origin.ADOPTED, {}, FULL, Risk.LOCKOUT),
        (Origin.ADOPTED, {"metadata": {}}, FULL, Risk.NONE),
        (Origin.CREATED, {}, FULL, Risk.NONE),
        (Origin.ADOPTED, {"metadata": JOURNAL}, ABSENT, Risk.NONE),
        (Origin.CREATED, {"metadata": JOURNAL}, OLDER, Risk.DATA_LOSS),
        (Origin.CREATED, {"metadata": expiring(30)}, KEEPING, Risk.DATA_LOSS),
        (Origin.CREATED, {"metadata": expiring(7)}, EXPIRING, Risk.DATA_LOSS),
        (Origin.CREATED, {"metadata": expiring(31)}, EXPIRING, Risk.NONE),
        (Origin.CREATED, {"metadata": JOURNAL}, EXPIRING, Risk.NONE),
        (Origin.CREATED, {"metadata": JOURNAL}, FULL, Risk.NONE),
    ],
)
def test_what_cannot_be_had_again_waits(origin: Origin, spec: Any, observed: MetadataState, risk: Risk) -> None:
    """Records that expire, what happens between two configurations, and tables that people read."""
    situation = context(spec, origin=origin)
    assert CONTROL.risk(situation, observed, CONTROL.desired(situation, observed)) is risk


def test_while_a_table_fails_nothing_is_written_and_the_reason_is_told() -> None:
    failure = CONTROL.refuse(context({"metadata": JOURNAL}), BROKEN, desired(JOURNAL, BROKEN))
    assert failure is not None
    assert failure.reason == "MetadataTableFailed"
    assert "journalTable: its status is FAILED" in failure.message
    assert "declare it again" in failure.message


def test_what_fails_may_go() -> None:
    assert CONTROL.refuse(context(), BROKEN, ABSENT) is None


@pytest.mark.parametrize("found", [ABSENT, KEEPING, EXPIRING, FULL])
def test_what_is_there_can_be_declared(found: MetadataState) -> None:
    block = CONTROL.declaration(found)
    assert SecureBucketSpec.model_validate({"metadata": block})
    assert desired(block, found) == found


@pytest.mark.parametrize("found", [OLDER, BROKEN, MetadataState("aws", "ENABLED", 1, "DISABLED", "DISABLED")])
def test_what_no_new_configuration_can_have_cannot_be_declared(found: MetadataState) -> None:
    assert CONTROL.declaration(found) is None
