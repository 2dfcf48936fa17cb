"""What a bucket asks of others, read from what is in force for it."""

from typing import Any

import pytest

from securebucket.model.demand import Asked, CopyDemand, Demand, LogDemand, demands_in

ROLE = "arn:aws:iam::111122223333:role/copier"


def copy_rule(bucket: str = "copy", **fields: Any) -> dict[str, Any]:
    return {"id": "a", "status": "Enabled", "destination": {"bucket": f"arn:aws:s3:::{bucket}"}, **fields}


def replication(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"replication": {"role": ROLE, "rules": list(rules)}}


def asked(target: str, demand: Demand) -> Asked:
    return Asked(target, "payments", demand)


COPY = CopyDemand("acme", "1", ROLE, gives_away=False)


@pytest.mark.parametrize(
    ("effective", "found"),
    [
        ({}, []),
        ({"logging": {"targetBucket": "logs"}}, [asked("logs", LogDemand("acme", "1", ""))]),
        (
            {"logging": {"targetBucket": "logs", "targetPrefix": "a/"}},
            [asked("logs", LogDemand("acme", "1", "a/"))],
        ),
        ({"logging": {"targetBucket": "acme"}}, []),
        ({"logging": {"targetBucketRef": {"name": "logs"}}}, []),
        (replication(copy_rule()), [asked("copy", COPY)]),
        (replication(copy_rule(status="Disabled")), []),
        (
            replication(copy_rule(destination={"bucket": "arn:aws:s3:::copy", "ownerOverride": "Destination"})),
            [asked("copy", CopyDemand("acme", "1", ROLE, gives_away=True))],
        ),
        (replication(copy_rule("one"), copy_rule("two")), [asked("one", COPY), asked("two", COPY)]),
        ({"replication": {"rules": [copy_rule()]}}, []),
        ({"logging": "on", "replication": []}, []),
        ({"logging": {"targetBucket": 7}, "replication": {"role": 1, "rules": "all"}}, []),
        ({"replication": {"role": ROLE, "rules": ["all", {"destination": "copy"}]}}, []),
    ],
)
def test_what_is_asked(effective: dict[str, Any], found: list[Asked]) -> None:
    assert list(demands_in(effective, "acme", "1", "payments")) == found
