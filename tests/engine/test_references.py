"""References to objects by name, and what other objects may ask of a bucket."""

from dataclasses import replace
from typing import Any

import pytest
from tests.engine.builders import request

from securebucket.api.bucket_profile import AdmittedSources
from securebucket.api.status import SecureBucketStatus
from securebucket.engine.effective import Effective, resolve
from securebucket.engine.references import acquaint
from securebucket.engine.request import Neighbour
from securebucket.model.bucket import ObjectKey
from securebucket.model.demand import Asked, CopyDemand, LogDemand

LOGS = LogDemand("acme-orders", "111122223333", "orders/")
COPY = CopyDemand("acme-orders", "111122223333", "arn:aws:iam::111122223333:role/copier", gives_away=False)


THEIRS = CopyDemand("acme-orders", "111122223333", "arn:aws:iam::999999999999:role/copier", gives_away=False)


def asked(namespace: str, demand: LogDemand | CopyDemand = LOGS) -> Asked:
    return Asked("invoices", namespace, demand)


def in_force(spec: dict[str, Any] | None = None, profile: dict[str, Any] | None = None, **options: Any) -> Effective:
    found = resolve(replace(request(spec or {}, profile), **options))
    assert isinstance(found, Effective)
    return found


@pytest.mark.parametrize(
    ("demand", "sources", "admitted"),
    [
        (asked("payments"), [], True),
        (asked("orders"), [], False),
        (asked("orders"), [{"namespaces": ["orders"]}], True),
        (asked("orders"), [{"namespaces": ["ord*"]}], True),
        (asked("orders"), [{"namespaces": ["others"]}], False),
        (asked("orders"), [{"namespaces": ["orders"], "prefixes": ["ord"]}], True),
        (asked("orders"), [{"namespaces": ["orders"], "prefixes": ["team-orders/"]}], False),
        (asked("orders"), [{"namespaces": ["orders"], "prefixes": ["x/"]}, {"namespaces": ["*"]}], True),
        (asked("orders", COPY), [{"namespaces": ["orders"], "prefixes": ["x/"]}], False),
        (asked("orders", COPY), [{"namespaces": ["orders"]}], True),
        (asked("orders", THEIRS), [{"namespaces": ["orders"]}], False),
        (asked("orders", COPY), [], False),
    ],
    ids=[
        "its own namespace",
        "another one",
        "admitted by name",
        "admitted by pattern",
        "another admitted",
        "under an admitted prefix",
        "under another prefix",
        "by the second of two",
        "copies where a prefix is admitted",
        "copies",
        "copies as a role of a third account",
        "copies of another one",
    ],
)
def test_the_profile_says_who_may_ask(demand: Asked, sources: list[dict[str, Any]], admitted: bool) -> None:
    found = in_force(profile={"admittedSources": sources}, demands=(demand,))
    assert found.demands == ((demand.demand,) if admitted else ())


def test_a_reference_becomes_the_bucket_of_the_object() -> None:
    spec = {"logging": {"targetBucketRef": {"name": "logs"}}}
    found = in_force(spec, references={"payments/logs": "acme-logs"})
    assert found.spec.logging.target_bucket == "acme-logs"
    assert found.spec.logging.target_bucket_ref is None


def test_a_reference_to_an_object_without_a_bucket_stays_one_with_its_namespace() -> None:
    found = in_force({"logging": {"targetBucketRef": {"name": "logs"}}})
    assert found.spec.logging.target_bucket is None
    ref = found.spec.logging.target_bucket_ref
    assert ref is not None
    assert (ref.namespace, ref.name) == ("payments", "logs")


