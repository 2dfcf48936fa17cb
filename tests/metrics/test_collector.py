"""The fleet's series: which there are, with which labels, who exports them, and when they end."""

from collections.abc import Mapping
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, Gauge
from tests.status.builders import control, failed, judged, missing, outcome, status_after

from securebucket.api.spec import Mode
from securebucket.api.status import SecureBucketStatus
from securebucket.engine.outcome import Outcome
from securebucket.metrics.collector import FleetCollector
from securebucket.metrics.fleet import Fleet, Sighting, sighting_of
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.verdict import Result

KEY, OTHER = ObjectKey("payments", "invoices"), ObjectKey("sales", "orders")
ME = {"namespace": "payments", "name": "invoices"}
LATER = Failure("Throttled", "busy", retry=True)
Labels = Mapping[str, str]


def series(fleet: Fleet, *, leading: bool = True) -> dict[str, list[tuple[Labels, float]]]:
    """Give every series as a scrape would."""
    found: dict[str, list[tuple[Labels, float]]] = {}
    for family in FleetCollector(fleet, lambda: leading).collect():
        for sample in family.samples:
            found.setdefault(sample.name, []).append((sample.labels, sample.value))
    return found


def seen(made: Outcome, before: Sighting | None = None, status: SecureBucketStatus | None = None) -> Sighting:
    return sighting_of(made, status_after(made, status), "acme-invoices", before)


def fleet_of(*made: Outcome) -> Fleet:
    """Give a fleet whose objects ended their last passes so."""
    fleet = Fleet()
    for key, each in zip((KEY, OTHER), made, strict=False):
        fleet.see(key, seen(each))
    return fleet


EVERYTHING = outcome(
    control("Drifted"),
    profile={"region": "eu-west-1"},
    verdicts=(judged("fail", "tls-required", "high"), judged("pass", "other")),
)


def test_names_labels_and_values_of_the_fleet() -> None:
    found = series(fleet_of(EVERYTHING))
    for name in ("securebucket_checks", "securebucket_compliance_score_ratio"):
        found[name] = [each for each in found[name] if each[0]["framework"] == "securebucket"]
    assert found == {
        "securebucket_info": [
            (
                {
                    **ME,
                    "bucket": "acme-invoices",
                    "account": "111122223333",
                    "region": "eu-central-1",
                    "profile": "standard",
                    "mode": "Enforce",
                },
                1.0,
            )
        ],
        "securebucket_ready": [(ME, 0.0)],
        "securebucket_in_sync": [(ME, 0.0)],
        "securebucket_compliant": [(ME, 0.0)],
        "securebucket_control_drifted": [({**ME, "control": "versioning"}, 1.0)],
        "securebucket_check_failing": [({**ME, "check": "tls-required", "severity": "high"}, 1.0)],
        "securebucket_checks": [
            ({"framework": "securebucket", "check": "other", "result": "pass"}, 1.0),
            ({"framework": "securebucket", "check": "tls-required", "result": "fail"}, 1.0),
        ],
        "securebucket_compliance_score_ratio": [({"framework": "securebucket"}, 0.5)],
        "securebucket_last_verified_timestamp_seconds": [(ME, 1780315200.0)],
        "securebucket_oldest_reading_timestamp_seconds": [(ME, 1780315200.0)],
    }


def test_everything_is_a_gauge_with_words_of_help() -> None:
    found = list(FleetCollector(fleet_of(EVERYTHING), lambda: True).collect())
    assert {each.type for each in found} == {"gauge"}
    assert all(each.documentation for each in found)


def test_registering_names_every_family_and_does_not_read_the_fleet() -> None:
    """A registry asks a collector without `describe` for a whole scrape."""
    collector = FleetCollector(fleet_of(EVERYTHING), lambda: True)
    described = list(collector.describe())
    assert [each.name for each in described] == [each.name for each in collector.collect()]
    assert [each for each in described if each.samples] == []


def test_no_other_collector_can_have_one_of_its_names() -> None:
    registry = CollectorRegistry()
    registry.register(FleetCollector(Fleet(), lambda: False))
    with pytest.raises(ValueError, match="securebucket_ready"):
        Gauge("securebucket_ready", "mine", registry=registry)


def test_only_the_leader_exports_the_fleet() -> None:
    assert series(fleet_of(EVERYTHING), leading=False) == {}


def test_all_series_of_an_object_end_with_it() -> None:
    fleet = fleet_of(EVERYTHING, EVERYTHING)
    fleet.drop(KEY)
    left = series(fleet)
    names = {labels["name"] for rows in left.values() for labels, _ in rows if "name" in labels}
    assert names == {"orders"}
    assert left["securebucket_checks"][0][1] == 1.0


def test_an_empty_fleet_has_no_series() -> None:
    assert series(Fleet()) == {}


def test_dropping_what_is_not_there_is_no_fault() -> None:
    fleet = Fleet()
    fleet.drop(KEY)
    assert fleet.get(KEY) is None


