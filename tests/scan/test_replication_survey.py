"""Replication is measured for many buckets with one call, when it is due, and each rule gets what is its own."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from securebucket.aws.cloud_watch import MOST_QUERIES
from securebucket.aws.sessions import Binding
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.replication_progress import CopyingRule, Measure, MetricQuery, Progress
from securebucket.scan.replication_register import Copying, ReplicationRegister
from securebucket.scan.replication_survey import ReplicationSurvey

HERE, THERE = "eu-central-1", "eu-west-1"
QUARTER = 900.0
DENIED = Failure("AccessDenied", "GetMetricData was denied.")
KEY = ObjectKey("payments", "invoices")
RULE = CopyingRule("all", "acme-copy", THERE, measured=True)


@dataclass
class CloudWatch:
    """Tells values by metric, or a reason by region, and counts what it is asked: every metric costs."""

    values: Mapping[Measure, tuple[float, ...]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    asked: list[tuple[str, str, int]] = field(default_factory=list)
    views: list[dt.timedelta] = field(default_factory=list)

    def metric_values(
        self, binding: Binding, region: str, queries: Sequence[MetricQuery], since: dt.datetime, until: dt.datetime
    ) -> Mapping[MetricQuery, tuple[float, ...]] | Failure:
        self.asked.append((binding.role_arn, region, len(queries)))
        self.views.append(until - since)
        return DENIED if region in self.refused else {each: self.values.get(each.measure, ()) for each in queries}


@dataclass
class World:
    """A register, a survey over it, and its clock."""

    cloud_watch: CloudWatch = field(default_factory=CloudWatch)
    register: ReplicationRegister = field(default_factory=ReplicationRegister)
    now: float = 0.0

    def __post_init__(self) -> None:
        aws = self.cloud_watch
        self.survey = ReplicationSurvey(aws, self.register, clock=lambda: self.now)  # type: ignore[arg-type]  # what is used

    def see(self, *rules: CopyingRule, key: ObjectKey = KEY, role: str = "", interval: float = QUARTER) -> None:
        self.register.see(key, Copying(Binding(role_arn=role), f"acme-{key.name}", HERE, interval, rules))

    def progress(self, key: ObjectKey = KEY) -> list[Progress | None]:
        return [each.progress for each in self.register.progress(key)]


@pytest.fixture
def world() -> World:
    return World()


def many(count: int) -> list[ObjectKey]:
    return [ObjectKey("payments", f"bucket-{number}") for number in range(count)]


def test_what_waits_is_as_of_now_and_what_failed_is_summed_up(world: World) -> None:
    world.cloud_watch.values = {
        Measure.PENDING_OPERATIONS: (5.0, 9.0),
        Measure.PENDING_BYTES: (70.0,),
        Measure.LATENCY: (12.0, 1.0),
        Measure.FAILED_OPERATIONS: (2.0, 0.0, 3.0),
    }
    world.see(RULE)
    world.survey.run()
    assert world.progress() == [Progress(5.0, 5.0, 70.0, 12.0)]


def test_what_waits_is_asked_where_copies_go_and_what_failed_where_they_come_from(world: World) -> None:
    world.see(RULE)
    world.survey.run()
    assert sorted(world.cloud_watch.asked) == [("", HERE, 1), ("", THERE, 3)]


def test_nothing_told_is_no_zero(world: World) -> None:
    world.see(RULE)
    world.survey.run()
    assert world.progress() == [Progress()]


def test_a_hundred_buckets_are_asked_about_with_one_call_a_region(world: World) -> None:
    for key in many(100):
        world.see(RULE, key=key)
    world.survey.run()
    assert sorted(world.cloud_watch.asked) == [("", HERE, 100), ("", THERE, 300)]


def test_no_call_asks_for_more_than_cloudwatch_takes(world: World) -> None:
    for key in many(200):
        world.see(RULE, key=key)
    world.survey.run()
    assert sorted(count for _, place, count in world.cloud_watch.asked if place == THERE) == [100, MOST_QUERIES]


def test_each_identity_and_each_interval_is_asked_by_itself(world: World) -> None:
    world.see(RULE)
    world.see(RULE, key=ObjectKey("payments", "orders"), role="arn:aws:iam::444455556666:role/operator")
    world.see(RULE, key=ObjectKey("payments", "ledger"), interval=60.0)
    world.survey.run()
    assert len(world.cloud_watch.asked) == 3 * 2


def test_it_is_asked_again_when_the_interval_is_over_and_not_before(world: World) -> None:
    world.see(RULE)
    for world.now in (0.0, QUARTER - 1):
        world.survey.run()
    assert len(world.cloud_watch.asked) == 2
    world.now = QUARTER
    world.survey.run()
    assert len(world.cloud_watch.asked) == 4


@pytest.mark.parametrize(("interval", "view"), [(60.0, 900), (3600.0, 3600)])
def test_what_failed_is_asked_for_the_interval_and_a_quarter_of_an_hour_at_least(
    world: World, interval: float, view: int
) -> None:
    world.see(RULE, interval=interval)
    world.survey.run()
    assert set(world.cloud_watch.views) == {dt.timedelta(seconds=view)}


def test_a_rule_without_metrics_costs_nothing_and_has_no_progress(world: World) -> None:
    world.see(CopyingRule("all", "acme-copy", THERE, measured=False))
    world.survey.run()
    assert world.cloud_watch.asked == []
    assert world.progress() == [None]


def test_where_copies_go_is_not_known_so_that_only_what_failed_is(world: World) -> None:
    world.cloud_watch.values = {Measure.FAILED_OPERATIONS: (1.0,)}
    world.see(CopyingRule("all", "acme-copy", "", measured=True))
    world.survey.run()
    (found,) = world.progress()
    assert found == Progress(failed_operations=1.0, unread="it is not known in which region the destination lies")


def test_a_region_that_may_not_be_asked_leaves_the_other(world: World) -> None:
    world.cloud_watch.refused = frozenset({THERE})
    world.cloud_watch.values = {Measure.FAILED_OPERATIONS: (1.0,)}
    world.see(RULE)
    world.survey.run()
    assert world.progress() == [Progress(failed_operations=1.0, unread=DENIED.message)]


def test_a_missing_right_is_told_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.cloud_watch.refused = frozenset({HERE, THERE})
    world.see(RULE)
    for world.now in (0.0, QUARTER, 2 * QUARTER):
        world.survey.run()
    assert sorted(each.message for each in caplog.records) == [
        f"replication metrics of {place}: {DENIED.message}" for place in (HERE, THERE)
    ]


def test_nothing_is_asked_by_a_process_that_ends(world: World) -> None:
    world.see(RULE)
    world.survey.run(lambda: False)
    assert world.cloud_watch.asked == []


def test_a_rule_that_is_gone_takes_its_progress_with_it(world: World) -> None:
    world.see(RULE)
    world.survey.run()
    world.see(CopyingRule("other", "acme-copy", THERE, measured=True))
    world.see(RULE)
    assert world.progress() == [None]


def test_an_object_that_is_gone_is_not_measured(world: World) -> None:
    world.see(RULE)
    world.survey.run()
    world.register.gone(KEY)
    assert list(world.register.all()) == []
    world.now = QUARTER
    world.survey.run()
    assert len(world.cloud_watch.asked) == 2
