"""Where reports are delivered to: what is asked about it, what is refused, and who is trusted."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, REGION, context, state_of
from tests.controls.builders import subject as subject_of

from securebucket.controls.analytics import AnalyticsControl
from securebucket.controls.configuration_list import ListState
from securebucket.controls.inventory import InventoryControl
from securebucket.controls.report_destinations import ReportingList
from securebucket.model.failure import Failure
from securebucket.model.surroundings import BucketQuery, BucketRegion, BucketRegionQuery, OtherBucket
from securebucket.model.verdict import Result, Verdict

INVENTORY, ANALYTICS = InventoryControl(), AnalyticsControl()
BOTH = pytest.mark.parametrize("control", [INVENTORY, ANALYTICS], ids=lambda each: each.name)
STRANGER = "444455556666"
QUERY = BucketQuery("acme-reports", ACCOUNT)
OWNER = BucketRegionQuery("acme-reports", ACCOUNT)
DENIED = Failure("AccessDenied", "it was denied.")
MISSING = Failure("BucketMissing", "there is none.")


def block(control: ReportingList, **target: Any) -> dict[str, Any]:
    """Declare one configuration that delivers."""
    destination = {"bucket": "acme-reports", **target}
    if control is ANALYTICS:
        entry: dict[str, Any] = {"storageClassAnalysis": {"dataExport": {"destination": destination}}}
    else:
        entry = {
            "destination": {"format": "CSV", **destination},
            "includedObjectVersions": "All",
            "schedule": {"frequency": "Daily"},
        }
    return {control.name: {"configurations": [{"id": "one", **entry}]}}


def there(control: ReportingList, **target: Any) -> ListState:
    """Give the state of a bucket with that configuration."""
    return control.desired(context(block(control, **target)), ListState())


def other(region: str = REGION) -> OtherBucket:
    return OtherBucket("acme-reports", region, object_lock=False, versioning="Enabled")


# before the write


@BOTH
@pytest.mark.parametrize(
    ("target", "queries"),
    [
        ({}, (QUERY,)),
        ({"bucket": "arn:aws:s3:::acme-reports"}, (QUERY,)),
        ({"accountId": ACCOUNT}, (QUERY,)),
        ({"accountId": STRANGER}, ()),
    ],
)
def test_a_destination_that_is_to_be_used_is_looked_at_where_it_is_ours(
    control: ReportingList, target: Any, queries: tuple[BucketQuery, ...]
) -> None:
    assert control.facts(context(block(control, **target)), ListState()) == queries


@BOTH
def test_what_is_there_already_is_not_asked_about_again(control: ReportingList) -> None:
    assert control.facts(context(block(control)), there(control)) == ()


@BOTH
@pytest.mark.parametrize("bucket", ["acme-reports", "arn:aws:s3:::acme-reports"])
def test_a_name_is_as_good_as_an_arn(control: ReportingList, bucket: str) -> None:
    assert there(control, bucket=bucket) == there(control)


def test_a_name_becomes_an_arn_of_the_buckets_partition() -> None:
    situation = context(block(INVENTORY), partition="aws-cn")
    (entry,) = INVENTORY.desired(situation, ListState()).configurations.values()
    assert entry["Destination"]["S3BucketDestination"]["Bucket"] == "arn:aws-cn:s3:::acme-reports"


@BOTH
@pytest.mark.parametrize(
    ("fact", "reason", "says"),
    [
        (other("eu-west-1"), "ReportDestinationInOtherRegion", f"lies in eu-west-1, the bucket in {REGION}"),
        (MISSING, "ReportDestinationMissing", "create it"),
        (DENIED, "ReportDestinationUnreadable", "set destination.accountId"),
    ],
)
def test_a_destination_that_s3_refuses_or_that_may_be_somebody_elses_is_refused(
    control: ReportingList, fact: Any, reason: str, says: str
) -> None:
    situation = context(block(control), facts={QUERY: fact})
    found = control.refuse(situation, ListState(), control.desired(situation, ListState()))
    assert found is not None
    assert found.reason == reason
    assert says in found.message
    assert f"configuration one of spec.{control.name}" in found.message


@BOTH
@pytest.mark.parametrize("fact", [other(), other("")])
def test_a_destination_that_can_take_the_reports_is_not(control: ReportingList, fact: Any) -> None:
    situation = context(block(control), facts={QUERY: fact})
    assert control.refuse(situation, ListState(), control.desired(situation, ListState())) is None


def test_a_missing_destination_may_come_and_is_tried_again() -> None:
    situation = context(block(INVENTORY), facts={QUERY: MISSING})
    found = INVENTORY.refuse(situation, ListState(), INVENTORY.desired(situation, ListState()))
    assert found is not None
    assert found.retry


# the checks


def verdict(control: ReportingList, state: ListState, facts: Mapping[Any, Any], *trusted: str) -> Verdict:
    (check,) = control.checks
    subject = replace(subject_of(observed={control.name: state}), facts=facts, trusted_accounts=frozenset(trusted))
    return check.judge(subject, state)


@BOTH
@pytest.mark.parametrize(
    ("target", "fact", "result", "says"),
    [
        ({"accountId": ACCOUNT}, None, Result.PASS, "one"),
        ({"accountId": STRANGER}, None, Result.FAIL, f"one delivers to acme-reports of account {STRANGER}"),
        ({}, BucketRegion(REGION), Result.PASS, "one"),
        ({}, MISSING, Result.FAIL, "anybody may create it"),
        ({}, DENIED, Result.UNKNOWN, "it was denied."),
        ({}, None, Result.UNKNOWN, "not asked for"),
    ],
)
def test_reports_go_to_trusted_accounts_only(
    control: ReportingList, target: Any, fact: Any, result: Result, says: str
) -> None:
    found = verdict(control, there(control, **target), {} if fact is None else {OWNER: fact})
    assert found.result is result
    assert says in found.because


@BOTH
def test_an_account_that_is_trusted_may_get_them(control: ReportingList) -> None:
    assert verdict(control, there(control, accountId=STRANGER), {}, STRANGER).result is Result.PASS


@BOTH
def test_without_reports_nobody_gets_any(control: ReportingList) -> None:
    assert verdict(control, ListState(), {}) == Verdict(Result.PASS, "no reports are delivered")


def test_a_disabled_inventory_delivers_none() -> None:
    spec = block(INVENTORY, accountId=STRANGER)
    spec["inventory"]["configurations"][0]["enabled"] = False
    state = INVENTORY.desired(context(spec), ListState())
    assert verdict(INVENTORY, state, {}).result is Result.PASS
    assert INVENTORY.facts(context(spec), ListState()) == ()


def test_an_inventory_that_does_not_say_that_it_is_disabled_delivers() -> None:
    entry = {"Id": "one", "Destination": {"S3BucketDestination": {"Bucket": "x", "AccountId": STRANGER}}}
    state = state_of(INVENTORY, {"InventoryConfigurationList": [entry], "IsTruncated": False})
    assert verdict(INVENTORY, state, {}).result is Result.FAIL


def test_an_analysis_that_stays_in_the_console_tells_nobody() -> None:
    spec = {"analytics": {"configurations": [{"id": "one"}]}}
    assert verdict(ANALYTICS, ANALYTICS.desired(context(spec), ListState()), {}).result is Result.PASS


@BOTH
@pytest.mark.parametrize(("target", "asked"), [({}, (OWNER,)), ({"accountId": ACCOUNT}, ())])
def test_only_a_destination_without_an_account_is_asked_about(
    control: ReportingList, target: Any, asked: tuple[BucketRegionQuery, ...]
) -> None:
    (check,) = control.checks
    assert check.asks(subject_of(observed={control.name: there(control, **target)})) == asked


@BOTH
def test_nothing_is_asked_where_the_list_could_not_be_read(control: ReportingList) -> None:
    (check,) = control.checks
    assert check.asks(subject_of(observed={control.name: DENIED})) == ()
