"""Services that look at buckets in each region: GuardDuty, IAM Access Analyzer and Macie.

Whether threats are detected, whether AWS itself looks for buckets that outsiders can reach, and whether somebody knows
what data lies in the buckets.
https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html
"""

from abc import abstractmethod
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    items_of,
)
from securebucket.compliance.account.bucket_list import read_regions
from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Severity, Verdict, failed, not_applicable, passed, unknown

EXTERNAL = frozenset({"ACCOUNT", "ORGANIZATION"})
"""Types that look for access from outside; the others look at roles and keys that nobody uses."""


@dataclass(frozen=True, slots=True)
class RegionsState:
    """Where a service does its work.

    A region in which the question does not arise is in none of them.

    Args:
        on: regions where it does.
        off: regions where it does not.
        unread: why some regions could not be looked at.
    """

    on: tuple[str, ...]
    off: tuple[str, ...]
    unread: tuple[str, ...] = ()


def judge_on(without: str, with_it: str, state: RegionsState) -> Verdict:
    """Pass when a service does its work in every region that was looked at.

    Args:
        without: what is said before the regions where it does not.
        with_it: what is said before the regions where it does.
        state: where it does its work.
    """
    if state.off:
        return failed(f"{without} in {', '.join(state.off)}")
    if state.unread:
        return unknown("; ".join(state.unread))
    return passed(f"{with_it} in {', '.join(state.on)}")


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


def judge_discovered(state: RegionsState) -> Verdict:
    """Pass when Macie discovers by itself wherever it is on; whether it has to be on is for `data-classified`."""
    if not (state.on or state.off or state.unread):
        return not_applicable("Macie is on in no region that has buckets")
    return judge_on("Macie does not discover by itself", "Macie discovers by itself", state)


class Outside(Enum):
    """A region in which the question does not arise."""

    QUESTION = auto()


class RegionalService(AccountDocument[RegionsState]):
    """A service that is on or off in each region."""

    first: Read
    """What each region is asked first."""

    @abstractmethod
    def is_on(self, answer: Response | None) -> bool:
        """Tell by an answer whether the service does its work."""

    def look(self, region: str, answer: Response | None) -> Flow[bool | Outside | Failure]:
        """Look at one region; its first answer tells all, where a service has nothing else to ask."""
        yield from ()
        return self.is_on(answer)

    def observe(self, place: AccountPlace) -> Flow[RegionsState | Failure]:
        """Ask each region, and put them together."""
        asked = yield from read_regions(place, self.first)
        if isinstance(asked, Failure):
            return asked
        found: dict[str, bool | Outside | Failure] = {}
        for region, answer in asked.answers.items():
            found[region] = answer if isinstance(answer, Failure) else (yield from self.look(region, answer))
        lacking = [each for each in found.values() if isinstance(each, Unsupported)]
        if len(lacking) == len(found):
            return lacking[0]
        missing = [f"{region}: {each.message}" for region, each in found.items() if isinstance(each, Failure)]
        return RegionsState(
            on=tuple(region for region, each in found.items() if each is True),
            off=tuple(region for region, each in found.items() if each is False),
            unread=tuple(each for each in (*missing, asked.unseen) if each),
        )


