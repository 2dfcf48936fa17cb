from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, context, state_of, subject
from tests.laws.aws_model import problems_of

from securebucket.controls.notifications import NotificationsControl, NotificationsState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.document import fields_of
from securebucket.model.risk import Risk
from securebucket.model.verdict import Result

CONTROL = NotificationsControl()
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:orders"
QUEUE = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:orders"
FUNCTION = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:orders"
CREATED, REMOVED = "s3:ObjectCreated:*", "s3:ObjectRemoved:*"
ABSENT = NotificationsState()
TO_QUEUE = {"QueueArn": QUEUE, "Events": [CREATED]}


def state(targets: dict[str, Any] | None = None, *, event_bridge: bool = False) -> NotificationsState:
    return NotificationsState(event_bridge, targets or {})


def declared(arn: str, target_id: str = "a", **fields: Any) -> dict[str, Any]:
    return {"id": target_id, "arn": arn, "events": [CREATED], **fields}


def read_queue(**members: Any) -> NotificationsState:
    return state_of(CONTROL, {"QueueConfigurations": [{"Id": "a", **TO_QUEUE, **members}]})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param(None, ABSENT, id="never configured"),
        pytest.param({}, ABSENT, id="200 with nothing"),
        pytest.param({"QueueConfigurations": []}, ABSENT, id="an empty list"),
        pytest.param({"EventBridgeConfiguration": {}}, state(event_bridge=True), id="EventBridge alone, always empty"),
        pytest.param(
            {
                "TopicConfigurations": [{"Id": "t", "TopicArn": TOPIC, "Events": [CREATED]}],
                "QueueConfigurations": [{"Id": "q", "QueueArn": QUEUE, "Events": [CREATED]}],
                "LambdaFunctionConfigurations": [{"Id": "l", "LambdaFunctionArn": FUNCTION, "Events": [CREATED]}],
            },
            state(
                {
                    "topics/t": {"TopicArn": TOPIC, "Events": [CREATED]},
                    "queues/q": {"QueueArn": QUEUE, "Events": [CREATED]},
                    "lambdaFunctions/l": {"LambdaFunctionArn": FUNCTION, "Events": [CREATED]},
                }
            ),
            id="one of each kind",
        ),
    ],
)
def test_parse(answer: dict[str, Any] | None, expected: NotificationsState) -> None:
    assert state_of(CONTROL, answer) == expected


def rules(*pairs: tuple[str, str]) -> dict[str, Any]:
    return {"Key": {"FilterRules": [{"Name": name, "Value": value} for name, value in pairs]}}


@pytest.mark.parametrize(
    ("members", "canonical"),
    [
        pytest.param({"Filter": rules(("Prefix", "x/"))}, {"Filter": {"prefix": "x/"}}, id="as AWS answers"),
        pytest.param({"Filter": rules(("prefix", "x/"))}, {"Filter": {"prefix": "x/"}}, id="as it is put"),
        pytest.param(
            {"Filter": rules(("Suffix", ".jpg"), ("Prefix", "x/"))},
            {"Filter": {"prefix": "x/", "suffix": ".jpg"}},
            id="both, in any order",
        ),
        pytest.param({"Filter": rules(("Prefix", ""))}, {}, id="empty prefix"),
        pytest.param({"Filter": rules()}, {}, id="no rule"),
        pytest.param({"Filter": {"Key": {}}}, {}, id="empty key"),
        pytest.param({"Filter": {}}, {}, id="empty filter"),
        pytest.param(
            {"Events": [REMOVED, CREATED, CREATED]}, {"Events": [CREATED, REMOVED]}, id="events in any order, or twice"
        ),
        pytest.param({"Future": {"a": 1}}, {"Future": {"a": 1}}, id="a member not known here"),
    ],
)
def test_one_meaning_of_a_target_has_one_form(members: dict[str, Any], canonical: dict[str, Any]) -> None:
    assert read_queue(**members) == state({"queues/a": TO_QUEUE | canonical})


def test_a_target_without_id_gets_a_name_that_stays_and_is_put_back_with_it() -> None:
    observed = state_of(CONTROL, {"QueueConfigurations": [TO_QUEUE]})
    (key,) = observed.targets
    asked = context({"notifications": {"eventBridge": True}}, origin=Origin.ADOPTED)
    (call,) = CONTROL.calls(asked, observed, CONTROL.desired(asked, observed))
    (target,) = call.parameters["NotificationConfiguration"]["QueueConfigurations"]
    assert key == f"queues/{target['Id']}"


