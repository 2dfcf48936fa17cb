"""A key that is to be used anew is refused where it certainly fails, and one that is there already is left alone."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, REGION, context

from securebucket.controls.configuration_list import ListState
from securebucket.controls.inventory import InventoryControl
from securebucket.controls.replication import ReplicationControl, ReplicationState
from securebucket.model.failure import Failure
from securebucket.model.kms_keys import KeyInUse, KeyInUseQuery
from securebucket.model.surroundings import KmsKey, Query

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
QUERY = KeyInUseQuery(KEY, "", ACCOUNT, rotation=False, policy=True)
WELL = KmsKey(KEY, "Enabled", symmetric=True)
ROLE = f"arn:aws:iam::{ACCOUNT}:role/replication"
DENIED = Failure("AccessDenied", "it was denied.")
SHUT = json.dumps({"Statement": [{"Sid": "No", "Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}]})
OPEN = json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]})

LISTS = {
    "inventory": {
        "configurations": [
            {
                "id": "daily",
                "destination": {"bucket": "acme-reports", "format": "CSV", "encryption": {"sseKms": {"keyId": KEY}}},
                "includedObjectVersions": "All",
                "schedule": {"frequency": "Daily"},
            }
        ]
    }
}
COPIES = {
    "replication": {
        "role": ROLE,
        "rules": [
            {
                "id": "all",
                "sseKmsEncryptedObjects": "Enabled",
                "destination": {"bucket": "arn:aws:s3:::acme-copy", "replicaKmsKeyId": KEY},
            }
        ],
    }
}
CASES: tuple[tuple[Any, Mapping[str, Any], Any], ...] = (
    (InventoryControl(), LISTS, ListState()),
    (ReplicationControl(), COPIES, ReplicationState()),
)
each_of_both = pytest.mark.parametrize(("control", "spec", "absent"), CASES, ids=["inventory", "replication"])


def refused(control: Any, spec: Mapping[str, Any], absent: Any, fact: KeyInUse | Failure) -> Failure | None:
    facts: dict[Query[Any], Any] = {QUERY: fact}
    situation = context(spec, facts=facts)
    found: Failure | None = control.refuse(situation, absent, control.desired(situation, absent))
    return found


@each_of_both
def test_a_key_that_is_to_be_used_is_asked_about_and_not_one_that_is_used(
    control: Any, spec: Mapping[str, Any], absent: Any
) -> None:
    situation = context(spec)
    assert QUERY in control.facts(situation, absent)
    assert QUERY not in control.facts(situation, control.desired(situation, absent))


@each_of_both
@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (KeyInUse(replace(WELL, state="Disabled"), policy=OPEN), "its state is Disabled; enable it, or name another"),
        (KeyInUse(replace(WELL, state="PendingDeletion", deleted_on="2026-12-24"), policy=OPEN), "on 2026-12-24"),
        (KeyInUse(replace(WELL, symmetric=False), policy=OPEN), "not a symmetric encryption key"),
        (KeyInUse(WELL, policy=SHUT), "No denies"),
    ],
)
def test_a_key_that_certainly_fails_is_refused(
    control: Any, spec: Mapping[str, Any], absent: Any, fact: KeyInUse, words: str
) -> None:
    failure = refused(control, spec, absent, fact)
    assert failure is not None
    assert failure.reason == "KmsKeyUnusable"
    assert KEY in failure.message
    assert words in failure.message


@each_of_both
@pytest.mark.parametrize("fact", [KeyInUse(WELL, policy=OPEN), KeyInUse(WELL, policy=DENIED), KeyInUse(WELL), DENIED])
def test_what_is_not_known_of_a_key_refuses_nothing(
    control: Any, spec: Mapping[str, Any], absent: Any, fact: KeyInUse | Failure
) -> None:
    assert refused(control, spec, absent, fact) is None


def test_an_inventory_needs_a_key_of_the_region() -> None:
    control, spec, absent = CASES[0]
    failure = refused(control, spec, absent, KeyInUse(replace(WELL, arn=KEY.replace(REGION, "us-east-1"))))
    assert failure is not None
    assert f"it is a key of us-east-1; name one of {REGION}" in failure.message


@each_of_both
def test_a_key_that_is_used_already_holds_up_no_other_change(
    control: Any, spec: Mapping[str, Any], absent: Any
) -> None:
    situation = context(spec, facts={QUERY: KeyInUse(replace(WELL, state="Disabled"))})
    there = control.desired(situation, absent)
    assert control.refuse(situation, there, there) is None
