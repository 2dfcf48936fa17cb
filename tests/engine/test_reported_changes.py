"""What AWS told of, in a pass: it explains a drift, proves that a read is not stale, and names who fights."""

import datetime as dt

import pytest
from tests.controls.builders import bucket
from tests.engine.builders import NOW, Shelf, ShelfControl, at, change, decided, progress
from tests.engine.test_signs import DIFFERS, PACE, before, signs, written_at_once

from securebucket.engine.memory import Memory
from securebucket.engine.standing import standings
from securebucket.model.reported_change import ReportedChange

JANE = "arn:aws:sts::111122223333:assumed-role/Admin/jane"


def told(seconds: float = 1.0, actor: str = JANE) -> ReportedChange:
    at = NOW + dt.timedelta(seconds=seconds)
    return ReportedChange("PutBucketVersioning", bucket().name, "111122223333", at, actor)


@pytest.mark.parametrize(
    ("seconds", "stale"),
    [
        pytest.param(5.0, False, id="after our write"),
        pytest.param(-0.5, False, id="within the second to which its time is cut down"),
        pytest.param(-2.0, True, id="before our write"),
    ],
)
def test_a_change_after_our_write_is_no_stale_read(seconds: float, stale: bool) -> None:
    found = signs(before(), memory=written_at_once(), changes={"versioning": told(seconds)})
    assert (found.stale, found.drifted) == (stale, not stale)


def test_a_change_of_another_document_proves_nothing() -> None:
    assert signs(before(), memory=written_at_once(), changes={"tags": told()}).stale


def test_who_changed_what_is_kept_as_long_as_the_fight() -> None:
    memory = Memory()
    signs(before(), memory=memory, changes={"versioning": told(), "tags": told()})
    assert memory.actors == {"versioning": JANE}
    memory.note_revert("versioning", at(), PACE)
    memory.prune(at(), PACE)
    assert memory.actors == {"versioning": JANE}
    memory.prune(at(7200), PACE)
    assert memory.actors == {}


def test_a_name_alone_is_nothing_to_remember() -> None:
    memory = Memory()
    signs(before("Drifted"), memory=memory, changes={"versioning": told()})
    assert memory.is_blank()


def test_a_drift_carries_the_change_that_explains_it_and_nothing_else_does() -> None:
    names = ("versioning", "tags")
    pass_ = progress(
        {name: Shelf("bad") for name in names},
        decided(DIFFERS, "seen", drifted=True),
        decided(change("tags"), "seen"),
        changes={name: told() for name in names},
    )
    versioning, tags = standings(pass_, [ShelfControl(name) for name in names])
    assert (versioning.change, tags.change) == (told(), None)
