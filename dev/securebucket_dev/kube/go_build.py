"""Builds pinned Go programs from the module proxy, once, into a cache that all checkouts share."""

import fcntl
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.kube.assets import AssetsError

HEARTBEAT = 30.0  # seconds between signs of life; the longest build is silent for minutes


@dataclass(frozen=True, slots=True)
class Build:
    """One `go build`, in the module's folder, with its output in a log."""

    program: str
    command: tuple[str, ...]
    module: Path
    log: Path


@contextmanager
def building(folder: Path, what: str) -> Iterator[Path | None]:
    """Take the turn to fill a folder of the cache: gives a scratch folder that becomes it, or None if it is there.

    Args:
        folder: where the programs shall be.
        what: is built, for the reader.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        _take_turn(lock.fileno(), what)
        if folder.is_dir():
            yield None
            return
        # A name that the lock makes ours: what a killed build left behind is thrown away by the next one.
        scratch = folder.with_name(f".{folder.name}")
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        yield scratch
        scratch.rename(folder)


def build_program(build: Build, environ: Mapping[str, str]) -> None:
    """Build one program, with a sign of life from time to time.

    Raises:
        AssetsError: `go build` failed; the message carries the end of its output.
    """
    print(f"Building {build.program} …", flush=True)
    started = time.monotonic()
    # The caller's GOFLAGS or workspace would build something else than what is pinned.
    settings = {**environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=readonly", "GOWORK": "off"}
    with build.log.open("w") as output:
        process = subprocess.Popen(
            build.command, cwd=build.module, env=settings, stdout=output, stderr=subprocess.STDOUT
        )
        try:
            while (code := _await_exit(process, HEARTBEAT)) is None:
                print(f"  … {build.program}, {time.monotonic() - started:.0f} s", flush=True)
        finally:
            process.send_signal(signal.SIGINT)  # on which go ends its compilers and removes its work folder
            process.wait()
    if code != 0:
        tail = "\n".join(build.log.read_text().splitlines()[-20:])
        message = f"go build of {build.program} failed (exit {code}):\n{tail}\n"
        raise AssetsError(f"{message}Check that the Go module proxy is reached (go env GOPROXY), then run it again.")
    print(f"  {build.program}: {time.monotonic() - started:.0f} s", flush=True)


def _await_exit(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """The exit code, or None while it still runs after so many seconds."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def find_go(environ: Mapping[str, str], tools: Path, needed: str, what: str) -> str:
    """The `go` that builds `what`.

    Raises:
        AssetsError: Go is missing or older than `needed`.
    """
    remedy = f"Install Go {needed} or newer (https://go.dev/dl)"
    go = shutil.which("go", path=environ.get("PATH"))
    if go is None:
        raise AssetsError(f"{what} is built with Go, and there is no `go` on PATH. {remedy}.")
    # Inside the module's folder, so that a Go which may fetch newer toolchains answers with the one it would use.
    answer = subprocess.run(
        [go, "env", "GOVERSION"], cwd=tools, env=environ, capture_output=True, text=True, check=False
    )
    found = re.search(r"go(\d+(?:\.\d+)*)", answer.stdout)
    if answer.returncode != 0 or found is None:
        raise AssetsError(f"{go} does not tell its version: {answer.stderr.strip() or answer.stdout!r}. {remedy}.")
    if _numbers(found[1]) < _numbers(needed):
        message = f"{go} is Go {found[1]}, and {what} needs Go {needed}."
        raise AssetsError(f"{message} {remedy}, or let Go fetch it: GOTOOLCHAIN=auto.")
    return go


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _take_turn(lock: int, what: str) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(f"Another process builds {what}; waiting for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
