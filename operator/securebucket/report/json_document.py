"""The report as the one document that can be read back, bucket by bucket. Pure."""

from collections.abc import Iterator

from securebucket.report.recorded_report import RecordedReport

NO_BUCKETS = '\n  "buckets": []'
"""How the document says that it has none; no text in it can hold a line break, so it stands there once."""
INDENT = "\n" + 4 * " "


def json_pieces(report: RecordedReport) -> Iterator[str]:
    """Write the document, with two spaces for each level, as `model_dump_json` of a whole report does."""
    head = report.head.model_dump_json(by_alias=True, exclude_none=True, indent=2)
    before, found, after = head.partition(NO_BUCKETS)
    if not report.records:
        yield f"{head}\n"
        return
    yield f"{before}{found[:-1]}"
    for number, each in enumerate(report.audits()):
        text = each.model_dump_json(by_alias=True, exclude_none=True, indent=2).replace("\n", INDENT)
        yield f"{',' if number else ''}{INDENT}{text}"
    yield f"\n  ]{after}\n"
