"""The auditor's page in a real Chromium: it works without a network, by keyboard, on paper and on a telephone."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.report.reports import fleet_report, hostile_report, page_of, small_report

CHROMIUM = "/usr/bin/chromium"
"""From Debian's package `chromium`."""
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MANY = 5_000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages as files, as an auditor gets them."""
    folder = tmp_path_factory.mktemp("pages")
    made = {"small": small_report(), "hostile": hostile_report(), "fleet": fleet_report(MANY)}
    for name, report in made.items():
        (folder / f"{name}.html").write_text(page_of(report))
    return {name: folder / f"{name}.html" for name in made}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, pages: dict[str, Path]) -> Iterator[Open]:
    """Opens a page, and fails the test if it complains or asks for anything beyond its own file."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    asked: list[str] = []

    def start(name: str, *, fragment: str = "", script: bool = True, **options: object) -> Page:
        context = browser.new_context(java_script_enabled=script, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: asked.append(request.url.split("#")[0]))
        address = pages[name].as_uri()
        page.goto(f"{address}{fragment}")
        if script:
            page.wait_for_selector("html[data-ready]", state="attached")
        return page

    yield start
    for each in contexts:
        each.close()
    assert complaints == []
    assert set(asked) <= {each.as_uri() for each in pages.values()}


def shown(page: Page) -> int:
    return page.locator("#rows > tr[data-v]:not([hidden])").count()


def open_row(page: Page, anchor: str) -> None:
    page.locator(f'tr[id="{anchor}"] th a').click()
    expect(page.locator("tr.detail h3").first).to_be_visible()


def violations(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("(rules) => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES)
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]


def test_a_bucket_opens_with_its_verdicts_evidence_and_history(open_page: Open, tmp_path: Path) -> None:
    page = open_page("small")
    open_row(page, "bucket-acme-partner")
    detail = page.locator("tr.detail")
    expect(detail).to_contain_text("accepted by security@example.com until 2026-12-25")
    expect(detail).to_contain_text("2026-11-25 08:18:00 UTC")
    detail.locator("button", has_text="GetBucketPolicy").first.click()
    document = detail.locator("details", has_text="GetBucketPolicy").locator("pre")
    expect(document).to_be_visible()
    expect(document).to_contain_text('"Sid": "Partner"')
    open_row(page, "bucket-acme-invoices")
    expect(page.locator("tr.detail", has_text="Drift, the newest first")).to_contain_text("statements[x]")
    captions = page.locator("tr.detail caption").all_inner_texts()
    assert set(captions).isdisjoint(page.locator("tr.detail h4").all_inner_texts())
    page.screenshot(path=tmp_path / "opened.png", full_page=True)


def test_a_link_leads_to_one_bucket(open_page: Open) -> None:
    page = open_page("fleet", fragment="#bucket-acme-media-00021")
    expect(page.locator("tr.detail h3")).to_have_text("acme-media-00021")
    assert page.evaluate("document.activeElement.textContent") == "acme-media-00021"
    expect(page.locator('tr[id="bucket-acme-media-00021"]')).to_be_in_viewport()


def test_filters_narrow_the_list_and_can_be_cleared(open_page: Open) -> None:
    page = open_page("fleet")
    assert shown(page) == MANY
    page.get_by_label("Text", exact=True).fill("ledger-00003")
    expect(page.locator("#shown")).to_have_text("1 of 5,000 buckets")
    page.get_by_role("button", name="Clear filters").click()
    expect(page.locator("#shown")).to_have_text("5,000 buckets")
    page.get_by_label("Namespace", exact=True).select_option("team-07")
    expect(page.locator("#shown")).to_have_text("125 of 5,000 buckets")
    page.get_by_label("Namespace", exact=True).select_option("")
    page.get_by_label("Result", exact=True).select_option("excepted")
    excepted = len([number for number in range(MANY) if number % 18 == 0 and number % 7 and number % 31])
    expect(page.locator("#shown")).to_have_text(f"{excepted} of 5,000 buckets")
    page.get_by_label("Severity", exact=True).select_option("low")
    expect(page.locator("#shown")).to_have_text("0 of 5,000 buckets")


def test_an_item_of_a_framework_shows_who_fails_it(open_page: Open) -> None:
    page = open_page("fleet")
    framework = page.locator('details[id="framework-aws-fsbp-1.0.0"]')
    framework.locator("summary").click()
    framework.locator('button[data-item="S3.8"]').click()
    loose = len([number for number in range(MANY) if number % 7 == 0])
    expect(page.locator("#shown")).to_have_text(f"{loose} of 5,000 buckets")
    page.get_by_role("button", name="Only item S3.8").click()
    assert shown(page) > loose


def test_everything_can_be_reached_by_keyboard(open_page: Open) -> None:
    page = open_page("small")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the report"
    link = page.locator('tr[id="bucket-acme-loose"] th a')
    link.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(link).to_have_attribute("aria-expanded", "true")
    expect(page.locator("tr.detail")).to_be_visible()
    page.keyboard.press("Enter")
    expect(link).to_have_attribute("aria-expanded", "false")
    expect(page.locator("tr.detail")).to_have_count(0)


def test_without_javascript_the_report_is_still_one(open_page: Open) -> None:
    page = open_page("small", script=False)
    expect(page.get_by_text("The list below is whole")).to_be_visible()
    expect(page.locator("#rows")).to_contain_text("public-access-blocked, tls-required")
    expect(page.locator("#filters")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing(scheme: str, width: int, open_page: Open, tmp_path: Path) -> None:
    page = open_page("small", color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce")
    open_row(page, "bucket-acme-partner")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = false; })")
    page.screenshot(path=tmp_path / f"{scheme}-{width}.png", full_page=True)


def test_hostile_texts_stay_texts(open_page: Open) -> None:
    page = open_page("hostile")
    page.locator("#rows th a").click()
    expect(page.locator("tr.detail h3")).to_contain_text("</script>")
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.title().startswith("S3 security report")
    assert page.locator("img").count() == 0
    assert page.locator("main script").count() == 0


def test_it_prints(open_page: Open, tmp_path: Path) -> None:
    page = open_page("small")
    open_row(page, "bucket-acme-partner")
    page.emulate_media(media="print")
    for control in ("nav", "#filters", "#tools button"):
        expect(page.locator(control).first).to_be_hidden()
    expect(page.locator("tr.detail")).to_be_visible()
    page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    printed = (tmp_path / "report.pdf").read_bytes()
    assert printed.startswith(b"%PDF-")
    assert 3 < len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) < 60


def test_five_thousand_buckets_stay_small(pages: dict[str, Path], open_page: Open, tmp_path: Path) -> None:
    assert pages["fleet"].stat().st_size < 25_000_000
    page = open_page("fleet")
    expect(page.get_by_text("The list below is whole")).to_be_hidden()
    open_row(page, "bucket-acme-models-04999")
    page.screenshot(path=tmp_path / "fleet.png")
