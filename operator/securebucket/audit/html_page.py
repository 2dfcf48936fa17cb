"""The report as one self-contained HTML page: no file beside it, no network, no library. Pure.

What the page has without JavaScript is written here: summary, frameworks, accounts, exceptions, the catalogue and the
list of buckets. What is behind each bucket, its verdicts and what was read, lies in the page packed, fifty buckets
together, and is laid out when somebody opens one. Names and texts from outside reach the page through Jinja's
autoescape or through `textContent`, never as markup.
"""

import base64
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from securebucket.audit.audit_report import AuditReport, BucketAudit, CheckVerdict, ReportedException
from securebucket.audit.bucket_rows import BucketRow, letters, rows_of
from securebucket.audit.figures import figures_of
from securebucket.audit.findings import ReportIndex
from securebucket.controls import CONTROLS
from securebucket.model.document import canonical_text
from securebucket.model.evidence import name_of
from securebucket.model.verdict import Result, Severity

PAGE = files("securebucket.audit") / "page"
TOGETHER = 50
"""Buckets that are packed together: small enough to open at once, large enough to pack well."""

RESULTS: Mapping[Result, tuple[str, str]] = {
    Result.FAIL: ("✕", "Fails"),
    Result.UNKNOWN: ("?", "Unknown"),
    Result.EXCEPTED: ("◆", "Excepted"),
    Result.PASS: ("✓", "Passes"),
    Result.NOT_APPLICABLE: ("·", "Not applicable"),
}
"""A mark and a word for each result, the worst first: colour alone tells nobody."""
STANDINGS = {"InForce": "in force", "Expired": "ended", "TooLong": "does not count: too long"}


def html_page(report: AuditReport) -> str:
    """Write the page. The same report gives the same page."""
    index = ReportIndex(report)
    rows = rows_of(index)
    style, script = _part("page.css"), _part("page.js")
    return _template().render(
        report=report,
        figures=figures_of(report),
        rows=rows,
        checks=index.checks,
        told=index.told,
        namespaces=sorted({each.declaration.namespace for each in report.buckets if each.declaration}),
        results=RESULTS,
        unknown_result=Result.UNKNOWN,
        excepted_result=Result.EXCEPTED,
        pass_result=Result.PASS,
        none_result=Result.NOT_APPLICABLE,
        severities=list(Severity),
        standings=STANDINGS,
        policy=content_security_policy(),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        catalogue=_embedded(_catalogue(index)),
        packed=[_pack(chunk) for chunk in _chunks(index, rows)],
    )


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
    laid_out.filters["machine"] = lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}"
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
    documents = {control.name: name_of(control.read) for control in CONTROLS}
    return {
        "together": TOGETHER,
        "checks": [
            {
                "id": each.id,
                "title": each.title,
                "severity": each.severity.value,
                "remediation": each.remediation,
                "documents": [documents[name] for name in each.reads if name in documents],
                "requirements": index.told(each.id),
            }
            for each in index.checks.values()
        ],
        "frameworks": [
            {
                "id": each.id,
                "items": {item.id: [*item.checks, *item.account_checks] for item in each.items},
            }
            for each in index.report.frameworks
        ],
        "results": {letters(result): [result.value, *RESULTS[result]] for result in RESULTS},
    }


def _chunks(index: ReportIndex, rows: Sequence[BucketRow]) -> Iterator[list[dict[str, Any]]]:
    order = {check: position for position, check in enumerate(index.checks)}
    by_bucket: dict[str, list[ReportedException]] = {}
    for exception in index.report.exceptions:
        by_bucket.setdefault(exception.bucket_name, []).append(exception)
    for start in range(0, len(rows), TOGETHER):
        yield [_detail(row.audit, order, by_bucket) for row in rows[start : start + TOGETHER]]


def _detail(
    audit: BucketAudit, order: Mapping[str, int], by_bucket: Mapping[str, Sequence[ReportedException]]
) -> dict[str, Any]:
    """Give what is behind one bucket. Exceptions by selector show where a verdict names them."""
    used = {each.exception for each in audit.verdicts if each.exception}
    selecting = [each for each in by_bucket.get("", ()) if each.name in used] if used else []
    written = audit.model_dump(mode="json", by_alias=True, exclude={"verdicts"}, exclude_none=True)
    return written | {
        "verdicts": [_verdict(order, each) for each in audit.verdicts],
        "exceptions": [
            each.model_dump(mode="json", by_alias=True)
            for each in (*selecting, *by_bucket.get(audit.observation.bucket.name, ()))
        ],
    }


def _verdict(order: Mapping[str, int], verdict: CheckVerdict) -> list[Any]:
    return [order[verdict.check], letters(verdict.result), verdict.because, verdict.exception]


def _pack(value: Any) -> str:
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # 31: as gzip, which has no time of day in it here
    packed = packer.compress(canonical_text(value).encode()) + packer.flush()
    return base64.b64encode(packed).decode()
