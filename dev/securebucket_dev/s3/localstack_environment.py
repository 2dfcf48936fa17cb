"""LocalStack's own virtual environment: built once from the lock file, kept in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from securebucket_dev.process import ServerError

Progress: TypeAlias = Callable[[str], None]
"""Is told what takes long, one short line at a time."""

LOCK = Path(__file__).parents[3] / "requirements" / "localstack.txt"
COMPLETE = ".complete"
"""The marker file, written last: a folder without it is the rest of an interrupted build."""

INDEX_ENTRY_POINTS = "from plux.runtime.cache import EntryPointsCache as C; C.instance().get_entry_points()"


def say(line: str) -> None:
    """Tell the user on stderr: the default `Progress`."""
    print(line, file=sys.stderr, flush=True)


def environment_folder(lock: Path = LOCK) -> Path:
    """Where the environment of that lock file and of this Python lives: another lock file, another folder."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    wanted = lock.read_bytes() + sys.version.encode()
    return cache / "securebucket" / f"localstack-{hashlib.sha256(wanted).hexdigest()[:12]}"


def ensure_environment(progress: Progress = say, lock: Path = LOCK) -> Path:
    """Build the environment if it is missing, and give its Python interpreter.

    Several processes may ask at once: one builds, the others wait. A build that was interrupted is started afresh.

    Raises:
        ServerError: it could not be built.
    """
    folder = environment_folder(lock)
    if not _is_complete(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with _alone(folder.with_suffix(".lock"), progress):
            if not _is_complete(folder):
                shutil.rmtree(folder, ignore_errors=True)
                _build(folder, lock, progress)
    return _python(folder)


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _is_complete(folder: Path) -> bool:
    # The interpreter is a link: it dangles once the Python that made it is gone.
    return (folder / COMPLETE).exists() and _python(folder).exists()


@contextmanager
def _alone(lock: Path, progress: Progress) -> Iterator[None]:
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("LocalStack: another process is installing it, waiting")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _build(folder: Path, lock: Path, progress: Progress) -> None:
    total = lock.read_text().count("==")
    progress(f"LocalStack: installing {total} packages into {folder} (once, about half a minute)")
    _run([sys.executable, "-m", "venv", str(folder)], folder)
    # Wheels only: nothing of what is fetched is executed while it is installed.
    install = [str(_python(folder)), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
    install += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(lock)]
    fetched = 0
    for line in _lines(install, folder):
        if line.startswith("Collecting "):
            fetched += 1
            if fetched % 20 == 0:
                progress(f"LocalStack: fetched {fetched} of {total} packages")
        elif line.startswith("Installing collected"):
            progress("LocalStack: unpacking")
    # Done here once: servers that start at the same time would write this index at the same time.
    indexing = {"PATH": os.environ.get("PATH", ""), "XDG_CACHE_HOME": str(folder / "cache")}
    _run([str(_python(folder)), "-I", "-c", INDEX_ENTRY_POINTS], folder, indexing)
    (folder / COMPLETE).touch()
    progress("LocalStack: installed")


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    for _ in _lines(command, folder, environment):
        pass


def _lines(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> Iterator[str]:
    """Yield what a command writes, line by line.

    Raises:
        ServerError: it failed.
    """
    written: list[str] = []
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as child:
        assert child.stdout is not None  # noqa: S101 - stdout=PIPE, said for the type checker
        for line in child.stdout:
            written.append(line)
            yield line.strip()
    if child.returncode:
        raise ServerError(
            f"LocalStack could not be installed, `{' '.join(command[:4])} …` failed:\n{''.join(written[-15:])}"
            f"Remedy: it needs a package index once (PIP_INDEX_URL is honoured); then try again. Folder: {folder}"
        )
