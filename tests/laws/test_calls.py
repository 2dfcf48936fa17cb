"""Laws of calls: S3's own model allows what is sent, all that S3 has can be sent, and nothing is deleted blindly."""

from collections import defaultdict
from typing import Any

import pytest
from tests.controls.builders import state_of
from tests.laws.aws_model import problems_of, settable, written
from tests.laws.register import TRIED
from tests.laws.worlds import AnyControl, calls_of, every_control, transitions

from securebucket.model.risk import Risk
from securebucket_dev.generate.mechanisms import CHAPTER

EVERY_REQUEST = {"Bucket", "ContentMD5", "ChecksumAlgorithm", "ExpectedBucketOwner", "RequestPayer"}
"""Members that any request may carry and the client itself fills in."""

NEVER_SENT = CHAPTER.left_out.members
"""What S3 takes and the product never sends, with the reason."""


@every_control
def test_every_call_fits_the_service_model(control: AnyControl) -> None:
    assert calls_of(control)
    assert [problem for call in calls_of(control) for problem in problems_of(call)] == []


@every_control
def test_a_difference_that_is_not_refused_leads_to_calls(control: AnyControl) -> None:
    for situation, observed, desired in transitions(control):
        if observed != desired and control.refuse(situation, observed, desired) is None:
            assert control.calls(situation, observed, desired)


@every_control
def test_the_same_change_leads_to_the_same_calls(control: AnyControl) -> None:
    for situation, observed, desired in transitions(control):
        if observed != desired:
            assert control.calls(situation, observed, desired) == control.calls(situation, observed, desired)


@every_control
def test_nothing_is_deleted_that_was_never_configured(control: AnyControl) -> None:
    for situation, observed, desired in transitions(control):
        if observed == state_of(control) != desired:
            calls = control.calls(situation, observed, desired)
            assert [call.operation for call in calls if call.operation.startswith("delete_")] == []


@every_control
def test_every_risk_is_named(control: AnyControl) -> None:
    for situation, observed, desired in transitions(control):
        assert control.risk(situation, observed, desired) in set(Risk)


def _operations() -> dict[str, set[str]]:
    sent: dict[str, set[str]] = defaultdict(set)
    for control in TRIED:
        for call in calls_of(control):
            sent[call.api] |= written(call)
    return sent


def _puts() -> list[Any]:
    return sorted(api for api in _operations() if api.startswith(("Put", "Create", "Update")))


@pytest.mark.parametrize("api", _puts())
def test_everything_that_s3_has_can_be_sent(api: str) -> None:
    """A new version of botocore that knows a new member fails here, and the control has to learn it."""
    left_out = set(NEVER_SENT.get(api, ())) | EVERY_REQUEST
    unknown = {
        path
        for path in settable(api) - _operations()[api]
        if not any(path == each or path.startswith(f"{each}.") for each in left_out)
    }
    assert unknown == set()


@pytest.mark.parametrize("api", sorted(NEVER_SENT))
def test_what_is_never_sent_is_never_sent(api: str) -> None:
    assert set(NEVER_SENT[api]) <= settable(api)
    assert set(NEVER_SENT[api]).isdisjoint(_operations()[api])
