"""What holds for the repository as a whole. Docstrings, layers and types are held by `make check`."""

import ast
import json
import re
import statistics
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from securebucket import __version__
from securebucket.api.objects import parse_bucket_exception, parse_bucket_profile, parse_secure_bucket
from securebucket.cli.app import app
from securebucket_dev.releases import previous

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "operator" / "securebucket"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST, MEDIAN = 350, 120

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(
    (ROOT / "docs").rglob("*.md")
)
every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))

HEAD = {"apiVersion": "securebucket.io/v1alpha1", "kind": "SecureBucket", "metadata": {"name": "a-fragment"}}
OURS = {
    "SecureBucket": parse_secure_bucket,
    "BucketProfile": parse_bucket_profile,
    "BucketException": parse_bucket_exception,
}


def tracked_files() -> list[Path]:
    """Give the files that are or will be in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def module_name(path: Path) -> str:
    return path.parent.name if path.name == "__init__.py" else path.stem


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def test_operator_is_a_source_root_and_no_package() -> None:
    """With an `__init__.py`, `import operator` anywhere would find this folder instead of the standard library's."""
    found = ROOT / "operator" / "__init__.py"
    assert not found.exists(), "delete operator/__init__.py: it shadows the standard library's module `operator`"


@pytest.mark.parametrize("folder", [PACKAGE, ROOT / "dev" / "securebucket_dev"], ids=lambda folder: folder.name)
def test_no_module_is_called_like_one_of_the_standard_library(folder: Path) -> None:
    names = {module_name(path) for path in folder.rglob("*.py")} - {"__main__"}
    assert names & sys.stdlib_module_names == set()


def test_files_are_short() -> None:
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in MODULES}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}
    assert statistics.median(lines.values()) < MEDIAN


def test_the_product_needs_nothing_of_the_development_servers() -> None:
    for path in MODULES:
        assert not [name for name in imports(path) if name.split(".")[0] in {"securebucket_dev", "tests"}], path


def test_every_make_target_is_told_by_make_help() -> None:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    told = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {line.split()[0] for line in told.stdout.splitlines()} == set(phony.split())
    assert all(len(line.split(maxsplit=1)[1]) > 10 for line in told.stdout.splitlines())


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "\n## Unreleased\n" in (ROOT / "CHANGELOG.md").read_text()


