"""The examples are what they say, and small."""

from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from securebucket.api.objects import (
    SecureBucketObject,
    parse_bucket_exception,
    parse_bucket_profile,
    parse_secure_bucket,
)
from securebucket.api.spec import Adoption, Mode, Role

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = sorted(EXAMPLES.rglob("*.yaml"))
PARSE = {
    "SecureBucket": parse_secure_bucket,
    "BucketProfile": parse_bucket_profile,
    "BucketException": parse_bucket_exception,
}


def documents(path: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(path.read_text()))


def bucket(path: str, name: str) -> SecureBucketObject:
    (found,) = (each for each in documents(EXAMPLES / path) if each["metadata"]["name"] == name)
    return parse_secure_bucket(found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_is_taken_by_the_api(path: Path) -> None:
    for document in documents(path):
        assert PARSE[document["kind"]](document).metadata.name == document["metadata"]["name"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_is_small_and_begins_with_words(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# ")
    assert len(text.splitlines()) <= 40


def test_every_bucket_has_a_name_of_its_own() -> None:
    names = [
        parse_secure_bucket(document).bucket_name
        for path in FILES
        for document in documents(path)
        if document["kind"] == "SecureBucket"
    ]
    assert len(names) == len(set(names)) >= 8


def test_the_logs_go_to_the_log_target() -> None:
    target, source = bucket("access-logs.yaml", "access-logs"), bucket("access-logs.yaml", "invoices")
    assert target.spec.role is Role.LOG_TARGET
    assert source.spec.logging.target_bucket == target.bucket_name


def test_the_services_that_are_let_in_are_not_refused_again() -> None:
    policy = bucket("accounts/service-logs.yaml", "service-logs").spec.policy
    trails = [arn for each in policy.allow_services if each.cloud_trail for arn in each.cloud_trail.trails]
    owners = {arn.split(":")[4] for arn in trails}
    accounts = {
        account for each in policy.allow_services if each.vpc_flow_logs for account in each.vpc_flow_logs.accounts
    }
    assert owners | accounts == set(policy.allowed_source_accounts)


def test_the_copies_go_to_the_replica() -> None:
    copy, source = bucket("replication.yaml", "ledger-copy"), bucket("replication.yaml", "ledger")
    assert copy.spec.role is Role.REPLICA_TARGET
    assert [rule.destination.bucket for rule in source.spec.replication.rules] == [f"arn:aws:s3:::{copy.bucket_name}"]


@pytest.mark.parametrize("path", ["profile.yaml", "accounts/cross-account.yaml"])
def test_the_bucket_may_use_the_profile_that_it_names(path: str) -> None:
    first, second = documents(EXAMPLES / path)
    profile, used = parse_bucket_profile(first), parse_secure_bucket(second)
    assert used.spec.profile == profile.metadata.name
    assert used.metadata.namespace in profile.spec.namespaces
    assert any(fnmatch(used.bucket_name, pattern) for pattern in profile.spec.bucket_names)


def test_what_cannot_be_taken_back_waits_for_approval() -> None:
    assert bucket("compliance-archive.yaml", "archive").spec.mode is Mode.PLAN


def test_a_bucket_of_others_is_only_observed() -> None:
    spec = bucket("existing/observe-only.yaml", "legacy-reports").spec
    assert (spec.adoption, spec.mode) == (Adoption.ADOPT, Mode.OBSERVE)


def test_the_exception_is_for_the_bucket_beside_it() -> None:
    first, second = documents(EXAMPLES / "exception.yaml")
    used, exception = parse_secure_bucket(first), parse_bucket_exception(second)
    assert exception.spec.bucket_name == used.bucket_name
    assert exception.metadata.namespace == used.metadata.namespace
