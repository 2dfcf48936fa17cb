"""What `scan --diff` prints: for people, and for programs."""

from collections.abc import Iterator, Mapping
from typing import Any

from securebucket.cli.findings_text import Entry, Group, show_groups, show_names
from securebucket.cli.output import escape, say
from securebucket.cli.pass_text import lines_of
from securebucket.cli.scan_result import count
from securebucket.model.verdict import Result
from securebucket.report.audit_report import AuditReport, ReportedCheck
from securebucket.scan.comparison import Comparison, Turn, Turned

COLUMNS = ("BUCKET", "SEVERITY", "CHECK", "WHAT IS SEEN NOW")
TITLES: Mapping[Turn, str] = {
    Turn.NEWLY_FAILING: "New failures",
    Turn.NO_LONGER_KNOWN: "No longer known",
    Turn.ACCEPTED: "Accepted since",
    Turn.MENDED: "Fixed",
}

BEFORE: Mapping[Result | None, str] = {
    Result.PASS: "passed before",
    Result.FAIL: "failed before",
    Result.EXCEPTED: "excepted before",
    Result.NOT_APPLICABLE: "did not apply before",
    Result.UNKNOWN: "not known before",
    None: "not read before",
}


def show_comparison(comparison: Comparison, before: AuditReport, checks: Mapping[str, ReportedCheck]) -> None:
    """Print what is different, the bad news first.

    Args:
        comparison: what is different.
        before: the earlier report.
        checks: those that count, by id.
    """
    say(f"compared with {escape(before.scope)}, {before.generated_at:%Y-%m-%d %H:%M} UTC")
    for turn, title in TITLES.items():
        groups = list(_groups(comparison, turn, checks))
        if groups:
            say(f"\n[bold]{title}[/]")
            show_groups(groups, COLUMNS)
    show_names("Not readable any more", comparison.lost)
    show_names("Buckets that appeared", comparison.appeared)
    show_names("Buckets that vanished", comparison.vanished)
    _show_documents(comparison)
    if comparison.blind:
        say(
            f"\nthe documents of {count(comparison.blind, 'bucket')} could not be compared: one of the reports was"
            " written with --no-evidence"
        )
    if _is_empty(comparison, checks):
        say("nothing is different")


def document_of(comparison: Comparison, before: AuditReport, after: AuditReport) -> dict[str, Any]:
    """Write what is different down for a program."""
    turned = {
        turn.value: [
            {
                "subject": each.subject,
                "check": each.check,
                "before": each.before.value if each.before else None,
                "after": each.after.value,
                "because": each.because,
            }
            for each in comparison.of(turn)
        ]
        for turn in Turn
    }
    return {
        "format": "securebucket.io/scan-comparison/v1",
        "before": {"generatedAt": before.generated_at.isoformat(), "scope": before.scope},
        "after": {"generatedAt": after.generated_at.isoformat(), "scope": after.scope},
        **turned,
        "appeared": list(comparison.appeared),
        "vanished": list(comparison.vanished),
        "notReadable": list(comparison.lost),
        "changedDocuments": [
            {
                "bucket": each.bucket,
                "control": each.control,
                "fields": [
                    {"field": field.field, "before": field.observed, "after": field.desired}
                    for field in each.differences
                ],
            }
            for each in comparison.documents
        ],
    }


def _groups(comparison: Comparison, turn: Turn, checks: Mapping[str, ReportedCheck]) -> Iterator[Group]:
    by_subject: dict[str, list[Turned]] = {}
    for each in comparison.of(turn):
        if each.check in checks:
            by_subject.setdefault(each.subject, []).append(each)
    for subject, turned in by_subject.items():
        is_new = subject in comparison.appeared
        ranked = sorted(turned, key=lambda each: checks[each.check].severity.rank)
        findings = [
            Entry(checks[each.check].severity.value, each.check, each.because + ("" if is_new else _before(each)))
            for each in ranked
        ]
        yield Group(subject, "new bucket" if is_new else "", findings)


def _before(turned: Turned) -> str:
    """Say what it was, where the heading does not."""
    if turned.turn in {Turn.MENDED, Turn.ACCEPTED}:
        return ""
    return f" ({BEFORE[turned.before]})"


def _show_documents(comparison: Comparison) -> None:
    if comparison.documents:
        say("\n[bold]Changed documents[/]")
    for each in comparison.documents:
        say(f"  {escape(each.bucket)}  {each.control}")
        for line in lines_of(each.differences):
            say(f"    {line}")


def _is_empty(comparison: Comparison, checks: Mapping[str, ReportedCheck]) -> bool:
    things = (comparison.appeared, comparison.vanished, comparison.lost, comparison.documents)
    return not any(things) and not any(each.check in checks for each in comparison.turned)
