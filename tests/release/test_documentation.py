"""The documentation's site: every page has its place, every link leads somewhere, and nothing comes from elsewhere."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from securebucket_dev.documentation import ROOT, build

DOCS = ROOT / "docs"
CONFIGURATION = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
FROM_THE_TOP = {"start.md", "security.md", "changelog.md", "contributing.md"}
"""Pages that the site takes from the repository's top."""
LOADS = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*?\b(?:src|href)=["']?((?:https?:)?//[^"'\s>]+)""")


def pages(item: Any) -> Iterator[str]:
    if isinstance(item, str):
        yield item
    else:
        for each in item.values() if isinstance(item, dict) else item:
            yield from pages(each)


def test_every_page_has_its_place() -> None:
    there = {str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md")}
    assert sorted(pages(CONFIGURATION["nav"])) == sorted(there | FROM_THE_TOP)


def test_every_fault_of_a_link_ends_the_build() -> None:
    validation = CONFIGURATION["validation"]
    assert {level for part in validation.values() for level in part.values()} == {"warn"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    assert build(folder) == ""
    return folder


def test_the_site_has_every_page(site: Path) -> None:
    for page in pages(CONFIGURATION["nav"]):
        place = Path(page).with_suffix("") if not page.endswith("README.md") else Path(page).parent
        assert (site / place / "index.html").exists(), page


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    """A font or a script of somebody's would tell them who reads what, and could change what is read."""
    loaded = {found for page in site.rglob("*.html") for found in LOADS.findall(page.read_text())}
    assert loaded == set()
    styles = [found for file in site.rglob("*.css") for found in re.findall(r"url\((https?:[^)]+)", file.read_text())]
    assert styles == []


def test_a_link_out_of_the_docs_is_no_broken_link(site: Path) -> None:
    """Without a `repo_url` there is no place to lead to; the words stay."""
    start = (site / "start" / "index.html").read_text()
    assert "<code>charts/securebucket</code>" in start
    assert 'href="../explanation/what-never-happens/"' in start
    assert 'href="../charts' not in start


def test_no_reader_sees_a_comment_for_the_tests(site: Path) -> None:
    seen = {page.parent.name for page in site.rglob("index.html") if "&lt;!-- test:" in page.read_text()}
    assert seen == {"2026-11-25-docs-that-run"}  # which says what they are


def test_a_block_within_a_list_does_not_end_it(site: Path) -> None:
    """Python-Markdown wants it put in by four spaces, our pages are CommonMark: each step would be the first."""
    page = (site / "how-to" / "see-drift-within-seconds" / "index.html").read_text()
    steps = re.findall(r"<ol>.*?</ol>", page, re.DOTALL)
    assert [each.count("<li>") for each in steps] == [4]
    assert steps[0].count("<pre>") == 4


FAULTS = {
    "[x](nowhere.md)": "nowhere.md",
    "[x](reference/api.md#nothing-of-the-kind)": "#nothing-of-the-kind",
    "[x](../nowhere/at-all)": "../nowhere/at-all",
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a site with every fault."""
    folder = tmp_path_factory.mktemp("faulty")
    copy = copy_of_the_repository(folder)
    with (copy / "docs" / "README.md").open("a") as page:
        page.write("".join(f"\n{line}\n" for line in FAULTS))
    (copy / "docs" / "how-to" / "forgotten.md").write_text("# Forgotten\n")
    return build(folder / "site", copy)


@pytest.mark.parametrize("fault", FAULTS.values())
def test_a_link_that_leads_nowhere_is_told(fault: str, told: str) -> None:
    assert fault in told


def test_a_page_without_a_place_is_told(told: str) -> None:
    assert "forgotten.md" in told


def copy_of_the_repository(folder: Path) -> Path:
    """Copy what the site is built from."""
    copy = folder / "copy"
    shutil.copytree(DOCS, copy / "docs")
    hook = Path("dev/securebucket_dev/documentation_links.py")
    (copy / hook).parent.mkdir(parents=True)
    for each in (hook, "mkdocs.yml", "README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md"):
        shutil.copy(ROOT / each, copy / each)
    for each in ("charts/securebucket", "deploy", "crds", "examples", "operator", "requirements"):
        (copy / each).mkdir(parents=True)
    return copy
