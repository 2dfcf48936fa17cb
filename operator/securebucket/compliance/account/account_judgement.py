"""Verdicts of the checks of an account over what AWS answered. Pure."""

from dataclasses import dataclass
from typing import Any

from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.account.account_document import AccountCheck, AccountSubject
from securebucket.model.failure import Failure
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Verdict, not_applicable, unknown


@dataclass(frozen=True, slots=True)
class AccountJudged:
    """A check and its verdict on an account.

    Args:
        document: name of the document that the check reads.
    """

    check: AccountCheck[Any]
    document: str
    verdict: Verdict


def judge_account(subject: AccountSubject) -> tuple[AccountJudged, ...]:
    """Judge every check of an account; what could not be read neither passes nor fails."""
    judged: list[AccountJudged] = []
    for document in ACCOUNT_DOCUMENTS:
        state = document.parse(subject)
        judged.extend(AccountJudged(check, document.name, _verdict(check, state)) for check in document.checks)
    return tuple(judged)


def _verdict(check: AccountCheck[Any], state: Any | Failure | Unsupported) -> Verdict:
    if isinstance(state, Failure):
        return unknown(state.message)
    if isinstance(state, Unsupported):
        return not_applicable(state.message)
    return check.judge(state)
