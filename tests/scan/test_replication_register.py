"""What is to be measured is read off each pass: rules that are applied, where the profile asks for it."""

from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, REGION, bucket
from tests.engine.builders import effective
from tests.status.builders import outcome

from securebucket.api.status import SecureBucketStatus
from securebucket.controls.replication import ReplicationState
from securebucket.engine.outcome import Evidence
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.replication_progress import CopyingRule
from securebucket.model.surroundings import BucketRegion, BucketRegionQuery
from securebucket.model.verdict import Subject
from securebucket.scan.replication_register import ReplicationRegister

KEY = ObjectKey("payments", "invoices")
COPY = {"Bucket": "arn:aws:s3:::acme-copy"}
MEASURED = {"Status": "Enabled", "Destination": {**COPY, "Metrics": {"Status": "Enabled"}}}
SEEN = {BucketRegionQuery("acme-copy", ACCOUNT): BucketRegion("eu-west-1")}


def take(register: ReplicationRegister, rules: Any, facts: Any = None, interval: str | None = "1h") -> None:
    """Take in a pass that saw these rules; the profile asks for their metrics so often, or not at all."""
    state = rules if isinstance(rules, Failure) else ReplicationState("role", rules)
    subject = Subject(bucket(), "Data", {"replication": state}, facts=facts if facts is not None else SEEN)
    block = {} if interval is None else {"replicationMetrics": {"interval": interval}}
    made = outcome(evidence=Evidence(subject, {}), effective=effective({}, block))
    register.observed(KEY, subject.bucket.name, made, SecureBucketStatus(), 0.1)


def rules_of(register: ReplicationRegister) -> list[CopyingRule]:
    return [each.rule for each in register.progress(KEY)]


@pytest.fixture
def register() -> ReplicationRegister:
    return ReplicationRegister()


def test_a_rule_with_metrics_is_measured_where_its_destination_lies(register: ReplicationRegister) -> None:
    take(register, {"all": MEASURED})
    assert rules_of(register) == [CopyingRule("all", "acme-copy", "eu-west-1", measured=True)]
    (copying,) = register.copying().values()
    assert (copying.bucket, copying.region, copying.interval) == (bucket().name, REGION, 3600.0)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"Status": "Enabled", "Destination": COPY}, [CopyingRule("all", "acme-copy", "eu-west-1", measured=False)]),
        ({**MEASURED, "Status": "Disabled"}, []),
    ],
)
def test_a_rule_without_metrics_is_told_and_one_that_is_off_is_not(
    register: ReplicationRegister, rule: Any, expected: list[CopyingRule]
) -> None:
    take(register, {"all": rule})
    assert rules_of(register) == expected


def test_a_destination_that_nobody_could_look_at_has_no_region(register: ReplicationRegister) -> None:
    take(register, {"all": MEASURED}, facts={})
    assert rules_of(register) == [CopyingRule("all", "acme-copy", "", measured=True)]


def test_nothing_is_measured_where_no_profile_asks(register: ReplicationRegister) -> None:
    take(register, {"all": MEASURED})
    take(register, {"all": MEASURED}, interval=None)
    assert register.copying() == {}


def test_a_pass_that_did_not_reach_the_bucket_changes_nothing(register: ReplicationRegister) -> None:
    take(register, {"all": MEASURED})
    register.observed(KEY, bucket().name, outcome(), SecureBucketStatus(), 0.1)
    assert len(rules_of(register)) == 1
