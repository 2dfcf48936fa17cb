"""The accounts' series: which there are, and when there are none."""

import datetime as dt

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from tests.account.answers import ACCOUNT, DENIED, NOTHING_BLOCKED, good

from securebucket.metrics.account_collector import AccountCollector
from securebucket.model.flow import Answer
from securebucket.report.assembly import account_audit
from securebucket.scan.account_register import AccountKey, AccountRegister, AccountSighting

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
ME = {"account": ACCOUNT}
UNMANAGED = "securebucket_unmanaged_buckets"
FAILING = "securebucket_account_check_failing"
VERIFIED = "securebucket_account_last_verified_timestamp_seconds"
FAILS = good({"s3control:GetPublicAccessBlock": NOTHING_BLOCKED})


def sighting(answers: dict[str, Answer], *, known: bool = True, at: dt.datetime = NOW) -> AccountSighting:
    return AccountSighting(account_audit(ACCOUNT, at, answers, frozenset({"acme-invoices"})), coverage_known=known)


def series(
    seen: dict[AccountKey, AccountSighting], *, leading: bool = True
) -> dict[str, list[tuple[dict[str, str], float]]]:
    register = AccountRegister()
    for key, each in seen.items():
        register.see(key, each)
    families = AccountCollector(register, lambda: leading).collect()
    return {each.name: [(sample.labels, sample.value) for sample in each.samples] for each in families}


def test_names_labels_and_values() -> None:
    assert series({AccountKey(ACCOUNT): sighting(FAILS)}) == {
        UNMANAGED: [(ME, 2.0)],
        FAILING: [({**ME, "check": "account-public-access-blocked", "severity": "medium"}, 1.0)],
        VERIFIED: [(ME, NOW.timestamp())],
    }


def test_what_passes_has_no_series() -> None:
    assert series({AccountKey(ACCOUNT): sighting(good())})[FAILING] == []


def test_what_is_unknown_does_not_fail() -> None:
    denied = good({"s3control:GetPublicAccessBlock": DENIED})
    assert series({AccountKey(ACCOUNT): sighting(denied)})[FAILING] == []


def test_coverage_that_nobody_knows_has_no_series() -> None:
    assert series({AccountKey(ACCOUNT): sighting(good(), known=False)})[UNMANAGED] == []


def test_only_the_leader_exports_accounts() -> None:
    assert series({AccountKey(ACCOUNT): sighting(FAILS)}, leading=False) == {}


def test_two_servers_with_one_account_number_are_one_series() -> None:
    earlier = NOW - dt.timedelta(hours=1)
    found = series(
        {AccountKey(ACCOUNT): sighting(FAILS), AccountKey(ACCOUNT, "http://ceph"): sighting(FAILS, at=earlier)}
    )
    assert found[UNMANAGED] == [(ME, 4.0)]
    assert len(found[FAILING]) == 1
    assert found[VERIFIED] == [(ME, earlier.timestamp())]


def test_a_registry_takes_it() -> None:
    register = AccountRegister()
    registry = CollectorRegistry()
    registry.register(AccountCollector(register, lambda: True))
    register.see(AccountKey(ACCOUNT), sighting(FAILS))
    assert f'{UNMANAGED}{{account="{ACCOUNT}"}} 2.0' in generate_latest(registry).decode()


@pytest.mark.parametrize("name", [UNMANAGED, FAILING, VERIFIED])
def test_an_account_that_is_forgotten_has_no_series(name: str) -> None:
    assert series({})[name] == []
