"""What is remembered of an object is of that object and that bucket, and goes with them."""

from dataclasses import replace

import pytest
from tests.controls.builders import bucket
from tests.engine.builders import at, effective, request

from securebucket.engine.lives import Life, Lives, Look
from securebucket.engine.memory import Fields
from securebucket.engine.task import Task
from securebucket.model.bucket import ObjectKey

KEY = ObjectKey("payments", "invoices")
LIFE = Life("uid-1", "acme-invoices", "111122223333", "")
OLD: Fields = {"status": ""}
NEW: Fields = {"status": "Enabled"}


def written() -> Lives:
    """Remember a write to the bucket of a life."""
    lives = Lives()
    lives.memory(KEY, LIFE).note_write("versioning", OLD, NEW, NEW, at(), arrived=True)
    return lives


def test_the_next_pass_of_the_same_life_remembers() -> None:
    lives = written()
    assert not lives.memory(KEY, LIFE).is_blank()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(replace(LIFE, object="uid-2"), id="another object of the name"),
        pytest.param(replace(LIFE, bucket="acme-orders"), id="another bucket"),
        pytest.param(replace(LIFE, account_id="444455556666"), id="a bucket of another account"),
        pytest.param(replace(LIFE, endpoint="https://s3.example"), id="a bucket on another server"),
    ],
)
def test_another_life_begins_with_nothing_and_ends_the_first(other: Life) -> None:
    lives = written()
    assert lives.memory(KEY, other).is_blank()
    assert lives.memory(KEY, LIFE).is_blank()


def test_a_bucket_that_has_just_been_made_begins_with_nothing() -> None:
    assert written().begin(KEY, LIFE).is_blank()


def test_what_is_forgotten_is_gone() -> None:
    lives = written()
    lives.note_look(KEY, Look(LIFE, 1.0))
    lives.forget(KEY)
    assert lives.memory(KEY, LIFE).is_blank()
    assert lives.take_look(KEY) is None


def test_a_blank_memory_takes_no_room() -> None:
    lives = Lives()
    lives.memory(KEY, LIFE)
    lives.tidy(KEY)
    assert lives == Lives()


def test_a_memory_that_is_not_blank_stays() -> None:
    lives = written()
    lives.tidy(KEY)
    assert not lives.memory(KEY, LIFE).is_blank()


def test_a_look_is_given_once() -> None:
    lives = Lives()
    lives.note_look(KEY, Look(LIFE, 1.0))
    assert [lives.take_look(KEY), lives.take_look(KEY)] == [Look(LIFE, 1.0), None]


def test_what_nobody_remembers_can_be_forgiven_and_forgotten() -> None:
    lives = Lives()
    lives.forgive(KEY)
    lives.lose_bucket(KEY)
    lives.forget(KEY)
    lives.tidy(KEY)
    assert lives == Lives()


def test_the_uid_tells_an_object_from_another_of_its_name() -> None:
    one, other = (Task(request(uid=uid), effective()).life_with(bucket()) for uid in ("uid-1", "uid-2"))
    assert one != other


def test_without_a_cluster_an_object_is_its_name() -> None:
    assert Task(request(), effective()).life_with(bucket()).object == str(request().key)
