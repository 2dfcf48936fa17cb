"""What is kept of a document that is seen for the first time, as a table; on real servers it is a law."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.controls.builders import bucket, context
from tests.engine.builders import Shelf, ShelfControl, effective, request

from securebucket.api.spec import SecureBucketSpec
from securebucket.api.status import SecureBucketStatus
from securebucket.controls.cors import CorsControl, CorsState
from securebucket.controls.ownership import OwnershipControl, OwnershipState
from securebucket.engine.effective import document_of
from securebucket.engine.first_sight import LARGEST, LEFT, Sight, found_of, kept_as_found, with_found
from securebucket.engine.task import Task
from securebucket.model.acl import AclGrant
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.observation import Observation, Unsupported

CORS = CorsControl()
VERIFIED = {"controls": [{"name": "tags", "state": "InSync"}]}
APP = {"AllowedMethods": ["GET"], "AllowedOrigins": ["https://app.example.com"]}
BLOCK = {"rules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://app.example.com"]}]}
THERE, ABSENT = CorsState({"1 GET https://app.example.com": APP}), CorsState()
ODD = CorsState({"1 PATCH *": {"AllowedMethods": ["PATCH"], "AllowedOrigins": ["*"]}})
LARGE = CorsState(
    {
        f"{place} GET https://{place}{'a' * 400}": {
            "AllowedMethods": ["GET"],
            "AllowedOrigins": [f"https://{place}{'a' * 400}"],
        }
        for place in range(1, LARGEST // 400 + 1)
    }
)
DENIED = Failure("AccessDenied", "it was denied.")


def sight(
    seen: Observation,
    status: Mapping[str, Any] = VERIFIED,
    spec: Mapping[str, Any] | None = None,
    *,
    created: bool = False,
) -> Sight:
    asked = request(spec, status=SecureBucketStatus.model_validate(status))
    task = Task(asked, effective(spec))
    return found_of(task, context(spec, {"cors": seen}), (CORS,), created=created)


def in_force(found: Sight) -> dict[str, Any]:
    return document_of(with_found(effective(), found))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (THERE, Sight({"cors": BLOCK})),
        (ABSENT, Sight({"cors": {}})),
        (ODD, Sight({"cors": LEFT}, left=frozenset({"cors"}))),
        (LARGE, Sight({"cors": LEFT}, left=frozenset({"cors"}))),
        (DENIED, Sight()),
        (Unsupported("no such thing"), Sight()),
    ],
)
def test_an_object_that_an_older_release_verified(seen: Observation, expected: Sight) -> None:
    assert sight(seen) == expected


@pytest.mark.parametrize("seen", [THERE, ABSENT, ODD, LARGE, DENIED, Unsupported("no such thing")])
@pytest.mark.parametrize(
    "options", [{"status": {}}, {"created": True}, {"spec": {"cors": {}}}, {"spec": {"cors": BLOCK}}]
)
def test_an_object_that_is_new_or_says_what_it_wants(seen: Observation, options: Any) -> None:
    assert sight(seen, **options) == Sight({"cors": {}})


@pytest.mark.parametrize("known", [{}, BLOCK])
@pytest.mark.parametrize("seen", [THERE, ABSENT, ODD, LARGE, DENIED])
def test_what_was_seen_once_is_not_seen_for_the_first_time_again(known: Any, seen: Observation) -> None:
    assert sight(seen, {**VERIFIED, "found": {"cors": known}}) == Sight({"cors": known})


@pytest.mark.parametrize("odd", [{"rules": 1}, {"rules": [{"id": "a"}]}, {"invented": True}, "text", [1]])
def test_what_another_release_kept_and_this_one_cannot_is_left_alone(odd: Any) -> None:
    found = sight(THERE, {**VERIFIED, "found": {"cors": odd}})
    assert found == Sight({"cors": odd}, frozenset({"cors"}))
    assert in_force(found)["unmanaged"] == ["cors"]


def test_a_control_that_every_release_had_keeps_nothing_as_found() -> None:
    task = Task(request(status=SecureBucketStatus.model_validate(VERIFIED)), effective())
    shelf = ShelfControl("shelf")
    assert found_of(task, context(None, {"shelf": Shelf("bad")}), (shelf,), created=False) == Sight()


def test_what_is_kept_is_in_force_and_nobody_declared_it() -> None:
    kept = with_found(effective({"tags": {"tagSet": {"a": "b"}}}), Sight({"cors": BLOCK, "later": {"on": True}}))
    assert [rule.allowed_origins for rule in kept.spec.cors.rules] == [("https://app.example.com",)]
    assert kept.spec.tags.tag_set == {"a": "b"}
    assert kept.declared == {"tags"}


def test_nothing_is_in_force_where_nothing_is_kept() -> None:
    assert in_force(Sight({"cors": {}})) == in_force(Sight())


def test_what_is_left_is_unmanaged_beside_what_the_spec_names() -> None:
    found = with_found(effective({"unmanaged": ["tags"]}), Sight(left=frozenset({"cors"})))
    assert found.spec.unmanaged == ("tags", "cors")


def kept(seen: Shelf | CorsState, control: Any, found: Sight) -> tuple[str, ...]:
    spec = with_found(effective(), found).spec
    return kept_as_found(control, Context(bucket(), spec, {}, {}, ()), seen, found)


@pytest.mark.parametrize(
    ("seen", "found", "names"),
    [
        (THERE, Sight({"cors": BLOCK}), ("1 GET https://app.example.com",)),
        (ODD, Sight({"cors": BLOCK}), ()),
        (ODD, Sight(left=frozenset({"cors"})), ("1 PATCH *",)),
        (THERE, Sight({"cors": {}}), ()),
        (THERE, Sight(), ()),
    ],
)
def test_the_entries_that_stay_are_named(seen: CorsState, found: Sight, names: tuple[str, ...]) -> None:
    assert kept(seen, CORS, found) == names


@pytest.mark.parametrize(("text", "names"), [("good", ("text",)), ("bad", ()), ("", ())])
def test_a_field_that_stays_is_named_unless_it_is_as_in_a_new_bucket(text: str, names: tuple[str, ...]) -> None:
    """A document that is no list has fields only."""
    found = Sight({"shelf": {"text": "good"}})
    control = ShelfControl("shelf", wanted="good")
    context_of = Context(bucket(), SecureBucketSpec(), {}, {}, ())
    assert kept_as_found(control, context_of, Shelf(text), found) == names


# a field that came to a control which every release had

OWNERSHIP = OwnershipControl()
WRITER = {"ownership": {"objectOwnership": "ObjectWriter"}}
SHARED = OwnershipState("ObjectWriter", frozenset({AclGrant("partner-id", "READ")}), "owner-id")
GRANTS = {"grants": [{"grantee": {"type": "CanonicalUser", "id": "partner-id"}, "permission": "READ"}]}


def sight_of_acl(
    seen: Observation,
    spec: Mapping[str, Any] = WRITER,
    known: Mapping[str, Any] | None = None,
    status: Mapping[str, Any] = VERIFIED,
) -> Sight:
    asked = request(spec, status=SecureBucketStatus.model_validate({**status, "found": known}))
    task = Task(asked, effective(spec))
    return found_of(task, context(spec, {"ownership": seen}), (OWNERSHIP,), created=False)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (SHARED, {"ownership": GRANTS}),
        (OwnershipState("BucketOwnerPreferred", SHARED.grants), {"ownership": GRANTS}),
        (OwnershipState("ObjectWriter"), {"ownership": {}}),
        (OwnershipState("BucketOwnerEnforced"), {"ownership": {}}),
        (DENIED, {}),
    ],
)
def test_grants_that_an_older_release_left_alone_are_kept(seen: Observation, expected: Any) -> None:
    """Also where the ownership itself has drifted meanwhile, and though the object declares the block."""
    assert sight_of_acl(seen) == Sight(expected)


@pytest.mark.parametrize(
    "block",
    [
        {"objectOwnership": "ObjectWriter", "grants": []},
        {"objectOwnership": "ObjectWriter", "foreign": "Remove"},
        {"objectOwnership": "BucketOwnerEnforced"},
        {},
    ],
)
@pytest.mark.parametrize("known", [None, {"ownership": GRANTS}])
def test_a_spec_that_says_what_becomes_of_grants_ends_it(block: Any, known: Any) -> None:
    """Also one that turns ACLs off: nothing is left alone that the older release would have corrected."""
    assert sight_of_acl(SHARED, {"ownership": block}, known) == Sight({"ownership": {}})


def test_a_new_object_keeps_no_grant_as_found() -> None:
    assert sight_of_acl(SHARED, status={}) == Sight({"ownership": {}})


def test_of_such_a_control_only_the_new_fields_are_named() -> None:
    kept = with_found(effective(WRITER), Sight({"ownership": GRANTS})).spec
    situation = Context(bucket(), kept, {}, {}, ())
    names = kept_as_found(OWNERSHIP, situation, SHARED, Sight({"ownership": GRANTS}))
    assert names == ("READ to partner-id",)
