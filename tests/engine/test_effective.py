"""What is in force: spec over profile over defaults, and who may use a profile."""

from typing import Any

import pytest
from tests.engine.builders import effective, request

from securebucket.api.metadata import Metadata
from securebucket.api.spec import Mode
from securebucket.api.website import Website
from securebucket.aws.sessions import Binding
from securebucket.engine.effective import Effective, document_of, resolve, without_empty
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.risk import Risk


def document(spec: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return effective(spec, {"defaults": defaults}).spec.model_dump(by_alias=True, mode="json")


@pytest.mark.parametrize(
    ("spec", "defaults", "block", "expected"),
    [
        pytest.param({}, {}, "versioning", {"status": "Enabled"}, id="the secure default"),
        pytest.param(
            {},
            {"versioning": {"status": "Suspended"}},
            "versioning",
            {"status": "Suspended"},
            id="the profile's default",
        ),
        pytest.param(
            {"versioning": {"status": "Enabled"}},
            {"versioning": {"status": "Suspended"}},
            "versioning",
            {"status": "Enabled"},
            id="the object's own word, though it is the default",
        ),
        pytest.param(
            {"tags": {"tagSet": {"team": "a"}}},
            {"tags": {"tagSet": {"team": "b", "cost": "1"}}},
            "tags",
            {"tagSet": {"team": "a", "cost": "1"}},
            id="mappings are merged by key",
        ),
        pytest.param(
            {"publicAccessBlock": {"blockPublicAcls": True}},
            {"publicAccessBlock": {"blockPublicAcls": False, "blockPublicPolicy": False}},
            "publicAccessBlock",
            {
                "blockPublicAcls": True,
                "ignorePublicAcls": True,
                "blockPublicPolicy": False,
                "restrictPublicBuckets": True,
            },
            id="blocks are merged by field",
        ),
        pytest.param(
            {"website": {}},
            {"website": {"indexDocument": {"suffix": "index.html"}}},
            "website",
            Website().model_dump(by_alias=True, mode="json"),
            id="a website of the profile is taken back by an empty one",
        ),
        pytest.param(
            {"metadata": {}},
            {"metadata": {"journalTable": {}}},
            "metadata",
            Metadata().model_dump(by_alias=True, mode="json"),
            id="so are metadata tables",
        ),
        pytest.param(
            {"encryption": {"sseAlgorithm": None}},
            {"encryption": {"sseAlgorithm": "aws:kms"}},
            "encryption",
            {"sseAlgorithm": "aws:kms"},
            id="null is the same as absent",
        ),
        pytest.param(
            {"encryption": {"blockedEncryptionTypes": ["NONE"]}},
            {"encryption": {"blockedEncryptionTypes": ["SSE-C"]}},
            "encryption",
            {"blockedEncryptionTypes": ["NONE"]},
            id="lists are replaced",
        ),
        pytest.param(
            {"policy": {"allowedCidrs": []}},
            {"policy": {"allowedCidrs": ["203.0.113.0/24"]}},
            "policy",
            {"allowedCidrs": []},
            id="also by an empty one",
        ),
    ],
)
def test_merge(spec: dict[str, Any], defaults: dict[str, Any], block: str, expected: dict[str, Any]) -> None:
    found = document(spec, defaults)[block]
    assert {field: found[field] for field in expected} == expected


@pytest.mark.parametrize(
    ("spec", "profile", "mode"),
    [
        ({}, {}, Mode.ENFORCE),
        ({}, {"mode": "Observe"}, Mode.OBSERVE),
        ({"mode": "Enforce"}, {"mode": "Observe"}, Mode.ENFORCE),
    ],
)
def test_mode(spec: dict[str, Any], profile: dict[str, Any], mode: Mode) -> None:
    assert effective(spec, profile).mode is mode


@pytest.mark.parametrize(
    ("spec", "profile", "asked"),
    [
        ({}, {}, Mode.ENFORCE),
        ({"mode": "Plan"}, {}, Mode.PLAN),
        ({}, {"mode": "Plan"}, Mode.PLAN),
        ({"mode": "Observe"}, {}, Mode.OBSERVE),
    ],
)
def test_an_operator_that_only_observes_knows_what_is_asked_for(
    spec: dict[str, Any], profile: dict[str, Any], asked: Mode
) -> None:
    found = effective(spec, profile, observe_only=True)
    assert (found.mode, found.asked, document_of(found)["mode"]) == (Mode.OBSERVE, asked, "Observe")


@pytest.mark.parametrize(
    ("spec", "profile", "seconds"),
    [
        ({}, {}, 900.0),
        ({}, {"interval": "30m"}, 1800.0),
        ({"interval": "2h"}, {"interval": "30m"}, 7200.0),
    ],
)
def test_interval(spec: dict[str, Any], profile: dict[str, Any], seconds: float) -> None:
    found = resolve(request(spec, profile), default_interval=900.0)
    assert isinstance(found, Effective)
    assert found.interval == seconds


def test_only_the_profile_says_where_and_as_whom() -> None:
    found = effective(
        {},
        {
            "region": "eu-west-1",
            "accountId": "111122223333",
            "assumeRole": {"arn": "arn:aws:iam::111122223333:role/sb", "externalId": "fleet"},
            "endpoint": {"url": "https://s3.example.com", "pathStyle": False},
        },
    )
    assert found.binding == Binding(
        region="eu-west-1",
        role_arn="arn:aws:iam::111122223333:role/sb",
        external_id="fleet",
        endpoint="https://s3.example.com",
        path_style=False,
        account_id="111122223333",
    )


def test_the_region_of_the_object_goes_before_the_profiles() -> None:
    assert effective({"region": "eu-west-2"}, {"region": "eu-west-1"}).binding.region == "eu-west-2"


def test_without_a_profile_everything_is_ambient() -> None:
    found = effective()
    assert (found.binding, found.profile, found.permitted, found.compliance_severity) == (
        Binding(),
        "",
        frozenset(),
        "high",
    )


def test_a_profile_names_itself_its_permits_and_its_severity() -> None:
    found = effective({}, {"permit": ["lockout"], "complianceSeverity": "low"})
    assert (found.profile, found.permitted, found.compliance_severity) == ("standard", frozenset({Risk.LOCKOUT}), "low")


def test_declared_is_what_the_object_or_its_profile_names() -> None:
    found = effective({"bucketName": "acme-x", "versioning": {}}, {"defaults": {"tags": {"tagSet": {"a": "b"}}}})
    assert found.declared == {"versioning", "tags"}


@pytest.mark.parametrize(
    ("profile", "reason"),
    [
        ({"namespaces": ["payments"]}, ""),
        ({"namespaces": ["other", "pay*"]}, ""),
        ({"namespaces": ["pay"]}, "ProfileForbidden"),
        ({"namespaces": ["*-payments"]}, "ProfileForbidden"),
        ({"bucketNames": ["acme-*"]}, ""),
        ({"bucketNames": ["acme-*-archive"]}, "BucketNameForbidden"),
        ({"bucketNames": ["acme"]}, "BucketNameForbidden"),
    ],
)
def test_admission(profile: dict[str, Any], reason: str) -> None:
    found = resolve(request({"bucketName": "acme-invoices"}, profile))
    assert (found.reason if isinstance(found, Failure) else "") == reason


def test_admission_looks_at_the_objects_name_where_no_bucket_name_is_declared() -> None:
    found = resolve(request({}, {"bucketNames": ["acme-*"]}))
    assert isinstance(found, Failure)
    assert "invoices" in found.message


def test_a_profile_that_is_not_there_may_come() -> None:
    found = resolve(request({"profile": "gone"}, profile_missing="gone"))
    assert isinstance(found, Failure)
    assert (found.reason, found.retry, "gone" in found.message) == ("ProfileNotFound", True, True)


@pytest.mark.parametrize(
    ("length", "fits"),
    [(len("cluster-1/payments/"), True), (256, True), (257, False)],
)
def test_the_owner_tag_has_at_most_256_characters(length: int, fits: bool) -> None:
    name = "n" * (length - len("cluster-1/payments/"))
    found = resolve(request({"bucketName": "acme-invoices"}, key=ObjectKey("payments", name)))
    assert isinstance(found, Effective) is fits
    if isinstance(found, Failure):
        assert (found.reason, str(length) in found.message) == ("NameTooLong", True)


# What does not fit


LOCKED = {"enabled": True, "defaultRetention": {"mode": "GOVERNANCE", "days": 3}}


@pytest.mark.parametrize(
    ("role", "defaults", "block", "expected"),
    [
        pytest.param(
            "LogTarget", {"encryption": {"sseAlgorithm": "aws:kms"}}, "encryption", {"sseAlgorithm": None}, id="KMS"
        ),
        pytest.param("LogTarget", {"objectLock": LOCKED}, "objectLock", {"enabled": None}, id="Object Lock"),
        pytest.param(
            "LogTarget",
            {"logging": {"targetBucket": "acme-logs"}},
            "logging",
            {"targetBucket": None},
            id="its own logs",
        ),
        pytest.param(
            "LogTarget",
            {"encryption": {"sseAlgorithm": "aws:kms", "blockedEncryptionTypes": ["NONE"]}},
            "encryption",
            {"sseAlgorithm": None, "blockedEncryptionTypes": ["NONE"]},
            id="the rest of the block stays",
        ),
        pytest.param(
            "Data", {"logging": {"targetBucket": "acme-logs"}}, "logging", {"targetBucket": "acme-logs"}, id="Data"
        ),
    ],
)
def test_a_default_that_the_role_cannot_have_is_left_out(
    role: str, defaults: dict[str, Any], block: str, expected: dict[str, Any]
) -> None:
    found = document({"role": role}, defaults)[block]
    assert {field: found[field] for field in expected} == expected


def test_a_default_that_was_left_out_is_not_declared() -> None:
    assert effective({"role": "LogTarget"}, {"defaults": {"objectLock": LOCKED}}).declared == frozenset()


def test_an_object_that_contradicts_its_profile_is_told_the_field_and_the_profile() -> None:
    found = resolve(
        request({"versioning": {"status": "Suspended"}}, {"defaults": {"objectLock": {"enabled": True}}}),
    )
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == ("InvalidSpec", False)
    assert "versioning.status" in found.message
    assert "standard" in found.message


# What is written down


def test_document_of_has_what_is_in_force_and_leaves_out_what_is_empty() -> None:
    found = document_of(effective({"bucketName": "acme-x"}))
    assert found["versioning"] == {"status": "Enabled"}
    assert found["mode"] == "Enforce"
    assert {"profile", "region", "unmanaged", "interval"}.isdisjoint(found)
    assert "kmsMasterKeyId" not in found["encryption"]


def test_document_of_names_profile_region_and_mode() -> None:
    found = document_of(effective({}, {"region": "eu-west-1", "mode": "Plan"}))
    assert (found["profile"], found["region"], found["mode"]) == ("standard", "eu-west-1", "Plan")


def test_without_empty_goes_to_every_depth_and_keeps_false_and_zero() -> None:
    assert without_empty({"a": {"b": {"c": ""}, "d": 0}, "e": False, "f": [], "g": {}}) == {"a": {"d": 0}, "e": False}


@pytest.mark.parametrize(
    ("profile", "seconds"),
    [
        pytest.param({}, 0.0, id="not asked for"),
        pytest.param({"replicationMetrics": {}}, 900.0, id="as often as is usual"),
        pytest.param({"replicationMetrics": {"interval": "1h"}}, 3600.0, id="as often as it says"),
    ],
)
def test_replication_is_measured_where_the_profile_asks_for_it(profile: dict[str, Any], seconds: float) -> None:
    assert effective({}, profile).replication_metrics == seconds
