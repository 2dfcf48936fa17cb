from tests.fleet.bodies import exception_body

from securebucket.fleet.exception_record import exception_record
from securebucket.model.bucket import ObjectKey


def test_what_it_says_is_kept():
    seen = exception_record(exception_body(version=7, generation=1))
    assert seen.key == ObjectKey("payments", "accepted")
    assert (seen.version, seen.generation, seen.deleting, seen.problem) == (7, 1, False, "")
    assert seen.granted.name == "payments/accepted"
    assert seen.granted.check == "tls-required"
    assert str(seen.granted.granted_at) == "2026-01-01 00:00:00+00:00"
    assert str(seen.granted.expires_at) == "2030-01-01 00:00:00+00:00"


def test_it_names_a_bucket():
    seen = exception_record(exception_body())
    assert seen.names("invoices", {})
    assert not seen.names("other", {})
    assert seen.about == "bucket invoices"


def test_it_selects_by_labels_and_not_by_name():
    seen = exception_record(exception_body(selector={"matchLabels": {"tier": "scratch"}}))
    assert seen.names("anything", {"tier": "scratch"})
    assert not seen.names("", {})
    assert seen.about == "the labels of its selector"


def test_one_that_is_not_understood_is_kept_and_names_nothing():
    """A schema that is newer or older than this release must not stop the informer, nor accept anything."""
    seen = exception_record(exception_body(check="invented-next-year"))
    assert "spec.check: 'invented-next-year' is not valid" in seen.problem
    assert seen.granted is None
    assert not seen.names("invoices", {})
    assert not seen.names("", {})


def test_one_without_a_beginning_has_no_length_and_does_not_count():
    body = exception_body()
    del body["metadata"]["creationTimestamp"]
    assert exception_record(body).granted is None


def test_an_odd_status_is_as_good_as_none():
    seen = exception_record(exception_body() | {"status": {"conditions": "odd"}})
    assert seen.granted is not None
    assert seen.status.conditions == ()


def test_the_last_gasp_of_an_object_is_understood():
    assert exception_record(exception_body(deletionTimestamp="2026-02-01T00:00:00Z")).deleting
    assert exception_record({"metadata": {"name": "a"}}).problem
