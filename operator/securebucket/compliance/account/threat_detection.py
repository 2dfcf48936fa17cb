"""GuardDuty's S3 protection.

https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html
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

DETECTORS = "guardduty:ListDetectors"


def judge_detected(state: RegionsState) -> Verdict:
    """Pass when S3 protection is on in every region that was looked at."""
    if state.off:
        return failed(f"GuardDuty does not watch S3 in {', '.join(state.off)}")
    if state.unread:
        return unknown("; ".join(state.unread))
    return passed(f"GuardDuty watches S3 in {', '.join(state.on)}")


class ThreatDetectionDocument(AccountDocument[RegionsState]):
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
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/guardduty-controls.html#guardduty-10",
            ),
            judge=judge_detected,
        ),
    )

    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """Find the detectors of each region, then look at each."""
        asked: list[Ask] = []
        for region in regions_of(place, answers):
            asked.append(
                Ask("guardduty", "list_detectors", region, item=region, member="DetectorIds", paged=True),
            )
            asked.extend(
                Ask("guardduty", "get_detector", region, item=f"{region}/{each}", parameters={"DetectorId": each})
                for each in document(answers.get(f"{DETECTORS}/{region}", {})).get("DetectorIds") or ()
            )
        return tuple(asked)

    def parse(self, subject: AccountSubject) -> RegionsState | Failure | Unsupported:
        """See in which regions a detector watches S3."""
        found = {region: _watches(subject, region, answer) for region, answer in subject.items(DETECTORS)}
        return gather(subject, DETECTORS, found)


def _watches(subject: AccountSubject, region: str, detectors: Answer) -> bool | Failure | Unsupported:
    refused = refusal(detectors)
    for each in document(detectors).get("DetectorIds") or ():
        answer = subject.answer(f"guardduty:GetDetector/{region}/{each}")
        if _is_on(answer):
            return True
        refused = refused or refusal(answer)
    return False if refused is None else refused


def _is_on(answer: Answer) -> bool:
    """Take the old member `DataSources` too: that is all that some servers and older answers have."""
    detector = document(answer)
    features = {each.get("Name"): each.get("Status") for each in detector.get("Features") or ()}
    old = ((detector.get("DataSources") or {}).get("S3Logs") or {}).get("Status")
    return detector.get("Status") == "ENABLED" and features.get("S3_DATA_EVENTS", old) == "ENABLED"
