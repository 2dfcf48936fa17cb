"""Debian's packages for the end-to-end tests: what `make e2e` asks for is known, and who cannot install is told why."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from securebucket_dev.debian import SUITES, install, main, missing_programs
from securebucket_dev.process import ServerError

MAKEFILE = Path(__file__).parents[2] / "Makefile"


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is installed, apt-get neither."""
    monkeypatch.setenv("PATH", str(tmp_path))


def test_make_installs_suites_that_there_are() -> None:
    (line,) = re.findall(r"^DEBIAN := (.+)$", MAKEFILE.read_text(), re.MULTILINE)
    assert line.split() == sorted(SUITES)


def test_all_programs_of_all_suites_are_missing_on_a_bare_machine(bare_machine: None) -> None:
    every = [program for suite in SUITES.values() for program in suite.programs]
    assert missing_programs(*SUITES) == every


def test_a_machine_without_apt_is_told_what_is_needed(bare_machine: None) -> None:
    with pytest.raises(
        ServerError, match=r"Prometheus .*apt-get, which is missing here\. .*debian prometheus`.*promtool"
    ):
        install("prometheus")


def test_what_is_there_is_not_asked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for program in SUITES["ceph"].programs:
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    install("ceph")
    with pytest.raises(ServerError, match=r"`python -m securebucket_dev\.debian prometheus`"):
        install("ceph", "prometheus")


@pytest.mark.parametrize("names", [[], ["ceph", "minio"]])
def test_a_suite_that_nobody_knows_is_refused_with_those_that_there_are(names: list[str]) -> None:
    with pytest.raises(SystemExit, match=r"usage: .*there are alertmanager, ceph, .*prometheus"):
        main(names)


def test_the_program_says_why_it_cannot_install(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "securebucket_dev.debian", "prometheus"],
        env={"PATH": str(tmp_path), "PYTHONPATH": str(MAKEFILE.parent / "dev")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: Prometheus ")
