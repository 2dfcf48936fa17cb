"""A demand that somebody's own statement meets needs no other: an upgrade alone changes no policy."""

from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, bucket

from securebucket.model.demand import CopyDemand, LogDemand
from securebucket.policy.canonical import canonical_statement
from securebucket.policy.copy_delivery import copy_deliveries
from securebucket.policy.deliveries import unmet
from securebucket.policy.log_delivery import account_delivery

LOGS = LogDemand("acme-orders", "", "orders/")
ROLE = "arn:aws:iam::444455556666:role/copier"
COPY = CopyDemand("theirs", "444455556666", ROLE, gives_away=False)
OBJECTS, WHOLE = copy_deliveries(bucket(), [COPY])


def left(demand: LogDemand | CopyDemand, *statements: dict[str, Any]) -> bool:
    canonical = {str(number): canonical_statement(each) for number, each in enumerate(statements)}
    return unmet(bucket(), [demand], canonical) == (demand,)


def test_logs_of_the_whole_account_are_enough() -> None:
    assert not left(LOGS, account_delivery(bucket(), "ByHand"))
    assert left(LOGS)
    assert left(LogDemand("theirs", "444455556666", ""), account_delivery(bucket(), "ByHand"))


@pytest.mark.parametrize(
    ("statements", "missing"),
    [
        ((OBJECTS, WHOLE), False),
        ((OBJECTS,), True),
        ((OBJECTS | {"Action": "s3:ReplicateObject"}, WHOLE), True),
        ((OBJECTS | {"Action": "s3:*"}, WHOLE | {"Action": "s3:*"}), False),
        ((OBJECTS | {"Principal": {"AWS": "444455556666"}}, WHOLE), False),
        ((OBJECTS | {"Principal": {"AWS": ACCOUNT}}, WHOLE), True),
        ((OBJECTS | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}, WHOLE), True),
        ((OBJECTS | {"Effect": "Deny"}, WHOLE), True),
    ],
    ids=["both", "the objects alone", "a part", "everything", "its account", "another", "on a condition", "refused"],
)
def test_what_lets_copies_in_is_enough_when_it_is_all_of_it(
    statements: tuple[dict[str, Any], ...], missing: bool
) -> None:
    assert left(COPY, *statements) is missing
