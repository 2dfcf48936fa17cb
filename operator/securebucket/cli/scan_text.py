"""What `scan` prints for people: the worst buckets first, what to set, and how the frameworks stand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from securebucket.api.spec import Role
from securebucket.cli.findings_text import Entry, Group, show_findings, show_groups
from securebucket.cli.output import complain, escape, say, table
from securebucket.cli.scan_result import count
from securebucket.compliance.framework import Kind, worst
from securebucket.compliance.scoring import score
from securebucket.model.verdict import Result, Severity
from securebucket.report.audit_report import AuditReport, BucketAudit, CheckVerdict, ReportedCheck, ReportedFramework
from securebucket.report.selection import verdicts_of
from securebucket.scan.takeable_names import takeable_names

Checks = Mapping[str, ReportedCheck]


def show_report(report: AuditReport, checks: Checks, frameworks: frozenset[str]) -> None:
    """Print a report.

    Args:
        report: what was found.
        checks: those that count, by id.
        frameworks: ids of those to sum up; none means every standard.
    """
    show_groups(list(_groups(report, checks)), ("BUCKET", "SEVERITY", "CHECK", "WHAT WAS SEEN"))
    roles = [
        Entry(each.observation.role.value, each.observation.bucket.name, each.role_because)
        for each in report.buckets
        if each.role_because
    ]
    show_findings("Roles, inferred from what other buckets do", roles, ("ROLE", "BUCKET", "BECAUSE"))
    show_findings("Names that another account could take", list(_names(report)), ("WHAT", "BUCKET", "BECAUSE"))
    show_findings("What to do", list(_remedies(report, checks)), ("SEVERITY", "CHECK", "WHAT TO DO"))
    _show_frameworks(report, frameworks)
    _sum_up(report, checks)


def _names(report: AuditReport) -> Iterator[Entry]:
    """Name what can be guessed, and count the rest: every other bucket outside the account's own namespace."""
    takeable = takeable_names(each.observation.bucket for each in report.buckets)
    for name in takeable.guessable:
        because = "it is made of the account's id, so it can be guessed, and taken wherever it is free"
        yield Entry("guessable", name, because)
    if takeable.others:
        other = "other " if takeable.guessable else ""
        because = "once such a bucket is gone, whoever takes its name gets what is still sent there; new ones are safe"
        yield Entry(
            "shared",
            count(len(takeable.others), f"{other}bucket"),
            f"{because} with spec.bucketNamespace: AccountRegional",
        )


def tell_unreadable(report: AuditReport) -> None:
    """Say on standard error which buckets could not be read, and why."""
    for reason, buckets in _unread(report).items():
        names = ", ".join(each.observation.bucket.name for each in buckets)
        complain(f"{count(len(buckets), 'bucket')} not read: {names}: {reason}")


def _unread(report: AuditReport) -> dict[str, list[BucketAudit]]:
    found: dict[str, list[BucketAudit]] = {}
    for each in report.buckets:
        if each.failure is not None:
            found.setdefault(f"{each.failure.reason}: {each.failure.message}", []).append(each)
    return found


def _groups(report: AuditReport, checks: Checks) -> Iterator[Group]:
    """Return the worst bucket first, and the account last: whoever owns a bucket can seldom fix it."""
    for each in sorted(report.buckets, key=lambda each: _badness(each, checks)):
        findings = list(_findings(each.verdicts, checks))
        if findings:
            yield Group(each.observation.bucket.name, _about(each), findings)
    for account in report.accounts:
        findings = list(_findings(account.verdicts, checks))
        if findings:
            yield Group(f"account {account.account_id}", "", findings)


def _badness(audit: BucketAudit, checks: Checks) -> tuple[int | str, ...]:
    counts = Counter(checks[each.check].severity for each in _failing(audit.verdicts, checks))
    return (*(-counts[severity] for severity in Severity), audit.observation.bucket.name)


