"""Verdicts of the checks of an account over what AWS answered. Pure."""

from dataclasses import dataclass
from typing import Any

from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.account.account_document import AccountCheck, AccountDocument, AccountPlace, S
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers, drive, recorded
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Verdict, not_applicable, unknown

IN_EACH_REGION = "cloudtrail:DescribeTrails/"
"""Begins the names of answers that every reading of an account has, one for each region that it looked at."""


@dataclass(frozen=True, slots=True)
class AccountJudged:
    """A check and its verdict on an account.

    Args:
        document: name of the document that the check reads.
    """

    check: AccountCheck[Any]
    document: str
    verdict: Verdict


def judge_account(account_id: str, answers: Answers) -> tuple[AccountJudged, ...]:
    """Judge every check of an account; what could not be read neither passes nor fails.

    Args:
        account_id: whose account it is.
        answers: everything that was read of it.
    """
    judged: list[AccountJudged] = []
    for document in ACCOUNT_DOCUMENTS:
        state = recall(document, account_id, answers)
        judged.extend(AccountJudged(check, document.name, _verdict(check, state)) for check in document.checks)
    return tuple(judged)


def recall(document: AccountDocument[S], account_id: str, answers: Answers) -> S | Failure:
    """Say what the answers to a document's reads mean."""
    # In which regions it was looked at, a report keeps in the names of its answers only.
    regions = sorted(name.removeprefix(IN_EACH_REGION) for name in answers if name.startswith(IN_EACH_REGION))
    place = AccountPlace(account_id, "", tuple(regions))
    return drive(document.observe(place), recorded(answers)).observation


def _verdict(check: AccountCheck[Any], state: Any | Failure) -> Verdict:
    if isinstance(state, Failure):
        return not_applicable(state.message) if isinstance(state, Unsupported) else unknown(state.message)
    return check.judge(state)
