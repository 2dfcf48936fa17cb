import tracemalloc

import pytest
from tests.fleet.bodies import READY, bucket_body, record

from securebucket.fleet.annotations import ABANDON, APPROVE, PAUSED, RECONCILE_AT
from securebucket.fleet.record import FINALIZER, News, labels_of, news_between, record_of
from securebucket.model.bucket import ObjectKey

DELETED_AT = "2026-01-01T00:00:00Z"


def test_what_is_needed_is_kept():
    seen = record(
        "invoices",
        "payments",
        uid="u",
        version=7,
        generation=3,
        spec={"bucketName": "acme", "profile": "production", "interval": "30m"},
        status={"observedGeneration": 2, "conditions": [{"type": "Ready", "status": "True"}]},
        finalizers=["other", FINALIZER],
        deletionTimestamp=DELETED_AT,
    )
    assert seen.key == ObjectKey("payments", "invoices")
    assert (seen.uid, seen.version, seen.generation, seen.observed_generation) == ("u", 7, 3, 2)
    assert (seen.bucket, seen.profile, seen.interval) == ("acme", "production", 1800)
    assert seen.ready
    assert seen.finalizer
    assert seen.deleting


def test_the_bucket_is_named_like_the_object_unless_it_says_otherwise():
    assert record("invoices").bucket == "invoices"


REGIONAL = {"bucketNamespace": "AccountRegional", "bucketName": "acme"}
WHOLE = "acme-111122223333-eu-west-1-an"


def test_an_account_regional_bucket_has_its_name_from_the_status():
    assert (record(spec=REGIONAL).bucket, record(spec=REGIONAL).nameless) == ("acme", True)
    known = record(spec=REGIONAL, status={"bucket": {"name": WHOLE}})
    assert (known.bucket, known.nameless) == (WHOLE, False)


def test_any_other_bucket_has_its_name_from_the_spec():
    seen = record(spec={"bucketName": "acme"}, status={"bucket": {"name": WHOLE}})
    assert (seen.bucket, seen.nameless) == ("acme", False)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"metadata": None, "spec": None, "status": None},
        {"metadata": {"name": "a", "generation": "x"}, "spec": {"interval": "soon"}, "status": {"conditions": None}},
        {"metadata": {"name": "a"}, "spec": [], "status": {"conditions": ["odd"], "plan": "odd"}},
        {"metadata": {"name": "a", "resourceVersion": "opaque"}, "spec": {"interval": 5, "bucketName": 5}},
    ],
)
def test_an_odd_object_is_still_known(body):
    seen = record_of(body, 3600.0)
    assert seen.interval == 3600
    assert not seen.ready


SAME = record(version=1, status={})


@pytest.mark.parametrize(
    ("after", "change"),
    [
        (record(version=2, status=READY), News.NONE),
        (record(version=2, labels={"team": "x"}), News.LABELS),
        (record(version=2, labels={"team": "x"}, generation=2), News.SPEC),
        (record(version=2, labels={}), News.NONE),
        (record(version=2, annotations={"other": "x"}), News.NONE),
        (record(version=2, finalizers=["other"]), News.NONE),
        (record(version=2, generation=2), News.SPEC),
        (record(version=2, annotations={RECONCILE_AT: "now"}), News.SPEC),
        (record(version=2, annotations={PAUSED: "true"}), News.SPEC),
        (record(version=2, annotations={APPROVE: "hash"}), News.SPEC),
        (record(version=2, annotations={ABANDON: "true"}), News.SPEC),
        (record(version=2, finalizers=[FINALIZER]), News.SPEC),
        (record(version=2, deletionTimestamp=DELETED_AT), News.DELETION),
        (record(version=2, uid="another"), News.NEW),
    ],
)
def test_only_what_we_act_on_is_a_change(after, change):
    assert news_between(SAME, after) is change


def test_an_unknown_object_is_new():
    assert news_between(None, record()) is News.NEW


def test_an_unknown_object_that_is_being_deleted_is_a_deletion():
    assert news_between(None, record(deletionTimestamp=DELETED_AT)) is News.DELETION


def test_labels_are_read_as_they_were_written():
    labels = {"team": "payments", "app.kubernetes.io/name": "a-b_c.d", "empty": ""}
    text = record(labels=labels).labels
    assert text == record(labels=dict(reversed(labels.items()))).labels
    assert labels_of(text) == labels
    assert labels_of(record().labels) == {}


def test_an_accepted_failure_is_known():
    assert record(status={"compliance": {"excepted": 1}}).excepted
    assert not record(status={"compliance": {"excepted": 0}}).excepted


def test_an_object_costs_less_than_a_kilobyte():
    bodies = [
        bucket_body(
            f"invoices-{number:05}",
            f"team-{number % 20}",
            uid=f"6d1f2a30-0000-4000-8000-{number:012}",
            version=10_000_000 + number,
            spec={"bucketName": f"acme-payments-invoices-{number:05}", "profile": f"profile-{number % 3}"},
            status=READY,
            labels={
                "app.kubernetes.io/name": f"invoices-{number:05}",
                "app.kubernetes.io/managed-by": "argocd",
                "team": "payments",
            },
        )
        for number in range(1000)
    ]
    tracemalloc.start()
    records = [record_of(body, 3600.0) for body in bodies]
    del bodies
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / len(records) < 1024


def test_the_finalizer_is_the_one_that_objects_have():
    """Under another name, objects of an earlier release would never be let go."""
    assert FINALIZER == "securebucket.io/bucket"
