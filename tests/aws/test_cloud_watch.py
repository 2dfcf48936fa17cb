"""Metrics of S3 are read from a server that has CloudWatch, many with one call."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.model.failure import Failure
from securebucket.model.replication_progress import Measure, MetricQuery
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.moto import MotoServer

ACCOUNT = "123456789012"
REGION = "eu-central-1"
NOW = dt.datetime.now(dt.UTC).replace(second=0, microsecond=0)
SINCE = NOW - dt.timedelta(minutes=30)


@pytest.fixture
def cloud_watch(moto_server: MotoServer, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return client(moto_server.endpoint, "cloudwatch", REGION, ACCOUNT)


@pytest.fixture
def aws() -> Iterator[Aws]:
    made = Aws(lambda *_: None)
    yield made
    made.close()


def put(cloud_watch: Any, query: MetricQuery, *values: float) -> None:
    """Tell values, the newest first, five minutes apart."""
    names = {"SourceBucket": query.source, "DestinationBucket": query.destination, "RuleId": query.rule}
    cloud_watch.put_metric_data(
        Namespace="AWS/S3",
        MetricData=[
            {
                "MetricName": query.measure.value[0],
                "Dimensions": [{"Name": name, "Value": value} for name, value in names.items()],
                "Timestamp": NOW - dt.timedelta(minutes=5 * ago + 1),
                "Value": value,
            }
            for ago, value in enumerate(values)
        ],
    )


def test_each_metric_has_its_own_values_the_newest_first(moto_server: MotoServer, cloud_watch: Any, aws: Aws) -> None:
    pending = MetricQuery(Measure.PENDING_OPERATIONS, "acme-invoices", "acme-copy", "all")
    other = MetricQuery(Measure.PENDING_OPERATIONS, "acme-invoices", "acme-copy", "some")
    failed = MetricQuery(Measure.FAILED_OPERATIONS, "acme-invoices", "acme-copy", "all")
    put(cloud_watch, pending, 5, 9)
    put(cloud_watch, failed, 2, 3)
    binding = Binding(endpoint=moto_server.endpoint)
    found = aws.metric_values(binding, REGION, (pending, other, failed), SINCE, NOW)
    assert found == {pending: (5.0, 9.0), other: (), failed: (2.0, 3.0)}


def test_nothing_is_told_of_another_region(moto_server: MotoServer, cloud_watch: Any, aws: Aws) -> None:
    query = MetricQuery(Measure.LATENCY, "acme-orders", "acme-copy", "all")
    put(cloud_watch, query, 4)
    found = aws.metric_values(Binding(endpoint=moto_server.endpoint), "us-east-1", (query,), SINCE, NOW)
    assert found == {query: ()}


def test_a_server_that_does_not_answer_is_a_reason(aws: Aws) -> None:
    query = MetricQuery(Measure.LATENCY, "acme-orders", "acme-copy", "all")
    found = aws.metric_values(Binding(endpoint="http://127.0.0.1:9"), REGION, (query,), SINCE, NOW)
    assert isinstance(found, Failure)
