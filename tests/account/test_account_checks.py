"""What each check of an account says to what AWS answers."""

from typing import Any

import pytest
from tests.account.answers import (
    ACCOUNT,
    ALL_ON,
    CIS_PATTERN,
    DENIED,
    DIRECTORY_BUCKET,
    GOOD,
    GROUP,
    OTHER,
    POINT,
    TRAIL,
    access_point,
    advanced,
    alarm,
    analyzer,
    classic,
    detector,
    good,
    metric_filter,
    multi_region,
    reads,
    trail,
    verdict,
    verdicts,
)

from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.account.account_document import AccountPlace
from securebucket.model.flow import NeverConfigured, drive, recorded
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Result

LACKING = Unsupported("this server does not know it")
BLOCK = "s3control:GetPublicAccessBlock"
STATUS = f"cloudtrail:GetTrailStatus/{TRAIL}"
SELECTORS = f"cloudtrail:GetEventSelectors/{TRAIL}"
FILTERS = f"logs:DescribeMetricFilters/{GROUP}"
ALARMS = "cloudwatch:DescribeAlarmsForMetric/eu-central-1/CIS/policy-changes"
HERE, THERE = "eu-central-1", "us-east-1"
SINGLE = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/single"


def flags(**off: bool) -> dict[str, Any]:
    return {"PublicAccessBlockConfiguration": {**ALL_ON, **off}}


def trails(*given: dict[str, Any]) -> dict[str, Any]:
    """Answer in both regions with these."""
    return {f"cloudtrail:DescribeTrails/{region}": {"trailList": list(given)} for region in (HERE, THERE)}


def test_all_is_well() -> None:
    assert {each.result for each in verdicts(good()).values()} == {Result.PASS}


