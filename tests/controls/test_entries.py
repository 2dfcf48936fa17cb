from typing import Any

import pytest
from tests.controls.builders import bucket

from securebucket.api.access import Ownership
from securebucket.api.base import Foreign
from securebucket.controls.entries import foreign_stay, keyed, refuse_number, taken
from securebucket.model.bucket import Origin


def test_entries_are_keyed_by_their_id() -> None:
    assert keyed([("b", {"x": 1}), ("a", {"x": 2})]) == {"a": {"x": 2}, "b": {"x": 1}}


def test_an_entry_without_id_has_the_same_name_in_every_read() -> None:
    """Moto answers lifecycle rules without an ID."""
    (name,) = keyed([("", {"x": 1, "y": 2})])
    assert name in keyed([("a", {"x": 3}), ("", {"y": 2, "x": 1})])


def test_two_entries_without_id_have_two_names() -> None:
    assert len(keyed([("", {"x": 1}), ("", {"x": 2})])) == 2


def test_a_second_entry_of_an_id_is_not_lost() -> None:
    """Lax servers take two; our next write must not drop one in silence."""
    assert list(keyed([("a", {"x": 1}), ("a", {"x": 2})]).values()) == [{"x": 1}, {"x": 2}]


def test_an_entry_said_twice_is_one() -> None:
    assert keyed([("a", {"x": 1}), ("a", {"x": 1})]) == {"a": {"x": 1}}


@pytest.mark.parametrize(
    ("foreign", "origin", "stays"),
    [
        (None, Origin.CREATED, False),
        (None, Origin.ADOPTED, True),
        (Foreign.KEEP, Origin.CREATED, True),
        (Foreign.REMOVE, Origin.ADOPTED, False),
    ],
)
def test_undeclared_entries_stay_where_they_were_at_adoption_or_where_it_is_said(
    foreign: Foreign | None, origin: Origin, stays: bool
) -> None:
    assert foreign_stay(foreign, bucket(origin)) is stays


def test_a_block_that_the_api_takes_no_more_is_not_declared() -> None:
    def granted(uri: str) -> dict[str, Any]:
        grant = {"grantee": {"type": "Group", "uri": uri}, "permission": "READ"}
        return {"objectOwnership": "ObjectWriter", "grants": [grant]}

    known = granted("http://acs.amazonaws.com/groups/s3/LogDelivery")
    assert taken(known, Ownership) == known
    assert taken(granted("http://groups.example.com/everybody"), Ownership) is None


@pytest.mark.parametrize(("there", "wanted", "refused"), [(0, 2, False), (0, 3, True), (4, 3, False), (4, 5, True)])
def test_more_than_s3_takes_is_refused_unless_there_is_as_much(there: int, wanted: int, refused: bool) -> None:
    """Another server may take more than AWS, and what takes some away is no worse."""
    failure = refuse_number("lifecycle", list("abcde")[:there], list("abcde")[:wanted], "a", most=2)
    assert bool(failure) is refused
