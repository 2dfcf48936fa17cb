"""The report as OCSF events of class Compliance Finding, one a subject and check. Pure.

https://schema.ocsf.io/1.5.0/classes/compliance_finding
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.model.verdict import Result, Severity
from securebucket.report.audit_report import AuditReport
from securebucket.report.findings import Finding, ReportIndex
from securebucket.report.recorded_report import RecordedReport

VERSION = "1.5.0"
CLASS, CATEGORY, CREATE = 2003, 2, 1
NEW, SUPPRESSED = (1, "New"), (3, "Suppressed")
SEVERITIES: Mapping[Severity, tuple[int, str]] = {
    Severity.CRITICAL: (5, "Critical"),
    Severity.HIGH: (4, "High"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.LOW: (2, "Low"),
}
STATUSES: Mapping[Result, tuple[int, str]] = {
    Result.PASS: (1, "Pass"),
    Result.FAIL: (3, "Fail"),
    Result.EXCEPTED: (3, "Fail"),
    Result.UNKNOWN: (0, "Unknown"),
    Result.NOT_APPLICABLE: (99, "Not applicable"),
}
"""An accepted failure is a failure, with an event that is suppressed."""
AWS_ACCOUNT = (10, "AWS Account")


def ocsf_events(report: RecordedReport) -> Iterator[dict[str, Any]]:
    """Write the events, one by one, in the report's order."""
    return (_event(report.head, each) for each in ReportIndex(report).findings())


def _event(report: AuditReport, finding: Finding) -> dict[str, Any]:
    check, verdict = finding.check, finding.verdict
    moment = _milliseconds(dt.datetime.fromisoformat(finding.read_at))
    status_id, status = SUPPRESSED if verdict.result is Result.EXCEPTED else NEW
    severity_id, severity = SEVERITIES[check.severity]
    event: dict[str, Any] = {
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Compliance Finding",
        "type_uid": CLASS * 100 + CREATE,
        "type_name": "Compliance Finding: Create",
        "time": moment,
        "time_dt": finding.read_at,
        "severity_id": severity_id,
        "severity": severity,
        "status_id": status_id,
        "status": status,
        "status_code": verdict.result.value,
        "status_detail": verdict.because,
        "message": f"{check.title}: {verdict.because}",
        "metadata": {
            "version": VERSION,
            "profiles": ["cloud", "datetime"],
            "event_code": check.id,
            "logged_time": _milliseconds(report.generated_at),
            "product": {
                "name": "SecureBucket",
                "vendor_name": "SecureBucket",
                "version": report.generator.rpartition(" ")[2],
                "feature": {"name": "catalogue of checks", "version": report.catalogue},
            },
        },
        "finding_info": {
            "uid": f"{finding.arn}/{check.id}",
            "title": check.title,
            "desc": check.rationale,
            "types": ["Compliance"],
        },
        "compliance": _compliance(finding),
        "remediation": {"desc": check.remediation, "references": check.references},
        "resources": [_resource(finding)],
        "cloud": _cloud(finding),
    }
    if verdict.exception:
        event["comment"] = _accepted(finding)
    return event


def _compliance(finding: Finding) -> dict[str, Any]:
    status_id, status = STATUSES[finding.verdict.result]
    return {
        "control": finding.check.id,
        "desc": finding.check.title,
        "standards": finding.requirements.standards,
        "requirements": finding.requirements.names,
        "status_id": status_id,
        "status": status,
        "status_details": [finding.verdict.because],
    }


def _resource(finding: Finding) -> dict[str, Any]:
    place = finding.bucket
    resource: dict[str, Any] = {
        "uid": finding.arn,
        "name": place.name or place.account_id,
        "type": "AwsAccount" if finding.of_account else "AwsS3Bucket",
        "cloud_partition": place.partition,
    }
    if place.region:
        resource["region"] = place.region
    if finding.declaration:
        resource["namespace"] = finding.declaration.namespace
    return resource


def _cloud(finding: Finding) -> dict[str, Any]:
    place = finding.bucket
    cloud: dict[str, Any] = {"provider": "AWS", "cloud_partition": place.partition}
    if place.region:
        cloud["region"] = place.region
    if place.account_id:
        # Nobody reads the account's name; some readers insist on one.
        cloud["account"] = {
            "uid": place.account_id,
            "name": place.account_id,
            "type_id": AWS_ACCOUNT[0],
            "type": AWS_ACCOUNT[1],
        }
    return cloud


def _accepted(finding: Finding) -> str:
    exception = finding.exception
    if exception is None:
        return f"Accepted by the exception {finding.verdict.exception}."
    return f"Accepted by {exception.approver} until {exception.expires_at:%Y-%m-%d}: {exception.reason}"


def _milliseconds(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)
