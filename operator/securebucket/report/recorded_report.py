"""A report of any size: all of it but the buckets, and a record of each bucket. Every form is written from this."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from securebucket.report.audit_report import AuditReport, BucketAudit
from securebucket.report.bucket_record import BucketRecord, BucketSummary, LaidOut, summary_of


@dataclass(frozen=True, slots=True)
class RecordedReport:
    """A report whose buckets are laid out one at a time.

    Args:
        head: the report without its buckets.
        records: its buckets, in the report's order.
    """

    head: AuditReport
    records: tuple[BucketRecord, ...]

    @property
    def summaries(self) -> Iterator[BucketSummary]:
        """What is short about each bucket."""
        return (each.summary for each in self.records)

    def audits(self) -> Iterator[BucketAudit]:
        """Lay the buckets out, one after the other; whoever keeps them all has all of them in memory."""
        return (each.audit() for each in self.records)

    def whole(self) -> AuditReport:
        """Lay out all of it at once."""
        return self.head.model_copy(update={"buckets": tuple(self.audits())})


def recorded(report: AuditReport) -> RecordedReport:
    """Return a report that is in memory as one of records."""
    records = tuple(LaidOut(summary_of(each), each) for each in report.buckets)
    return RecordedReport(report.model_copy(update={"buckets": ()}), records)


def in_order(records: Iterable[BucketRecord]) -> tuple[BucketRecord, ...]:
    """Put records into the order of a report, which does not depend on when what was read."""
    return tuple(sorted(records, key=lambda each: each.summary.place))
