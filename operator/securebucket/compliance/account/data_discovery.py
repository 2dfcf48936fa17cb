"""Macie: whether somebody knows what data lies in the buckets.

https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html
"""

from securebucket.compliance.account.account_document import AccountCheck, AccountDocument, AccountPlace, Found
from securebucket.compliance.account.bucket_list import read_regions
from securebucket.compliance.account.by_region import RegionsState, gather
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.verdict import Remedy, Severity, Verdict, passed, unknown


def judge_classified(state: RegionsState) -> Verdict:
    """Pass when Macie is on wherever buckets are.

    It never fails: data can be classified without Macie too, and then only a person can tell
    (the benchmark calls the recommendation manual).
    """
    if state.unread:
        return unknown("; ".join(state.unread))
    if state.off:
        return unknown(f"Macie is not on in {', '.join(state.off)}; a person has to show how the data is classified")
    return passed(f"Macie is on in {', '.join(state.on)}")


class DataDiscoveryDocument(AccountDocument[RegionsState]):
    """The Macie session of each region."""

    name = "dataDiscovery"
    title = "Macie"
    actions = ("macie2:GetMacieSession",)
    checks = (
        AccountCheck(
            id="data-classified",
            title="The data in the buckets is discovered and classified",
            severity=Severity.MEDIUM,
            rationale="Nobody protects data that nobody knows of.",
            remediation="Turn Macie on in the regions that have buckets, or show the auditor how data is classified.",
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/macie-controls.html#macie-1",
            ),
            judge=judge_classified,
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[RegionsState | Failure]:
        """Ask each region. Where Macie is off, AWS denies the call, and only the words of its message tell why."""
        read = Read(
            "get_macie_session",
            service="macie2",
            absent=frozenset({"ResourceNotFoundException"}),
            absent_text="Macie is not enabled",
            required="status",
        )
        asked = yield from read_regions(place, read)
        return gather(asked, {region: _is_on(answer) for region, answer in asked.answers.items()})


def _is_on(answer: Found) -> bool | Failure:
    """One that is paused is not on."""
    if isinstance(answer, Failure):
        return answer
    return answer is not None and answer.get("status") == "ENABLED"
