"""One bucket of a report that is too large to be in memory as a whole: what is short about it, and the rest on demand.

A fleet's evidence would be the largest thing in the process. The summary of a bucket is what figures and lists need of
all buckets at once; its whole audit is laid out when its turn comes to be written, and dropped.
"""

import sys
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from securebucket.model.verdict import Result
from securebucket.report.audit_report import BucketAudit

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


class BucketRecord(Protocol):
    """One bucket of a report."""

    @property
    def summary(self) -> BucketSummary:
        """What is short about it."""

    def audit(self) -> BucketAudit:
        """Return all of it; to be dropped as soon as it is written."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A bucket of a report that is in memory as a whole."""

    summary: BucketSummary
    whole: BucketAudit

    def audit(self) -> BucketAudit:
        """Return the audit as it is."""
        return self.whole


@dataclass(frozen=True, slots=True)
class Packed:
    """A bucket whose audit is compressed.

    Args:
        packed: the audit, as zlib's JSON.
    """

    summary: BucketSummary
    packed: bytes

    def audit(self) -> BucketAudit:
        """Return the audit, unpacked."""
        return unpack(self.packed)


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
