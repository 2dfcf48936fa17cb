"""The report in the AWS Security Finding Format, for BatchImportFindings of Security Hub. Pure.

https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.model.verdict import Result, Severity
from securebucket.report.audit_report import AuditReport
from securebucket.report.findings import Finding, ReportIndex
from securebucket.report.recorded_report import RecordedReport

STATUSES: Mapping[Result, str] = {
    Result.PASS: "PASSED",
    Result.FAIL: "FAILED",
    Result.EXCEPTED: "FAILED",
    Result.UNKNOWN: "WARNING",
    Result.NOT_APPLICABLE: "NOT_AVAILABLE",
}
SETTLED = frozenset({Result.PASS, Result.NOT_APPLICABLE})
TYPE = "Software and Configuration Checks/AWS Security Best Practices"
LONGEST = {"Title": 256, "Description": 1024, "Text": 512, "Reason": 1024, "Requirement": 64}
MOST_REQUIREMENTS = 32


def asff_findings(report: RecordedReport) -> Iterator[dict[str, Any]]:
    """Write the findings, one by one, in the report's order.

    BatchImportFindings takes at most 100 at once, of one account and region. Ids do not change from report to report,
    so a later report updates the findings of an earlier one. Subjects without an account, such as buckets of another
    store than AWS, are left out: the format cannot name them.
    """
    return (
        _finding(report.head, each) for each in ReportIndex(report).findings() if _is_account(each.bucket.account_id)
    )


def outside_aws(report: RecordedReport) -> int:
    """Count the buckets that the format cannot name."""
    return sum(not _is_account(each.account_id) for each in report.summaries)


def _is_account(text: str) -> bool:
    return len(text) == 12 and text.isdecimal()


def _finding(report: AuditReport, finding: Finding) -> dict[str, Any]:
    check, verdict, place = finding.check, finding.verdict, finding.bucket
    region = place.region or "us-east-1"
    document: dict[str, Any] = {
        "SchemaVersion": "2018-10-08",
        "Id": f"{finding.arn}/securebucket/{check.id}",
        "ProductArn": f"arn:{place.partition}:securityhub:{region}:{place.account_id}"
        f":product/{place.account_id}/default",
        "ProductName": "Default",
        "GeneratorId": f"securebucket/{check.id}",
        "AwsAccountId": place.account_id,
        "Types": [TYPE],
        "CreatedAt": finding.read_at,
        "UpdatedAt": finding.read_at,
        "Severity": {"Label": _label(check.severity, verdict.result), "Original": check.severity.value},
        "Title": _cut(check.title, "Title"),
        "Description": _cut(f"{check.rationale} Found: {verdict.because}.", "Description"),
        "Remediation": {"Recommendation": _recommendation(finding)},
        "ProductFields": {
            "securebucket/generator": report.generator,
            "securebucket/catalogue": report.catalogue,
            "securebucket/result": verdict.result.value,
        },
        "Resources": [_resource(finding)],
        "Compliance": _compliance(finding),
        "Workflow": {"Status": _workflow(verdict.result)},
        "RecordState": "ACTIVE",
    }
    if finding.declaration:
        declared = finding.declaration
        document["ProductFields"]["securebucket/object"] = f"{declared.namespace}/{declared.name}"
    if verdict.exception:
        document["Note"] = {
            "Text": _cut(verdict.because, "Text"),
            "UpdatedBy": verdict.exception,
            "UpdatedAt": finding.read_at,
        }
    return document


def _compliance(finding: Finding) -> dict[str, Any]:
    compliance: dict[str, Any] = {"Status": STATUSES[finding.verdict.result]}
    named = finding.requirements.of[:MOST_REQUIREMENTS]
    if named:
        longest = LONGEST["Requirement"]
        compliance["RelatedRequirements"] = [f"{each.framework.id}/{each.item.id}"[:longest] for each in named]
    if finding.verdict.result in {Result.UNKNOWN, Result.NOT_APPLICABLE}:
        reason = "NOT_APPLICABLE" if finding.verdict.result is Result.NOT_APPLICABLE else "NOT_READ"
        compliance["StatusReasons"] = [{"ReasonCode": reason, "Description": _cut(finding.verdict.because, "Reason")}]
    return compliance


def _resource(finding: Finding) -> dict[str, Any]:
    place = finding.bucket
    if finding.of_account:
        return {"Type": "AwsAccount", "Id": f"AWS::::Account:{place.account_id}", "Partition": place.partition}
    resource = {"Type": "AwsS3Bucket", "Id": finding.arn, "Partition": place.partition}
    return resource | ({"Region": place.region} if place.region else {})


def _recommendation(finding: Finding) -> dict[str, str]:
    text = {"Text": _cut(finding.check.remediation, "Text")}
    return text | ({"Url": finding.check.references[0]} if finding.check.references else {})


def _label(severity: Severity, result: Result) -> str:
    """Name the severity; what passes is informational, as Security Hub has it for its own checks."""
    return "INFORMATIONAL" if result in SETTLED else severity.value.upper()


def _workflow(result: Result) -> str:
    if result is Result.EXCEPTED:
        return "SUPPRESSED"
    return "RESOLVED" if result in SETTLED else "NEW"


def _cut(text: str, kind: str) -> str:
    longest = LONGEST[kind]
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
