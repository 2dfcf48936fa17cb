"""OCSF events and ASFF findings, held against the schemas of those who read them."""

import datetime as dt
from typing import Any

import botocore.session
import pytest
from botocore.validate import validate_parameters
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from py_ocsf_models.objects.cloud import Cloud
from tests.report.reports import ACCOUNT, NOW, answers_of, audited, hostile_report, observation, small_report

from securebucket.report import asff as asff_form
from securebucket.report import ocsf as ocsf_form
from securebucket.report.asff import LONGEST
from securebucket.report.assembly import assemble
from securebucket.report.audit_report import AuditReport
from securebucket.report.recorded_report import recorded

REPORTS = {"small": small_report, "hostile": hostile_report}
every_report = pytest.mark.parametrize("report", [make() for make in REPORTS.values()], ids=list(REPORTS))


def ocsf_events(report: AuditReport) -> list[dict[str, Any]]:
    return list(ocsf_form.ocsf_events(recorded(report)))


def asff_findings(report: AuditReport) -> list[dict[str, Any]]:
    return list(asff_form.asff_findings(recorded(report)))


def event(bucket: str, check: str) -> dict[str, Any]:
    arn = f"arn:aws:s3:::{bucket}"
    (found,) = [each for each in ocsf_events(small_report()) if each["finding_info"]["uid"] == f"{arn}/{check}"]
    return found


def asff(bucket: str, check: str) -> dict[str, Any]:
    identity = f"arn:aws:s3:::{bucket}/securebucket/{check}"
    (found,) = [each for each in asff_findings(small_report()) if each["Id"] == identity]
    return found


# OCSF


@every_report
def test_events_are_what_the_class_says(report: AuditReport) -> None:
    for each in ocsf_events(report):
        ComplianceFinding.model_validate(each)
        Cloud.model_validate(each["cloud"])
        assert each["type_uid"] == each["class_uid"] * 100 + each["activity_id"] == 200301


def test_no_field_of_an_event_is_one_that_the_class_does_not_have() -> None:
    """The model passes over what it does not know, and has no `cloud`, which the profile of that name brings."""
    known = set(ComplianceFinding.model_fields) | {"cloud"}
    parts = {"compliance": "compliance", "finding_info": "finding_info", "metadata": "metadata"}
    for each in ocsf_events(small_report()):
        assert set(each) <= known
        for name in parts:
            model: Any = ComplianceFinding.model_fields[name].annotation
            beyond = {"status", "status_details"} if name == "compliance" else set()  # both are in 1.5.0
            assert set(each[name]) <= set(model.model_fields) | beyond


@pytest.mark.parametrize(
    ("bucket", "check", "compliance", "status", "severity"),
    [
        ("acme-invoices", "tls-required", 1, "New", 3),
        ("acme-loose", "tls-required", 3, "New", 3),
        ("acme-loose", "public-access-blocked", 3, "New", 4),
        ("acme-half-read", "tls-required", 0, "New", 3),
        ("acme-partner", "cross-account-access-restricted", 3, "Suppressed", 3),
        ("acme-gone", "versioning-enabled", 0, "New", 2),
        ("acme-loose", "versions-have-lifecycle", 99, "New", 3),
    ],
)
def test_results_in_ocsf(bucket: str, check: str, compliance: int, status: str, severity: int) -> None:
    found = event(bucket, check)
    assert (found["compliance"]["status_id"], found["status"], found["severity_id"]) == (compliance, status, severity)


def test_an_event_names_the_requirements() -> None:
    compliance = event("acme-loose", "tls-required")["compliance"]
    assert compliance["control"] == "tls-required"
    assert "aws-fsbp-1.0.0 S3.5" in compliance["requirements"]
    assert "AWS Foundational Security Best Practices 1.0.0" in compliance["standards"]


def test_an_accepted_failure_says_who_and_until_when() -> None:
    found = event("acme-partner", "cross-account-access-restricted")
    assert found["comment"] == "Accepted by security@example.com until 2026-12-25: Terms with the partner"


def test_the_time_is_that_of_the_reading() -> None:
    read_at = NOW - dt.timedelta(minutes=12)
    assert event("acme-invoices", "tls-required")["time"] == int(read_at.timestamp() * 1000)


# ASFF


def test_findings_are_what_security_hub_takes() -> None:
    model = botocore.session.get_session().get_service_model("securityhub")
    shape = model.operation_model("BatchImportFindings").input_shape
    findings = asff_findings(small_report())
    for start in range(0, len(findings), 100):
        validate_parameters({"Findings": findings[start : start + 100]}, shape)


@every_report
def test_no_text_is_longer_than_the_format_allows(report: AuditReport) -> None:
    at_home = report.model_copy(
        update={
            "buckets": tuple(
                each.model_copy(
                    update={
                        "observation": each.observation.model_copy(
                            update={"bucket": each.observation.bucket.model_copy(update={"account_id": ACCOUNT})}
                        ),
                        "verdicts": tuple(
                            verdict.model_copy(update={"because": "long " * 500}) for verdict in each.verdicts
                        ),
                    }
                )
                for each in report.buckets
            )
        }
    )
    for each in asff_findings(at_home):
        assert len(each["Title"]) <= LONGEST["Title"]
        assert len(each["Description"]) <= LONGEST["Description"]
        assert len(each["Remediation"]["Recommendation"]["Text"]) <= LONGEST["Text"]
        assert len(each.get("Note", {"Text": ""})["Text"]) <= LONGEST["Text"]
        assert len(each["Compliance"].get("RelatedRequirements", [])) <= 32


@pytest.mark.parametrize(
    ("bucket", "check", "status", "workflow", "label"),
    [
        ("acme-invoices", "tls-required", "PASSED", "RESOLVED", "INFORMATIONAL"),
        ("acme-loose", "public-access-blocked", "FAILED", "NEW", "HIGH"),
        ("acme-half-read", "tls-required", "WARNING", "NEW", "MEDIUM"),
        ("acme-partner", "cross-account-access-restricted", "FAILED", "SUPPRESSED", "MEDIUM"),
        ("acme-loose", "versions-have-lifecycle", "NOT_AVAILABLE", "RESOLVED", "INFORMATIONAL"),
    ],
)
def test_results_in_asff(bucket: str, check: str, status: str, workflow: str, label: str) -> None:
    found = asff(bucket, check)
    assert (found["Compliance"]["Status"], found["Workflow"]["Status"]) == (status, workflow)
    assert found["Severity"]["Label"] == label


def test_a_finding_keeps_its_id_from_report_to_report() -> None:
    later = small_report().model_copy(update={"generated_at": NOW + dt.timedelta(days=1)})
    assert [each["Id"] for each in asff_findings(later)] == [each["Id"] for each in asff_findings(small_report())]


def test_ids_are_unique() -> None:
    ids = [each["Id"] for each in asff_findings(small_report())]
    assert len(set(ids)) == len(ids)


def test_a_bucket_without_an_account_is_left_out_and_counted() -> None:
    elsewhere = audited(observation("acme-ceph", answers_of("acme-ceph"), account=""))
    report = assemble(generated_at=NOW, scope="a store of another kind", buckets=[elsewhere])
    assert (asff_findings(report), asff_form.outside_aws(recorded(report))) == ([], 1)
