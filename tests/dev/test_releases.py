"""The releases that are kept: what was published, unchanged, and no more than is needed."""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import yaml

from securebucket_dev.releases import (
    KEPT,
    ROOT,
    SUMS,
    Release,
    differing,
    faults,
    kept,
    previous,
    section_of,
)

LARGEST = 1_000_000
"""Bytes of one release: every clone pays for them, for ever."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what is kept."""
    return Path(shutil.copytree(KEPT, tmp_path / "releases"))


def test_ours_have_no_fault() -> None:
    assert list(faults()) == []


@pytest.mark.parametrize("release", kept(), ids=lambda release: release.version)
def test_a_release_is_of_the_version_that_its_folder_names(release: Release) -> None:
    with tarfile.open(release.chart) as chart, zipfile.ZipFile(release.wheel) as wheel:
        file = chart.extractfile("securebucket/Chart.yaml")
        assert file is not None
        said = yaml.safe_load(file.read())
        assert said["version"] == said["appVersion"] == release.version
        metadata = wheel.read(f"securebucket-{release.version}.dist-info/METADATA").decode()
    assert Parser().parsestr(metadata)["Version"] == release.version


@pytest.mark.parametrize("release", kept(), ids=lambda release: release.version)
def test_a_release_is_small(release: Release) -> None:
    assert sum(each.stat().st_size for each in release.folder.iterdir()) < LARGEST


@pytest.mark.parametrize("release", kept(), ids=lambda release: release.version)
def test_an_unpacked_operator_says_its_version(release: Release, tmp_path: Path) -> None:
    """PYTHONPATH comes before the working tree, which is installed."""
    ran = subprocess.run(
        [sys.executable, "-m", "securebucket", "--version"],
        env={"PYTHONPATH": str(release.unpack_wheel(tmp_path)), "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout == f"securebucket {release.version}\n"


def test_the_sums_are_what_sha256sum_reads() -> None:
    release = previous()
    for line in (release.folder / SUMS).read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((release.folder / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(
    ("version", "before"), [("0.2.0", "0.1.10"), ("0.2.4", "0.1.10"), ("0.3.0", "0.2.3"), ("1.0.0", "0.2.3")]
)
def test_a_version_is_upgraded_from_the_last_patch_of_the_minor_before(
    version: str, before: str, tmp_path: Path
) -> None:
    for name in ("0.1.0", "0.1.9", "0.1.10", "0.2.0", "0.2.3"):
        (tmp_path / name).mkdir()
    assert previous(version, tmp_path).version == before


def test_a_changed_file_is_told(folder: Path) -> None:
    with Release(folder / previous().version).chart.open("ab") as chart:
        chart.write(b"more")
    (fault,) = faults(folder)
    assert SUMS in fault


def test_a_missing_file_is_told(folder: Path) -> None:
    Release(folder / previous().version).wheel.unlink()
    (fault,) = faults(folder)
    assert "Restore it from git" in fault


def test_a_line_that_slipped_into_what_was_released_is_told(tmp_path: Path) -> None:
    """Merging a branch from before the release does that, and says nothing."""
    text = (ROOT / "CHANGELOG.md").read_text()
    (tmp_path / "CHANGELOG.md").write_text(text.rstrip() + "\n- A new thing.\n")
    (fault,) = faults(changelog=tmp_path / "CHANGELOG.md")
    assert "belong under Unreleased" in fault


def test_a_release_that_nobody_comes_from_is_told(folder: Path) -> None:
    (folder / "0.0.1").mkdir()
    assert any("0.0.1 is no longer upgraded from" in each for each in faults(folder))


def test_without_a_release_before_there_is_no_proof(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path)
    assert "no release before" in fault
    with pytest.raises(LookupError, match="Restore"):
        previous(folder=tmp_path)


def test_times_in_an_archive_make_no_difference_and_contents_do(folder: Path, tmp_path: Path) -> None:
    one, other = (Release(each / previous().version) for each in (KEPT, folder))
    with tarfile.open(one.chart) as chart:
        chart.extractall(tmp_path / "chart", filter="data")
    with tarfile.open(other.chart, "w:gz") as again:
        again.add(tmp_path / "chart" / "securebucket", "securebucket")
    assert one.chart.read_bytes() != other.chart.read_bytes()
    assert differing(one, other) == []
    (tmp_path / "chart" / "securebucket" / "values.yaml").write_text("{}")
    with tarfile.open(other.chart, "w:gz") as again:
        again.add(tmp_path / "chart" / "securebucket", "securebucket")
    assert differing(one, other) == ["chart:securebucket/values.yaml"]


@pytest.mark.parametrize(
    ("version", "section"),
    [("0.2.0", "- two\n"), ("0.1.0", "- one\n"), ("0.1", ""), ("0.3.0", "")],
)
def test_the_section_of_a_version_is_found(version: str, section: str) -> None:
    changelog = "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2027-01-01)\n\n- two\n\n## 0.1.0 (2026-11-25)\n\n- one\n"
    assert section_of(changelog, version) == section
