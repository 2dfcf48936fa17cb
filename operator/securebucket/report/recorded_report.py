"""A report of any size: all of it but the buckets, and a record of each bucket. Every form is written from this.

A fleet's evidence would be the largest thing in the process. The summary of a bucket is what figures and lists need of
all buckets at once; its whole audit is laid out when its turn comes to be written, and dropped.
"""

import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial

from securebucket.model.verdict import Result
from securebucket.report.audit_report import AuditReport, BucketAudit

SHARED = 4096
"""Different sets of results that are kept once each: a fleet has some dozens."""

Pattern = tuple[tuple[str, Result], ...]
"""All results of one subject, each with its check. Equal ones are one object."""


@dataclass(frozen=True, slots=True)
class BucketSummary:
    """What is needed of every bucket at once; some hundred bytes.

    Args:
        name: of the bucket.
        account_id: twelve digits; empty where there are no accounts.
        partition: e.g. `aws`.
        region: empty while unknown.
        namespace: of the SecureBucket that declares it; empty without one.
        declared_as: the name of that SecureBucket.
        results: of its checks.
        exceptions: names of those that its verdicts name.
        failure: why it could not be read, in one word and then in a sentence; empty where it could.
    """

    name: str
    account_id: str
    partition: str
    region: str
    namespace: str
    declared_as: str
    results: Pattern
    exceptions: tuple[str, ...]
    failure: tuple[str, str] | None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """What tells it from all others, and where it stands in a report."""
        return (self.account_id, self.name, self.namespace, self.declared_as)


@dataclass(frozen=True, slots=True)
class BucketRecord:
    """One bucket of a report.

    Args:
        summary: what is short about it.
        audit: returns all of it; to be dropped as soon as it is written.
    """

    summary: BucketSummary
    audit: Callable[[], BucketAudit]


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
    records = tuple(BucketRecord(summary_of(each), _held(each)) for each in report.buckets)
    return RecordedReport(report.model_copy(update={"buckets": ()}), records)


def packed_record(audit: BucketAudit) -> BucketRecord:
    """Return the record of a bucket whose audit is compressed until it is asked for."""
    return BucketRecord(summary_of(audit), partial(unpack, pack(audit)))


def in_order(records: Iterable[BucketRecord]) -> tuple[BucketRecord, ...]:
    """Put records into the order of a report, which does not depend on when what was read."""
    return tuple(sorted(records, key=lambda each: each.summary.place))


def pack(audit: BucketAudit) -> bytes:
    """Compress an audit."""
    return zlib.compress(audit.model_dump_json(by_alias=True, exclude_none=True).encode(), 6)


def unpack(packed: bytes) -> BucketAudit:
    """Return the audit that `pack` compressed."""
    return BucketAudit.model_validate_json(zlib.decompress(packed))


def summary_of(audit: BucketAudit) -> BucketSummary:
    """Say what is short about an audit; what many buckets have in common is one object."""
    bucket, declared, failure = audit.observation.bucket, audit.declaration, audit.failure
    return BucketSummary(
        name=bucket.name,
        account_id=sys.intern(bucket.account_id),
        partition=sys.intern(bucket.partition),
        region=sys.intern(bucket.region),
        namespace=sys.intern(declared.namespace) if declared else "",
        declared_as=declared.name if declared else "",
        results=results_of(audit),
        exceptions=tuple(dict.fromkeys(each.exception for each in audit.verdicts if each.exception)),
        failure=(failure.reason, failure.message) if failure else None,
    )


def results_of(audit: BucketAudit) -> Pattern:
    """Return the results of a bucket's verdicts."""
    return shared(tuple(_pair(each.check, each.result) for each in audit.verdicts))


@lru_cache(SHARED)
def shared(results: Pattern) -> Pattern:
    """Return the one object for equal results."""
    return results


@lru_cache(SHARED)
def _pair(check: str, result: Result) -> tuple[str, Result]:
    return (check, result)


def _held(audit: BucketAudit) -> Callable[[], BucketAudit]:
    return lambda: audit
