"""Reading an account from servers that know the services, and from others."""

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.loaders import create_loader
from tests.account.answers import CIS_PATTERN
from tests.aws.wire import ACCOUNT

from securebucket.aws.account_documents import AccountDocuments
from securebucket.aws.sessions import Binding, Sessions
from securebucket.compliance.account.account_document import AccountPlace
from securebucket.compliance.account.account_judgement import judge_account
from securebucket.model.observation import Unsupported, is_unread
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.moto import MotoServer

MOTO_ACCOUNT = "123456789012"
LOADER = create_loader()
ALL_ON = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", MOTO_ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)


def read(endpoint: str, account: str, region: str = "eu-central-1") -> Mapping[str, Any]:
    documents = AccountDocuments(Sessions(lambda _: None, _loader=LOADER))
    return documents.read(Binding(region=region, endpoint=endpoint), AccountPlace(account, "aws", (region,)))


def test_what_was_set_up_at_moto_is_read(moto_server: MotoServer, credentials: None) -> None:
    """One trail from events to an alarm, GuardDuty, Macie, and an access point with a flag off."""

    def at(service: str) -> Any:
        return client(moto_server.endpoint, service, "eu-central-1", MOTO_ACCOUNT)

    s3 = at("s3")
    for name in ("acme-trail", "acme-invoices"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    at("s3control").put_public_access_block(AccountId=MOTO_ACCOUNT, PublicAccessBlockConfiguration=ALL_ON)
    at("s3control").create_access_point(
        AccountId=MOTO_ACCOUNT,
        Name="reports",
        Bucket="acme-invoices",
        PublicAccessBlockConfiguration={**ALL_ON, "BlockPublicPolicy": False},
    )
    at("logs").create_log_group(logGroupName="trail")
    metric = {"metricName": "policy-changes", "metricNamespace": "CIS", "metricValue": "1"}
    at("logs").put_metric_filter(
        logGroupName="trail", filterName="s3", filterPattern=CIS_PATTERN, metricTransformations=[metric]
    )
    at("cloudwatch").put_metric_alarm(
        AlarmName="s3-policy",
        MetricName="policy-changes",
        Namespace="CIS",
        AlarmActions=[f"arn:aws:sns:eu-central-1:{MOTO_ACCOUNT}:security"],
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=300,
        Statistic="Sum",
        Threshold=0,
    )
    trail = at("cloudtrail").create_trail(
        Name="main",
        S3BucketName="acme-trail",
        IsMultiRegionTrail=True,
        CloudWatchLogsLogGroupArn=f"arn:aws:logs:eu-central-1:{MOTO_ACCOUNT}:log-group:trail:*",
        CloudWatchLogsRoleArn=f"arn:aws:iam::{MOTO_ACCOUNT}:role/trail",
    )["TrailARN"]
    objects = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
    at("cloudtrail").put_event_selectors(
        TrailName="main",
        EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": [objects]}],
    )
    at("cloudtrail").start_logging(Name="main")
    at("guardduty").create_detector(Enable=True, Features=[{"Name": "S3_DATA_EVENTS", "Status": "ENABLED"}])
    at("macie2").enable_macie(status="ENABLED")

    answers = read(moto_server.endpoint, MOTO_ACCOUNT)
    found = {check: verdict.result.value for check, verdict in verdicts_of(answers).items()}
    assert found == {
        "account-public-access-blocked": "pass",
        "write-events-logged": "pass",
        "read-events-logged": "fail",
        "trail-bucket-logged": "fail",
        "policy-changes-alarmed": "pass",
        "threats-detected": "pass",
        "access-analyzed": "notApplicable",  # moto has no Access Analyzer
        "data-classified": "pass",
        "data-discovered-automatically": "notApplicable",  # moto does not know it
        "directory-buckets-have-lifecycle": "notApplicable",
        "multi-region-access-points-blocked": "notApplicable",
        "access-points-blocked": "fail",
        "access-points-in-vpc": "fail",
    }
    assert f"cloudtrail:GetTrailStatus/{trail}" in answers
    assert answers["s3:ListBuckets"]["Buckets"][0].keys() <= {"Name", "BucketRegion"}


def verdicts_of(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Judge them as those of moto's account."""
    return {each.check.id: each.verdict for each in judge_account(MOTO_ACCOUNT, answers)}


def test_a_server_that_knows_few_services_is_no_failure(localstack: LocalStack, credentials: None) -> None:
    """LocalStack runs S3 and S3 Control here, and says 501 to the others."""
    s3 = client(localstack.endpoint, "s3", "eu-west-1", MOTO_ACCOUNT)
    s3.create_bucket(Bucket="acme-site", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    answers = read(localstack.endpoint, MOTO_ACCOUNT)
    assert answers["cloudtrail:DescribeTrails/eu-central-1"] == Unsupported("this server has no CloudTrail")
    assert answers["macie2:GetMacieSession/eu-west-1"] == Unsupported("this server has no Macie")
    assert not [name for name, each in answers.items() if is_unread(each)]


def test_the_regions_of_the_buckets_are_looked_at(localstack: LocalStack, credentials: None) -> None:
    for region in ("eu-west-1", "ap-south-1"):
        s3 = client(localstack.endpoint, "s3", region, MOTO_ACCOUNT)
        s3.create_bucket(Bucket=f"acme-{region}", CreateBucketConfiguration={"LocationConstraint": region})
    answers = read(localstack.endpoint, MOTO_ACCOUNT)
    asked = {name.partition("/")[2] for name in answers if name.startswith("s3control:ListAccessPoints/")}
    assert asked == {"eu-central-1", "eu-west-1", "ap-south-1"}


def test_s3_control_keeps_to_the_endpoint_that_was_given(credentials: None) -> None:
    """Or botocore would send the request to `<account>.127.0.0.1`."""
    own_endpoint = "http://127.0.0.1:9"
    urls: list[str] = []
    made = Sessions(lambda _: None, _loader=LOADER).client(Binding("eu-central-1", endpoint=own_endpoint), "s3control")

    def take(request: Any, **_: Any) -> None:
        urls.append(request.url)
        raise EndpointConnectionError(endpoint_url=request.url)

    made.meta.events.register("before-send.s3-control", take)
    with pytest.raises(EndpointConnectionError):
        made.get_public_access_block(AccountId=ACCOUNT)
    assert urls[0].startswith(f"{own_endpoint}/v20180820/")
