"""Every form: the same report gives the same bytes, whatever order it was assembled in."""

import json

import pytest
from tests.audit.reports import NOW, small_report, written

from securebucket.audit.assembly import assemble
from securebucket.audit.audit_report import AuditReport
from securebucket.audit.writing import MEDIA_TYPES, ReportFormat


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
