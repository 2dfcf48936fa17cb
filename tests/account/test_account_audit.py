"""An account as a report has it: verdicts that can be made again from what is stored."""

import datetime as dt
import json

import pytest
from tests.account.answers import ACCOUNT, DENIED, GOOD, good

from securebucket.api.check_id import ACCOUNT_CHECK_IDS
from securebucket.compliance.account.account_judgement import judge_account
from securebucket.compliance.framework import frameworks
from securebucket.model.flow import Answer, NeverConfigured
from securebucket.model.observation import Unsupported
from securebucket.report.assembly import account_answers, account_audit, reported_checks, reported_verdicts
from securebucket.report.audit_report import AccountAudit

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
OTHER_ANSWERS: dict[str, Answer] = {
    "denied": DENIED,
    "absent": NeverConfigured(),
    "lacking": Unsupported("this server has no such thing"),
}


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("answer", OTHER_ANSWERS.values(), ids=OTHER_ANSWERS)
def test_stored_answers_give_the_same_verdicts(name: str, answer: Answer) -> None:
    audit = account_audit(ACCOUNT, NOW, good({name: answer}))
    again = AccountAudit.model_validate(json.loads(audit.model_dump_json(by_alias=True, exclude_unset=True)))
    assert reported_verdicts(judge_account(ACCOUNT, account_answers(again))) == audit.verdicts
    assert len(audit.verdicts) == len(ACCOUNT_CHECK_IDS)


def test_what_is_not_covered_is_named() -> None:
    audit = account_audit(ACCOUNT, NOW, good(), frozenset({"acme-invoices", "somebody-elses"}))
    assert (audit.buckets, audit.uncovered) == (3, ("acme-site", "acme-trail"))


def test_nothing_is_said_of_coverage_that_nobody_knows() -> None:
    assert account_audit(ACCOUNT, NOW, good()).uncovered == ()
    denied = account_audit(ACCOUNT, NOW, good({"s3:ListBuckets": DENIED}), frozenset())
    assert (denied.buckets, denied.uncovered) == (None, ())


def test_the_report_has_the_checks_of_accounts() -> None:
    checks = {each.id: each for each in reported_checks() if each.subject == "account"}
    assert set(checks) == set(ACCOUNT_CHECK_IDS)
    assert checks["threats-detected"].reads == ("threatDetection",)


def test_every_check_that_a_framework_asks_of_an_account_is_there() -> None:
    asked = {check for framework in frameworks().values() for check in framework.account_checks}
    assert asked == set(ACCOUNT_CHECK_IDS)
