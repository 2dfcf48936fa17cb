"""Laws of events: whatever changes a document that a control reads is told under a name that is listened to."""

import re

import botocore.session
import pytest
from tests.laws.register import SUBJECTS
from tests.laws.worlds import AnyControl, calls_of, every_control

from securebucket.controls.event_names import NAMES, OF_CONTROLS, by_control

TOLD_AS = {api: told for subject in SUBJECTS.values() for api, told in subject.told_as.items()}
OPERATIONS = botocore.session.get_session().get_service_model("s3").operation_names


@every_control
def test_what_the_control_itself_calls_is_listened_to(control: AnyControl) -> None:
    """So is what others do with the same call."""
    assert {TOLD_AS.get(call.api, call.api) for call in calls_of(control)} <= set(control.written_by)


@every_control
def test_every_operation_on_the_document_is_listened_to(control: AnyControl) -> None:
    """S3's model has for a `Get…` of a document the `Put…` and `Delete…` of the same, and older names of both.

    For a `List…Configurations` it has those of one configuration.
    """
    document = re.sub("^(Get|List)", "", control.documents()[0])
    stem = re.sub("Configurations?$", "", document)
    writes = [each for each in OPERATIONS if re.fullmatch(f"(Put|Delete|Create|Update){stem}(Configuration)?", each)]
    assert writes
    assert {TOLD_AS.get(each, each) for each in writes} <= set(control.written_by)


def test_a_name_belongs_to_one_document() -> None:
    names = [name for told in OF_CONTROLS.values() for name in told]
    assert len(names) == len(set(names))


def test_all_of_them_are_writes() -> None:
    assert all(re.fullmatch("(Put|Delete|Create|Update|Tag|Untag)[A-Za-z]+", name) for name in NAMES)
    assert {"CreateBucket", "DeleteBucket", "PutAccountPublicAccessBlock"} < set(NAMES)


@pytest.mark.parametrize("control", OF_CONTROLS)
def test_no_control_is_without_a_name(control: str) -> None:
    assert OF_CONTROLS[control]
    assert by_control(()) == {}
