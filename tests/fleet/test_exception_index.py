import pytest
from tests.fleet.bodies import exception_body, record

from securebucket.fleet.exception_index import ExceptionIndex
from securebucket.fleet.exception_record import exception_record
from securebucket.fleet.index import Index
from securebucket.model.bucket import ObjectKey

KEY = ObjectKey("payments", "accepted")
SCRATCH = {"matchLabels": {"tier": "scratch"}}


def seen(name="accepted", namespace="payments", **body):
    return exception_record(exception_body(name, namespace, **body))


@pytest.fixture
def index():
    return ExceptionIndex()


def names(granted):
    return {each.name for each in granted}


def test_a_new_one_can_change_verdicts(index):
    new = seen(version=1)
    assert index.observe(new) == (new,)


def test_a_status_changes_no_verdict(index):
    index.observe(seen(version=1))
    assert index.observe(seen(version=2)) == ()


def test_a_changed_spec_concerns_what_it_was_and_what_it_is(index):
    old, new = seen(version=1, generation=1), seen(version=2, generation=2)
    index.observe(old)
    assert index.observe(new) == (old, new)


def test_a_new_object_of_the_same_name_is_another_one(index):
    old, new = seen(version=5, uid="1"), seen(version=4, uid="2")
    index.observe(old)
    assert index.observe(new) == (old, new)


def test_an_older_version_is_ignored(index):
    index.observe(seen(version=5, generation=2))
    assert index.observe(seen(version=4, generation=1)) == ()
    assert index.records()[0].generation == 2


def test_forgetting_gives_what_it_was_once(index):
    index.observe(seen())
    assert [each.key for each in index.forget(KEY)] == [KEY]
    assert index.forget(KEY) == ()
    assert index.records() == ()


def test_forgetting_an_earlier_object_keeps_the_new_one_of_its_name(index):
    index.observe(seen(uid="second"))
    assert index.forget(KEY, "first") == ()
    assert len(index.records()) == 1


def test_a_bucket_finds_what_names_it_or_its_labels(index):
    for each in (seen("by-name"), seen("by-label", selector=SCRATCH), seen("of-another", bucketName="other")):
        index.observe(each)
    assert names(index.about("payments", "invoices", {})) == {"payments/by-name"}
    assert names(index.about("payments", "x", {"tier": "scratch"})) == {"payments/by-label"}
    assert names(index.about("payments", "invoices", {"tier": "scratch"})) == {"payments/by-name", "payments/by-label"}


def test_another_namespaces_exception_is_never_about_it(index):
    index.observe(seen("theirs", "other"))
    index.observe(seen("their-labels", "other", selector=SCRATCH))
    assert index.about("payments", "invoices", {"tier": "scratch"}) == ()
    assert index.records("payments") == ()
    assert len(index.records()) == 2


def test_one_that_is_not_understood_excuses_nothing(index):
    index.observe(seen(check="invented-next-year"))
    assert index.about("payments", "invoices", {}) == ()


# The other way round: which objects an exception is about


@pytest.fixture
def fleet():
    index = Index()
    index.observe(record("invoices", labels={"tier": "gold"}))
    index.observe(record("drafts", labels={"tier": "scratch"}))
    index.observe(record("copies", spec={"bucketName": "invoices"}, labels={"tier": "scratch"}))
    index.observe(record("invoices", "other", labels={"tier": "scratch"}))
    return index


@pytest.mark.parametrize(
    ("spec", "namespace", "expected"),
    [
        ({}, "payments", ["payments/copies", "payments/invoices"]),
        ({"selector": SCRATCH}, "payments", ["payments/copies", "payments/drafts"]),
        ({}, "other", ["other/invoices"]),
        ({"selector": SCRATCH}, "other", ["other/invoices"]),
        ({}, "third", []),
        ({"bucketName": "drafts"}, "other", []),
        ({"check": "invented-next-year"}, "payments", []),
    ],
    ids=str,
)
def test_an_exception_finds_its_objects(fleet, spec, namespace, expected):
    found = fleet.named_by(seen("accepted", namespace, **spec))
    assert [str(each.key) for each in found] == expected


def test_what_is_gone_is_not_found(fleet):
    fleet.forget(ObjectKey("payments", "drafts"))
    found = fleet.named_by(seen(selector=SCRATCH))
    assert [each.key.name for each in found] == ["copies"]
