"""Which names another account could have."""

from collections.abc import Iterable

import pytest

from securebucket.compliance.stored_observation import StoredBucket
from securebucket.scan.takeable_names import TakeableNames, takeable_names

ACCOUNT, REGION = "111122223333", "eu-west-1"


def names(*given: str, account: str = ACCOUNT) -> TakeableNames:
    return takeable_names(buckets(given, account))


def buckets(given: Iterable[str], account: str) -> list[StoredBucket]:
    return [StoredBucket(name=name, region=REGION, account_id=account) for name in given]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("acme-invoices", TakeableNames((), ("acme-invoices",))),
        (f"cdk-assets-{ACCOUNT}-{REGION}", TakeableNames((f"cdk-assets-{ACCOUNT}-{REGION}",), ())),
        (f"acme-{ACCOUNT}-{REGION}-an", TakeableNames((), ())),
    ],
)
def test_what_can_become_of_a_name(name: str, found: TakeableNames) -> None:
    assert names(name) == found


@pytest.mark.parametrize("end", [f"444455556666-{REGION}-an", f"{ACCOUNT}-us-east-1-an"])
def test_the_end_of_another_account_or_region_protects_nothing(end: str) -> None:
    found = names(f"acme-{end}")
    assert f"acme-{end}" in (*found.guessable, *found.others)


def test_a_server_without_accounts_has_one_namespace_only() -> None:
    assert names("acme-invoices", account="") == TakeableNames((), ())


def test_names_are_told_in_order() -> None:
    assert names("b", "c", "a").others == ("a", "b", "c")