def test_no_file_names_the_machine_that_it_was_written_on() -> None:
    machine = re.compile(r"/(?:work|root|home|Users)/[a-z.]")
    for path in tracked_files():
        try:
            found = machine.findall(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        assert found == [] or path == Path(__file__), path


def test_generated_files_are_what_the_code_says() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "securebucket_dev.generate", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


SAID = re.compile(
    r"(?:securebucket[:-]|newTag: |appVersion: |^version: |--version[ =])v?(\d+\.\d+\.\d+)\b", re.MULTILINE
)
"""Where a file names a version of the image or of the chart."""


def test_the_version_is_written_in_one_place() -> None:
    """The build takes it from the package; the chart and the manifests get it from `make generate`."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert configuration["project"]["dynamic"] == ["version"]
    assert configuration["tool"]["hatch"]["version"] == {"path": "operator/securebucket/__init__.py"}


def test_nothing_that_people_copy_names_another_version() -> None:
    """The release that is upgraded from may be named, too."""
    folders = [path for top in ("charts", "deploy", "examples", "docs/how-to") for path in (ROOT / top).rglob("*")]
    files = [path for path in [*folders, ROOT / "README.md", ROOT / "SECURITY.md"] if path.is_file()]
    said = {path: set(SAID.findall(path.read_text())) for path in files}
    assert {path.name for path, versions in said.items() if __version__ in versions} >= {
        "Chart.yaml",
        "deployment.yaml",
    }
    known = {__version__, previous().version}
    assert {path: versions - known for path, versions in said.items() if versions - known} == {}


DATA = [*sorted((PACKAGE / "compliance" / "data").glob("*.toml")), *sorted((PACKAGE / "report" / "page").iterdir())]


def test_the_wheel_has_the_package_and_nothing_else(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        timeout=60,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    metadata = f"securebucket-{__version__}.dist-info/"
    packed = {name for name in names if not name.startswith(metadata)}
    assert packed == {str(path.relative_to(ROOT / "operator")) for path in [*MODULES, *DATA, PACKAGE / "py.typed"]}
    assert f"{metadata}entry_points.txt" in names
    assert f"{metadata}licenses/LICENSE" in names


@dataclass(frozen=True)
class Fence:
    """A block of a page."""

    language: str
    text: str


def fences(page: Path) -> list[Fence]:
    found = re.findall(r"^( *)```(\w*)\n(.*?)^\1```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [Fence(language, re.sub(f"^{indent}", "", text, flags=re.MULTILINE)) for indent, language, text in found]


def prose(page: Path) -> str:
    return re.sub(r"^ *```.*?^ *```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


@every_page
def test_yaml_of_the_docs_is_what_the_api_takes(page: Path) -> None:
    """A block without a kind is a part of a SecureBucket."""
    for block in fences(page):
        for document in yaml.safe_load_all(block.text) if block.language == "yaml" else ():
            whole: dict[str, Any] = document if "kind" in document else HEAD | document
            assert whole["kind"] in OURS
            OURS[whole["kind"]](whole)


@every_page
def test_links_of_the_docs_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", prose(page)):
        assert target.startswith("https://") or (page.parent / target).exists(), target


@every_page
def test_files_that_the_docs_name_are_there(page: Path) -> None:
    tops = {path.relative_to(ROOT).parts[0] for path in tracked_files()} - {"operator"}
    for named in re.findall(r"`([\w.-]+/[\w./-]*)`", prose(page)):
        if named.split("/")[0] in tops:
            assert (ROOT / named).exists(), named


@every_page
def test_tests_that_the_docs_name_are_there(page: Path) -> None:
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", prose(page)):
        assert f"def {test}(" in (ROOT / file).read_text(), f"{file}::{test}"


def spoken_lines(page: Path) -> Iterator[str]:
    """Give everything that a reader could type: inline code, and lines of shell blocks."""
    yield from re.findall(r"`([^`\n]+)`", prose(page))
    for block in fences(page):
        if block.language in {"bash", "console", "sh"}:
            yield from (line.strip().removeprefix("$ ") for line in block.text.splitlines())


@every_page
def test_commands_that_the_docs_name_are_there(page: Path) -> None:
    group: Any = get_command(app)
    for line in spoken_lines(page):
        for command, rest in re.findall(r"(?:^|[|(] ?)securebucket ([a-z][\w-]*)([^|`]*)", line):
            assert command in group.commands, line
            known = {option for each in group.commands[command].params for option in (*each.opts, *each.secondary_opts)}
            assert set(re.findall(r"(?<=\s)--?[a-z][\w-]*", rest)) <= known | {"--help", "-h"}, line


@every_page
def test_make_targets_that_the_docs_name_are_there(page: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in spoken_lines(page):
        for target in re.findall(r"(?:^|\s|=1 )make ([a-z0-9]+)", line):
            assert target in targets, line


def test_the_promises_are_all_held_by_a_test() -> None:
    text = (ROOT / "docs" / "explanation" / "what-never-happens.md").read_text()
    promises = [each for each in text.split("\n\n") if each.startswith("**")]
    assert len(promises) >= 20
    assert [each.split("**")[1] for each in promises if "::test_" not in each] == []


def test_the_reference_has_every_field() -> None:
    """Each field of the definitions, at every depth, is a row of the page."""
    rows = set(re.findall(r"^\| `([^`]+)` \|", (ROOT / "docs" / "reference" / "api.md").read_text(), re.MULTILINE))
    last_parts = {row.split(".")[-1].removesuffix("[]") for row in rows}
    headings = set(re.findall(r"^### ([\w.]+)$", (ROOT / "docs" / "reference" / "api.md").read_text(), re.MULTILINE))
    named = last_parts | {part for heading in headings for part in heading.split(".")}
    for file in (ROOT / "crds").glob("securebucket.io_*.yaml"):
        schema = yaml.safe_load(file.read_text())["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
        missing = {name for part in ("spec", "status") for name in field_names(schema["properties"].get(part, {}))}
        assert missing <= named, json.dumps(sorted(missing - named))


def field_names(schema: dict[str, Any]) -> Iterator[str]:
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from field_names(inner)
    if "items" in schema:
        yield from field_names(schema["items"])