BOTH_TRAILS_DENIED = {f"cloudtrail:DescribeTrails/{region}": DENIED for region in (HERE, THERE)}
TABLE: list[tuple[str, str, dict[str, Any], str, str]] = [
    # check, what it is about, what is changed, result, a part of the reason
    (
        "account-public-access-blocked",
        "one flag off",
        {BLOCK: flags(BlockPublicPolicy=False)},
        "fail",
        "BlockPublicPolicy off",
    ),
    ("account-public-access-blocked", "never set", {BLOCK: NeverConfigured()}, "fail", "RestrictPublicBuckets off"),
    ("account-public-access-blocked", "denied", {BLOCK: DENIED}, "unknown", "denied"),
    (
        "account-public-access-blocked",
        "no such service",
        {BLOCK: LACKING},
        "notApplicable",
        "this server does not know it",
    ),
    ("write-events-logged", "read only", {SELECTORS: classic("ReadOnly")}, "fail", "write events of all buckets"),
    ("read-events-logged", "read only", {SELECTORS: classic("ReadOnly")}, "pass", TRAIL),
    ("read-events-logged", "write only", {SELECTORS: classic("WriteOnly")}, "fail", "read events of all buckets"),
    ("write-events-logged", "advanced", {SELECTORS: advanced()}, "pass", TRAIL),
    ("write-events-logged", "stopped", {STATUS: {"IsLogging": False}}, "fail", "does not log"),
    (
        "write-events-logged",
        "one region only",
        trails(trail(IsMultiRegionTrail=False)),
        "fail",
        "no multi-Region trail",
    ),
    ("write-events-logged", "no trail", trails(), "fail", "no multi-Region trail"),
    ("write-events-logged", "status denied", {STATUS: DENIED}, "unknown", "denied"),
    ("write-events-logged", "selectors denied", {SELECTORS: DENIED}, "unknown", "denied"),
    ("write-events-logged", "trails denied", BOTH_TRAILS_DENIED, "unknown", "denied"),
    ("write-events-logged", "one region tells", {f"cloudtrail:DescribeTrails/{THERE}": DENIED}, "pass", TRAIL),
    ("trail-bucket-logged", "no logging", {"s3:GetBucketLogging/acme-trail": {}}, "fail", "acme-trail"),
    ("trail-bucket-logged", "denied", {"s3:GetBucketLogging/acme-trail": DENIED}, "unknown", "acme-trail"),
    ("trail-bucket-logged", "elsewhere", trails(trail(S3BucketName="their-logs")), "unknown", "another account"),
    ("trail-bucket-logged", "no trail", trails(), "notApplicable", "no trail"),
    ("trail-bucket-logged", "a region denied", {f"cloudtrail:DescribeTrails/{THERE}": DENIED}, "unknown", "denied"),
    (
        "trail-bucket-logged",
        "a trail of one region",
        {
            f"cloudtrail:DescribeTrails/{THERE}": {
                "trailList": [trail(TrailARN=SINGLE, IsMultiRegionTrail=False, S3BucketName="acme-site")]
            },
            "s3:GetBucketLogging/acme-site": {},
        },
        "fail",
        "acme-site",
    ),
    ("policy-changes-alarmed", "no log group", trails(trail(CloudWatchLogsLogGroupArn="")), "fail", "CloudWatch"),
    ("policy-changes-alarmed", "trail stopped", {STATUS: {"IsLogging": False}}, "fail", "that logs"),
    ("policy-changes-alarmed", "no filter", {FILTERS: {"metricFilters": []}}, "fail", "no metric filter"),
    (
        "policy-changes-alarmed",
        "an event is missing",
        {FILTERS: {"metricFilters": [metric_filter(CIS_PATTERN.replace("PutBucketAcl", "PutObject"))]}},
        "fail",
        "no metric filter",
    ),
    ("policy-changes-alarmed", "no alarm", {ALARMS: {"MetricAlarms": []}}, "fail", "policy-changes"),
    ("policy-changes-alarmed", "a mute alarm", {ALARMS: {"MetricAlarms": [alarm(AlarmActions=[])]}}, "fail", "action"),
    (
        "policy-changes-alarmed",
        "an alarm that is off",
        {ALARMS: {"MetricAlarms": [alarm(ActionsEnabled=False)]}},
        "fail",
        "action",
    ),
    ("policy-changes-alarmed", "filters denied", {FILTERS: DENIED}, "unknown", "denied"),
    ("policy-changes-alarmed", "alarms denied", {ALARMS: DENIED}, "unknown", "denied"),
    ("policy-changes-alarmed", "status denied", {STATUS: DENIED}, "unknown", "denied"),
    (
        "policy-changes-alarmed",
        "a log group of others",
        trails(trail(CloudWatchLogsLogGroupArn=GROUP.replace(ACCOUNT, OTHER))),
        "unknown",
        "another account",
    ),
    ("threats-detected", "no detector", {f"guardduty:ListDetectors/{THERE}": {"DetectorIds": []}}, "fail", THERE),
    ("threats-detected", "S3 off", {f"guardduty:GetDetector/{THERE}/d2": detector(s3="DISABLED")}, "fail", THERE),
    (
        "threats-detected",
        "suspended",
        {f"guardduty:GetDetector/{THERE}/d2": detector(status="DISABLED")},
        "fail",
        THERE,
    ),
    (
        "threats-detected",
        "only the old member",
        {
            f"guardduty:GetDetector/{THERE}/d2": {
                "Status": "ENABLED",
                "ServiceRole": "r",
                "DataSources": {"S3Logs": {"Status": "ENABLED"}},
            }
        },
        "pass",
        THERE,
    ),
    ("threats-detected", "denied", {f"guardduty:GetDetector/{THERE}/d2": DENIED}, "unknown", THERE),
    (
        "threats-detected",
        "off here, denied there",
        {f"guardduty:ListDetectors/{HERE}": {"DetectorIds": []}, f"guardduty:ListDetectors/{THERE}": DENIED},
        "fail",
        HERE,
    ),
    ("access-analyzed", "none", {f"accessanalyzer:ListAnalyzers/{THERE}": {"analyzers": []}}, "fail", THERE),
    (
        "access-analyzed",
        "of unused access",
        {f"accessanalyzer:ListAnalyzers/{THERE}": {"analyzers": [analyzer("ACCOUNT_UNUSED_ACCESS")]}},
        "fail",
        THERE,
    ),
    (
        "access-analyzed",
        "broken",
        {f"accessanalyzer:ListAnalyzers/{THERE}": {"analyzers": [analyzer(status="FAILED")]}},
        "fail",
        THERE,
    ),
    ("access-analyzed", "denied", {f"accessanalyzer:ListAnalyzers/{THERE}": DENIED}, "unknown", THERE),
    (
        "data-classified",
        "off",
        {f"macie2:GetMacieSession/{THERE}": NeverConfigured()},
        "unknown",
        "a person has to show",
    ),
    ("data-classified", "paused", {f"macie2:GetMacieSession/{THERE}": {"status": "PAUSED"}}, "unknown", "a person has"),
    ("data-classified", "denied", {f"macie2:GetMacieSession/{THERE}": DENIED}, "unknown", "denied"),
    (
        "data-discovered-automatically",
        "off in one region",
        {f"macie2:GetAutomatedDiscoveryConfiguration/{THERE}": {"status": "DISABLED"}},
        "fail",
        f"Macie does not discover by itself in {THERE}",
    ),
    (
        "data-discovered-automatically",
        "Macie off there",
        {f"macie2:GetMacieSession/{THERE}": NeverConfigured()},
        "pass",
        f"Macie discovers by itself in {HERE}",
    ),
    (
        "data-discovered-automatically",
        "Macie off everywhere",
        {f"macie2:GetMacieSession/{region}": NeverConfigured() for region in (HERE, THERE)},
        "notApplicable",
        "Macie is on in no region",
    ),
    (
        "data-discovered-automatically",
        "Macie paused there",
        {
            f"macie2:GetMacieSession/{THERE}": {"status": "PAUSED"},
            f"macie2:GetAutomatedDiscoveryConfiguration/{THERE}": {"status": "DISABLED"},
        },
        "pass",
        HERE,
    ),
    (
        "data-discovered-automatically",
        "a member of an organization",
        {f"macie2:GetAutomatedDiscoveryConfiguration/{THERE}": DENIED},
        "unknown",
        THERE,
    ),
    (
        "data-discovered-automatically",
        "a server that does not know it",
        {f"macie2:GetAutomatedDiscoveryConfiguration/{region}": LACKING for region in (HERE, THERE)},
        "notApplicable",
        "does not know it",
    ),
    ("data-discovered-automatically", "session denied", {f"macie2:GetMacieSession/{THERE}": DENIED}, "unknown", THERE),
    (
        "directory-buckets-have-lifecycle",
        "no lifecycle",
        {f"s3:GetBucketLifecycleConfiguration/{DIRECTORY_BUCKET}": NeverConfigured()},
        "fail",
        f"no lifecycle rule is enabled on {DIRECTORY_BUCKET}",
    ),
    (
        "directory-buckets-have-lifecycle",
        "a rule that is off",
        {f"s3:GetBucketLifecycleConfiguration/{DIRECTORY_BUCKET}": {"Rules": [{"Status": "Disabled"}]}},
        "fail",
        DIRECTORY_BUCKET,
    ),
    (
        "directory-buckets-have-lifecycle",
        "denied",
        {f"s3:GetBucketLifecycleConfiguration/{DIRECTORY_BUCKET}": DENIED},
        "unknown",
        DIRECTORY_BUCKET,
    ),
    (
        "directory-buckets-have-lifecycle",
        "none",
        {f"s3:ListDirectoryBuckets/{THERE}": {"Buckets": []}},
        "notApplicable",
        f"no directory bucket in {THERE}",
    ),
    (
        "multi-region-access-points-blocked",
        "a flag off",
        {"s3control:ListMultiRegionAccessPoints": {"AccessPoints": [multi_region(IgnorePublicAcls=False)]}},
        "fail",
        "world: IgnorePublicAcls off",
    ),
    (
        "multi-region-access-points-blocked",
        "one that goes",
        {"s3control:ListMultiRegionAccessPoints": {"AccessPoints": [multi_region("DELETING", IgnorePublicAcls=False)]}},
        "notApplicable",
        "has no Multi-Region",
    ),
    (
        "multi-region-access-points-blocked",
        "none",
        {"s3control:ListMultiRegionAccessPoints": {"AccessPoints": []}},
        "notApplicable",
        "has no Multi-Region",
    ),
    (
        "multi-region-access-points-blocked",
        "denied",
        {"s3control:ListMultiRegionAccessPoints": DENIED},
        "unknown",
        "denied",
    ),
    (
        "access-points-blocked",
        "a flag off",
        {f"s3control:GetAccessPoint/{POINT}": flags(BlockPublicAcls=False)},
        "fail",
        POINT,
    ),
    ("access-points-blocked", "denied", {f"s3control:GetAccessPoint/{POINT}": DENIED}, "unknown", "denied"),
    ("access-points-blocked", "a region denied", {f"s3control:ListAccessPoints/{THERE}": DENIED}, "unknown", "denied"),
    (
        "access-points-blocked",
        "none",
        {f"s3control:ListAccessPoints/{HERE}": {"AccessPointList": []}},
        "notApplicable",
        "no",
    ),
    (
        "access-points-in-vpc",
        "one for the internet",
        {f"s3control:ListAccessPoints/{HERE}": {"AccessPointList": [access_point(NetworkOrigin="Internet")]}},
        "fail",
        f"not confined to a VPC: {POINT}",
    ),
    (
        "access-points-in-vpc",
        "one for the internet, and a region denied",
        {
            f"s3control:ListAccessPoints/{HERE}": {"AccessPointList": [access_point(NetworkOrigin="Internet")]},
            f"s3control:ListAccessPoints/{THERE}": DENIED,
        },
        "fail",
        POINT,
    ),
    ("access-points-in-vpc", "a region denied", {f"s3control:ListAccessPoints/{THERE}": DENIED}, "unknown", "denied"),
    ("access-points-in-vpc", "its flags denied", {f"s3control:GetAccessPoint/{POINT}": DENIED}, "pass", "VPC"),
    (
        "access-points-in-vpc",
        "none",
        {f"s3control:ListAccessPoints/{HERE}": {"AccessPointList": []}},
        "notApplicable",
        "no access point",
    ),
]