DECLARED = [
    pytest.param({}, ABSENT, id="nothing"),
    pytest.param({"eventBridge": True}, state(event_bridge=True), id="EventBridge"),
    pytest.param({"eventBridge": False}, ABSENT, id="no EventBridge"),
    pytest.param(
        {"topics": [declared(TOPIC)]}, state({"topics/a": {"TopicArn": TOPIC, "Events": [CREATED]}}), id="topic"
    ),
    pytest.param({"queues": [declared(QUEUE)]}, state({"queues/a": TO_QUEUE}), id="queue"),
    pytest.param(
        {"lambdaFunctions": [declared(FUNCTION)]},
        state({"lambdaFunctions/a": {"LambdaFunctionArn": FUNCTION, "Events": [CREATED]}}),
        id="function",
    ),
    pytest.param(
        {"queues": [declared(QUEUE, events=[REMOVED, CREATED], filter={"prefix": "x/", "suffix": ".jpg"})]},
        state(
            {
                "queues/a": {
                    "QueueArn": QUEUE,
                    "Events": [CREATED, REMOVED],
                    "Filter": {"prefix": "x/", "suffix": ".jpg"},
                }
            }
        ),
        id="every field",
    ),
    pytest.param(
        {"queues": [declared(QUEUE, "with/slash")]}, state({"queues/with/slash": TO_QUEUE}), id="an id with a slash"
    ),
]


@pytest.mark.parametrize(("block", "expected"), DECLARED)
def test_every_field_is_taken_over(block: dict[str, Any], expected: NotificationsState) -> None:
    assert CONTROL.desired(context({"notifications": block}), ABSENT) == expected


@pytest.mark.parametrize(("block", "expected"), DECLARED)
def test_what_is_put_reads_back_as_it_was_meant_and_nothing_is_left_to_do(
    block: dict[str, Any], expected: NotificationsState
) -> None:
    asked = context({"notifications": block})
    (call,) = CONTROL.calls(asked, ABSENT, expected)
    assert problems_of(call) == []
    answer = state_of(CONTROL, call.parameters["NotificationConfiguration"])
    assert answer == expected
    assert CONTROL.desired(asked, answer) == answer


@pytest.mark.parametrize("on", [True, False])
def test_event_bridge_stays_as_it_is_unless_it_is_declared(on: bool) -> None:
    observed = state(event_bridge=on)
    assert CONTROL.desired(context(), observed) == observed
    assert CONTROL.desired(context({"notifications": {"eventBridge": not on}}), observed) == state(event_bridge=not on)


def test_a_declared_target_replaces_the_one_of_its_kind_and_id_only() -> None:
    asked = context({"notifications": {"queues": [declared(QUEUE, events=[REMOVED])]}}, origin=Origin.ADOPTED)
    observed = state({"queues/a": TO_QUEUE, "queues/b": TO_QUEUE})
    assert CONTROL.kept(asked, observed) == ("queues/b",)
    wanted = {"queues/a": TO_QUEUE | {"Events": [REMOVED]}, "queues/b": TO_QUEUE}
    assert CONTROL.desired(asked, observed) == state(wanted)


def test_off_is_an_empty_document_for_there_is_no_delete() -> None:
    assert CONTROL.calls(context(), state({"queues/a": TO_QUEUE}), ABSENT) == (
        Call("put_bucket_notification_configuration", {"NotificationConfiguration": {}}),
    )


@pytest.mark.parametrize("skipped", [True, False])
def test_destinations_are_tested_by_s3_unless_it_is_told_not_to(skipped: bool) -> None:
    asked = context({"notifications": {"skipDestinationValidation": skipped}})
    (call,) = CONTROL.calls(asked, ABSENT, state({"queues/a": TO_QUEUE}))
    assert call.parameters.get("SkipDestinationValidation", False) is skipped
    assert problems_of(call) == []


def test_one_id_in_two_kinds_is_refused_kept_ones_included() -> None:
    """S3 answers InvalidArgument: ids are unique in the whole configuration."""
    asked = context({"notifications": {"topics": [declared(TOPIC)]}}, origin=Origin.ADOPTED)
    observed = state({"queues/a": TO_QUEUE})
    failure = CONTROL.refuse(asked, observed, CONTROL.desired(asked, observed))
    assert failure is not None
    assert failure.reason == "NotificationIdTaken"
    assert "queues/a and topics/a" in failure.message


def test_different_ids_are_not_refused() -> None:
    wanted = state({"queues/a": TO_QUEUE, "topics/b": {"TopicArn": TOPIC, "Events": [REMOVED]}})
    assert CONTROL.refuse(context(), ABSENT, wanted) is None


def test_a_difference_names_the_one_target() -> None:
    assert fields_of(state({"queues/a": TO_QUEUE})) == {"eventBridge": False, "targets[queues/a]": TO_QUEUE}


def test_notifications_delete_nothing() -> None:
    assert CONTROL.risk(context(), state({"queues/a": TO_QUEUE}), ABSENT) is Risk.NONE


@pytest.mark.parametrize(
    ("observed", "result"),
    [
        (ABSENT, Result.FAIL),
        (state(event_bridge=True), Result.PASS),
        (state({"queues/a": TO_QUEUE}), Result.PASS),
    ],
)
def test_events_notified(observed: NotificationsState, result: Result) -> None:
    (check,) = CONTROL.checks
    assert check.judge(subject(), observed).result is result


