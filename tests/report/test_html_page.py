"""The page as text: what it has without JavaScript, and that no text from outside is ever markup."""

import base64
import gzip
import hashlib
import itertools
import json
import re
from html.parser import HTMLParser

from tests.report.reports import HOSTILE, hostile_report, page_of, small_report

from securebucket.report.audit_report import AuditReport
from securebucket.report.html_page import content_security_policy

VOID = {"meta", "br", "input", "rect", "img", "link"}
PAGE = page_of(small_report())


class Outline(HTMLParser):
    """The page as a browser without JavaScript has it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)
        elif self.open and self.open[-1] != "style":
            self.text.append(data)

    @property
    def words(self) -> str:
        """What a reader sees, with single spaces."""
        return " ".join("".join(self.text).split())


def details(page: str) -> list[dict[str, object]]:
    packed = re.findall(r'<script type="text/plain" id="packed-\d+">([^<]*)</script>', page)
    return [each for chunk in packed for each in json.loads(gzip.decompress(base64.b64decode(chunk)))]


def test_the_same_report_gives_the_same_bytes() -> None:
    again = AuditReport.model_validate_json(small_report().model_dump_json(by_alias=True, exclude_none=True))
    assert page_of(again) == PAGE


def test_without_javascript_there_are_figures_frameworks_accounts_exceptions_and_every_bucket() -> None:
    words = Outline(PAGE).words
    for told in (
        "every SecureBucket of cluster test",
        "5 Buckets",
        "1 bucket could not be read in the last pass.",
        "AWS Foundational Security Best Practices 1.0.0",
        "S3.25 S3 directory buckets should have lifecycle configurations",
        "Account 111122223333",
        "acme-forgotten",
        "Terms with the partner",
        "security@example.com",
        "in force",
        "How to read it",
    ):
        assert told in words
    for name in ("acme-invoices", "acme-partner", "acme-half-read", "acme-loose", "acme-gone"):
        assert name in words
    assert "public-access-blocked, tls-required" in words


def test_the_worst_bucket_comes_first() -> None:
    anchors = [attributes["id"] or "" for tag, attributes in Outline(PAGE).tags if tag == "tr" and "id" in attributes]
    assert anchors[0] == "bucket-acme-loose"
    assert len(set(anchors)) == len(anchors) == 5


def test_behind_each_bucket_are_its_verdicts_and_what_was_read() -> None:
    found = details(PAGE)
    report = small_report()
    assert len(found) == len(report.buckets)
    by_name = {each["observation"]["bucket"]["name"]: each for each in found}  # type: ignore[index]
    for audit in report.buckets:
        detail = by_name[audit.observation.bucket.name]
        assert detail["observation"] == audit.observation.model_dump(mode="json", by_alias=True, exclude_none=True)
        assert len(detail["verdicts"]) == len(audit.verdicts)  # type: ignore[arg-type]
    assert by_name["acme-invoices"]["drift"]["count"] == 3  # type: ignore[index]
    assert [each["name"] for each in by_name["acme-partner"]["exceptions"]] == ["payments/partner-feed"]  # type: ignore[attr-defined]


def test_elements_are_balanced() -> None:
    for page in (PAGE, page_of(hostile_report())):
        outline = Outline(page)
        assert (outline.unbalanced, outline.open) == ([], [])


def test_hostile_texts_are_texts() -> None:
    page = page_of(hostile_report())
    outline = Outline(page)
    harmless = Outline(PAGE)
    assert {tag for tag, _ in outline.tags} <= {tag for tag, _ in harmless.tags} | {"ul", "li"}
    assert "img" not in {tag for tag, _ in outline.tags}
    assert [name for _, attributes in outline.tags for name in attributes if name.startswith("on")] == []
    assert " ".join(HOSTILE.split()) in outline.words
    code = [each for each in outline.scripts if "use strict" in each]
    assert len(code) == 1
    assert code[0] == next(each for each in harmless.scripts if "use strict" in each)


def test_templates_in_texts_are_not_filled_in() -> None:
    assert "{{7*7}}" in Outline(page_of(hostile_report())).words


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    sources = {"src", "srcset", "data", "action", "poster", "background", "ping"}
    for tag, attributes in Outline(PAGE).tags:
        assert tag not in {"link", "iframe", "object", "embed", "base"}
        assert not sources & set(attributes)
        assert "style" not in attributes
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    assert style is not None
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_the_policy_names_exactly_this_style_and_script() -> None:
    style = re.search(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    scripts = re.findall(r"<script>(.*?)</script>", PAGE, re.DOTALL)
    assert style is not None
    for text in (style[1], *scripts):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in content_security_policy()
    assert len(scripts) == 1
    assert "unsafe" not in content_security_policy()
    assert content_security_policy().startswith("default-src 'none';")


def test_headings_are_in_order() -> None:
    levels = [int(tag[1]) for tag, _ in Outline(PAGE).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_table_heads_say_what_they_head() -> None:
    assert {attributes.get("scope") for tag, attributes in Outline(PAGE).tags if tag == "th"} == {"col", "row"}
    tables = [tag for tag, _ in Outline(PAGE).tags if tag in {"table", "caption"}]
    assert tables.count("table") == tables.count("caption") > 5
