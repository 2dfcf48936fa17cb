"""Nothing that S3 keeps of a bucket is unseen: each operation on it belongs to a control, or is left out on purpose.

A new version of botocore that knows a new document fails here, and somebody has to say what becomes of it.
"""

from functools import cache

import pytest
from tests.laws.aws_model import operation_model, s3_operations
from tests.laws.worlds import calls_of

from securebucket.controls import CONTROLS
from securebucket_dev.generate.mechanisms import CHAPTER

LEFT_OUT = CHAPTER.left_out.operations
"""Operations on a bucket that no control makes, and why."""


def on_a_bucket() -> set[str]:
    """Name the operations that are about a bucket, and not about one object in it."""
    found = set()
    for api in s3_operations():
        shape = operation_model(api).input_shape
        members = shape.members if shape is not None else {}
        if "Bucket" in members and "Key" not in members:
            found.add(api)
    return found


@cache
def of_controls() -> set[str]:
    """Name the operations that controls read by, or write with."""
    reads = {read.partition("/")[0] for control in CONTROLS for read in control.documents()}
    return reads | {call.api for control in CONTROLS for call in calls_of(control)}


@pytest.mark.parametrize("api", sorted(on_a_bucket()))
def test_every_operation_on_a_bucket_has_its_place(api: str) -> None:
    assert (api in of_controls()) is not (api in LEFT_OUT), LEFT_OUT.get(
        api, "no control makes it, and nobody says why"
    )


def test_what_is_left_out_is_there() -> None:
    assert set(LEFT_OUT) <= on_a_bucket()