@pytest.mark.parametrize(
    ("default", "own", "target"),
    [
        ({"targetBucket": "org-logs"}, {"targetBucketRef": {"name": "logs"}}, "acme-logs"),
        ({"targetBucketRef": {"name": "logs"}}, {"targetBucket": "my-logs"}, "my-logs"),
        ({"targetBucketRef": {"name": "logs"}}, {"targetPrefix": "a/"}, "acme-logs"),
        ({"targetBucket": "org-logs"}, {"enabled": False}, None),
        ({"targetBucketRef": {"name": "logs"}}, {"enabled": False}, None),
    ],
    ids=["a reference", "a name", "a prefix alone", "off", "off, over a reference"],
)
def test_an_objects_own_target_goes_before_its_profiles(
    default: dict[str, Any], own: dict[str, Any], target: str | None
) -> None:
    profile = {"defaults": {"logging": default}}
    found = in_force({"logging": own}, profile, references={"payments/logs": "acme-logs"})
    assert found.spec.logging.target_bucket == target


def test_a_log_target_takes_no_copies() -> None:
    found = in_force({"role": "LogTarget"}, demands=(asked("payments", COPY), asked("payments")))
    assert found.demands == ()


def test_a_role_of_the_buckets_own_account_needs_no_statement() -> None:
    known = SecureBucketStatus.model_validate(
        {
            "bucket": {
                "name": "invoices",
                "arn": "",
                "region": "",
                "accountId": "111122223333",
                "createdByOperator": True,
            }
        }
    )
    assert in_force(demands=(asked("payments", COPY),), status=known).demands == ()
    other = replace_account(known, "444455556666")
    assert in_force(demands=(asked("payments", COPY),), status=other).demands == (COPY,)


def replace_account(status: SecureBucketStatus, account: str) -> SecureBucketStatus:
    assert status.bucket is not None
    return status.model_copy(update={"bucket": status.bucket.model_copy(update={"account_id": account})})


@pytest.mark.parametrize(
    ("neighbour", "kept"),
    [
        (Neighbour(ObjectKey("payments", "logs")), True),
        (Neighbour(ObjectKey("platform", "logs")), False),
        (Neighbour(ObjectKey("platform", "logs"), (AdmittedSources(namespaces=("payments",)),)), True),
        (
            Neighbour(ObjectKey("platform", "logs"), (AdmittedSources(namespaces=("payments",), prefixes=("x/",)),)),
            False,
        ),
    ],
    ids=["of the same namespace", "of another", "admitted", "under another prefix"],
)
def test_a_target_that_admits_the_bucket_is_promised(neighbour: Neighbour, kept: bool) -> None:
    spec = {"logging": {"targetBucket": "acme-logs", "targetPrefix": "a/"}}
    found = in_force(spec, neighbours={"acme-logs": neighbour})
    assert found.promised == (frozenset({"acme-logs"}) if kept else frozenset())


def test_a_bucket_of_nobody_promises_nothing() -> None:
    assert in_force({"logging": {"targetBucket": "acme-logs"}}).promised == frozenset()


def test_whom_an_object_refers_to_and_asks() -> None:
    profile = {"defaults": {"logging": {"targetBucketRef": {"name": "logs", "namespace": "platform"}}}}
    asking = request(
        {
            "replication": {
                "role": "arn:aws:iam::111122223333:role/copier",
                "rules": [{"id": "all", "destination": {"bucket": "arn:aws:s3:::acme-copy"}}],
            }
        },
        profile,
    )
    assert asking.profile is not None
    there = {"acme-logs": Neighbour(ObjectKey("platform", "logs")), "acme-copy": Neighbour(ObjectKey("a", "copy"))}
    names = {"platform/logs": "acme-logs"}
    found = acquaint(
        asking.key, [asking.spec, asking.profile.spec.defaults], lambda name: names.get(name, ""), there.get
    )
    assert found == (names, there)


def test_an_object_is_no_neighbour_of_itself() -> None:
    asking = request({"logging": {"targetBucketRef": {"name": "invoices"}}})
    found = acquaint(asking.key, [asking.spec], lambda _: "invoices", lambda _: Neighbour(asking.key))
    assert found == ({"payments/invoices": "invoices"}, {})