@pytest.mark.parametrize(
    ("check", "about", "changed", "result", "because"), TABLE, ids=[f"{c}: {a}" for c, a, *_ in TABLE]
)
def test_a_verdict(check: str, about: str, changed: dict[str, Any], result: str, because: str) -> None:
    found = verdict(check, changed)
    assert found.result.value == result
    assert because in found.because


@pytest.mark.parametrize(
    "check", ["threats-detected", "access-analyzed", "data-classified", "access-points-blocked", "access-points-in-vpc"]
)
def test_nothing_passes_while_the_regions_are_not_known(check: str) -> None:
    """There may be buckets where nobody looked."""
    found = verdict(check, {"s3:ListBuckets": DENIED})
    assert found.result is Result.UNKNOWN
    assert "in which other regions buckets are" in found.because


def test_nobody_looks_for_directory_buckets_where_no_region_has_them() -> None:
    place = AccountPlace(ACCOUNT, "aws", (HERE,))
    only_here = {"s3:ListBuckets": {"Buckets": [{"Name": "acme-invoices", "BucketRegion": HERE}]}}
    document = next(each for each in ACCOUNT_DOCUMENTS if each.name == "directoryBuckets")
    assert [read.name for read in reads(document, place, only_here)] == ["s3:ListBuckets"]
    assert isinstance(drive(document.observe(place), recorded(only_here)).observation, Unsupported)


def test_many_open_access_points_make_one_sentence() -> None:
    points = [access_point(AccessPointArn=f"{POINT}{number}", Name=f"reports{number}") for number in range(8)]
    answers = {f"s3control:GetAccessPoint/{each['AccessPointArn']}": flags(BlockPublicAcls=False) for each in points}
    found = verdict(
        "access-points-blocked", {f"s3control:ListAccessPoints/{HERE}": {"AccessPointList": points}, **answers}
    )
    assert found.because.endswith("; and 3 more")


def test_an_access_point_without_an_answer_keeps_the_check_from_passing() -> None:
    found = verdict("access-points-blocked", without=(f"s3control:GetAccessPoint/{POINT}",))
    assert found.result is Result.UNKNOWN


def test_the_good_account_is_what_the_documents_ask_for() -> None:
    """Every answer of the sample is asked for, so that the tables are about something."""
    place = AccountPlace(ACCOUNT, "aws", (HERE,))
    asked = {read.name for document in ACCOUNT_DOCUMENTS for read in reads(document, place, good())}
    assert asked == set(GOOD)
