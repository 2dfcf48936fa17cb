"""Storage class analysis: who gets to know how the bucket's objects are used.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAnalyticsConfiguration.html
"""

from functools import partial
from typing import Any

from securebucket.api.analytics import Analytics
from securebucket.controls.configuration_list import Entry
from securebucket.controls.report_destinations import (
    LOOK,
    Delivery,
    ReportingList,
    ask_owners,
    delivery_to,
    in_bucket,
    judge_trusted,
)
from securebucket.model.bucket import Bucket
from securebucket.model.call import Permissions
from securebucket.model.verdict import Check, Remedy, Severity

ANALYSIS, EXPORT = "StorageClassAnalysis", "DataExport"


def delivery(name: str, entry: Entry) -> Delivery | None:
    """Say where the results of an analysis go; most stay in the console."""
    export = entry[ANALYSIS].get(EXPORT)
    return delivery_to(name, export.get("Destination", {}), "BucketAccountId") if export else None


class AnalyticsControl(ReportingList):
    """Keeps the declared analyses, and says what becomes of the others."""

    name = "analytics"
    kind = "analytics"
    block = Analytics
    delivery = staticmethod(delivery)
    permissions = Permissions(
        read=("s3:GetAnalyticsConfiguration",), write=("s3:PutAnalyticsConfiguration",), other=(LOOK,)
    )
    written_by = ("PutBucketAnalyticsConfiguration", "DeleteBucketAnalyticsConfiguration")
    checks = (
        Check(
            id="analytics-to-trusted-accounts",
            title="Storage class analyses are delivered to trusted accounts only",
            severity=Severity.LOW,
            rationale="Somebody else learns how much lies in the bucket and how it is used, and no policy says so.",
            remediation="Set spec.analytics.foreign to Remove, or name a destination of a trusted account.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/analytics-storage-class.html",),
            judge=partial(judge_trusted, delivery),
            asks=partial(ask_owners, "analytics", delivery),
        ),
    )

    def canonical(self, entry: Entry) -> dict[str, Any]:
        """Give an analysis in one form: what becomes of its results is always said, and may be nothing."""
        return {ANALYSIS: {}} | super().canonical(entry)

    def declared(self, configuration: Any, bucket: Bucket) -> dict[str, Any]:
        """Give an analysis of the spec as S3 would answer it."""
        document = super().declared(configuration, bucket)
        export = document[ANALYSIS].get(EXPORT)
        if not export:
            return document
        return document | {ANALYSIS: {EXPORT: export | {"Destination": in_bucket(export["Destination"], bucket)}}}
