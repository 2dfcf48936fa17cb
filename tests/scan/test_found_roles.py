"""Roles are told from what other buckets do, and never from what a bucket says of itself."""

from typing import Any

import pytest
from tests.report.builders import DENIED, logging, observation, replication

from securebucket.api.spec import Role
from securebucket.scan.found_roles import FoundRole, find_roles

LOGS = {"GetBucketLogging": logging("acme-target")}
COPIES = {"GetBucketReplication": replication("acme-target")}


def roles(**buckets: dict[str, Any]) -> dict[str, FoundRole]:
    """Tell the roles of these buckets, `acme_target` being `acme-target`."""
    named = {name.replace("_", "-"): answers for name, answers in buckets.items()}
    return find_roles({name: observation(name, **answers).subject().observed for name, answers in named.items()})


@pytest.mark.parametrize(
    ("buckets", "role", "because"),
    [
        ({"one": LOGS}, Role.LOG_TARGET, "one logs to it"),
        ({"one": LOGS, "two": LOGS}, Role.LOG_TARGET, "one and two log to it"),
        (dict.fromkeys(("a", "b", "c"), LOGS), Role.LOG_TARGET, "a, b and c log to it"),
        (dict.fromkeys(("e", "d", "c", "b", "a"), LOGS), Role.LOG_TARGET, "a, b and 3 others log to it"),
        (
            {"one": COPIES},
            Role.REPLICA_TARGET,
            "it holds the copies of one, and has no replication itself",
        ),
        ({"one": COPIES, "two": LOGS}, Role.LOG_TARGET, "two logs to it"),
        ({"one": {"GetBucketReplication": replication("acme-target", "Disabled")}}, Role.DATA, ""),
        ({"one": {"GetBucketLogging": logging("acme-target-2")}}, Role.DATA, ""),
        ({"one": {"GetBucketLogging": DENIED, "GetBucketReplication": DENIED}}, Role.DATA, ""),
        ({"one": {}}, Role.DATA, ""),
        ({}, Role.DATA, ""),
    ],
)
def test_what_others_do_with_it(buckets: dict[str, Any], role: Role, because: str) -> None:
    assert roles(acme_target={}, **buckets)["acme-target"] == FoundRole(role, because)


@pytest.mark.parametrize("itself", [LOGS, COPIES])
def test_a_bucket_cannot_excuse_itself(itself: dict[str, Any]) -> None:
    assert roles(acme_target=itself)["acme-target"] == FoundRole()


@pytest.mark.parametrize(
    ("own", "role"),
    [
        (replication("acme-third"), Role.DATA),
        (replication("acme-third", "Disabled"), Role.REPLICA_TARGET),
        (DENIED, Role.DATA),
    ],
)
def test_a_replica_that_copies_on_is_a_bucket_of_its_own(own: Any, role: Role) -> None:
    """Where its own replication could not be read, nobody can say that it has none."""
    assert roles(one=COPIES, acme_target={"GetBucketReplication": own})["acme-target"].role is role


def test_two_buckets_that_copy_to_each_other_are_no_replicas() -> None:
    found = roles(
        acme_target={"GetBucketReplication": replication("one")},
        one=COPIES,
    )
    assert {each.role for each in found.values()} == {Role.DATA}


def test_a_log_target_may_log_elsewhere() -> None:
    found = roles(one=LOGS, acme_target={"GetBucketLogging": logging("acme-last")}, acme_last={})
    assert found["acme-target"].role is Role.LOG_TARGET
    assert found["acme-last"].because == "acme-target logs to it"


def test_a_target_that_was_not_scanned_is_nobody() -> None:
    assert list(roles(one=LOGS)) == ["one"]
