"""IAM Access Analyzer: whether AWS itself looks for buckets that outsiders can reach.

https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
"""

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    Found,
    items_of,
)
from securebucket.compliance.account.bucket_list import read_regions
from securebucket.compliance.account.by_region import RegionsState, gather
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.verdict import Remedy, Severity, Verdict, failed, passed, unknown

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

    def observe(self, place: AccountPlace) -> Flow[RegionsState | Failure]:
        """List the analyzers of each region, and see in which regions one is active."""
        listed = yield from read_regions(place, Read("list_analyzers", service="accessanalyzer", pages="analyzers"))
        return gather(listed, {region: _is_on(answer) for region, answer in listed.answers.items()})


def _is_on(answer: Found) -> bool | Failure:
    if isinstance(answer, Failure):
        return answer
    return any(
        each.get("status") == "ACTIVE" and each.get("type") in EXTERNAL for each in items_of(answer, "analyzers")
    )
