"""LocalStack's environment is built once, whole or not at all."""

from pathlib import Path

import pytest

from securebucket_dev.process import ServerError
from securebucket_dev.s3.localstack_environment import COMPLETE, LOCK, ensure_environment, environment_folder


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """A lock file of which nothing can be fetched."""
    digest = "0" * 64
    written = tmp_path / "lock.txt"
    written.write_text(f"--index-url http://127.0.0.1:9/\nnothing==1.0 --hash=sha256:{digest}\n")
    return written


def test_another_lock_file_is_another_folder(cache: Path, lock: Path) -> None:
    folder = environment_folder(lock)
    assert folder.parent == cache / "securebucket"
    lock.write_text(lock.read_text().replace("1.0", "1.1"))
    assert environment_folder(lock) != folder


def test_a_complete_environment_is_used_as_it_is(cache: Path, lock: Path) -> None:
    folder = environment_folder(lock)
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    (folder / COMPLETE).touch()
    said: list[str] = []
    assert ensure_environment(said.append, lock) == python
    assert said == []


def test_one_whose_python_is_gone_is_built_again_and_a_failed_build_does_not_count(
    cache: Path, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_RETRIES", "0")
    folder = environment_folder(lock)
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to("/no/such/python")
    (folder / COMPLETE).touch()
    said: list[str] = []
    with pytest.raises(ServerError, match=r"(?s)nothing==1\.0.*Remedy: .*PIP_INDEX_URL"):
        ensure_environment(said.append, lock)
    assert not (folder / COMPLETE).exists()
    assert "installing 1 packages" in said[0]


def test_every_package_of_the_lock_file_has_its_hash() -> None:
    packages = LOCK.read_text().split("==")[1:]
    assert packages
    assert all("--hash=sha256:" in package for package in packages)
