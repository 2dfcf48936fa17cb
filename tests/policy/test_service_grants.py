"""Typed grants for AWS services: the statements of AWS's pages, and that our own checks let them pass."""

from typing import Any

import pytest
from tests.controls.builders import bucket, context, subject
from tests.laws.subjects.bucket_policy import SERVICES

from securebucket.controls.bucket_policy import BucketPolicyControl
from securebucket.model.verdict import Result
from securebucket.policy.document import ABSENT
from securebucket.policy.refusals import refuse_policy
from securebucket.policy.statements import own_statements

ARN = "arn:aws:s3:::acme-invoices"
OWN, OTHER = "111122223333", "444455556666"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{OWN}:trail/audit"
THEIR_TRAIL = f"arn:aws:cloudtrail:us-east-1:{OTHER}:trail/all"
DISTRIBUTION = f"arn:aws:cloudfront::{OWN}:distribution/EDFDVBD6EXAMPLE"
DETECTOR = f"arn:aws:guardduty:eu-west-1:{OWN}:detector/12ab"
BAHRAIN = f"arn:aws:guardduty:me-south-1:{OTHER}:detector/34cd"
ACL = {"s3:x-amz-acl": "bucket-owner-full-control"}


def written(*grants: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    wanted = context({"policy": {"requireTls": False, "allowServices": list(grants)}})
    return list(own_statements(bucket(**options), wanted.spec))


def allow(service: str, action: Any, resource: Any, **condition: Any) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": action,
        "Resource": resource,
        "Condition": condition,
    }


TRAILS, CONFIG, FLOWS = "cloudtrail.amazonaws.com", "config.amazonaws.com", "delivery.logs.amazonaws.com"
BALANCERS, GUARD = "logdelivery.elasticloadbalancing.amazonaws.com", "guardduty.amazonaws.com"
BOTH_LOGS = [f"arn:aws:logs:{region}:{account}:*" for account in (OWN, OTHER) for region in ("eu-west-1", "eu-west-2")]
STATEMENTS: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {
    "a trail": (
        {"cloudTrail": {"trails": [TRAIL]}},
        {
            "CloudTrailAclCheck": allow(TRAILS, "s3:GetBucketAcl", ARN, StringEquals={"aws:SourceArn": TRAIL}),
            "CloudTrailWrite": allow(
                TRAILS, "s3:PutObject", f"{ARN}/AWSLogs/{OWN}/*", StringEquals={**ACL, "aws:SourceArn": TRAIL}
            ),
        },
    ),
    "trails of an organization and of another account, under a prefix": (
        {"cloudTrail": {"trails": [TRAIL, THEIR_TRAIL], "organization": "o-exampleorgid", "prefix": "trails"}},
        {
            "CloudTrailAclCheck": allow(
                TRAILS, "s3:GetBucketAcl", ARN, StringEquals={"aws:SourceArn": [TRAIL, THEIR_TRAIL]}
            ),
            "CloudTrailWrite": allow(
                TRAILS,
                "s3:PutObject",
                [f"{ARN}/trails/AWSLogs/{each}/*" for each in (OWN, OTHER, "o-exampleorgid")],
                StringEquals={**ACL, "aws:SourceArn": [TRAIL, THEIR_TRAIL]},
            ),
        },
    ),
    "load balancers of the bucket's account and region": (
        {"elasticLoadBalancing": {}},
        {
            "ElasticLoadBalancingWrite": allow(
                BALANCERS,
                "s3:PutObject",
                f"{ARN}/AWSLogs/{OWN}/*",
                ArnLike={"aws:SourceArn": f"arn:aws:elasticloadbalancing:eu-central-1:{OWN}:loadbalancer/*"},
            )
        },
    ),
    "flow logs of the bucket's account and region": (
        {"vpcFlowLogs": {}},
        {
            "VpcFlowLogsAclCheck": allow(
                FLOWS,
                "s3:GetBucketAcl",
                ARN,
                StringEquals={"aws:SourceAccount": OWN},
                ArnLike={"aws:SourceArn": f"arn:aws:logs:eu-central-1:{OWN}:*"},
            ),
            "VpcFlowLogsWrite": allow(
                FLOWS,
                "s3:PutObject",
                [f"{ARN}/AWSLogs/{OWN}/*", f"{ARN}/AWSLogs/aws-account-id={OWN}/*"],
                StringEquals={**ACL, "aws:SourceAccount": OWN},
                ArnLike={"aws:SourceArn": f"arn:aws:logs:eu-central-1:{OWN}:*"},
            ),
        },
    ),
    "flow logs of two accounts and regions": (
        {"vpcFlowLogs": {"accounts": [OWN, OTHER], "regions": ["eu-west-1", "eu-west-2"], "prefix": "flows"}},
        {
            "VpcFlowLogsAclCheck": allow(
                FLOWS,
                "s3:GetBucketAcl",
                ARN,
                StringEquals={"aws:SourceAccount": [OWN, OTHER]},
                ArnLike={"aws:SourceArn": BOTH_LOGS},
            ),
            "VpcFlowLogsWrite": allow(
                FLOWS,
                "s3:PutObject",
                [
                    f"{ARN}/flows/AWSLogs/{each}/*"
                    for each in (OWN, f"aws-account-id={OWN}", OTHER, f"aws-account-id={OTHER}")
                ],
                StringEquals={**ACL, "aws:SourceAccount": [OWN, OTHER]},
                ArnLike={"aws:SourceArn": BOTH_LOGS},
            ),
        },
    ),
    "AWS Config": (
        {"config": {"accounts": [OTHER], "prefix": "config"}},
        {
            "ConfigCheck": allow(
                CONFIG, ["s3:GetBucketAcl", "s3:ListBucket"], ARN, StringEquals={"aws:SourceAccount": OTHER}
            ),
            "ConfigWrite": allow(
                CONFIG,
                "s3:PutObject",
                f"{ARN}/config/AWSLogs/{OTHER}/Config/*",
                StringEquals={**ACL, "aws:SourceAccount": OTHER},
            ),
        },
    ),
    "a distribution": (
        {"cloudFront": {"distributions": [DISTRIBUTION], "prefix": "site"}},
        {
            "CloudFrontRead": allow(
                "cloudfront.amazonaws.com",
                "s3:GetObject",
                f"{ARN}/site/*",
                StringEquals={"aws:SourceArn": DISTRIBUTION},
            )
        },
    ),
    "reports": (
        {"inventory": {"sources": ["acme-orders", "acme-carts"]}},
        {
            "InventoryWrite": allow(
                "s3.amazonaws.com",
                "s3:PutObject",
                f"{ARN}/*",
                ArnLike={"aws:SourceArn": ["arn:aws:s3:::acme-orders", "arn:aws:s3:::acme-carts"]},
                StringEquals={**ACL, "aws:SourceAccount": OWN},
            )
        },
    ),
    "findings": (
        {"guardDuty": {"detectors": [DETECTOR], "prefix": "findings*"}},
        {
            "GuardDutyCheck": allow(
                GUARD,
                "s3:GetBucketLocation",
                ARN,
                StringEquals={"aws:SourceAccount": OWN, "aws:SourceArn": DETECTOR},
            ),
            "GuardDutyWrite": allow(
                GUARD,
                "s3:PutObject",
                f"{ARN}/findings${{*}}/*",
                StringEquals={"aws:SourceAccount": OWN, "aws:SourceArn": DETECTOR},
            ),
        },
    ),
}


