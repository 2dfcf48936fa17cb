"""IAM Access Analyzer: whether AWS itself looks for buckets that outsiders can reach.

https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
"""

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    AccountSubject,
    Ask,
    document,
)
from securebucket.compliance.account.bucket_list import regions_of
from securebucket.compliance.account.by_region import RegionsState, gather, refusal
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Answers
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Remedy, Severity, Verdict, failed, passed, unknown

ANALYZERS = "accessanalyzer:ListAnalyzers"
EXTERNAL = frozenset({"ACCOUNT", "ORGANIZATION"})
"""Types that look for access from outside; the others look at roles and keys that nobody uses."""


def judge_analyzed(state: RegionsState) -> Verdict:
    """Pass when an analyzer works in every region that was looked at."""
    if state.off:
        return failed(f"no analyzer of external access is active in {', '.join(state.off)}")
    if state.unread:
        return unknown("; ".join(state.unread))
    return passed(f"an analyzer of external access is active in {', '.join(state.on)}")


class AccessAnalysisDocument(AccountDocument[RegionsState]):
    """The analyzers of each region."""

    name = "accessAnalysis"
    title = "IAM Access Analyzer"
    actions = ("access-analyzer:ListAnalyzers",)
    checks = (
        AccountCheck(
            id="access-analyzed",
            title="IAM Access Analyzer looks for access from outside",
            severity=Severity.MEDIUM,
            rationale="A grant to outsiders that a policy hides is found by them first.",
            remediation="Make an analyzer of external access in each region that has buckets, in this account.",
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-28",
            ),
            judge=judge_analyzed,
        ),
    )

    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """List the analyzers of each region."""
        return tuple(
            Ask("accessanalyzer", "list_analyzers", region, item=region, member="analyzers", paged=True)
            for region in regions_of(place, answers)
        )

    def parse(self, subject: AccountSubject) -> RegionsState | Failure | Unsupported:
        """See in which regions one is active."""
        found = {region: refusal(answer) or _is_on(answer) for region, answer in subject.items(ANALYZERS)}
        return gather(subject, ANALYZERS, found)


def _is_on(answer: Answer) -> bool:
    return any(
        each.get("status") == "ACTIVE" and each.get("type") in EXTERNAL
        for each in document(answer).get("analyzers") or ()
    )