def test_a_later_pass_replaces_the_earlier() -> None:
    fleet = fleet_of(EVERYTHING)
    fleet.see(KEY, seen(outcome()))
    found = series(fleet)
    assert found["securebucket_ready"] == [(ME, 1.0)]
    assert "securebucket_control_drifted" not in found
    assert "securebucket_check_failing" not in found


# Conditions


@pytest.mark.parametrize(
    ("made", "name", "value"),
    [
        (outcome(), "securebucket_ready", 1.0),
        (outcome(control("Failed")), "securebucket_ready", 0.0),
        (outcome(control("Unknown", reason="R")), "securebucket_ready", None),
        (outcome(control("Unknown", reason="R")), "securebucket_in_sync", None),
        (outcome(verdicts=(judged("unknown"),)), "securebucket_compliant", None),
        (outcome(verdicts=(judged("fail", severity="low"),)), "securebucket_compliant", 1.0),
        (failed(LATER), "securebucket_ready", None),
        (failed(Failure("BucketGone", "m")), "securebucket_ready", 0.0),
    ],
)
def test_an_unknown_condition_has_no_series(made: Outcome, name: str, value: float | None) -> None:
    assert series(fleet_of(made)).get(name) == (None if value is None else [(ME, value)])


# Drift


@pytest.mark.parametrize(
    ("options", "drifted"),
    [
        ({"state": "InSync"}, False),
        ({"state": "Corrected"}, False),
        ({"state": "Drifted"}, True),
        ({"state": "Failed"}, True),
        ({"state": "Pending", "reason": "ApprovalRequired"}, True),
        ({"state": "Pending", "reason": "Settling"}, False),
        ({"state": "Unknown"}, False),
        ({"state": "Unmanaged"}, False),
    ],
)
def test_what_drifts_now(options: dict[str, Any], drifted: bool) -> None:
    assert ("securebucket_control_drifted" in series(fleet_of(outcome(control(**options))))) is drifted


# Exceptions


def test_an_excepted_check_does_not_fail() -> None:
    made = outcome(verdicts=(judged("excepted", "a"), judged("fail", "b")))
    assert [labels["check"] for labels, _ in series(fleet_of(made))["securebucket_check_failing"]] == ["b"]


def test_only_failing_checks_have_series_of_an_object() -> None:
    made = outcome(verdicts=tuple(judged(each, each) for each in Result if each is not Result.FAIL))
    assert "securebucket_check_failing" not in series(fleet_of(made))


# What records share


def test_objects_in_the_same_state_share_their_verdicts_and_conditions() -> None:
    """Ten thousand objects have a few dozen different sets between them; a copy for each would double the memory."""
    first, second = (seen(outcome(verdicts=(judged("fail", "a"), judged("pass", "b")))) for _ in range(2))
    assert first.verdicts is second.verdicts
    assert first.conditions is second.conditions


# An outage


@pytest.mark.parametrize("made", [failed(LATER), missing()])
def test_what_was_not_reached_stays_as_it_was_seen(made: Outcome) -> None:
    before = seen(EVERYTHING)
    after = seen(made, before, status_after(EVERYTHING))
    assert (after.drifted, after.verdicts, after.verified_at) == (before.drifted, before.verdicts, before.verified_at)
    assert (after.account, after.region) == ("111122223333", "eu-central-1")


def test_after_a_restart_the_status_tells_what_drifts() -> None:
    after = seen(failed(LATER), None, status_after(outcome(control("Drifted"))))
    assert (after.drifted, after.verdicts, after.verified_at) == (("versioning",), (), 0.0)


def test_what_was_never_verified_has_no_time() -> None:
    """0 would be 1970, and every alert on stale verification would fire."""
    assert "securebucket_last_verified_timestamp_seconds" not in series(fleet_of(failed(LATER)))


def test_a_pass_that_rests_on_an_earlier_reading_says_how_old_that_is() -> None:
    made = seen(outcome(oldest=3600.0))
    assert made.verified_at - made.oldest_reading == 3600.0
    assert seen(failed(LATER), made).oldest_reading == made.oldest_reading


def test_info_has_the_mode_in_force() -> None:
    labels, _ = series(fleet_of(outcome(mode=Mode.OBSERVE)))["securebucket_info"][0]
    assert labels["mode"] == "Observe"


def test_no_label_holds_a_principal_an_address_or_a_secret() -> None:
    profile = {
        "assumeRole": {"arn": "arn:aws:iam::111122223333:role/hidden", "externalId": "hidden"},
        "endpoint": {"url": "https://hidden.example.com"},
    }
    made = outcome(
        control("Failed", reason="AccessDenied", message="hidden", kept=("hidden",)),
        profile=profile,
        verdicts=(judged("fail", because="hidden"),),
    )
    labels = [labels for rows in series(fleet_of(made)).values() for labels, _ in rows]
    assert [each for each in labels if "hidden" in str(each) or "arn:" in str(each)] == []
