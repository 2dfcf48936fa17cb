"""GuardDuty's S3 protection.

https://docs.aws.amazon.com/guardduty/latest/ug/s3-protection.html
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
from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.verdict import Remedy, Severity, Verdict, failed, passed, unknown


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

    def observe(self, place: AccountPlace) -> Flow[RegionsState | Failure]:
        """Find the detectors of each region, then look at each."""
        listed = yield from read_regions(place, Read("list_detectors", service="guardduty", pages="DetectorIds"))
        found: dict[str, bool | Failure] = {}
        for region, detectors in listed.answers.items():
            found[region] = yield from _watches(region, detectors)
        return gather(listed, found)


def _watches(region: str, detectors: Found) -> Flow[bool | Failure]:
    if isinstance(detectors, Failure):
        return detectors
    seen: list[bool | Failure] = []
    for each in items_of(detectors, "DetectorIds"):
        detector = yield Read(
            "get_detector",
            service="guardduty",
            region=region,
            item=f"{region}/{each}",
            parameters={"DetectorId": each},
            optional=True,
        )
        seen.append(detector if isinstance(detector, Failure) else _is_on(detector or {}))
    return True in seen or next((each for each in seen if not isinstance(each, bool)), False)


def _is_on(detector: Response) -> bool:
    """Take the old member `DataSources` too: that is all that some servers and older answers have."""
    features = {each.get("Name"): each.get("Status") for each in detector.get("Features") or ()}
    old = ((detector.get("DataSources") or {}).get("S3Logs") or {}).get("Status")
    return detector.get("Status") == "ENABLED" and features.get("S3_DATA_EVENTS", old) == "ENABLED"
