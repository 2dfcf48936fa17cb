"""A part of a report, and several reports as one."""

import datetime as dt

from tests.report.reports import NOW, answers_of, audited, observation, small_report

from securebucket.model.verdict import Severity
from securebucket.report.assembly import assemble
from securebucket.report.audit_report import AuditReport
from securebucket.report.findings import ReportIndex
from securebucket.report.recorded_report import recorded
from securebucket.report.selection import Selection
from securebucket.report.selection import merged as merged_records


def part_of(report: AuditReport, wanted: Selection) -> AuditReport:
    return wanted.of(recorded(report)).whole()


def merged(reports: list[AuditReport]) -> AuditReport:
    return merged_records([recorded(each) for each in reports]).whole()


def names(report: AuditReport) -> list[str]:
    return [each.observation.bucket.name for each in report.buckets]


def test_nothing_wanted_is_all_of_it() -> None:
    assert part_of(small_report(), Selection()) == small_report()


def test_a_framework_keeps_its_checks_alone() -> None:
    part = part_of(small_report(), Selection(frameworks=("cis-aws-5.0.0",)))
    (framework,) = part.frameworks
    named = {check for item in framework.items for check in (*item.checks, *item.account_checks)}
    assert {each.verdict.check for each in ReportIndex(recorded(part)).findings()} <= named
    assert part.scope == "every SecureBucket of cluster test; only cis-aws-5.0.0"
    assert names(part) == names(small_report())


def test_a_severity_keeps_it_and_what_is_worse() -> None:
    part = part_of(small_report(), Selection(severity=Severity.HIGH))
    assert {each.severity for each in part.checks} == {Severity.CRITICAL, Severity.HIGH}
    assert [each.check for each in part.exceptions] == []


def test_a_namespace_keeps_its_buckets_and_their_exceptions() -> None:
    part = part_of(small_report(), Selection(namespaces=("payments",)))
    assert names(part) == ["acme-invoices", "acme-partner"]
    assert [each.name for each in part.exceptions] == ["payments/partner-feed"]
    assert part.accounts == ()


def test_one_bucket() -> None:
    assert names(part_of(small_report(), Selection(buckets=("acme-loose",)))) == ["acme-loose"]


def test_of_two_reports_the_later_reading_counts() -> None:
    old = small_report()
    seen = observation("acme-loose", answers_of("acme-loose"), account="444455556666")
    later = seen.model_copy(update={"read_at": NOW + dt.timedelta(hours=1)})
    new = assemble(generated_at=NOW + dt.timedelta(hours=2), scope="one bucket", buckets=[audited(later)])
    for order in ([old, new], [new, old]):
        one = merged(order)
        assert sorted(names(one)) == sorted(names(old))
        (loose,) = [each for each in one.buckets if each.observation.bucket.name == "acme-loose"]
        assert loose.observation.read_at == later.read_at
        assert one.generated_at == new.generated_at
        assert one.scope == "every SecureBucket of cluster test; one bucket"
        assert one.exceptions == old.exceptions


def test_one_report_stays_as_it_is() -> None:
    assert merged([small_report()]) == small_report()
