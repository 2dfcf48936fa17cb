"""The report that `make bench` reads: about as many buckets as it was asked for, in every form."""

from securebucket.report.writing import ReportFormat
from securebucket_dev.bench.report import measure, table_of


def test_every_form_is_read_to_its_end() -> None:
    readings = measure(20)
    assert [each.form for each in readings] == list(ReportFormat)
    for each in readings:
        assert 0 < each.first <= each.seconds
        assert each.size > 20_000
    assert table_of(readings).row_count == len(ReportFormat)
