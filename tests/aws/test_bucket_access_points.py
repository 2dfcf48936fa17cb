"""The access points of one bucket are read from a server that has them, as its checks need them."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError
from botocore.loaders import create_loader

from securebucket.aws.access_point_lists import MOST_PAGES, AccessPointLists
from securebucket.aws.sessions import Binding, Sessions
from securebucket.aws.surroundings import Surroundings
from securebucket.model.access_points import AccessPoint, AccessPoints, AccessPointsQuery
from securebucket.model.failure import Failure
from securebucket.model.flow import Read
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.moto import MotoServer
from securebucket_dev.s3.recorder import Recorder

ACCOUNT = "123456789012"
REGION = "eu-central-1"
ALL_ON = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
OF_ONE = {"AccountId": ACCOUNT, "Bucket": "acme-invoices"}
QUERY = AccessPointsQuery("acme-invoices", ACCOUNT, REGION)


@pytest.fixture
def control(moto_server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """S3 Control of an account with two buckets and an access point of each."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    s3 = client(moto_server.endpoint, "s3", REGION, ACCOUNT)
    made = client(moto_server.endpoint, "s3control", REGION, ACCOUNT)
    for bucket, point in (("acme-invoices", "reports"), ("acme-site", "others")):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        made.create_access_point(
            AccountId=ACCOUNT,
            Name=point,
            Bucket=bucket,
            PublicAccessBlockConfiguration={**ALL_ON, "IgnorePublicAcls": False},
        )
    yield made
    for point in ("reports", "others"):
        made.delete_access_point(AccountId=ACCOUNT, Name=point)


def look(moto_server: MotoServer) -> Any:
    around = Surroundings(Sessions(lambda _: None, _loader=create_loader()))
    return around.look(Binding(REGION, endpoint=moto_server.endpoint), QUERY).observation


def test_the_access_points_of_the_bucket_are_told_and_no_others(moto_server: MotoServer, control: Any) -> None:
    block = PublicAccessBlock(block_public_acls=True, block_public_policy=True, restrict_public_buckets=True)
    assert look(moto_server) == AccessPoints((AccessPoint("reports", "", block, ""),))


def test_many_workers_at_once_ask_for_the_list_once(moto_server: MotoServer, control: Any) -> None:
    """At the start of the process, and of a scan, all of them need it in the same moment."""
    asked: list[str] = []

    def count(emitter: Any) -> None:
        emitter.register("request-created", lambda operation_name, **_: asked.append(operation_name))

    around = Surroundings(Sessions(count, _loader=create_loader()))
    binding = Binding(REGION, endpoint=moto_server.endpoint)
    with ThreadPoolExecutor(8) as workers:
        looks = list(workers.map(lambda _: around.look(binding, QUERY), range(8)))
    assert len({str(each.observation) for each in looks}) == 1
    assert asked.count("ListAccessPoints") == 1


@dataclass
class Unreachable:
    """A network in which S3 Control does not answer, as where only S3 has a VPC endpoint."""

    calls: int = 0

    def client(self, *_: Any) -> Any:
        self.calls += 1
        raise ConnectTimeoutError(endpoint_url="https://s3-control.eu-central-1.amazonaws.com")


def test_a_service_that_does_not_answer_is_asked_once_and_not_for_each_bucket() -> None:
    network = Unreachable()
    around = Surroundings(network)  # type: ignore[arg-type]  # it has what is used
    for bucket in ("acme-one", "acme-two", "acme-three"):
        found = around.look(Binding(REGION), AccessPointsQuery(bucket, ACCOUNT, REGION)).observation
        assert isinstance(found, Failure)
    assert network.calls == 1


def test_the_policy_of_an_access_point_is_told(moto_server: MotoServer, control: Any) -> None:
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    control.put_access_point_policy(AccountId=ACCOUNT, Name="reports", Policy=policy)
    (point,) = look(moto_server).points
    assert json.loads(point.policy) == json.loads(policy)


@pytest.fixture
def recorder(moto_server: MotoServer, control: Any) -> Iterator[Recorder]:
    with Recorder(moto_server.endpoint) as proxy:
        yield proxy


def listed(recorder: Recorder, *buckets: str) -> int:
    """Look at buckets, and count how often a list was asked for."""
    around = Surroundings(Sessions(lambda _: None, _loader=create_loader()))
    for bucket in buckets:
        around.look(Binding(REGION, endpoint=recorder.endpoint), AccessPointsQuery(bucket, ACCOUNT, REGION))
    return [call.operation for call in recorder.calls].count("ListAccessPoints")


def test_one_list_answers_for_all_buckets_of_the_region(recorder: Recorder) -> None:
    assert listed(recorder, "acme-invoices", "acme-site", "acme-bare") == 1


def test_a_refusal_is_asked_for_once(recorder: Recorder) -> None:
    recorder.fail("ListAccessPoints", 403, "AccessDenied", times=100)
    assert listed(recorder, "acme-invoices", "acme-site") == 1


def test_a_list_without_an_end_leaves_each_bucket_to_itself() -> None:
    asked: list[dict[str, Any]] = []

    def ask(_: Binding, read: Read) -> dict[str, Any]:
        asked.append(dict(read.parameters))
        return {"AccessPointList": [], "NextToken": "more"}

    lists = AccessPointLists(ask, clock=lambda: 0.0)
    assert lists.answer(Binding(REGION), Read("list_access_points", parameters=OF_ONE))[0] is None
    assert len(asked) == MOST_PAGES


def test_the_pages_of_a_list_are_put_together() -> None:
    pages = iter(
        (
            {"AccessPointList": [{"Name": "one", "Bucket": "acme-invoices"}], "NextToken": "more"},
            {"AccessPointList": [{"Name": "two", "Bucket": "acme-invoices"}, {"Name": "x", "Bucket": "other"}]},
        )
    )
    lists = AccessPointLists(lambda *_: next(pages), clock=lambda: 0.0)
    answer, _ = lists.answer(Binding(REGION), Read("list_access_points", parameters=OF_ONE))
    assert isinstance(answer, dict)
    assert [each["Name"] for each in answer["AccessPointList"]] == ["one", "two"]