class ThreatDetectionDocument(RegionalService):
    """The GuardDuty detector of each region."""

    name = "threatDetection"
    title = "GuardDuty S3 protection"
    actions = ("guardduty:ListDetectors", "guardduty:GetDetector")
    checks = (
        AccountCheck(
            id="threats-detected",
            title="GuardDuty watches what is done with S3 objects",
            severity=Severity.MEDIUM,
            rationale="Stolen credentials take data in ways that nobody looks for.",
            remediation="Turn GuardDuty and its S3 protection on in the regions that have buckets.",
            references=(
                "https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-10",
            ),
            judge=partial(judge_on, "GuardDuty does not watch S3", "GuardDuty watches S3"),
        ),
    )
    first = Read("list_detectors", service="guardduty", pages="DetectorIds")

    def look(self, region: str, answer: Response | None) -> Flow[bool | Failure]:
        """Look at each detector of the region."""
        seen: list[bool | Failure] = []
        for each in items_of(answer, "DetectorIds"):
            detector = yield Read(
                "get_detector",
                service="guardduty",
                region=region,
                item=f"{region}/{each}",
                parameters={"DetectorId": each},
                optional=True,
            )
            seen.append(detector if isinstance(detector, Failure) else self.is_on(detector))
        return True in seen or next((each for each in seen if not isinstance(each, bool)), False)

    def is_on(self, answer: Response | None) -> bool:
        """Take the old member `DataSources` too: that is all that some servers and older answers have."""
        detector = answer or {}
        features = {each.get("Name"): each.get("Status") for each in detector.get("Features") or ()}
        old = ((detector.get("DataSources") or {}).get("S3Logs") or {}).get("Status")
        return detector.get("Status") == "ENABLED" and features.get("S3_DATA_EVENTS", old) == "ENABLED"


class AccessAnalysisDocument(RegionalService):
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
            references=(
                "https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-28",
            ),
            judge=partial(
                judge_on, "no analyzer of external access is active", "an analyzer of external access is active"
            ),
        ),
    )
    first = Read("list_analyzers", service="accessanalyzer", pages="analyzers")

    def is_on(self, answer: Response | None) -> bool:
        """Look for an active analyzer of access from outside."""
        return any(
            each.get("status") == "ACTIVE" and each.get("type") in EXTERNAL for each in items_of(answer, "analyzers")
        )


MACIE_SESSION = Read(
    "get_macie_session",
    service="macie2",
    absent=frozenset({"ResourceNotFoundException"}),
    absent_text="Macie is not enabled",
    required="status",
)


class DataDiscoveryDocument(RegionalService):
    """The Macie session of each region. Where Macie is off, AWS denies the call; only its message's words tell why."""

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
            references=(
                "https://docs.aws.amazon.com/macie/latest/user/what-is-macie.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/macie-controls.html#macie-1",
            ),
            judge=judge_classified,
        ),
    )
    first = MACIE_SESSION

    def is_on(self, answer: Response | None) -> bool:
        """Tell one that is paused, which is not on."""
        return answer is not None and answer.get("status") == "ENABLED"


class AutomatedDiscoveryDocument(RegionalService):
    """Whether Macie looks for sensitive data by itself, in each region where it is on.

    Only the administrator's account and one that stands alone may ask; in a member of an organization it is unknown.
    https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-configuration.html
    """

    name = "automatedDiscovery"
    title = "Macie's automated discovery"
    actions = ("macie2:GetMacieSession", "macie2:GetAutomatedDiscoveryConfiguration")
    checks = (
        AccountCheck(
            id="data-discovered-automatically",
            title="Where Macie is on, it looks for sensitive data by itself",
            severity=Severity.HIGH,
            rationale="Sensitive data in a bucket that nobody made a job for is found by nobody.",
            remediation="Turn automated sensitive data discovery on in Macie's administrator account, in each region.",
            references=(
                "https://docs.aws.amazon.com/macie/latest/user/discovery-asdd.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/macie-controls.html#macie-2",
            ),
            judge=judge_discovered,
        ),
    )
    first = MACIE_SESSION

    def look(self, region: str, answer: Response | None) -> Flow[bool | Outside | Failure]:
        """Ask where Macie is on; elsewhere it would say no more than that it is off."""
        if answer is None or answer.get("status") != "ENABLED":
            return Outside.QUESTION
        configured = yield Read(
            "get_automated_discovery_configuration",
            service="macie2",
            region=region,
            item=region,
            required="status",
            optional=True,
        )
        return configured if isinstance(configured, Failure) else self.is_on(configured)

    def is_on(self, answer: Response | None) -> bool:
        """Tell by Macie's own word."""
        return answer is not None and answer.get("status") == "ENABLED"
