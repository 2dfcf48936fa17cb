import datetime as dt
from typing import Any

import pytest

from securebucket.controls.lifecycle_rules import canonical_rule, deletes_more, write_rule

MIDNIGHT = dt.datetime(2030, 1, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("answered", "canonical"),
    [
        pytest.param({"Expiration": {"Date": MIDNIGHT}}, {"Expiration": {"Date": "2030-01-02"}}, id="date"),
        pytest.param(
            {"Expiration": {"Date": MIDNIGHT.astimezone(dt.timezone(dt.timedelta(hours=-5)))}},
            {"Expiration": {"Date": "2030-01-02"}},
            id="midnight UTC said in another zone",
        ),
        pytest.param(
            {"Expiration": {"Days": 3, "ExpiredObjectDeleteMarker": False}},
            {"Expiration": {"Days": 3}},
            id="false marker",
        ),
        pytest.param(
            {"Expiration": {"Days": 0, "ExpiredObjectDeleteMarker": True}},
            {"Expiration": {"ExpiredObjectDeleteMarker": True}},
            id="zero days of expiry",
        ),
        pytest.param(
            {"Expiration": {"ExpiredObjectDeleteMarker": False}},
            {"Expiration": {"ExpiredObjectDeleteMarker": False}},
            id="false marker alone is all there is to put back",
        ),
        pytest.param(
            {"Expiration": {"ExpiredObjectDeleteMarker": False}, "NoncurrentVersionExpiration": {"NoncurrentDays": 4}},
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 4}},
            id="false marker beside another action",
        ),
        pytest.param(
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 4, "NewerNoncurrentVersions": 0}},
            {"NoncurrentVersionExpiration": {"NoncurrentDays": 4}},
            id="no newer versions",
        ),
        pytest.param(
            {
                "Transitions": [
                    {"Days": 90, "StorageClass": "GLACIER"},
                    {"Days": 30, "StorageClass": "STANDARD_IA"},
                ]
            },
            {
                "Transitions": [
                    {"Days": 30, "StorageClass": "STANDARD_IA"},
                    {"Days": 90, "StorageClass": "GLACIER"},
                ]
            },
            id="transitions in any order",
        ),
        pytest.param(
            {"Transitions": [{"StorageClass": "INTELLIGENT_TIERING"}]},
            {"Transitions": [{"StorageClass": "INTELLIGENT_TIERING", "Days": 0}]},
            id="transition without days is at once",
        ),
        pytest.param(
            {"Transitions": [{"Date": MIDNIGHT, "Days": 0, "StorageClass": "GLACIER"}]},
            {"Transitions": [{"Date": "2030-01-02", "StorageClass": "GLACIER"}]},
            id="transition on a date",
        ),
        pytest.param(
            {"NoncurrentVersionTransitions": [{"StorageClass": "GLACIER", "NewerNoncurrentVersions": 2}]},
            {
                "NoncurrentVersionTransitions": [
                    {"StorageClass": "GLACIER", "NewerNoncurrentVersions": 2, "NoncurrentDays": 0}
                ]
            },
            id="noncurrent transition",
        ),
        pytest.param(
            {"Transitions": [], "Expiration": {"Days": 3}}, {"Expiration": {"Days": 3}}, id="empty list of transitions"
        ),
        pytest.param({"FutureAction": {"Days": 3}}, {"FutureAction": {"Days": 3}}, id="an action not known here"),
    ],
)
def test_one_meaning_of_an_action_has_one_form(answered: dict[str, Any], canonical: dict[str, Any]) -> None:
    rule = {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": ""}}
    assert canonical_rule(rule | answered) == {"Status": "Enabled", "Filter": {}} | canonical


def test_a_rule_is_written_with_its_id_its_filter_and_dates_at_midnight_utc() -> None:
    """S3 refuses a top-level `Prefix` beside rules with filters, so none is ever written."""
    rule = {"Status": "Enabled", "Prefix": "x/", "Expiration": {"Date": MIDNIGHT}}
    assert write_rule("a", canonical_rule(rule)) == {
        "ID": "a",
        "Status": "Enabled",
        "Filter": {"Prefix": "x/"},
        "Expiration": {"Date": MIDNIGHT},
    }


def action(**members: Any) -> dict[str, Any]:
    return {"Status": "Enabled", "Filter": {}, **members}


OFF: dict[str, Any] = {"Status": "Disabled"}
ABORT = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
DAYS_10, DAYS_30 = action(Expiration={"Days": 10}), action(Expiration={"Days": 30})
DATE = action(Expiration={"Date": "2030-01-02"})
OLD_10 = action(NoncurrentVersionExpiration={"NoncurrentDays": 10, "NewerNoncurrentVersions": 5})
OLD_9 = action(NoncurrentVersionExpiration={"NoncurrentDays": 9, "NewerNoncurrentVersions": 5})
OLD_20 = action(NoncurrentVersionExpiration={"NoncurrentDays": 20, "NewerNoncurrentVersions": 6})
OLD_ALL = action(NoncurrentVersionExpiration={"NoncurrentDays": 10})
PREFIXED = DAYS_10 | {"Filter": {"Prefix": "x/"}}


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        pytest.param(OFF, action(**ABORT), False, id="unfinished uploads are no data"),
        pytest.param(OFF, action(Expiration={"ExpiredObjectDeleteMarker": True}), False, id="only markers go"),
        pytest.param(OFF, action(Transitions=[{"Days": 0, "StorageClass": "GLACIER"}]), False, id="objects only move"),
        pytest.param(DAYS_10, DAYS_10 | OFF, False, id="disabled"),
        pytest.param(DAYS_10 | OFF, DAYS_10, True, id="enabled"),
        pytest.param(action(**ABORT), DAYS_30, True, id="an expiration is added"),
        pytest.param(action(**ABORT), OLD_10, True, id="a noncurrent expiration is added"),
        pytest.param(DAYS_10, DAYS_10, False, id="the same"),
        pytest.param(DAYS_30, DAYS_10, True, id="sooner"),
        pytest.param(DAYS_10, DAYS_30, False, id="later"),
        pytest.param(DAYS_30, DATE, True, id="days become a date"),
        pytest.param(DATE, DAYS_30, True, id="a date becomes days"),
        pytest.param(DATE, action(Expiration={"Date": "2029-12-31"}), True, id="an earlier date"),
        pytest.param(DATE, action(Expiration={"Date": "2030-02-01"}), False, id="a later date"),
        pytest.param(DAYS_10, DAYS_10 | OLD_10, True, id="noncurrent versions too"),
        pytest.param(DAYS_10 | OLD_10, DAYS_10, False, id="noncurrent versions no longer"),
        pytest.param(OLD_10, OLD_10 | ABORT, False, id="unfinished uploads too"),
        pytest.param(OLD_10, OLD_9, True, id="noncurrent versions sooner"),
        pytest.param(OLD_10, OLD_ALL, True, id="no newer versions are kept"),
        pytest.param(OLD_10, OLD_20, False, id="more versions are kept for longer"),
        pytest.param(PREFIXED, DAYS_10, True, id="for more objects"),
        pytest.param(DAYS_10, PREFIXED, False, id="for fewer objects"),
    ],
)
def test_deletes_more_tells_whether_versions_go_that_stayed_or_go_sooner(
    before: dict[str, Any], after: dict[str, Any], more: bool
) -> None:
    assert deletes_more(before, after) is more