def filtered(prefix: str, target_id: str = "a", suffix: str = "") -> dict[str, Any]:
    return declared(QUEUE, target_id, filter={"prefix": prefix, "suffix": suffix})


def asked_for(*targets: dict[str, Any], origin: Origin = Origin.CREATED, **block: Any) -> Any:
    return context({"notifications": {"queues": list(targets), **block}}, origin=origin)


def sent(asked: Any, observed: NotificationsState) -> dict[str, dict[str, str]]:
    """Give the filters that are put, by the target's id."""
    (call,) = CONTROL.calls(asked, observed, CONTROL.desired(asked, observed))
    targets = call.parameters["NotificationConfiguration"]["QueueConfigurations"]
    return {
        each["Id"]: {rule["Name"]: rule["Value"] for rule in each["Filter"]["Key"]["FilterRules"]} for each in targets
    }


@pytest.mark.parametrize("prefix", ["year=2026/", "year%3D2026/", "year%3d2026/"])
def test_a_key_is_put_as_s3_compares_it_and_reads_back_equal(prefix: str) -> None:
    asked = asked_for(filtered(prefix, suffix=" final.csv"))
    assert sent(asked, ABSENT) == {"a": {"prefix": "year%3D2026/", "suffix": "+final.csv"}}
    there = read_queue(Filter=rules(("Prefix", "year%3D2026/"), ("Suffix", "+final.csv")))
    assert CONTROL.desired(asked, there) == there


@pytest.mark.parametrize("prefix", ["year=2026/", "year%3D2026/", "year%3d2026/", "to do/", "to+do/", "home/*", "ä/"])
def test_an_upgrade_alone_leaves_a_filter_as_the_first_release_put_it(prefix: str) -> None:
    there = read_queue(Filter=rules(("Prefix", prefix)))
    asked = asked_for(filtered(prefix))
    assert CONTROL.desired(asked, there) == there
    assert CONTROL.refuse(asked, there, there) is None


def test_once_something_is_written_all_declared_filters_are_right() -> None:
    there = read_queue(Filter=rules(("Prefix", "year=2026/")))
    asked = asked_for(filtered("year=2026/"), filtered("x/", "b"))
    assert sent(asked, there) == {"a": {"prefix": "year%3D2026/"}, "b": {"prefix": "x/"}}


@pytest.mark.parametrize("value", ["year=2026/", "to do/", "home/*", "to+do/", "year%3d2026/", "%FF", "%"])
def test_a_filter_of_others_goes_back_as_it_was(value: str) -> None:
    there = state_of(
        CONTROL, {"QueueConfigurations": [{"Id": "theirs", **TO_QUEUE, "Filter": rules(("Prefix", value))}]}
    )
    asked = asked_for(filtered("x/"), origin=Origin.ADOPTED)
    assert sent(asked, there)["theirs"] == {"prefix": value}


def test_a_filter_that_somebody_else_changed_is_corrected() -> None:
    asked = asked_for(filtered("year=2026/"))
    assert sent(asked, read_queue(Filter=rules(("Prefix", "year%3D2027/")))) == {"a": {"prefix": "year%3D2026/"}}


@pytest.mark.parametrize(
    ("prefix", "suffix", "words"),
    [
        ("home/*", "", "filter.prefix: * is no wildcard"),
        ("", "*.csv", "filter.suffix: * is no wildcard"),
        ("to+do/", "", "filter.prefix: + stands for a space"),
    ],
)
def test_a_filter_that_would_never_fire_is_refused(prefix: str, suffix: str, words: str) -> None:
    asked = asked_for(filtered(prefix, suffix=suffix))
    failure = CONTROL.refuse(asked, ABSENT, CONTROL.desired(asked, ABSENT))
    assert failure is not None
    assert failure.reason == "NotificationFilterUnclear"
    assert f"target queues/a of spec.notifications: {words}" in failure.message


@pytest.mark.parametrize("prefix", ["year=2026/", "to do/", "year%3D2026/", "c++/", "home/*"])
def test_another_store_than_aws_gets_keys_as_they_are(prefix: str) -> None:
    asked = context({"notifications": {"queues": [filtered(prefix)]}}, compatible=True)
    assert sent(asked, ABSENT) == {"a": {"prefix": prefix}}
    assert CONTROL.refuse(asked, ABSENT, CONTROL.desired(asked, ABSENT)) is None


def test_a_filter_that_never_fires_and_is_there_does_not_hold_up_another_target() -> None:
    there = read_queue(Filter=rules(("Prefix", "home/*")))
    asked = asked_for(filtered("home/*"), filtered("x/", "b"))
    assert CONTROL.refuse(asked, there, CONTROL.desired(asked, there)) is None
