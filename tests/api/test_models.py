"""What the API takes and refuses, and in which words, without an API server."""

import datetime as dt

import pytest
import yaml
from tests.api.bodies import ACCEPTANCE, bucket_exception, secure_bucket
from tests.api.samples import ACCEPTED, REFUSED, Body, Refusal

from securebucket.api.errors import InvalidObject
from securebucket.api.objects import (
    BucketExceptionObject,
    BucketProfileObject,
    SecureBucketObject,
    parse_bucket_exception,
    parse_bucket_profile,
    parse_secure_bucket,
)
from securebucket.api.status import ControlState
from securebucket.cli.yaml_documents import StrictLoader

PARSE = {
    "SecureBucket": parse_secure_bucket,
    "BucketProfile": parse_bucket_profile,
    "BucketException": parse_bucket_exception,
}


def parse(body: Body) -> SecureBucketObject | BucketProfileObject | BucketExceptionObject:
    return PARSE[body["kind"]](body)


@pytest.mark.parametrize("body", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_takes(body: Body) -> None:
    assert parse(body).metadata.name == body["metadata"]["name"]


@pytest.mark.parametrize("refusal", REFUSED, ids=lambda refusal: refusal.name)
def test_refuses_one_field_in_words_for_people(refusal: Refusal) -> None:
    with pytest.raises(InvalidObject) as caught:
        parse(refusal.body)
    (error,) = caught.value.errors
    assert error.path == refusal.path
    assert refusal.says in error.message


def test_tells_everything_that_is_wrong_at_once() -> None:
    with pytest.raises(InvalidObject) as caught:
        parse_secure_bucket(secure_bucket({"region": "Ireland", "mode": "Off", "encryption": {"kmsMasterKeyId": "a"}}))
    assert {error.path for error in caught.value.errors} == {
        "spec.region",
        "spec.mode",
        "spec.encryption.kmsMasterKeyId",
    }
    assert "spec.region: not a region; write e.g. eu-west-1" in str(caught.value)


def test_takes_null_for_absent_at_every_depth() -> None:
    spec = {"encryption": None, "region": None, "tags": {"tagSet": {"team": "a"}, "foreign": None}, "unmanaged": None}
    parsed = parse_secure_bucket(secure_bucket(spec) | {"status": None}).spec
    assert parsed.model_fields_set == {"tags"}
    assert parsed.tags.model_fields_set == {"tag_set"}


def test_reads_a_date_without_quotes() -> None:
    (spec,) = yaml.load_all("lifecycle: {rules: [{id: one, expiration: {date: 2030-12-31}}]}", StrictLoader)
    (parsed,) = parse_secure_bucket(secure_bucket(spec)).spec.lifecycle.rules
    assert str(parsed.expiration and parsed.expiration.date) == "2030-12-31"


def test_passes_over_metadata_that_is_not_needed() -> None:
    body = secure_bucket({})
    body["metadata"] |= {
        "managedFields": [{"manager": "kubectl"}],
        "uid": "u",
        "generation": 3,
        "resourceVersion": "77",
        "creationTimestamp": "2026-11-23T10:00:00Z",
        "deletionTimestamp": "2026-11-24T10:00:00Z",
        "annotations": {"securebucket.io/paused": "true"},
        "finalizers": ["securebucket.io/finalizer"],
    }
    metadata = parse_secure_bucket(body).metadata
    assert (metadata.uid, metadata.generation, metadata.resource_version) == ("u", 3, "77")
    assert metadata.creation_timestamp
    assert metadata.deletion_timestamp
    assert (metadata.deletion_timestamp - metadata.creation_timestamp).days == 1
    assert metadata.annotations == {"securebucket.io/paused": "true"}
    assert metadata.finalizers == ("securebucket.io/finalizer",)


def test_refuses_another_version_of_the_api() -> None:
    with pytest.raises(InvalidObject, match=r"^apiVersion: .*choose one of: securebucket.io/v1alpha1$"):
        parse_secure_bucket(secure_bucket({}) | {"apiVersion": "securebucket.io/v2"})


BUCKET = {
    "name": "invoices",
    "arn": "arn:aws:s3:::invoices",
    "region": "eu-west-1",
    "accountId": "111122223333",
    "createdByOperator": True,
}


def test_reads_a_status_of_a_newer_release_as_far_as_it_is_understood() -> None:
    given = {
        "bucket": BUCKET | {"namespace": "global"},
        "controls": [{"name": "tags", "state": "Sleeping"}],
        "drift": {"count": 3},
        "forecast": {"weather": "fine"},
    }
    status = parse_secure_bucket(secure_bucket({}) | {"status": given}).status
    assert status.bucket
    assert status.bucket.name == "invoices"
    assert status.drift
    assert status.drift.count == 3
    assert status.controls == ()


def test_reads_its_own_status() -> None:
    given = {"bucket": BUCKET, "controls": [{"name": "tags", "state": "InSync"}], "effective": {"mode": "Plan"}}
    status = parse_secure_bucket(secure_bucket({}) | {"status": given}).status
    assert status.controls[0].state is ControlState.IN_SYNC
    assert status.effective == {"mode": "Plan"}


def test_refuses_a_status_that_does_not_tell_which_bucket() -> None:
    """Without it, a bucket that vanished would look like one that was never made, and be made again, empty."""
    with pytest.raises(InvalidObject, match=r"status\.bucket\.arn: is required"):
        parse_secure_bucket(secure_bucket({}) | {"status": {"bucket": {"name": "invoices"}}})


def test_reads_a_time_without_quotes() -> None:
    (moment,) = yaml.load_all("2030-03-31T02:00:00+02:00", StrictLoader)
    parsed = parse_bucket_exception(bucket_exception(ACCEPTANCE | {"expiresAt": moment}))
    assert parsed.spec.expires_at == dt.datetime(2030, 3, 31, tzinfo=dt.UTC)


def test_an_exception_is_read_whatever_its_status_says() -> None:
    """The operator judges by the spec alone; what another release wrote into the status must not make it fail."""
    assert parse_bucket_exception(bucket_exception(ACCEPTANCE) | {"status": {"conditions": "odd"}}).status.buckets == 0
