"""Reports of a namespace: what they name, what they only count, and when two of them are the same."""

import datetime as dt
from typing import Any

import pytest
from tests.engine.builders import NOW
from tests.status.builders import failed, judged, missing, outcome

from securebucket.compliance.catalogue import BY_ID
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.report.open_reports import (
    LONGEST_MESSAGE,
    MOST_RESULTS,
    ObjectResults,
    ReportKind,
    build_report,
    results_of,
    same_content,
)

KEY = ObjectKey("payments", "invoices")
OTHER = ObjectKey("payments", "receipts")
LATER = NOW + dt.timedelta(hours=1)


def made(*verdicts: Any, **options: Any) -> ObjectResults:
    found = results_of("acme-invoices", outcome(verdicts=verdicts, **options))
    assert found is not None
    return found


def report(
    *verdicts: Any, kind: ReportKind = ReportKind.OPEN_REPORTS, previous: Any = None, **options: Any
) -> dict[str, Any]:
    return build_report(kind, "payments", {KEY: made(*verdicts, **options)}, previous or {})


def test_a_failing_check_is_named_with_what_to_do() -> None:
    (result,) = report(judged("fail", "tls-required"))["results"]
    check = BY_ID["tls-required"].check
    assert result == {
        "source": "securebucket",
        "policy": "s3-bucket-security",
        "rule": "tls-required",
        "category": "S3 security",
        "severity": "medium",
        "result": "fail",
        "scored": True,
        "timestamp": {"seconds": int(NOW.timestamp()), "nanos": 0},
        "message": "it is so. Set it.",
        "resources": [
            {
                "apiVersion": "securebucket.io/v1alpha1",
                "kind": "SecureBucket",
                "namespace": "payments",
                "name": "invoices",
            }
        ],
        "properties": {
            "bucket": "acme-invoices",
            "title": check.title,
            "aws-fsbp-1.0.0": "S3.5",
            "cis-aws-3.0.0": "2.1.1",
            "cis-aws-5.0.0": "2.1.1",
            "cis-aws-7.0.0": "3.1.1",
            "nist-800-171-r2": "3.13.8, 3.13.15",
            "nist-800-53-r5": "AC-4, AC-17(2), IA-5(1), SC-7(4), SC-8, SC-8(1), SC-8(2), SC-12(3), SC-13, SC-23,"
            " SC-23(3), SI-7(6)",
            "pci-dss-4.0.1": "4.2.1",
        },
    }


@pytest.mark.parametrize(("result", "word", "scored"), [("fail", "fail", True), ("unknown", "error", True)])
def test_what_is_wrong_or_unknown_is_scored(result: str, word: str, scored: bool) -> None:
    (found,) = report(judged(result))["results"]
    assert (found["result"], found["scored"]) == (word, scored)


def test_an_accepted_failure_is_a_warning_that_is_not_scored() -> None:
    (found,) = report(judged("excepted"))["results"]
    assert (found["result"], found["scored"], found["message"]) == ("warn", False, "it is so")


def test_what_passes_or_does_not_apply_is_only_counted() -> None:
    found = report(judged("pass"), judged("pass", "tagged"), judged("notApplicable", "replicated"))
    assert found["results"] == []
    assert found["summary"] == {"pass": 2, "fail": 0, "warn": 0, "error": 0, "skip": 1}


def test_the_summary_counts_every_object() -> None:
    results = {KEY: made(judged("fail")), OTHER: made(judged("fail"), judged("excepted", "tagged"))}
    found = build_report(ReportKind.OPEN_REPORTS, "payments", results, {})
    assert found["summary"] == {"pass": 0, "fail": 2, "warn": 1, "error": 0, "skip": 0}


def test_what_fails_worst_comes_first() -> None:
    found = report(judged("excepted", "encrypted-by-default"), judged("fail", "tagged"), judged("fail", "tls-required"))
    assert [each["rule"] for each in found["results"]] == ["tls-required", "tagged", "encrypted-by-default"]


def test_a_report_stays_below_what_a_cluster_stores() -> None:
    """The rest is counted; `configuration.limits` says that there is a limit."""
    results = {
        ObjectKey("payments", f"bucket-{number:04}"): made(judged("fail"), judged("fail", "tagged"))
        for number in range(1000)
    }
    found = build_report(ReportKind.OPEN_REPORTS, "payments", results, {})
    assert len(found["results"]) == MOST_RESULTS
    assert found["summary"]["fail"] == 2000
    assert {each["rule"] for each in found["results"][:1000]} == {"tls-required"}
    assert found["configuration"]["limits"]["maxResults"] == MOST_RESULTS


def test_a_long_message_is_cut() -> None:
    (found,) = report(judged("fail", because="x" * 5000))["results"]
    assert len(found["message"]) == LONGEST_MESSAGE


@pytest.mark.parametrize(
    "ended", [failed(Failure("Throttled", "later", retry=True)), missing()], ids=["failed", "missing"]
)
def test_a_pass_that_did_not_reach_the_bucket_finds_nothing(ended: Outcome) -> None:
    assert results_of("acme-invoices", ended) is None


def test_a_result_that_stays_keeps_its_time() -> None:
    before = report(judged("fail"), judged("fail", "tagged"))
    after = report(judged("fail"), judged("unknown", "tagged"), previous=before, at=LATER)
    times = {each["rule"]: each["timestamp"]["seconds"] for each in after["results"]}
    assert times == {"tls-required": int(NOW.timestamp()), "tagged": int(LATER.timestamp())}


def test_a_report_about_nothing_new_is_the_same_whatever_others_add() -> None:
    before = report(judged("fail"))
    stored = {**before, "metadata": {**before["metadata"], "uid": "1", "annotations": {"a": "b"}}}
    assert same_content(report(judged("fail"), previous=stored, at=LATER), stored)
    assert not same_content(report(judged("pass"), previous=stored), stored)


def test_a_policy_report_has_no_fields_of_the_newer_kind() -> None:
    found = report(judged("fail"), kind=ReportKind.POLICY_REPORTS)
    assert (found["apiVersion"], found["kind"]) == ("wgpolicyk8s.io/v1alpha2", "PolicyReport")
    assert set(found) == {"apiVersion", "kind", "metadata", "summary", "results"}
