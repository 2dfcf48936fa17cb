"""Checks added up over the fleet: for the catalogue, for every standard, and what part of them passes."""

from prometheus_client.metrics_core import Metric
from tests.metrics.sightings import sighting

from securebucket.compliance.catalogue import BY_ID
from securebucket.compliance.framework import standards
from securebucket.metrics.aggregates import aggregates
from securebucket.metrics.fleet import Sighting
from securebucket.model.verdict import Result

IDS = sorted(BY_ID)
STANDARDS = {framework.id: framework for framework in standards()}


def seen(**results: str) -> Sighting:
    """Give a bucket with these results; an id is written with `_`."""
    return sighting(verdicts=tuple((check.replace("_", "-"), "high", result) for check, result in results.items()))


def families(*sightings: Sighting) -> tuple[Metric, Metric]:
    checks, scores = aggregates(sightings)
    return checks, scores


def counts(*sightings: Sighting, framework: str = "securebucket") -> dict[tuple[str, str], float]:
    """Give a framework's counts by check and result."""
    checks, _ = families(*sightings)
    return {
        (each.labels["check"], each.labels["result"]): each.value
        for each in checks.samples
        if each.labels["framework"] == framework
    }


def scores(*sightings: Sighting) -> dict[str, float]:
    """Give the score of every framework that has one."""
    return {each.labels["framework"]: each.value for each in families(*sightings)[1].samples}


def test_buckets_are_counted_by_check_and_result() -> None:
    fleet = (seen(a="pass", b="fail"), seen(a="fail", b="fail"), seen(a="pass", b="fail"))
    assert counts(*fleet) == {("a", "pass"): 2.0, ("a", "fail"): 1.0, ("b", "fail"): 3.0}


def test_every_result_is_told_by_its_name() -> None:
    told = {result for (_, result) in counts(sighting(verdicts=tuple(("a", "low", each.value) for each in Result)))}
    assert told == {"pass", "fail", "excepted", "notApplicable", "unknown"}


def test_a_standard_has_exactly_its_own_checks() -> None:
    everything = sighting(verdicts=tuple((check, "high", "pass") for check in IDS))
    checks, _ = families(everything)
    found: dict[str, set[str]] = {}
    for each in checks.samples:
        found.setdefault(each.labels["framework"], set()).add(each.labels["check"])
    assert found == {"securebucket": set(IDS)} | {name: set(each.checks) for name, each in STANDARDS.items()}
    assert {"aws-fsbp-1.0.0", "cis-aws-5.0.0"} <= set(found)


def test_scanners_are_no_standards() -> None:
    """A scanner is a cross-reference: nobody complies with it."""
    assert {"prowler", "checkov"}.isdisjoint(scores(seen(tls_required="pass")))


def test_every_framework_has_the_score_of_its_own_checks() -> None:
    """S3.8 asks for blocked public access in FSBP; tags are asked for by nobody but us."""
    found = scores(seen(public_access_blocked="pass", tagged="fail"))
    assert found["securebucket"] == 0.5
    assert found["aws-fsbp-1.0.0"] == 1.0


def test_what_is_excepted_not_applicable_or_unknown_counts_neither_way() -> None:
    assert scores(seen(a="pass", b="fail", c="excepted", d="notApplicable", e="unknown", f="pass", g="pass")) == {
        "securebucket": 0.75
    }


def test_unknown_is_no_score() -> None:
    assert scores(*(sighting(verdicts=((check, "high", "unknown"),)) for check in IDS)) == {}


def test_all_passed_is_one_and_all_failed_is_nothing() -> None:
    assert scores(seen(a="pass")) == {"securebucket": 1.0}
    assert scores(seen(a="fail")) == {"securebucket": 0.0}


def test_without_buckets_there_is_nothing_to_tell() -> None:
    assert counts() == {}
    assert scores() == {}
