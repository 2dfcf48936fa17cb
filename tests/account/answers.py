"""Answers as AWS gives them about an account in which all is well, and ways to spoil one of them."""

import copy
from collections.abc import Mapping
from typing import Any

from securebucket.compliance.account.account_document import AccountDocument, AccountPlace
from securebucket.compliance.account.account_judgement import judge_account
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Read, drive, recorded
from securebucket.model.verdict import Verdict

ACCOUNT = "111122223333"
OTHER = "999988887777"
REGIONS = ("eu-central-1", "us-east-1")
TRAIL = f"arn:aws:cloudtrail:eu-central-1:{ACCOUNT}:trail/main"
GROUP = f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:trail:*"
POINT = f"arn:aws:s3:eu-central-1:{ACCOUNT}:accesspoint/reports"
DIRECTORY_BUCKET = "acme-fast--use1-az4--x-s3"
ALL_ON = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
EVENTS = (
    "PutBucketAcl",
    "PutBucketPolicy",
    "PutBucketCors",
    "PutBucketLifecycle",
    "PutBucketReplication",
    "DeleteBucketPolicy",
    "DeleteBucketCors",
    "DeleteBucketLifecycle",
    "DeleteBucketReplication",
)
CIS_PATTERN = (
    "{ ($.eventSource = s3.amazonaws.com) && (" + " || ".join(f"($.eventName = {event})" for event in EVENTS) + ") }"
)
DENIED = Failure("AccessDenied", "it was denied; grant the right.", retry=False)


def trail(**changed: Any) -> dict[str, Any]:
    """Give a trail as DescribeTrails does."""
    return {
        "Name": "main",
        "S3BucketName": "acme-trail",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "HomeRegion": "eu-central-1",
        "TrailARN": TRAIL,
        "LogFileValidationEnabled": True,
        "CloudWatchLogsLogGroupArn": GROUP,
        "HasCustomEventSelectors": True,
        "IsOrganizationTrail": False,
        **changed,
    }


def classic(access: str = "All", *values: str) -> dict[str, Any]:
    """Give classic event selectors."""
    resource = {"Type": "AWS::S3::Object", "Values": list(values or ("arn:aws:s3",))}
    selector = {"ReadWriteType": access, "IncludeManagementEvents": True, "DataResources": [resource]}
    return {"TrailARN": TRAIL, "EventSelectors": [selector]}


def advanced(*further: Mapping[str, Any]) -> dict[str, Any]:
    """Give advanced event selectors of S3 objects, narrowed by further fields."""
    fields = [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        *further,
    ]
    return {"TrailARN": TRAIL, "AdvancedEventSelectors": [{"Name": "objects", "FieldSelectors": fields}]}


def metric_filter(pattern: str = CIS_PATTERN) -> dict[str, Any]:
    """Give a metric filter."""
    metric = {"metricName": "policy-changes", "metricNamespace": "CIS", "metricValue": "1"}
    return {"filterName": "s3", "filterPattern": pattern, "metricTransformations": [metric], "logGroupName": "trail"}


def alarm(**changed: Any) -> dict[str, Any]:
    """Give an alarm."""
    topic = f"arn:aws:sns:eu-central-1:{ACCOUNT}:security"
    return {"AlarmName": "s3-policy", "ActionsEnabled": True, "AlarmActions": [topic], "StateValue": "OK", **changed}


def detector(s3: str = "ENABLED", status: str = "ENABLED") -> dict[str, Any]:
    """Give a detector."""
    role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/guardduty"
    features = [{"Name": "CLOUD_TRAIL", "Status": "ENABLED"}, {"Name": "S3_DATA_EVENTS", "Status": s3}]
    return {"ServiceRole": role, "Status": status, "Features": features}


def analyzer(kind: str = "ACCOUNT", status: str = "ACTIVE") -> dict[str, Any]:
    """Give an analyzer."""
    arn = f"arn:aws:access-analyzer:eu-central-1:{ACCOUNT}:analyzer/all"
    return {"arn": arn, "name": "all", "type": kind, "status": status, "createdAt": "2026-01-01T00:00:00Z"}


def access_point(**changed: Any) -> dict[str, Any]:
    """Give an access point as ListAccessPoints does."""
    return {
        "Name": "reports",
        "NetworkOrigin": "VPC",
        "VpcConfiguration": {"VpcId": "vpc-0a1b2c3d"},
        "Bucket": "acme-invoices",
        "AccessPointArn": POINT,
        "Alias": "reports-abcdef-s3alias",
        "BucketAccountId": ACCOUNT,
        **changed,
    }


def multi_region(status: str = "READY", **flags: bool) -> dict[str, Any]:
    """Give a Multi-Region Access Point."""
    regions = [{"Bucket": "acme-invoices", "Region": "eu-central-1", "BucketAccountId": ACCOUNT}]
    block = {**ALL_ON, **flags}
    return {"Name": "world", "Alias": "x.mrap", "PublicAccessBlock": block, "Status": status, "Regions": regions}


