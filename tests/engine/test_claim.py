"""Whose bucket it is: by the tags, the status, and the other objects of the cluster."""

from typing import Any

import pytest
from tests.engine.builders import request

from securebucket.api.status import BucketStatus, ControlState, ControlStatus, SecureBucketStatus
from securebucket.engine.claim import Ownership, Title, conflict, decide
from securebucket.engine.request import Claim
from securebucket.model.bucket import ObjectKey, Origin
from securebucket.model.failure import Failure
from securebucket.model.ownership_tags import ORIGIN_TAG, OWNER_TAG

OURS = "cluster-1/payments/invoices"
SIBLING = "cluster-1/payments/other"
ELSEWHERE = "cluster-2/payments/invoices"

OWNED_CREATED = Ownership(Title.OWNED, Origin.CREATED)
OWNED_ADOPTED = Ownership(Title.OWNED, Origin.ADOPTED)
TAKEN_CREATED = Ownership(Title.ADOPTED_NOW, Origin.CREATED)
TAKEN_ADOPTED = Ownership(Title.ADOPTED_NOW, Origin.ADOPTED)


def tags(owner: str = "", origin: str = "") -> dict[str, str]:
    return {key: value for key, value in {OWNER_TAG: owner, ORIGIN_TAG: origin, "team": "a"}.items() if value}


def remembered(*, created: bool, versioning: str = "InSync", declared: str = "Enabled") -> SecureBucketStatus:
    return SecureBucketStatus(
        effective={"versioning": {"status": declared}},
        controls=(ControlStatus(name="versioning", state=ControlState(versioning)),),
        bucket=BucketStatus(
            name="invoices",
            arn="arn:aws:s3:::invoices",
            region="eu-central-1",
            account_id="111122223333",
            created_by_operator=created,
        ),
    )


def verdict(found: Ownership | Failure) -> Ownership | str:
    return found.reason if isinstance(found, Failure) else found


@pytest.mark.parametrize(
    ("bucket_tags", "adoption", "expected"),
    [
        pytest.param(tags(OURS, "Created"), "Never", OWNED_CREATED, id="ours, created"),
        pytest.param(tags(OURS, "Adopted"), "Never", OWNED_ADOPTED, id="ours, adopted"),
        pytest.param(tags(OURS), "Never", OWNED_ADOPTED, id="ours, of unknown origin counts as adopted"),
        pytest.param(tags(), "Never", "AdoptionRequired", id="nobody's"),
        pytest.param(tags(), "Adopt", TAKEN_ADOPTED, id="nobody's, taken over"),
        pytest.param(tags("", "Created"), "Adopt", TAKEN_ADOPTED, id="an origin tag alone is anybody's to write"),
        pytest.param(tags(SIBLING, "Created"), "Adopt", "Conflict", id="another object's"),
        pytest.param(tags(ELSEWHERE, "Created"), "Adopt", "Conflict", id="another cluster's"),
    ],
)
def test_by_the_tags(bucket_tags: dict[str, str], adoption: str, expected: Ownership | str) -> None:
    asked = request({"adoption": adoption}, siblings=frozenset({"payments/other"}), siblings_known=True)
    assert verdict(decide(asked, bucket_tags, versioned=True)) == expected


@pytest.mark.parametrize(
    ("bucket_tags", "created", "expected"),
    [
        pytest.param(tags(OURS, "Adopted"), True, OWNED_CREATED, id="the status goes before the tag"),
        pytest.param(tags(OURS, "Created"), False, OWNED_ADOPTED, id="also the other way round"),
        pytest.param(tags(), True, OWNED_CREATED, id="a lost owner tag does not free the bucket"),
        pytest.param(tags(), False, "AdoptionRequired", id="an adopted bucket that lost its tag"),
        pytest.param(tags(ELSEWHERE, "Created"), True, "Conflict", id="made here, and somebody else's by now"),
    ],
)
def test_by_what_the_status_remembers(bucket_tags: dict[str, str], created: bool, expected: Ownership | str) -> None:
    asked = request(status=remembered(created=created))
    assert verdict(decide(asked, bucket_tags, versioned=True)) == expected


@pytest.mark.parametrize(
    ("owner", "origin", "spec", "surroundings", "expected"),
    [
        pytest.param(SIBLING, "Created", {}, {"siblings_known": True}, TAKEN_CREATED, id="gone: its bucket goes on"),
        pytest.param(
            SIBLING, "Adopted", {}, {"siblings_known": True}, "AdoptionRequired", id="gone: an adopted one asks again"
        ),
        pytest.param(
            SIBLING,
            "Adopted",
            {"adoption": "Adopt"},
            {"siblings_known": True},
            TAKEN_ADOPTED,
            id="gone: an adopted one is adopted again",
        ),
        pytest.param(SIBLING, "Created", {}, {}, "Conflict", id="not known whether it is gone"),
        pytest.param(ELSEWHERE, "Created", {}, {"siblings_known": True}, "Conflict", id="of another cluster"),
        pytest.param(
            SIBLING,
            "Created",
            {},
            {
                "siblings_known": True,
                "siblings": frozenset({"payments/other"}),
                "newer_claims": frozenset({"payments/other"}),
            },
            TAKEN_CREATED,
            id="a newer object cannot hold it against the older",
        ),
    ],
)
def test_by_the_other_objects(
    owner: str, origin: str, spec: dict[str, Any], surroundings: dict[str, Any], expected: Ownership | str
) -> None:
    assert verdict(decide(request(spec, **surroundings), tags(owner, origin), versioned=True)) == expected


@pytest.mark.parametrize(
    ("versioning", "expected"),
    [
        pytest.param("InSync", "AdoptionRequired", id="it was on, and S3 never forgets that: another bucket"),
        pytest.param("Corrected", "AdoptionRequired", id="it was put back on"),
        pytest.param("Unsupported", OWNED_CREATED, id="the server has no versioning"),
        pytest.param("Failed", OWNED_CREATED, id="it was never turned on"),
    ],
)
def test_without_versioning_a_bucket_is_ours_only_where_it_never_had_it(
    versioning: str, expected: Ownership | str
) -> None:
    asked = request(status=remembered(created=True, versioning=versioning))
    assert verdict(decide(asked, tags(), versioned=False)) == expected


def test_a_bucket_that_never_wanted_versioning_is_ours_without_its_owner_tag() -> None:
    """Whoever removes the tag must not be rid of the operator."""
    asked = request(status=remembered(created=True, declared="Suspended"))
    assert verdict(decide(asked, tags(), versioned=False)) == OWNED_CREATED


def test_a_conflict_names_the_owner_and_no_time_mends_it() -> None:
    found = decide(request(), tags(ELSEWHERE), versioned=True)
    assert isinstance(found, Failure)
    assert (ELSEWHERE in found.message, found.retry) == (True, False)


def test_the_older_object_wins_before_anything_is_read() -> None:
    found = conflict(request({"bucketName": "acme-x"}, older_claim=Claim(ObjectKey("payments", "first"))))
    assert found is not None
    assert (found.reason, found.retry) == ("Conflict", False)
    assert "payments/first" in found.message
    assert "acme-x" in found.message


def test_alone_there_is_no_conflict() -> None:
    assert conflict(request(newer_claims=frozenset({"payments/second"}))) is None
