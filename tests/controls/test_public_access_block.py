"""Block Public Access: four flags that are read, wanted and put together."""

from typing import Any

import pytest
from tests.controls.builders import context, state_of, subject

from securebucket.controls.public_access_block import PublicAccessBlockControl
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.risk import Risk
from securebucket.model.verdict import Result

CONTROL = PublicAccessBlockControl()
ALL_ON = PublicAccessBlock(
    block_public_acls=True, ignore_public_acls=True, block_public_policy=True, restrict_public_buckets=True
)
ALL_OFF = PublicAccessBlock(
    block_public_acls=False, ignore_public_acls=False, block_public_policy=False, restrict_public_buckets=False
)
SOME = PublicAccessBlock(
    block_public_acls=True, ignore_public_acls=False, block_public_policy=True, restrict_public_buckets=False
)


@pytest.mark.parametrize(
    ("response", "state"),
    [
        pytest.param(None, ALL_OFF, id="never configured is all off at the level of the bucket"),
        pytest.param({"PublicAccessBlockConfiguration": {}}, ALL_OFF, id="no flag is off"),
        pytest.param(
            {
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": True,
                    "BlockPublicPolicy": True,
                    "RestrictPublicBuckets": True,
                }
            },
            ALL_ON,
            id="a new bucket since 2023",
        ),
        pytest.param(
            {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True}},
            SOME,
            id="flags that are left out are off",
        ),
    ],
)
def test_parse(response: Any, state: PublicAccessBlock) -> None:
    assert state_of(CONTROL, response) == state


@pytest.mark.parametrize(
    ("block", "state"),
    [
        pytest.param({}, ALL_ON, id="the secure default"),
        pytest.param({"ignorePublicAcls": False, "restrictPublicBuckets": False}, SOME, id="explicit opt-out"),
    ],
)
@pytest.mark.parametrize("origin", list(Origin))
def test_desired(block: dict[str, Any], state: PublicAccessBlock, origin: Origin) -> None:
    situation = context({"publicAccessBlock": block}, origin=origin)
    assert CONTROL.desired(situation, ALL_OFF) == state


def test_all_four_flags_are_put_since_s3_turns_off_the_ones_that_are_left_out() -> None:
    assert CONTROL.calls(context(), ALL_ON, SOME) == (
        Call(
            "put_public_access_block",
            {
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "IgnorePublicAcls": False,
                    "BlockPublicPolicy": True,
                    "RestrictPublicBuckets": False,
                }
            },
        ),
    )


def test_all_off_is_put_and_never_deleted() -> None:
    """DeletePublicAccessBlock removes the whole bucket on servers that do not know it."""
    (call,) = CONTROL.calls(context(), ALL_ON, ALL_OFF)
    assert call.operation == "put_public_access_block"


def test_closing_the_bucket_to_the_public_waits_for_nobody() -> None:
    assert CONTROL.risk(context(), ALL_OFF, ALL_ON) is Risk.NONE


@pytest.mark.parametrize(
    ("state", "result", "because"),
    [
        (ALL_ON, Result.PASS, "all four public access blocks are on"),
        (SOME, Result.FAIL, "ignorePublicAcls, restrictPublicBuckets off"),
        (
            ALL_OFF,
            Result.FAIL,
            "blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets off",
        ),
    ],
)
def test_verdict(state: PublicAccessBlock, result: Result, because: str) -> None:
    (check,) = CONTROL.checks
    verdict = check.judge(subject(), state)
    assert (verdict.result, verdict.because) == (result, because)
