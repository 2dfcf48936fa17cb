"""The figures of a report."""

from tests.report.reports import ACCOUNT, small_report

from securebucket.compliance.scoring import score
from securebucket.model.verdict import Result, Severity
from securebucket.report.audit_report import AuditReport
from securebucket.report.figures import Figures, ItemFigures, figures_of
from securebucket.report.findings import ReportIndex
from securebucket.report.recorded_report import recorded


def count(report: AuditReport) -> Figures:
    return figures_of(ReportIndex(recorded(report)))


FIGURES = count(small_report())


def item(figures: Figures, framework: str, name: str) -> ItemFigures:
    (chosen,) = [each for each in figures.frameworks if each.framework.id == framework]
    (found,) = [each for each in chosen.items if each.item.id == name]
    return found


def test_the_severities_add_up_to_the_whole() -> None:
    for result in Result:
        parts = sum(each.counts.get(result, 0) for each in FIGURES.by_severity.values())
        assert parts == FIGURES.overall.counts.get(result, 0)
    assert list(FIGURES.by_severity) == list(Severity)


def test_a_bucket_that_could_not_be_read_is_unknown_and_counted() -> None:
    report = small_report()
    assert FIGURES.unread == 1
    verdicts = [verdict.result for each in report.buckets for verdict in each.verdicts]
    expected = verdicts.count(Result.UNKNOWN) + sum(each.subject == "bucket" for each in report.checks)
    assert FIGURES.overall.counts[Result.UNKNOWN] == expected


def test_an_exception_counts_neither_way() -> None:
    assert FIGURES.overall.counts[Result.EXCEPTED] == 1
    assert (
        FIGURES.overall.ratio
        == score(
            [Result.PASS] * FIGURES.overall.counts[Result.PASS] + [Result.FAIL] * FIGURES.overall.counts[Result.FAIL]
        ).ratio
    )


def test_an_item_counts_each_subject_once() -> None:
    found = item(FIGURES, "aws-fsbp-1.0.0", "S3.5")
    assert found.score.counts == {Result.PASS: 2, Result.FAIL: 1, Result.UNKNOWN: 2}
    assert (found.failing_buckets, found.named_buckets) == (1, ("acme-loose",))


def test_an_item_of_the_account_is_answered_by_the_account() -> None:
    found = item(FIGURES, "aws-fsbp-1.0.0", "S3.1")
    assert found.score.counts == {Result.FAIL: 1}
    assert (found.named_accounts, found.failing_buckets, found.named_buckets) == ((ACCOUNT,), 0, ())


def test_an_item_whose_checks_nobody_made_has_no_result() -> None:
    assert item(FIGURES, "aws-fsbp-1.0.0", "S3.25").score.counts == {}


def test_what_fails_most_comes_first() -> None:
    failing = [each.failing for each in FIGURES.failing_most]
    assert failing == sorted(failing, reverse=True)
    assert 0 not in failing


def test_an_empty_report_has_no_score() -> None:
    figures = count(small_report().model_copy(update={"buckets": (), "accounts": ()}))
    assert figures.overall.percent is None
    assert figures.failing_most == ()
