"""A bucket that is logged and the bucket that gets the logs find each other by themselves, in whatever order."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from tests.e2e.api import Api
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.team import Team, state

from securebucket_dev.s3.localstack import LocalStack

pytestmark = pytest.mark.usefixtures("operator")


@pytest.fixture
def platform(team: Team, api: Api, kubectl: Kubectl, localstack: LocalStack) -> Iterator[Team]:
    one = Team(api, kubectl, localstack.endpoint)
    yield one
    one.leave()


def deliveries(owner: Team, name: str = "logs") -> list[dict[str, Any]]:
    """Give the statements that let logs into a bucket."""
    text = owner.s3.get_bucket_policy(Bucket=owner.bucket(name))["Policy"]
    return [each for each in json.loads(text)["Statement"] if each["Sid"].startswith("SecureBucketLogDelivery")]


def await_sources(owner: Team, *names: str) -> None:
    """Wait until the logs of just these buckets are let in."""
    until(lambda: sources(owner) == sorted(names), told=lambda: json.dumps(owner.read("logs")["status"])[:4000])


def sources(owner: Team) -> list[str]:
    found = [each["Condition"]["ArnLike"]["aws:SourceArn"] for each in deliveries(owner)]
    return sorted(each.rpartition(":")[2] for one in found for each in ([one] if isinstance(one, str) else one))


@pytest.mark.parametrize("source_first", [True, False])
def test_source_and_target_converge_without_a_person(team: Team, source_first: bool) -> None:
    reference = {"targetBucketRef": {"name": "logs"}, "targetPrefix": "invoices/"}
    makers = [lambda: team.apply(logging=reference), lambda: team.apply("logs")]
    for make in makers if source_first else makers[::-1]:
        make()
    team.until(lambda body: state(body, "logging") in {"InSync", "Corrected"})
    team.until_ready()
    team.until_ready("logs")
    await_sources(team, team.bucket())
    assert "drift" not in team.until_ready("logs")["status"]  # what others ask is no tampering
    enabled = team.s3.get_bucket_logging(Bucket=team.bucket())["LoggingEnabled"]
    assert enabled == {"TargetBucket": team.bucket("logs"), "TargetPrefix": "invoices/"}


def test_sources_come_and_go_and_nothing_else_of_the_target_changes(team: Team) -> None:
    team.apply_ready("logs", policy={"denyDelete": True})
    before = json.loads(team.s3.get_bucket_policy(Bucket=team.bucket("logs"))["Policy"])["Statement"]
    for name in ("invoices", "orders"):
        team.apply(name, logging={"targetBucketRef": {"name": "logs"}})
    await_sources(team, team.bucket("invoices"), team.bucket("orders"))
    team.patch({"spec": {"logging": {"targetBucketRef": None, "enabled": False}}}, "orders")
    await_sources(team, team.bucket("invoices"))
    team.delete("invoices")
    until(lambda: deliveries(team) == [])
    after = json.loads(team.s3.get_bucket_policy(Bucket=team.bucket("logs"))["Policy"])["Statement"]
    assert sorted(after, key=str) == sorted(before, key=str)


def test_another_namespace_is_let_in_once_the_profile_of_the_target_admits_it(team: Team, platform: Team) -> None:
    platform.make_profile(namespaces=[platform.namespace])
    platform.apply_ready("logs", profile=platform.namespace)
    reference = {"name": "logs", "namespace": platform.namespace}
    team.apply(logging={"targetBucketRef": reference, "targetPrefix": "invoices/"})
    body = team.until(lambda body: state(body, "logging") == "Failed")
    (told,) = [each["message"] for each in body["status"]["controls"] if each["name"] == "logging"]
    assert "admittedSources" in told
    assert deliveries(platform) == []
    platform.make_profile(namespaces=[platform.namespace], admittedSources=[{"namespaces": [team.namespace]}])
    await_sources(platform, team.bucket())
    team.until_ready(seconds=60.0)
    assert team.s3.get_bucket_logging(Bucket=team.bucket())["LoggingEnabled"]["TargetBucket"] == platform.bucket("logs")


def test_who_does_not_have_the_bucket_asks_nothing(team: Team, platform: Team) -> None:
    """An object that names somebody else's bucket as its own would open the target for it."""
    team.apply_ready("logs")
    platform.apply_ready()
    team.apply("thief", bucketName=platform.bucket(), logging={"targetBucketRef": {"name": "logs"}})
    team.until_stalled("thief")
    team.check_now("logs")
    assert deliveries(team) == []
