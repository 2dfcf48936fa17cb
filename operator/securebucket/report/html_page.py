"""The report as one self-contained HTML page: no file beside it, no network, no library. Pure.

What the page has without JavaScript is written here: summary, frameworks, accounts, exceptions, the catalogue and the
list of buckets. What is behind each bucket, its verdicts and what was read, is packed into the page, fifty buckets
together, and is laid out when somebody opens one. Names and texts from outside reach the page through Jinja's
autoescape or through `textContent`, never as markup.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from securebucket.api.moment import in_utc
from securebucket.model.document import canonical_text
from securebucket.model.verdict import Result, Severity
from securebucket.report.audit_report import BucketAudit, ReportedException
from securebucket.report.bucket_rows import LETTERS, BucketRow, Rows
from securebucket.report.figures import Figures, figures_of
from securebucket.report.findings import ReportIndex
from securebucket.report.gathering import gathered
from securebucket.report.recorded_report import RecordedReport

PAGE = files("securebucket.report") / "page"

RESULTS: Mapping[Result, tuple[str, str]] = {
    Result.FAIL: ("✕", "Fails"),
    Result.UNKNOWN: ("?", "Unknown"),
    Result.EXCEPTED: ("◆", "Excepted"),
    Result.PASS: ("✓", "Passes"),
    Result.NOT_APPLICABLE: ("·", "Not applicable"),
}
"""A mark and a word for each result, the worst first: colour alone tells nobody."""
TOGETHER = 50
"""Buckets that are packed together: small enough to open at once, large enough to pack well."""
STANDINGS = {"InForce": "in force", "Expired": "ended", "TooLong": "not in force: too long"}


def html_pieces(report: RecordedReport) -> Iterator[str]:
    """Write the page, in pieces; an empty one only says that work was done. The same report gives the same page."""
    page = PageContent(report)
    yield from gathered(
        _template().generate(
            report=report.head,
            page=page,
            results=RESULTS,
            unknown_result=Result.UNKNOWN,
            excepted_result=Result.EXCEPTED,
            pass_result=Result.PASS,
            none_result=Result.NOT_APPLICABLE,
            severities=list(Severity),
            standings=STANDINGS,
            policy=content_security_policy(),
            style=Markup(_part("page.css")),  # noqa: S704 - our own file
        )
    )
    rows = page.rows.worst_first
    details = Details(page.index)
    for number, start in enumerate(range(0, len(rows), TOGETHER)):
        yield f'\n<script type="text/plain" id="packed-{number}">'
        yield from details.packed(rows[start : start + TOGETHER])
        yield "</script>"
    yield f"\n<script>{_part('page.js')}</script>\n</body>\n</html>"


@dataclass(frozen=True)
class PageContent:
    """What the page tells, counted when the page comes to it: its first lines are sent before.

    Args:
        report: which.
    """

    report: RecordedReport

    @cached_property
    def index(self) -> ReportIndex:
        """The report, looked up by id."""
        return ReportIndex(self.report)

    @cached_property
    def figures(self) -> Figures:
        """All figures."""
        return figures_of(self.index)

    @cached_property
    def rows(self) -> Rows:
        """The list of buckets."""
        return Rows(self.index)

    @property
    def buckets(self) -> int:
        """How many buckets there are."""
        return len(self.report.records)

    @property
    def namespaces(self) -> list[str]:
        """Where the SecureBuckets are."""
        return sorted({each.namespace for each in self.report.summaries if each.declared_as})

    @property
    def catalogue(self) -> Markup:
        """The checks and frameworks, for the page's script."""
        return _embedded(_catalogue(self.index))


class Details:
    """Packs what is behind buckets of one report, for the page's script: verdicts, documents, exceptions and history.

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


@cache
def content_security_policy() -> str:
    """Allow the page its own style and script, and nothing else at all."""
    return (
        f"default-src 'none'; style-src '{_hash('page.css')}'; script-src '{_hash('page.js')}'; base-uri 'none';"
        " form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


@cache
def _template() -> Template:
    laid_out = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    laid_out.filters["percent"] = lambda score: "none" if score.percent is None else f"{score.percent} %"
    laid_out.filters["thousands"] = lambda number: f"{number:,}"
    laid_out.filters["moment"] = lambda moment: f"{moment:%Y-%m-%d %H:%M} UTC"
    laid_out.filters["machine"] = in_utc
    laid_out.filters["fragment"] = lambda text: quote(text, safe="")
    laid_out.filters["pretty"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
    return laid_out.from_string(_part("page.html.j2"))


@cache
def _part(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _hash(name: str) -> str:
    digest = hashlib.sha256(_part(name).encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _embedded(value: Any) -> Markup:
    """Write JSON that cannot end the element that it stands in."""
    text = canonical_text(value).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return Markup(text)  # noqa: S704 - no `<` is left in it


def _catalogue(index: ReportIndex) -> dict[str, Any]:
    return {
        "together": TOGETHER,
        "checks": [
            {
                "id": each.id,
                "title": each.title,
                "severity": each.severity.value,
                "remediation": each.remediation,
                "documents": index.documents[each.id],
                "requirements": index.told(each.id),
            }
            for each in index.checks.values()
        ],
        "frameworks": [
            {"id": each.id, "items": {item.id: item.all_checks for item in each.items}}
            for each in index.report.head.frameworks
        ],
        "results": {LETTERS[result]: [result.value, *RESULTS[result]] for result in RESULTS},
    }
