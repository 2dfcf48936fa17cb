"""Multi-Region Access Points: one door to buckets of several regions.

All that is asked of them is asked in us-west-2, and only the partition `aws` has them.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiRegionAccessPointRestrictions.html
"""

from collections.abc import Mapping
from dataclasses import dataclass

from securebucket.compliance.account.account_document import AccountCheck, AccountDocument, AccountPlace, items_of
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.verdict import Severity, Verdict, failed, not_applicable, passed

CONTROL_REGION = "us-west-2"


@dataclass(frozen=True, slots=True)
class MultiRegionState:
    """The flags that are off, by Multi-Region Access Point; those that are being deleted are left out."""

    off: Mapping[str, tuple[str, ...]]


def judge_blocked(state: MultiRegionState) -> Verdict:
    """Pass when every one blocks public access with all four flags."""
    if not state.off:
        return not_applicable("the account has no Multi-Region Access Point")
    open_ones = [f"{name}: {', '.join(flags)} off" for name, flags in state.off.items() if flags]
    if open_ones:
        return failed("; ".join(open_ones))
    return passed(f"all {len(state.off)} Multi-Region Access Points block public access")


class MultiRegionAccessPointsDocument(AccountDocument[MultiRegionState]):
    """The Multi-Region Access Points of the account."""

    name = "multiRegionAccessPoints"
    title = "Multi-Region Access Points"
    actions = ("s3:ListMultiRegionAccessPoints",)
    checks = (
        AccountCheck(
            id="multi-region-access-points-blocked",
            title="Multi-Region Access Points block public access",
            severity=Severity.HIGH,
            rationale="The public gets through it to buckets of several regions at once.",
            remediation="Make the Multi-Region Access Point anew with all four settings on: they can never be changed.",
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/multi-region-access-point-block-public-access.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-24",
            ),
            judge=judge_blocked,
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[MultiRegionState | Failure]:
        """List them; the list has their flags."""
        only = f"partition {place.partition} has no Multi-Region Access Points"
        answer = yield Read(
            "list_multi_region_access_points",
            service="s3control",
            region=CONTROL_REGION,
            parameters={"AccountId": place.account_id},
            pages="AccessPoints",
            impossible="" if place.partition == "aws" else only,
        )
        kept = [each for each in items_of(answer, "AccessPoints") if each.get("Status") != "DELETING"]
        return MultiRegionState(
            {str(each["Name"]): PublicAccessBlock.of(each.get("PublicAccessBlock")).off for each in kept}
        )
