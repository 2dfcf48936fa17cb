"""Reports whose buckets say when they are laid out, and how many of them are held at a time."""

import weakref
from dataclasses import dataclass, field

from securebucket.report.audit_report import AuditReport, BucketAudit
from securebucket.report.recorded_report import BucketRecord, BucketSummary, RecordedReport, pack, summary_of, unpack


@dataclass(slots=True)
class Count:
    """What was laid out so far.

    Args:
        laid_out: names of the buckets, in order.
        most: how many were held at a time.
    """

    laid_out: list[str] = field(default_factory=list)
    most: int = 0
    _held: list[weakref.ref[BucketAudit]] = field(default_factory=list)

    def add(self, audit: BucketAudit) -> BucketAudit:
        """Count one."""
        self.laid_out.append(audit.observation.bucket.name)
        self._held = [each for each in self._held if each() is not None]
        self._held.append(weakref.ref(audit))
        self.most = max(self.most, len(self._held))
        return audit


@dataclass(frozen=True, slots=True)
class Counted:
    """A packed bucket that is counted."""

    summary: BucketSummary
    packed: bytes
    count: Count

    def audit(self) -> BucketAudit:
        """Unpack it."""
        return self.count.add(unpack(self.packed))


@dataclass(frozen=True, slots=True)
class Broken:
    """A bucket that cannot be laid out."""

    summary: BucketSummary

    def audit(self) -> BucketAudit:
        """Fail."""
        raise RuntimeError("the record is damaged")


def counted(report: AuditReport) -> tuple[RecordedReport, Count]:
    """Give a report with the count of what is laid out of it."""
    count = Count()
    records = tuple(Counted(summary_of(each), pack(each), count) for each in report.buckets)
    return RecordedReport(report.model_copy(update={"buckets": ()}), records), count


def broken_at(report: AuditReport, place: int) -> RecordedReport:
    """Give a report of which the bucket at a place cannot be laid out."""
    whole, _ = counted(report)
    records: list[BucketRecord] = list(whole.records)
    records[place] = Broken(records[place].summary)
    return RecordedReport(whole.head, tuple(records))