GOOD: Mapping[str, Any] = {
    "s3:ListBuckets": {
        "Buckets": [
            {"Name": "acme-invoices", "BucketRegion": "eu-central-1"},
            {"Name": "acme-site", "BucketRegion": "us-east-1"},
            {"Name": "acme-trail", "BucketRegion": "eu-central-1"},
        ]
    },
    "s3control:GetPublicAccessBlock": {"PublicAccessBlockConfiguration": ALL_ON},
    "cloudtrail:DescribeTrails/eu-central-1": {"trailList": [trail()]},
    "cloudtrail:DescribeTrails/us-east-1": {"trailList": [trail()]},
    f"cloudtrail:GetTrailStatus/{TRAIL}": {"IsLogging": True},
    f"cloudtrail:GetEventSelectors/{TRAIL}": classic(),
    "s3:GetBucketLogging/acme-trail": {"LoggingEnabled": {"TargetBucket": "acme-logs", "TargetPrefix": "trail/"}},
    f"logs:DescribeMetricFilters/{GROUP}": {"metricFilters": [metric_filter()]},
    "cloudwatch:DescribeAlarmsForMetric/eu-central-1/CIS/policy-changes": {"MetricAlarms": [alarm()]},
    "guardduty:ListDetectors/eu-central-1": {"DetectorIds": ["d1"]},
    "guardduty:ListDetectors/us-east-1": {"DetectorIds": ["d2"]},
    "guardduty:GetDetector/eu-central-1/d1": detector(),
    "guardduty:GetDetector/us-east-1/d2": detector(),
    "accessanalyzer:ListAnalyzers/eu-central-1": {"analyzers": [analyzer()]},
    "accessanalyzer:ListAnalyzers/us-east-1": {"analyzers": [analyzer("ORGANIZATION")]},
    "macie2:GetMacieSession/eu-central-1": {"status": "ENABLED"},
    "macie2:GetMacieSession/us-east-1": {"status": "ENABLED"},
    "macie2:GetAutomatedDiscoveryConfiguration/eu-central-1": {"status": "ENABLED"},
    "macie2:GetAutomatedDiscoveryConfiguration/us-east-1": {"status": "ENABLED"},
    "s3control:ListMultiRegionAccessPoints": {"AccessPoints": [multi_region()]},
    "s3:ListDirectoryBuckets/us-east-1": {"Buckets": [{"Name": DIRECTORY_BUCKET}]},
    f"s3:GetBucketLifecycleConfiguration/{DIRECTORY_BUCKET}": {
        "Rules": [{"Status": "Enabled", "Expiration": {"Days": 7}, "Filter": {"Prefix": ""}}]
    },
    "s3control:ListAccessPoints/eu-central-1": {"AccessPointList": [access_point()]},
    "s3control:ListAccessPoints/us-east-1": {"AccessPointList": []},
    f"s3control:GetAccessPoint/{POINT}": {
        "Name": "reports",
        "Bucket": "acme-invoices",
        "NetworkOrigin": "VPC",
        "PublicAccessBlockConfiguration": ALL_ON,
        "AccessPointArn": POINT,
        "Alias": "reports-abcdef-s3alias",
    },
}
"""Everything that is asked of an account with buckets in two regions."""


def good(changed: Mapping[str, Answer] | None = None, *, without: tuple[str, ...] = ()) -> dict[str, Answer]:
    """Give the answers of an account in which all is well, but for those that are changed or left out."""
    answers: dict[str, Answer] = {**copy.deepcopy(dict(GOOD)), **(changed or {})}
    return {name: answer for name, answer in answers.items() if name not in without}


def verdicts(answers: Mapping[str, Answer]) -> dict[str, Verdict]:
    """Judge answers; the verdicts by check."""
    return {each.check.id: each.verdict for each in judge_account(ACCOUNT, answers)}


def verdict(check: str, changed: Mapping[str, Answer] | None = None, *, without: tuple[str, ...] = ()) -> Verdict:
    """Judge one check of the good account with some answers changed."""
    return verdicts(good(changed, without=without))[check]


def reads(document: AccountDocument[Any], place: AccountPlace, answers: Mapping[str, Answer]) -> list[Read]:
    """Give what a document reads where it is answered so."""
    asked: list[Read] = []
    answer = recorded(answers)

    def ask(read: Read) -> Answer:
        asked.append(read)
        return answer(read)

    drive(document.observe(place), ask)
    return asked


NOTHING_BLOCKED = {"PublicAccessBlockConfiguration": dict.fromkeys(ALL_ON, False)}
"""Block Public Access with all four flags off."""
