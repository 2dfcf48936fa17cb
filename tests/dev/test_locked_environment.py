"""The environment of an outside program is built once, whole or not at all."""

from pathlib import Path

import pytest

from securebucket_dev.locked_environment import COMPLETE, REQUIREMENTS, LockedEnvironment
from securebucket_dev.process import ServerError
from securebucket_dev.s3 import localstack

LOCKS = sorted(REQUIREMENTS.glob("*.txt"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def environment(cache: Path, tmp_path: Path) -> LockedEnvironment:
    """One of which nothing can be fetched."""
    digest = "0" * 64
    lock = tmp_path / "lock.txt"
    lock.write_text(f"--index-url http://127.0.0.1:9/\nnothing==1.0 --hash=sha256:{digest}\n")
    return LockedEnvironment("Some Program", lock)


def test_another_lock_file_is_another_folder(cache: Path, environment: LockedEnvironment) -> None:
    folder = environment.folder
    assert folder.parent == cache / "securebucket"
    assert folder.name.startswith("some-program-")
    environment.lock.write_text(environment.lock.read_text().replace("1.0", "1.1"))
    assert environment.folder != folder


def test_another_program_is_another_folder(environment: LockedEnvironment) -> None:
    assert LockedEnvironment("Other", environment.lock).folder != environment.folder


def test_a_complete_environment_is_used_as_it_is(environment: LockedEnvironment) -> None:
    python = environment.folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (environment.folder / COMPLETE).touch()
    said: list[str] = []
    assert environment.ensure(said.append) == python
    assert said == []


def test_one_whose_python_is_gone_is_built_again_and_a_failed_build_does_not_count(
    environment: LockedEnvironment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_RETRIES", "0")
    folder = environment.folder
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to("/no/such/python")
    (folder / COMPLETE).touch()
    said: list[str] = []
    with pytest.raises(ServerError, match=r"(?s)Some Program could not.*nothing==1\.0.*Remedy: .*PIP_INDEX_URL"):
        environment.ensure(said.append)
    assert not (folder / COMPLETE).exists()
    assert "installing 1 packages" in said[0]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_of_a_lock_file_has_its_hash(lock: Path) -> None:
    packages = lock.read_text().split("==")[1:]
    assert packages
    assert all("--hash=sha256:" in package for package in packages)


def test_localstack_stays_in_the_folder_that_people_have(cache: Path) -> None:
    assert localstack.ENVIRONMENT.lock in LOCKS
    assert localstack.ENVIRONMENT.folder.name.startswith("localstack-")
