"""The whole name of a bucket: as declared, with its end where that is AWS's, and never with two."""

from typing import Any

import pytest
from tests.engine.builders import request

from securebucket.api.bucket_namespace import is_whole_name, suffix_of
from securebucket.api.status import BucketStatus, SecureBucketStatus
from securebucket.aws.account import Identity
from securebucket.engine.naming import name_of
from securebucket.model.failure import Failure

ACCOUNT = "111122223333"
SUFFIX = f"-{ACCOUNT}-eu-west-1-an"
REGIONAL = {"bucketNamespace": "AccountRegional"}


def named(
    spec: Any, account: str = ACCOUNT, region: str = "eu-west-1", status: SecureBucketStatus | None = None
) -> str | Failure:
    asked = request(spec, status=status or SecureBucketStatus())
    return name_of(asked, Identity(account_id=account, arn="arn:aws:iam::111122223333:role/x", partition="aws"), region)


@pytest.mark.parametrize(
    ("spec", "name"),
    [
        ({}, "invoices"),
        ({"bucketName": "acme"}, "acme"),
        ({"bucketName": f"acme{SUFFIX}"}, f"acme{SUFFIX}"),
        (REGIONAL, f"invoices{SUFFIX}"),
        ({**REGIONAL, "bucketName": "acme"}, f"acme{SUFFIX}"),
        ({**REGIONAL, "bucketName": f"acme{SUFFIX}"}, f"acme{SUFFIX}"),
        ({**REGIONAL, "bucketName": "a" * (63 - len(SUFFIX))}, "a" * (63 - len(SUFFIX)) + SUFFIX),
    ],
)
def test_the_end_is_added_where_it_is_wanted_and_missing(spec: Any, name: str) -> None:
    assert named(spec) == name


@pytest.mark.parametrize(
    ("spec", "account", "reason", "remedy"),
    [
        ({"bucketName": "a" * (64 - len(SUFFIX))}, ACCOUNT, "BucketNameTooLong", f"of {63 - len(SUFFIX)} at most"),
        ({"bucketName": "acme-444455556666-eu-west-1-an"}, ACCOUNT, "BucketNameOfOthers", "leave the end out"),
        ({"bucketName": f"acme-{ACCOUNT}-us-gov-west-1-an"}, ACCOUNT, "BucketNameOfOthers", "leave the end out"),
        ({}, "", "AccountUnknown", "leave spec.bucketNamespace out"),
    ],
)
def test_what_can_be_no_name_is_refused_with_a_remedy(spec: Any, account: str, reason: str, remedy: str) -> None:
    failure = named({**REGIONAL, **spec}, account)
    assert isinstance(failure, Failure)
    assert failure.reason == reason
    assert remedy in failure.message


def test_what_the_status_remembers_stays_whoever_asks() -> None:
    known = BucketStatus(
        name=f"invoices{SUFFIX}", arn="x", region="eu-west-1", account_id=ACCOUNT, created_by_operator=True
    )
    assert named(REGIONAL, "444455556666", "us-east-1", SecureBucketStatus(bucket=known)) == f"invoices{SUFFIX}"


def test_without_a_region_the_name_waits() -> None:
    assert named(REGIONAL, region="") == "invoices"


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        (f"acme{SUFFIX}", SUFFIX),
        (f"a-b-c{SUFFIX}", SUFFIX),
        (f"acme-{ACCOUNT}-us-gov-west-1-an", f"-{ACCOUNT}-us-gov-west-1-an"),
        ("acme", ""),
        ("acme-an", ""),
        (SUFFIX.removeprefix("-"), ""),
        ("acme-11112222333-eu-west-1-an", ""),
        (f"acme-{ACCOUNT}-eu-west-an", ""),
        (f"acme-{ACCOUNT}-eu-west-1-ab", ""),
    ],
)
def test_an_end_is_known_by_its_form(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


@pytest.mark.parametrize(
    ("whole", "same"), [(f"acme{SUFFIX}", True), (f"acme-2{SUFFIX}", False), ("acme", False), (f"acm{SUFFIX}", False)]
)
def test_a_whole_name_is_told_from_those_of_other_buckets(whole: str, *, same: bool) -> None:
    assert is_whole_name(whole, "acme") is same
