"""What is behind each bucket of the page: verdicts, documents, exceptions and history, packed for its script. Pure."""

import base64
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from securebucket.model.document import canonical_text
from securebucket.report.audit_report import BucketAudit, ReportedException
from securebucket.report.bucket_rows import LETTERS, BucketRow
from securebucket.report.findings import ReportIndex

TOGETHER = 50
"""Buckets that are packed together: small enough to open at once, large enough to pack well."""


class Details:
    """Packs what is behind buckets of one report.

    Args:
        index: of the report.
    """

    def __init__(self, index: ReportIndex) -> None:
        self._order = {check: position for position, check in enumerate(index.checks)}
        self._by_bucket: dict[str, list[ReportedException]] = {}
        for exception in index.report.head.exceptions:
            self._by_bucket.setdefault(exception.bucket_name, []).append(exception)

    def packed(self, rows: Iterable[BucketRow]) -> Iterator[str]:
        """Return them together, as gzip's JSON in base64; after each bucket an empty piece says that work was done."""
        packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: as gzip, which has no time of day in it here
        packed = packer.compress(b"[")
        for number, row in enumerate(rows):
            text = canonical_text(self._detail(row.record.audit()))
            packed += packer.compress(f"{',' if number else ''}{text}".encode())
            yield ""
        packed += packer.compress(b"]") + packer.flush()
        yield base64.b64encode(packed).decode()

    def _detail(self, audit: BucketAudit) -> dict[str, Any]:
        """Return what is behind one bucket. Exceptions by selector show where a verdict names them."""
        used = {each.exception for each in audit.verdicts if each.exception}
        selecting = [each for each in self._by_bucket.get("", ()) if each.name in used]
        written = audit.model_dump(mode="json", by_alias=True, exclude={"verdicts"}, exclude_none=True)
        return written | {
            "verdicts": [
                (self._order[each.check], LETTERS[each.result], each.because, each.exception) for each in audit.verdicts
            ],
            "exceptions": [
                each.model_dump(mode="json", by_alias=True)
                for each in (*selecting, *self._by_bucket.get(audit.observation.bucket.name, ()))
            ],
        }
