"""Every form: the same report gives the same bytes, whatever order it was assembled in."""

import json

import pytest
from tests.report.counted import broken_at, counted
from tests.report.reports import NOW, fleet_report, small_report

from securebucket.report.assembly import assemble
from securebucket.report.audit_report import AuditReport
from securebucket.report.writing import MEDIA_TYPES, ReportFormat, pieces, written

FLEET = fleet_report(30)


@pytest.mark.parametrize("chosen", ReportFormat)
def test_the_same_report_gives_the_same_bytes(chosen: ReportFormat) -> None:
    first = small_report()
    turned = assemble(
        generated_at=NOW,
        scope=first.scope,
        buckets=reversed(first.buckets),
        accounts=first.accounts,
        exceptions=reversed(first.exceptions),
    )
    assert written(turned, chosen) == written(first, chosen)
    assert chosen in MEDIA_TYPES


def test_json_is_the_document_itself() -> None:
    text = written(small_report(), ReportFormat.JSON)
    assert AuditReport.model_validate_json(text) == small_report()
    assert json.loads(text)["format"] == "securebucket.io/audit-report/v1"


@pytest.mark.parametrize("chosen", [ReportFormat.OCSF, ReportFormat.ASFF])
def test_arrays_have_one_entry_a_line(chosen: ReportFormat) -> None:
    text = written(small_report(), chosen)
    assert len(text.decode().splitlines()) == len(json.loads(text)) + 2
    empty = small_report().model_copy(update={"buckets": (), "accounts": ()})
    assert json.loads(written(empty, chosen)) == []


@pytest.mark.parametrize("chosen", ReportFormat)
def test_however_many_buckets_there_are_two_at_the_most_are_laid_out(chosen: ReportFormat) -> None:
    """The one that is written, and the next one before the first is let go."""
    report, count = counted(FLEET)
    for _ in pieces(report, chosen):
        assert count.most <= 2
    assert len(count.laid_out) == len(set(count.laid_out)) == len(FLEET.buckets)


@pytest.mark.parametrize("chosen", ReportFormat)
def test_the_first_piece_is_there_before_a_bucket_is_laid_out(chosen: ReportFormat) -> None:
    report, count = counted(FLEET)
    assert next(pieces(report, chosen))
    assert count.laid_out == []


@pytest.mark.parametrize("chosen", ReportFormat)
def test_a_piece_is_about_a_few_buckets_and_not_about_all(chosen: ReportFormat) -> None:
    """Each piece is a turn, and others wait for its end."""
    report, count = counted(FLEET)
    before = 0
    for piece in pieces(report, chosen):
        assert len(count.laid_out) - before <= 4
        before = len(count.laid_out)
        assert len(piece) < 200_000


@pytest.mark.parametrize("chosen", ReportFormat)
def test_packed_buckets_give_the_same_bytes_as_those_in_memory(chosen: ReportFormat) -> None:
    report, _ = counted(small_report())
    assert b"".join(pieces(report, chosen)) == written(small_report(), chosen)


@pytest.mark.parametrize("chosen", ReportFormat)
def test_a_bucket_that_cannot_be_laid_out_ends_the_report_by_an_error(chosen: ReportFormat) -> None:
    with pytest.raises(RuntimeError, match="the record is damaged"):
        list(pieces(broken_at(FLEET, len(FLEET.buckets) // 2), chosen))


def test_json_is_laid_out_as_the_model_lays_it_out() -> None:
    for report in (small_report(), small_report().model_copy(update={"buckets": ()})):
        as_a_whole = report.model_dump_json(by_alias=True, exclude_none=True, indent=2)
        assert written(report, ReportFormat.JSON).decode() == f"{as_a_whole}\n"