def _failing(verdicts: Iterable[CheckVerdict], checks: Checks) -> Iterator[CheckVerdict]:
    return (each for each in verdicts if each.result is Result.FAIL and each.check in checks)


def _about(audit: BucketAudit) -> str:
    observation = audit.observation
    role = "" if observation.role is Role.DATA else observation.role.value
    return "  ".join(filter(None, (observation.bucket.region, role)))


def _findings(verdicts: Sequence[CheckVerdict], checks: Checks) -> Iterator[Entry]:
    """Return what fails, the worst first; then what could not be judged, once per reason; then what is accepted."""
    ranked = sorted(_failing(verdicts, checks), key=lambda each: checks[each.check].severity.rank)
    for each in ranked:
        yield Entry(checks[each.check].severity.value, each.check, each.because)
    unknown: dict[str, list[str]] = {}
    for each in verdicts:
        if each.result is Result.UNKNOWN and each.check in checks:
            unknown.setdefault(each.because, []).append(each.check)
    for because, names in unknown.items():
        yield Entry("unknown", ", ".join(names), because)
    for each in verdicts:
        if each.result is Result.EXCEPTED and each.check in checks:
            yield Entry("excepted", each.check, each.because)


def _remedies(report: AuditReport, checks: Checks) -> Iterator[Entry]:
    """Return each failing check once, the worst first, with what fixes it."""
    failing = Counter(each.check for each in _failing(verdicts_of(report), checks))
    ranked = sorted(failing.items(), key=lambda item: (checks[item[0]].severity.rank, -item[1]))
    for name, times in ranked:
        check = checks[name]
        where = count(times, "account" if check.subject == "account" else "bucket")
        yield Entry(check.severity.value, f"{name} ({where})", check.remediation)


def _show_frameworks(report: AuditReport, wanted: frozenset[str]) -> None:
    shown = [each for each in report.frameworks if (each.id in wanted if wanted else each.kind == Kind.STANDARD)]
    verdicts = list(verdicts_of(report))
    if not verdicts or not shown:
        return
    results: dict[str, list[Result]] = {}
    for each in verdicts:
        results.setdefault(each.check, []).append(each.result)
    say("\n[bold]Frameworks[/]")
    table(
        ("FRAMEWORK", "SCORE", "PASSING", "ITEMS THAT FAIL OR ARE UNKNOWN"),
        [_framework_row(each, results) for each in shown],
    )


def _framework_row(framework: ReportedFramework, results: Mapping[str, Sequence[Result]]) -> tuple[str, ...]:
    percent = score(result for check in framework.checks for result in results.get(check, ())).percent
    judged = {
        item.id: worst(result for check in item.all_checks for result in results.get(check, ()))
        for item in framework.items
        if any(check in results for check in item.all_checks)
    }
    open_items = [name for name, result in judged.items() if result in {Result.FAIL, Result.UNKNOWN}]
    passing = f"{len(judged) - len(open_items)} of {len(judged)}"
    return (framework.id, "none" if percent is None else f"{percent} %", passing, escape(", ".join(open_items)))


def _sum_up(report: AuditReport, checks: Checks) -> None:
    failing = Counter(checks[each.check].severity for each in _failing(verdicts_of(report), checks))
    say(f"\n{escape(report.scope)}: {_buckets(report, checks)}")
    if failing:
        say(f"failing checks: {', '.join(f'{failing[each]} {each.value}' for each in Severity if failing[each])}")


def _buckets(report: AuditReport, checks: Checks) -> str:
    if not report.buckets:
        return "no bucket"
    read = [each for each in report.buckets if each.failure is None]
    bad = sum(any(_failing(each.verdicts, checks)) for each in read)
    parts = [count(len(report.buckets), "bucket"), f"{bad or 'none'} with failing checks"]
    lost = len(report.buckets) - len(read)
    if lost:
        parts.append(f"{lost} not read")
    return ", ".join(parts)
