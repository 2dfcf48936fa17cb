"""Which notification targets S3 does not take side by side."""

from typing import Any

import pytest

from securebucket.controls.notification_conflicts import refuse_targets

ARN = "arn:aws:sqs:eu-central-1:111122223333:q"
CREATED, PUT, REMOVED = "s3:ObjectCreated:*", "s3:ObjectCreated:Put", "s3:ObjectRemoved:*"


def target(*events: str, prefix: str = "", suffix: str = "", arn: str = ARN) -> dict[str, Any]:
    conditions = {name: value for name, value in {"prefix": prefix, "suffix": suffix}.items() if value}
    return {"QueueArn": arn, "Events": list(events)} | ({"Filter": conditions} if conditions else {})


ONE = target(CREATED, prefix="images/", suffix=".jpg")


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        pytest.param(target(CREATED), target(CREATED), True, id="both for everything"),
        pytest.param(target(CREATED), target(PUT), True, id="one of the events of the other"),
        pytest.param(target(PUT), target(CREATED), True, id="the other way round"),
        pytest.param(target(PUT), target("s3:ObjectCreated:Copy"), False, id="two events of a kind"),
        pytest.param(target(CREATED), target(REMOVED), False, id="other events"),
        pytest.param(target(CREATED, REMOVED), target(REMOVED), True, id="one event of several"),
        pytest.param(ONE, target(CREATED, prefix="images/a", suffix=".jpg"), True, id="a longer prefix"),
        pytest.param(ONE, target(CREATED, prefix="images/a"), True, id="a longer prefix and any suffix"),
        pytest.param(ONE, target(CREATED, prefix="images/", suffix=".png"), False, id="other suffixes"),
        pytest.param(ONE, target(CREATED, prefix="audio/", suffix=".jpg"), False, id="other prefixes"),
        pytest.param(ONE, target(CREATED, suffix="a.jpg"), True, id="a longer suffix and any prefix"),
        pytest.param(target(CREATED, prefix="a"), target(CREATED, suffix="b"), True, id="a prefix and a suffix"),
    ],
)
def test_overlaps(one: dict[str, Any], other: dict[str, Any], overlap: bool) -> None:
    failure = refuse_targets({}, {"queues/a": one, "queues/b": other}, (), "eu-central-1")
    assert bool(failure) is overlap
    assert not failure or failure.reason == "NotificationsOverlap"


def test_what_s3_holds_already_it_has_taken() -> None:
    """A server that takes more than AWS does may have it, and an upgrade must not fail for it."""
    there = {"queues/a": target(CREATED, arn="arn:aws:sqs:eu-west-1:111122223333:q"), "queues/b": target(CREATED)}
    assert refuse_targets(there, there | {"queues/c": target(REMOVED)}, (), "eu-central-1") is None


def test_an_overlap_names_the_target_of_others() -> None:
    there = {"queues/theirs": target(CREATED)}
    failure = refuse_targets(there, there | {"queues/ours": target(PUT)}, ("queues/theirs",), "")
    assert failure
    assert "remove queues/theirs, which is of others" in failure.message


@pytest.mark.parametrize("arn", ["", "q", "arn:aws:sqs"])
def test_an_arn_without_a_region_is_for_s3_to_judge(arn: str) -> None:
    assert refuse_targets({}, {"queues/a": target(CREATED, arn=arn)}, (), "eu-central-1") is None
