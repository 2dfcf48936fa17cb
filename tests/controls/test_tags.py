"""Tags: ours always, the declared ones, those of others by choice, AWS's own whatever happens."""

from typing import Any

import pytest
from tests.controls.builders import bucket, context, state_of, subject

from securebucket.controls.abac import AbacState
from securebucket.controls.tags import ABAC_UNKNOWN, UNDER_ABAC, TagsControl, TagsState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.ownership_tags import ORIGIN_TAG, OWNER_TAG, ownership_tags
from securebucket.model.understanding import NOT_UNDERSTOOD, not_understood
from securebucket.model.verdict import Result

CONTROL = TagsControl()
OURS = {OWNER_TAG: "cluster-1/payments/invoices", ORIGIN_TAG: "Created"}
STACK = {"aws:cloudformation:stack-name": "invoices"}
THEIRS = {"theirs": "1"}


@pytest.mark.parametrize("origin", list(Origin))
def test_the_ownership_tags_say_whose_the_bucket_is_and_where_it_is_from(origin: Origin) -> None:
    assert ownership_tags(bucket(origin)) == {OWNER_TAG: "cluster-1/payments/invoices", ORIGIN_TAG: str(origin)}


@pytest.mark.parametrize(
    ("response", "tags"),
    [
        pytest.param(None, {}, id="never configured"),
        pytest.param({"TagSet": []}, {}, id="an empty set"),
        pytest.param(
            {"TagSet": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]}, {"a": "1", "b": ""}, id="tags"
        ),
        pytest.param({"TagSet": [{"Key": "b"}]}, {"b": ""}, id="moto leaves an empty value out"),
    ],
)
def test_parse(response: Any, tags: dict[str, str]) -> None:
    assert state_of(CONTROL, response) == TagsState(tags)


