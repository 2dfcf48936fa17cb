"""Virtual environments for outside programs: built once from a lock file, kept in the user's cache."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from securebucket_dev.process import ServerError

Progress: TypeAlias = Callable[[str], None]
"""Is told what takes long, one short line at a time."""

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
COMPLETE = ".complete"
"""The marker file, written last: a folder without it is the rest of an interrupted build."""


def say(line: str) -> None:
    """Tell the user on stderr: the default `Progress`."""
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class LockedEnvironment:
    """One program with exactly what it needs, apart from ours: its pins would otherwise be the product's.

    Args:
        name: what people call the program, e.g. "LocalStack"; its folder is named after it.
        lock: the requirements file with every version and hash.
        lasts: how long it takes to build, for people.
        last_step: Python that the new interpreter runs once at the end of the build, with `XDG_CACHE_HOME` in the
            environment's own folder; nothing when it is empty.
    """

    name: str
    lock: Path
    lasts: str = "about half a minute"
    last_step: str = ""

    @property
    def folder(self) -> Path:
        """Where the environment of that lock file and of this Python lives: another lock file, another folder."""
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        wanted = self.lock.read_bytes() + sys.version.encode()
        name = self.name.lower().replace(" ", "-")
        return cache / "securebucket" / f"{name}-{hashlib.sha256(wanted).hexdigest()[:12]}"

    def ensure(self, progress: Progress = say) -> Path:
        """Build the environment if it is missing, and give its Python interpreter.

        Several processes may ask at once: one builds, the others wait. A build that was interrupted is started afresh.

        Raises:
            ServerError: it could not be built.
        """
        folder = self.folder
        if not _is_complete(folder):
            folder.parent.mkdir(parents=True, exist_ok=True)
            with self._alone(folder.with_suffix(".lock"), progress):
                if not _is_complete(folder):
                    shutil.rmtree(folder, ignore_errors=True)
                    self._build(folder, progress)
        return _python(folder)

    @contextmanager
    def _alone(self, lock: Path, progress: Progress) -> Iterator[None]:
        with lock.open("w") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                progress(f"{self.name}: another process is installing it, waiting")
                fcntl.flock(held, fcntl.LOCK_EX)
            yield

    def _build(self, folder: Path, progress: Progress) -> None:
        total = self.lock.read_text().count("==")
        progress(f"{self.name}: installing {total} packages into {folder} (once, {self.lasts})")
        self._run([sys.executable, "-m", "venv", str(folder)], folder)
        # Wheels only: nothing of what is fetched is executed while it is installed.
        install = [str(_python(folder)), "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        install += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(self.lock)]
        fetched = 0
        for line in self._lines(install, folder):
            if line.startswith("Collecting "):
                fetched += 1
                if fetched % 20 == 0:
                    progress(f"{self.name}: fetched {fetched} of {total} packages")
            elif line.startswith("Installing collected"):
                progress(f"{self.name}: unpacking")
        if self.last_step:
            environment = {"PATH": os.environ.get("PATH", ""), "XDG_CACHE_HOME": str(folder / "cache")}
            self._run([str(_python(folder)), "-I", "-c", self.last_step], folder, environment)
        (folder / COMPLETE).touch()
        progress(f"{self.name}: installed")

    def _run(self, command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
        for _ in self._lines(command, folder, environment):
            pass

    def _lines(self, command: list[str], folder: Path, environment: dict[str, str] | None = None) -> Iterator[str]:
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
                f"{self.name} could not be installed, `{' '.join(command[:4])} …` failed:\n{''.join(written[-15:])}"
                f"Remedy: it needs a package index once (PIP_INDEX_URL is honoured); then try again. Folder: {folder}"
            )


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _is_complete(folder: Path) -> bool:
    # The interpreter is a link: it dangles once the Python that made it is gone.
    return (folder / COMPLETE).exists() and _python(folder).exists()
