"""The releases that upgrades are proved from, kept in the repository: `python -m securebucket_dev.releases`.

Without an option it keeps what this tree would publish, before its tag is made, and removes what no upgrade is proved
from any more. `--check` says what is wrong with what is kept. `--released` asks, in addition, that the tree's own
version is kept and is what the tree builds: the release workflow does.

Why they are kept, and not made or fetched: `docs/design/2026-11-25-upgrades.md`.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from securebucket import __version__
from securebucket_dev.kube.helm import build_helm

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "tests" / "e2e" / "releases"
SUMS = "SHA256SUMS"
NOTES = "notes.md"


@dataclass(frozen=True, slots=True)
class Release:
    """What one release published, in a folder named after its version."""

    folder: Path

    @property
    def version(self) -> str:
        """Its version, e.g. `0.1.0`."""
        return self.folder.name

    @property
    def order(self) -> tuple[int, ...]:
        """Its version for comparing."""
        return order_of(self.version)

    @property
    def chart(self) -> Path:
        """The packaged chart."""
        return self.folder / f"securebucket-{self.version}.tgz"

    @property
    def wheel(self) -> Path:
        """The operator, as the image installs it."""
        return self.folder / f"securebucket-{self.version}-py3-none-any.whl"

    @property
    def notes(self) -> Path:
        """Its section of the changelog."""
        return self.folder / NOTES

    def files(self) -> tuple[Path, ...]:
        """Give everything that belongs into the folder, but the sums."""
        return (self.wheel, self.chart, self.notes)

    def unpack_wheel(self, folder: Path) -> Path:
        """Unpack the operator, for PYTHONPATH."""
        with zipfile.ZipFile(self.wheel) as wheel:
            wheel.extractall(folder)  # noqa: S202 - our own, held by its sum
        return folder


def order_of(version: str) -> tuple[int, ...]:
    """Give a version as numbers, since 0.10.0 comes after 0.9.0."""
    return tuple(map(int, version.split(".")))


def kept(folder: Path = KEPT) -> list[Release]:
    """Give the releases at hand, the oldest first."""
    found = (Release(each) for each in folder.iterdir() if re.fullmatch(r"\d+\.\d+\.\d+", each.name))
    return sorted(found, key=lambda each: each.order)


def previous(version: str = __version__, folder: Path = KEPT) -> Release:
    """Give the release that a version is upgraded from: the last patch of the last minor before it.

    Raises:
        LookupError: none is kept.
    """
    older = [each for each in kept(folder) if each.order[:2] < order_of(version)[:2]]
    if not older:
        raise LookupError(f"no release before {version} is kept in {folder}. Restore the folder from git.")
    return older[-1]


def section_of(changelog: str, version: str) -> str:
    """Give the text under a version's heading; empty where there is none."""
    found = re.search(rf"^## {re.escape(version)}(?: [^\n]*)?\n(.*?)(?=^## |\Z)", changelog, re.MULTILINE | re.DOTALL)
    return found[1].strip() + "\n" if found else ""


def faults(folder: Path = KEPT, version: str = __version__, changelog: Path = ROOT / "CHANGELOG.md") -> Iterator[str]:
    """Say what is wrong with what is kept, each with its remedy."""
    releases = kept(folder)
    for release in releases:
        yield from _faults_of(release, changelog.read_text(encoding="utf-8"))
    if not any(each.order[:2] < order_of(version)[:2] for each in releases):
        yield f"no release before {version} is kept. Restore {folder} from git."
        return
    wanted = {previous(version, folder).version, version}
    for each in releases:
        if each.version not in wanted:
            yield f"{each.version} is no longer upgraded from. Remove {each.folder}."


def _faults_of(release: Release, changelog: str) -> Iterator[str]:
    there = sorted(each.name for each in release.folder.iterdir())
    wanted = sorted([SUMS, *(each.name for each in release.files())])
    if there != wanted:
        yield f"{release.folder} has {there}, and not {wanted}. Restore it from git."
        return
    if (release.folder / SUMS).read_text(encoding="utf-8") != _sums(release):
        yield f"{release.folder} is not what its {SUMS} says. What was released never changes: restore it from git."
    if section_of(changelog, release.version) != release.notes.read_text(encoding="utf-8"):
        yield f"CHANGELOG.md and the {NOTES} of {release.version} differ. New lines belong under Unreleased."


def _sums(release: Release) -> str:
    return "".join(f"{hashlib.sha256(each.read_bytes()).hexdigest()}  {each.name}\n" for each in release.files())


def build(folder: Path, helm: Path) -> Release:
    """Build what this tree publishes into a folder of its version.

    Raises:
        CalledProcessError: Helm or hatchling failed; what they say is in its `output`.
        ValueError: the changelog has no section for the version.
    """
    release = Release(folder / __version__)
    notes = section_of((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), release.version)
    if not notes:
        raise ValueError(f"CHANGELOG.md has no section {release.version}. Give what is under Unreleased that heading.")
    release.folder.mkdir(parents=True)
    for command in (
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(release.folder)],
        [str(helm), "package", str(ROOT / "charts" / "securebucket"), "--destination", str(release.folder)],
    ):
        subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120
        )
    release.notes.write_text(notes, encoding="utf-8")
    (release.folder / SUMS).write_text(_sums(release), encoding="utf-8")
    return release


def contents(release: Release) -> dict[str, bytes]:
    """Give all files of the wheel and the chart: a chart's archive also holds times, which no two clones share."""
    with zipfile.ZipFile(release.wheel) as wheel, tarfile.open(release.chart) as chart:
        found = {name: wheel.read(name) for name in wheel.namelist()}
        for member in chart.getmembers():
            if (file := chart.extractfile(member)) is not None:
                found[f"chart:{member.name}"] = file.read()
    return found


def differing(one: Release, other: Release) -> list[str]:
    """Name the files that two releases do not have in common."""
    first, second = contents(one), contents(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def _released() -> Iterator[str]:
    own = Release(KEPT / __version__)
    if not own.folder.is_dir():
        yield f"{__version__} is not kept. Run `python -m securebucket_dev.releases`, commit, and tag that commit."
        return
    with tempfile.TemporaryDirectory() as scratch:
        for name in differing(own, build(Path(scratch), build_helm())):
            yield f"{name} of {own.folder} is not what this tree builds. Remove the folder and keep it again."


def _keep() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        made = build(Path(scratch), build_helm())
        shutil.rmtree(KEPT / made.version, ignore_errors=True)
        shutil.copytree(made.folder, KEPT / made.version)
    for each in kept():
        if each.version not in {__version__, previous().version}:
            shutil.rmtree(each.folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Keep or compare; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m securebucket_dev.releases", description=__doc__)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--check", action="store_true", help="write nothing; say what is wrong with what is kept")
    which.add_argument("--released", action="store_true", help="the same, and this version must be kept as it is built")
    given = parser.parse_args(arguments)
    if not (given.check or given.released):
        _keep()
    found = list(faults())
    if given.released:
        found += _released()
    sys.stderr.write("".join(f"{each}\n" for each in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