def test_the_order_of_tags_means_nothing() -> None:
    one, other = {"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}
    assert state_of(CONTROL, {"TagSet": [one, other]}) == state_of(CONTROL, {"TagSet": [other, one]})


@pytest.mark.parametrize(
    ("block", "observed", "desired", "kept"),
    [
        pytest.param({}, {}, OURS, (), id="ours alone"),
        pytest.param({"tagSet": {"team": "pay"}}, {}, {**OURS, "team": "pay"}, (), id="declared"),
        pytest.param({"tagSet": {"team": "pay"}}, {"team": "x"}, {**OURS, "team": "pay"}, (), id="declared, changed"),
        pytest.param({}, THEIRS, {**OURS, **THEIRS}, ("theirs",), id="those of others stay by default"),
        pytest.param({"foreign": "Remove"}, THEIRS, OURS, (), id="those of others go if told so"),
        pytest.param(
            {"foreign": "Remove"},
            {**STACK, **THEIRS},
            {**OURS, **STACK},
            ("aws:cloudformation:stack-name",),
            id="AWS's own stay always: S3 refuses a set without them",
        ),
        pytest.param({}, {OWNER_TAG: "cluster-1/payments/old"}, OURS, (), id="the owner's tag is put right"),
    ],
)
def test_desired(
    block: dict[str, Any], observed: dict[str, str], desired: dict[str, str], kept: tuple[str, ...]
) -> None:
    situation = context({"tags": block})
    assert CONTROL.desired(situation, TagsState(observed)) == TagsState(desired)
    assert CONTROL.kept(situation, TagsState(observed)) == kept


@pytest.mark.parametrize("origin", list(Origin))
def test_tags_of_others_stay_on_a_created_bucket_too(origin: Origin) -> None:
    assert "theirs" in CONTROL.desired(context(origin=origin), TagsState(THEIRS)).tags


def test_the_whole_set_is_put_with_aws_own_tags_and_empty_values() -> None:
    (call,) = CONTROL.calls(context(), TagsState({}), TagsState({"b": "", **STACK, "a": "1"}))
    assert call.operation == "put_bucket_tagging"
    assert call.parameters == {
        "Tagging": {
            "TagSet": [
                {"Key": "a", "Value": "1"},
                {"Key": "aws:cloudformation:stack-name", "Value": "invoices"},
                {"Key": "b", "Value": ""},
            ]
        }
    }


@pytest.mark.parametrize(
    ("others", "system", "refused"),
    [
        pytest.param(48, 0, False, id="50 with ours"),
        pytest.param(49, 0, True, id="51 with ours"),
        pytest.param(48, 10, False, id="AWS's own do not count"),
    ],
)
def test_more_tags_than_s3_takes_are_refused(others: int, system: int, refused: bool) -> None:
    observed = TagsState(
        {f"tag-{number}": "" for number in range(others)} | {f"aws:tag-{number}": "" for number in range(system)}
    )
    situation = context()
    failure = CONTROL.refuse(situation, observed, CONTROL.desired(situation, observed))
    assert (failure is not None) is refused
    assert failure is None or failure.reason == "TooManyTags"


@pytest.mark.parametrize(
    ("tags", "result"),
    [
        pytest.param({}, Result.FAIL, id="none"),
        pytest.param(STACK, Result.FAIL, id="AWS's own alone"),
        pytest.param(THEIRS, Result.PASS, id="any other"),
        pytest.param(OURS, Result.PASS, id="ours"),
    ],
)
def test_verdict(tags: dict[str, str], result: Result) -> None:
    (check,) = CONTROL.checks
    assert check.judge(subject(), TagsState(tags)).result is result


def test_what_stands_beside_the_tags_does_not_hide_them_and_is_not_written_over() -> None:
    """The tags say whose the bucket is: an element that S3 has gained must not stop everything."""
    beside = {"TagSet": [{"Key": "team", "Value": "a"}], NOT_UNDERSTOOD: ["Invented"]}
    state = state_of(CONTROL, beside)
    assert state.tags == {"team": "a"}
    desired = CONTROL.desired(context(), state)
    assert not_understood(desired) == ("Invented",)


ABAC_ON = {"abac": AbacState("Enabled")}
ARN = "arn:aws:s3:::acme-invoices"


def of_resource(operation: str, **parameters: Any) -> Call:
    return Call(operation, {"ResourceArn": ARN, **parameters}, service="s3control", why=UNDER_ABAC)


@pytest.mark.parametrize(
    ("before", "after", "calls"),
    [
        pytest.param(
            {**STACK, "a": "1", "b": "2"},
            {**STACK, "a": "1", "b": "3", "c": ""},
            (of_resource("tag_resource", Tags=[{"Key": "b", "Value": "3"}, {"Key": "c", "Value": ""}]),),
            id="only what changed is set",
        ),
        pytest.param({"a": "1", "b": "2"}, {}, (of_resource("untag_resource", TagKeys=["a", "b"]),), id="what goes"),
        pytest.param(
            {"a": "1"},
            {"b": ""},
            (
                of_resource("tag_resource", Tags=[{"Key": "b", "Value": ""}]),
                of_resource("untag_resource", TagKeys=["a"]),
            ),
            id="set before what goes is taken away",
        ),
    ],
)
def test_with_abac_on_tags_are_set_one_by_one(
    before: dict[str, str], after: dict[str, str], calls: tuple[Call, ...]
) -> None:
    """S3 refuses PutBucketTagging then."""
    assert CONTROL.calls(context(observed=ABAC_ON), TagsState(before), TagsState(after)) == calls


def test_where_both_have_no_room_the_old_tags_go_first() -> None:
    before = TagsState({f"old-{number}": "" for number in range(48)})
    after = TagsState({f"new-{number}": "" for number in range(48)})
    calls = CONTROL.calls(context(observed=ABAC_ON), before, after)
    assert [call.operation for call in calls] == ["untag_resource", "tag_resource"]


@pytest.mark.parametrize("abac", [AbacState("Disabled"), Unsupported("the server does not support GetBucketAbac.")])
def test_without_abac_the_whole_set_is_put(abac: Any) -> None:
    (call,) = CONTROL.calls(context(observed={"abac": abac}), TagsState({}), TagsState({"a": "1"}))
    assert (call.operation, call.why) == ("put_bucket_tagging", "")


def test_where_nobody_knows_whether_abac_is_on_a_refusal_names_it() -> None:
    denied = Failure("AccessDenied", "GetBucketAbac was denied.")
    (call,) = CONTROL.calls(context(observed={"abac": denied}), TagsState({}), TagsState({"a": "1"}))
    assert (call.operation, call.why) == ("put_bucket_tagging", ABAC_UNKNOWN)
