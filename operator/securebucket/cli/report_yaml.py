"""A report as YAML, bucket by bucket."""

from collections.abc import Iterator
from typing import Any

import yaml

from securebucket.report.recorded_report import RecordedReport


def yaml_pieces(report: RecordedReport) -> Iterator[str]:
    """Write the document as `yaml.safe_dump` writes the whole of it."""
    for name, value in report.head.model_dump(mode="json", by_alias=True, exclude_none=True).items():
        if name == "buckets" and report.records:
            yield "buckets:\n"
            for each in report.audits():
                yield _yaml([each.model_dump(mode="json", by_alias=True, exclude_none=True)])
        else:
            yield _yaml({name: value})


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