@pytest.mark.parametrize(("grant", "expected"), STATEMENTS.values(), ids=STATEMENTS.keys())
def test_a_service_gets_what_its_page_asks_for(grant: dict[str, Any], expected: dict[str, Any]) -> None:
    found = {each.pop("Sid").removeprefix("SecureBucket")[:-8]: each for each in written(grant)}
    assert found == expected


def test_guardduty_has_another_name_in_each_region_that_has_to_be_enabled() -> None:
    found = written({"guardDuty": {"detectors": [BAHRAIN, DETECTOR], "optInRegions": True}})
    assert [(each["Principal"]["Service"], each["Condition"]["StringEquals"]["aws:SourceArn"]) for each in found] == [
        ("guardduty.me-south-1.amazonaws.com", BAHRAIN),
        ("guardduty.me-south-1.amazonaws.com", BAHRAIN),
        ("guardduty.eu-west-1.amazonaws.com", DETECTOR),
        ("guardduty.eu-west-1.amazonaws.com", DETECTOR),
    ]


def test_arns_are_of_the_buckets_own_partition_and_region() -> None:
    grants = ({"elasticLoadBalancing": {}}, {"vpcFlowLogs": {}}, {"inventory": {"sources": ["acme-orders"]}})
    found = written(*grants, partition="aws-cn", region="cn-north-1")
    sources = {each["Condition"]["ArnLike"]["aws:SourceArn"] for each in found}
    assert sources == {
        f"arn:aws-cn:elasticloadbalancing:cn-north-1:{OWN}:loadbalancer/*",
        f"arn:aws-cn:logs:cn-north-1:{OWN}:*",
        "arn:aws-cn:s3:::acme-orders",
    }
    assert "arn:aws:" not in str(found)


def test_a_grant_keeps_its_name_when_only_the_order_of_things_changes() -> None:
    (one, two) = (
        {each["Sid"] for each in written({"config": {"accounts": ids}})} for ids in ([OWN, OTHER], [OTHER, OWN])
    )
    assert one == two
    assert one.isdisjoint(each["Sid"] for each in written({"config": {"accounts": [OWN]}}))


def test_what_two_grants_have_in_common_is_one_statement() -> None:
    grants = [{"cloudTrail": {"trails": [TRAIL], "prefix": prefix}} for prefix in ("a", "b")]
    wanted = context({"policy": {"allowServices": grants}})
    desired = BucketPolicyControl().desired(wanted, ABSENT)
    assert len(desired.statements) == 4
    assert refuse_policy(wanted, ABSENT, desired) is None


@pytest.mark.parametrize("role", ["Data", "LogTarget"])
def test_a_bucket_with_all_services_passes_the_checks_of_its_policy(role: str) -> None:
    control = BucketPolicyControl()
    wanted = context({"role": role, "policy": {"allowServices": SERVICES}})
    state = control.desired(wanted, ABSENT)
    assert len(state.statements) == 12 + (role == "LogTarget")
    assert {check.id: check.judge(subject(role), state).result for check in control.checks} == {
        check.id: Result.PASS for check in control.checks
    }
    assert refuse_policy(wanted, ABSENT, state) is None
