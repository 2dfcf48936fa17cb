"""Verdicts as OpenReports: one report per namespace, for dashboards that read the results of every policy engine. Pure.

A report names what fails, what is accepted and what could not be told; what passes, and what does not apply, is only
counted: etcd takes no object above 1.5 MiB, and a namespace can have a thousand buckets.
https://openreports.io
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from securebucket.api.base import API_VERSION
from securebucket.compliance.catalogue import BY_ID
from securebucket.compliance.framework import standards
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.model.verdict import Judged, Result

NAME = "securebucket"
SOURCE = "securebucket"
OURS: Mapping[str, str] = {"app.kubernetes.io/managed-by": SOURCE}
"""Labels of the reports that we write."""
POLICY = "s3-bucket-security"
"""What the checks are the rules of."""
CATEGORY = "S3 security"
MOST_RESULTS = 1500
"""About 700 bytes each: the report stays below what etcd takes."""
LONGEST_MESSAGE = 512
SHARED = 4096
"""Different lines that are kept once each: most of a fleet fails the same checks for the same reason."""

RESULTS: Mapping[Result, str] = {
    Result.PASS: "pass",
    Result.FAIL: "fail",
    Result.EXCEPTED: "warn",  # "requirements not met, and not scored" in the words of OpenReports
    Result.UNKNOWN: "error",
    Result.NOT_APPLICABLE: "skip",
}
NAMED = (Result.FAIL, Result.UNKNOWN, Result.EXCEPTED)
"""Which results are named, in the order in which they are left out last where there are too many."""


class ReportKind(StrEnum):
    """Which reports are written; the value is the API group."""

    OPEN_REPORTS = "openreports.io"
    POLICY_REPORTS = "wgpolicyk8s.io"

    @property
    def api_version(self) -> str:
        """The version that is written."""
        return f"{self.value}/{'v1alpha1' if self is ReportKind.OPEN_REPORTS else 'v1alpha2'}"

    @property
    def kind(self) -> str:
        """The kind's name."""
        return "Report" if self is ReportKind.OPEN_REPORTS else "PolicyReport"

    @property
    def plural(self) -> str:
        """The kind's name in paths."""
        return "reports" if self is ReportKind.OPEN_REPORTS else "policyreports"


@dataclass(frozen=True, slots=True)
class Line:
    """One verdict that a report names.

    Args:
        check: id of the check.
        result: never `PASS` or `NOT_APPLICABLE`.
        message: why, and what to do.
    """

    check: str
    result: Result
    message: str


@dataclass(frozen=True, slots=True)
class ObjectResults:
    """What a report says of one object.

    Args:
        bucket: name of the bucket.
        counts: verdicts by result.
        lines: those that are named.
        found_at: when the bucket was judged; Unix seconds.
    """

    bucket: str
    counts: Mapping[Result, int]
    lines: tuple[Line, ...]
    found_at: int


def results_of(bucket_name: str, outcome: Outcome) -> ObjectResults | None:
    """Return what a report says of an object after a pass; None where the pass did not reach the bucket."""
    if not outcome.verdicts:
        return None
    lines = tuple(
        _line(each.check.id, each.verdict.result, _message(each))
        for each in outcome.verdicts
        if each.verdict.result in NAMED
    )
    counts = Counter(each.verdict.result for each in outcome.verdicts)
    return ObjectResults(bucket_name, counts, lines, int(outcome.at.timestamp()))


@lru_cache(SHARED)
def _line(check: str, result: Result, message: str) -> Line:
    return Line(check, result, message)


def _message(judged: Judged) -> str:
    remedy = f". {judged.check.remediation}" if judged.verdict.result is Result.FAIL else ""
    return f"{judged.verdict.because}{remedy}"[:LONGEST_MESSAGE]


def build_report(
    kind: ReportKind, namespace: str, results: Mapping[ObjectKey, ObjectResults], previous: Mapping[str, Any]
) -> dict[str, Any]:
    """Make a namespace's report.

    Args:
        kind: which API it is written in.
        namespace: whose.
        results: of every object in it.
        previous: the report that is stored, or nothing: a result that stays keeps its time, so that a report about
            nothing new is equal to the one before, and is not written.
    """
    times = dict(_times_in(previous))
    named = sorted(_named(results), key=lambda each: _rank(each[1], each[0]))[:MOST_RESULTS]
    counts: Counter[Result] = Counter()
    for each in results.values():
        counts.update(each.counts)
    report: dict[str, Any] = {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "metadata": {
            "name": NAME,
            "namespace": namespace,
            "labels": dict(OURS),
        },
        "summary": {word: counts.get(result, 0) for result, word in RESULTS.items()},
        "results": [_result(key, line, results[key], times) for key, line in named],
    }
    if kind is ReportKind.OPEN_REPORTS:
        report["source"] = SOURCE
        report["configuration"] = {
            "limits": {"maxResults": MOST_RESULTS, "statusFilter": [RESULTS[each] for each in NAMED]}
        }
    return report


def same_content(report: Mapping[str, Any], stored: Mapping[str, Any]) -> bool:
    """Tell whether the stored report says the same; what the server and others add to its metadata does not count."""
    return all(stored.get(field) == value for field, value in report.items() if field != "metadata")


def _named(results: Mapping[ObjectKey, ObjectResults]) -> Iterator[tuple[ObjectKey, Line]]:
    for key, each in results.items():
        yield from ((key, line) for line in each.lines)


def _rank(line: Line, key: ObjectKey) -> tuple[int, int, str, ObjectKey]:
    """Put what fails worst first: that is what is kept where there is too much."""
    return (NAMED.index(line.result), BY_ID[line.check].check.severity.rank, line.check, key)


def _result(key: ObjectKey, line: Line, results: ObjectResults, times: Mapping[tuple[str, ...], int]) -> dict[str, Any]:
    check = BY_ID[line.check].check
    word = RESULTS[line.result]
    found_at = times.get((key.name, line.check, word), results.found_at)
    return {
        "source": SOURCE,
        "policy": POLICY,
        "rule": line.check,
        "category": CATEGORY,
        "severity": check.severity.value,
        "result": word,
        "scored": line.result is not Result.EXCEPTED,
        "timestamp": {"seconds": found_at, "nanos": 0},
        "message": line.message,
        "resources": [
            {"apiVersion": API_VERSION, "kind": "SecureBucket", "namespace": key.namespace, "name": key.name}
        ],
        "properties": {"bucket": results.bucket, "title": check.title} | _standards_of(line.check),
    }


def _standards_of(check: str) -> dict[str, str]:
    found = ((each.id, [item.id for item in each.items if check in item.checks]) for each in standards())
    return {identifier: ", ".join(items) for identifier, items in found if items}


def _times_in(report: Mapping[str, Any]) -> Iterable[tuple[tuple[str, ...], int]]:
    for result in report.get("results") or ():
        for resource in result.get("resources") or ():
            place = (resource.get("name", ""), result.get("rule", ""), result.get("result", ""))
            yield place, int((result.get("timestamp") or {}).get("seconds") or 0)
