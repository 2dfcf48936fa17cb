"""The survey of accounts: each once, the others forgotten, changes told once."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from tests.account.answers import ACCOUNT, DENIED, OTHER, good

from securebucket.aws.account import Identity
from securebucket.aws.sessions import Binding
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer
from securebucket.scan.account_register import AccountKey, AccountRegister
from securebucket.scan.account_survey import AccountSurvey, AccountUse

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
EXPIRED = Failure("CredentialsExpired", "the credentials have expired; renew them.", retry=True)
HERE, THERE = Binding(region="eu-central-1"), Binding(region="us-east-1", role_arn="arn:aws:iam::1:role/there")


@dataclass
class FakeAws:
    """Knows bindings' identities and one account's answers."""

    identities: dict[Binding, Identity | Failure]
    answers: Mapping[str, Answer] = field(default_factory=good)
    asked: list[tuple[Binding, tuple[str, ...]]] = field(default_factory=list)

    def identify(self, binding: Binding) -> Identity | Failure:
        return self.identities[binding]

    def region(self, binding: Binding) -> str:
        return binding.region

    def survey(
        self, binding: Binding, identity: Identity, regions: tuple[str, ...], going: Callable[[], bool]
    ) -> Mapping[str, Answer]:
        assert identity.account_id
        assert going() in {True, False}
        self.asked.append((binding, regions))
        return self.answers


def known(account: str = ACCOUNT) -> Identity:
    return Identity(account, f"arn:aws:iam::{account}:role/operator", "aws")


def survey_of(aws: FakeAws) -> AccountSurvey:
    register = AccountRegister()
    return AccountSurvey(aws, register, wall=lambda: NOW)  # type: ignore[arg-type]  # it has what is used of Aws


def uses(*bindings: Binding, covered: frozenset[str] | None = None) -> tuple[AccountUse, ...]:
    return tuple(AccountUse(each, covered) for each in bindings)


def test_an_account_is_looked_at_once_in_the_regions_of_all_its_profiles() -> None:
    aws = FakeAws({HERE: known(), THERE: known()})
    survey_of(aws).run(uses(HERE, THERE))
    assert aws.asked == [(HERE, ("eu-central-1", "us-east-1"))]


def test_what_was_seen_is_in_the_register() -> None:
    survey = survey_of(FakeAws({HERE: known()}))
    survey.run(uses(HERE, covered=frozenset({"acme-invoices"})))
    ((key, sighting),) = survey.register.snapshot().items()
    assert key == AccountKey(ACCOUNT)
    assert sighting.coverage_known
    assert (sighting.audit.read_at, sighting.audit.uncovered) == (NOW, ("acme-site", "acme-trail"))
    assert survey.register.audits() == (sighting.audit,)


@pytest.mark.parametrize(
    ("covered", "changed"), [(None, {}), (frozenset({"acme-invoices"}), {"s3:ListBuckets": DENIED})]
)
def test_coverage_is_known_only_with_all_objects_and_all_buckets(
    covered: frozenset[str] | None, changed: dict[str, Any]
) -> None:
    survey = survey_of(FakeAws({HERE: known()}, good(changed)))
    survey.run(uses(HERE, covered=covered))
    (sighting,) = survey.register.snapshot().values()
    assert not sighting.coverage_known


def test_accounts_of_two_servers_are_kept_apart() -> None:
    ceph = Binding(region="eu", endpoint="http://ceph.example/")
    survey = survey_of(FakeAws({HERE: known(), ceph: known()}))
    survey.run(uses(HERE, ceph))
    assert list(survey.register.snapshot()) == [AccountKey(ACCOUNT), AccountKey(ACCOUNT, "http://ceph.example")]


def test_an_account_that_nobody_uses_any_more_is_forgotten() -> None:
    survey = survey_of(FakeAws({HERE: known(), THERE: known(OTHER)}))
    survey.run(uses(HERE, THERE))
    survey.run(uses(THERE))
    assert list(survey.register.snapshot()) == [AccountKey(OTHER)]


def test_an_account_that_cannot_be_reached_keeps_what_was_seen() -> None:
    """Its age is a metric of its own."""
    aws = FakeAws({HERE: known()})
    survey = survey_of(aws)
    survey.run(uses(HERE))
    aws.identities[HERE] = EXPIRED
    survey.run(uses(HERE))
    assert list(survey.register.snapshot()) == [AccountKey(ACCOUNT)]


def test_a_server_without_accounts_has_none() -> None:
    survey = survey_of(FakeAws({HERE: known("")}))
    survey.run(uses(HERE))
    assert survey.register.snapshot() == {}


def test_a_round_that_is_broken_off_keeps_nothing() -> None:
    """What was left out would look like something that could not be read."""
    survey = survey_of(FakeAws({HERE: known()}))
    survey.run(uses(HERE), lambda: False)
    assert survey.register.snapshot() == {}


def test_a_change_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    aws = FakeAws({HERE: known()})
    survey = survey_of(aws)
    told = []
    bad = good({"s3control:GetPublicAccessBlock": {"PublicAccessBlockConfiguration": {}}})
    for aws.answers in (good(), bad, bad, good(), good()):
        caplog.clear()
        survey.run(uses(HERE))
        told.append([(each.levelname, each.check) for each in caplog.records])  # type: ignore[attr-defined]
    check = "account-public-access-blocked"
    assert told == [[], [("WARNING", check)], [], [("INFO", check)], []]


def test_a_failure_is_told_once_and_again_after_it_was_mended(caplog: pytest.LogCaptureFixture) -> None:
    aws = FakeAws({HERE: EXPIRED})
    survey = survey_of(aws)
    told = []
    for identity in (EXPIRED, EXPIRED, known(), EXPIRED):
        aws.identities[HERE] = identity
        caplog.clear()
        survey.run(uses(HERE))
        told.append([each.getMessage() for each in caplog.records])
    line = ["account: the credentials have expired; renew them."]
    assert told == [line, [], [], line]
