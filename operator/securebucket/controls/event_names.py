"""The events of CloudTrail that matter to a pass: what changes a document that some control reads."""

from collections.abc import Iterable, Mapping

from securebucket.controls import CONTROLS
from securebucket.model.reported_change import ReportedChange

OF_BUCKETS = ("CreateBucket", "DeleteBucket")
OF_ACCOUNTS = ("PutAccountPublicAccessBlock", "DeleteAccountPublicAccessBlock")
"""S3 Control's operations, which CloudTrail tells under the name of S3 too."""

OF_CONTROLS: Mapping[str, tuple[str, ...]] = {control.name: control.written_by for control in CONTROLS}
NAMES = tuple(sorted({*OF_BUCKETS, *OF_ACCOUNTS, *(name for names in OF_CONTROLS.values() for name in names)}))
"""All of them: what a rule of EventBridge has to let through."""


def by_control(changes: Iterable[ReportedChange]) -> dict[str, ReportedChange]:
    """Give the latest change of each control's document; what changed no single document is left out."""
    found: dict[str, ReportedChange] = {}
    for change in sorted(changes, key=lambda each: each.at):
        found |= {control: change for control, names in OF_CONTROLS.items() if change.event in names}
    return found
