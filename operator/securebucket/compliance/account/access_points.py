"""Access points: further doors to a bucket, each with a Block Public Access that can never be changed.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    AccountSubject,
    Ask,
    document,
    problem,
    unread,
)
from securebucket.compliance.account.bucket_list import regions_of, unseen_regions
from securebucket.compliance.account.public_access_block import flags_off
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.observation import Unsupported
from securebucket.model.verdict import Remedy, Severity, Verdict, failed, not_applicable, passed, unknown

LIST = "s3control:ListAccessPoints"
SHOWN = 5
"""Names in one sentence; an account may have ten thousand access points in a region."""


@dataclass(frozen=True, slots=True)
class AccessPointsState:
    """The account's access points.

    Args:
        off: flags that are off, by access point that has any.
        count: how many there are.
        unread: why some were not looked at.
    """

    off: Mapping[str, tuple[str, ...]]
    count: int
    unread: tuple[str, ...] = ()


def judge_blocked(state: AccessPointsState) -> Verdict:
    """Pass when every access point blocks public access with all four flags."""
    if state.off:
        return failed(
            "; ".join(f"{name}: {', '.join(flags)} off" for name, flags in list(state.off.items())[:SHOWN])
            + (f"; and {len(state.off) - SHOWN} more" if len(state.off) > SHOWN else "")
        )
    if state.unread:
        more = f" (and {len(state.unread) - 1} more)" if len(state.unread) > 1 else ""
        return unknown(f"{state.unread[0]}{more}")
    if not state.count:
        return not_applicable("the account has no access point where it has buckets")
    return passed(f"all {state.count} access points block public access")


class AccessPointsDocument(AccountDocument[AccessPointsState]):
    """The access points of the account, in the regions that have its buckets."""

    name = "accessPoints"
    title = "Access points"
    actions = ("s3:ListAccessPoints", "s3:GetAccessPoint")
    checks = (
        AccountCheck(
            id="access-points-blocked",
            title="Access points block public access",
            severity=Severity.CRITICAL,
            rationale="The public gets through the access point to a bucket that lets nobody in by itself.",
            remediation="Make the access point anew with all four settings on: they can never be changed.",
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-19",
            ),
            judge=judge_blocked,
        ),
    )

    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """List them by region, then read each once: what it blocks never changes.

        The alias is new with each creation, so that one of the same name that was made anew is read again.
        """
        asked: list[Ask] = []
        for region in regions_of(place, answers):
            asked.append(
                Ask(
                    "s3control",
                    "list_access_points",
                    region,
                    item=region,
                    parameters={"AccountId": place.account_id},
                    member="AccessPointList",
                    paged=True,
                )
            )
            for point in _listed(answers, region):
                arn = str(point.get("AccessPointArn") or point["Name"])
                asked.append(
                    Ask(
                        "s3control",
                        "get_access_point",
                        region,
                        item=arn,
                        parameters={"AccountId": place.account_id, "Name": point["Name"]},
                        member="PublicAccessBlockConfiguration",
                        lasting=f"{arn} {point['Alias']}" if point.get("Alias") else "",
                    )
                )
        return tuple(asked)

    def parse(self, subject: AccountSubject) -> AccessPointsState | Failure | Unsupported:
        """Gather the flags of all regions."""
        nothing = unread(subject.items(LIST))
        if nothing:
            return nothing
        missing = [problem(answer) for _, answer in subject.items(LIST)] + [unseen_regions(subject)]
        off: dict[str, tuple[str, ...]] = {}
        count = 0
        for region, _ in subject.items(LIST):
            for point in _listed(subject.answers, region):
                count += 1
                arn = str(point.get("AccessPointArn") or point["Name"])
                answer = subject.answer(f"s3control:GetAccessPoint/{arn}")
                if problem(answer):
                    missing.append(problem(answer))
                    continue
                flags = flags_off(document(answer).get("PublicAccessBlockConfiguration") or {})
                if flags:
                    off[arn] = flags
        return AccessPointsState(off, count, tuple(each for each in missing if each))


def _listed(answers: Answers, region: str) -> list[Mapping[str, Any]]:
    name = f"{LIST}/{region}"
    return list(document(answers[name]).get("AccessPointList") or ()) if name in answers else []
