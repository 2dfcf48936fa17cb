"""Directory buckets (S3 Express One Zone): whether their objects end some time.

They are no general purpose buckets: a control plane of their own answers for them, in a few regions.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-buckets-objects-lifecycle.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.compliance.account.account_document import AccountCheck, AccountDocument, AccountPlace, items_of
from securebucket.compliance.account.bucket_list import read_regions
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.verdict import Severity, Verdict, failed, not_applicable, passed, unknown

REGIONS = frozenset({"ap-northeast-1", "ap-south-1", "eu-north-1", "eu-west-1", "us-east-1", "us-east-2", "us-west-2"})
"""Regions that have directory buckets; elsewhere the name of the control plane leads nowhere.

https://docs.aws.amazon.com/config/latest/developerguide/s3express-dir-bucket-lifecycle-rules-check.html
"""
LISTING = Read("list_directory_buckets", service="s3", pages="Buckets", keeps=("Name",))


@dataclass(frozen=True, slots=True)
class DirectoryBucketsState:
    """The account's directory buckets.

    Args:
        ending: whether a lifecycle rule is enabled, by bucket.
        regions: that were looked at.
        unread: why some buckets or regions were not looked at.
    """

    ending: Mapping[str, bool]
    regions: tuple[str, ...]
    unread: tuple[str, ...] = ()


def judge_lifecycle(state: DirectoryBucketsState) -> Verdict:
    """Pass when a lifecycle rule is enabled on every directory bucket."""
    endless = [name for name, ending in state.ending.items() if not ending]
    if endless:
        return failed(f"no lifecycle rule is enabled on {', '.join(endless)}")
    if state.unread:
        return unknown("; ".join(state.unread))
    if not state.ending:
        return not_applicable(f"the account has no directory bucket in {', '.join(state.regions)}")
    return passed(f"a lifecycle rule is enabled on {', '.join(state.ending)}")


class DirectoryBucketsDocument(AccountDocument[DirectoryBucketsState]):
    """The directory buckets of the account, in the regions that have its other buckets, with their lifecycle."""

    name = "directoryBuckets"
    title = "Directory buckets"
    actions = ("s3express:ListAllMyDirectoryBuckets", "s3express:GetLifecycleConfiguration")
    checks = (
        AccountCheck(
            id="directory-buckets-have-lifecycle",
            title="A lifecycle rule is enabled on each directory bucket",
            severity=Severity.LOW,
            rationale="Data that nobody needs any more stays, is paid for, and can still be stolen.",
            remediation="Give the directory bucket a lifecycle rule that expires objects or unfinished uploads.",
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/directory-buckets-objects-lifecycle.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-25",
            ),
            judge=judge_lifecycle,
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[DirectoryBucketsState | Failure]:
        """List them by region, then read the lifecycle of each. These reads take no condition on the owner."""
        listed = yield from read_regions(place, LISTING, REGIONS)
        if isinstance(listed, Failure):
            return listed
        unread = listed.missing
        ending: dict[str, bool] = {}
        for region, answer in listed.answers.items():
            for name in (str(each["Name"]) for each in items_of(answer, LISTING.pages)):
                lifecycle = yield _lifecycle_of(region, name)
                if isinstance(lifecycle, Failure):
                    unread.append(f"directory bucket {name}: {lifecycle.message}")
                else:
                    ending[name] = _ends(lifecycle or {})
        return DirectoryBucketsState(ending, tuple(listed.answers), tuple(unread))


def _lifecycle_of(region: str, name: str) -> Read:
    return Read(
        "get_bucket_lifecycle_configuration",
        service="s3",
        region=region,
        item=name,
        parameters={"Bucket": name},
        absent=frozenset({"NoSuchLifecycleConfiguration"}),
        optional=True,
    )


def _ends(lifecycle: Mapping[str, Any]) -> bool:
    return any(rule.get("Status") == "Enabled" for rule in lifecycle.get("Rules") or ())
