"""Builds a real control plane from source, once: `python -m securebucket_dev.kube.envtest` prints the folder.

The versions are those of `tests/e2e/tools/go.mod`; the Go module proxy is all that is downloaded from. With
`KUBEBUILDER_ASSETS` set nothing is built.
"""

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.kube.assets import (
    PACKAGES,
    TOOLS,
    Assets,
    AssetsError,
    cache_folder,
    read_recipe,
    use_given,
)

HEARTBEAT = 30.0  # seconds between signs of life; the longest build is silent for minutes


def build_assets(environ: Mapping[str, str] = os.environ, tools: Path = TOOLS) -> Assets:
    """The programs, built first if they are not there; two builders take turns, and the second finds them done.

    Raises:
        AssetsError: Go is missing, too old or fails, or `KUBEBUILDER_ASSETS` names an incomplete folder.
    """
    if given := environ.get("KUBEBUILDER_ASSETS"):
        return use_given(Path(given))
    recipe = read_recipe(tools)
    folder = cache_folder(environ) / recipe.name
    if folder.is_dir():
        return Assets(folder)
    go = _find_go(environ, tools, recipe.go)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_name(f"{recipe.name}.lock").open("w") as lock:
        _take_turn(lock.fileno())
        if not folder.is_dir():
            print(f"Kubernetes {recipe.kubernetes} from source into {folder}: once, some minutes.", flush=True)
            # A name that the lock makes ours: what a killed build left behind is thrown away by the next one.
            scratch = folder.with_name(f".{recipe.name}")
            shutil.rmtree(scratch, ignore_errors=True)
            scratch.mkdir()
            log = scratch / "build.log"
            for program, package in PACKAGES.items():
                command = ("nice", go, "build", *recipe.flags, "-o", str(scratch / program), package)
                _build(Build(program, command, tools, log), environ)
            log.unlink()
            scratch.rename(folder)
    return Assets(folder)


def main() -> int:
    """Build what is missing; the last line printed is the folder."""
    try:
        assets = build_assets()
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    print(assets.folder)
    return 0


@dataclass(frozen=True, slots=True)
class Build:
    """One `go build`, in the module's folder, with its output in a log."""

    program: str
    command: tuple[str, ...]
    module: Path
    log: Path


def _build(build: Build, environ: Mapping[str, str]) -> None:
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


def _find_go(environ: Mapping[str, str], tools: Path, needed: str) -> str:
    remedy = f"Install Go {needed} or newer (https://go.dev/dl)"
    go = shutil.which("go", path=environ.get("PATH"))
    if go is None:
        raise AssetsError(f"The control plane is built with Go, and there is no `go` on PATH. {remedy}.")
    # Inside the module's folder, so that a Go which may fetch newer toolchains answers with the one it would use.
    answer = subprocess.run(
        [go, "env", "GOVERSION"], cwd=tools, env=environ, capture_output=True, text=True, check=False
    )
    found = re.search(r"go(\d+(?:\.\d+)*)", answer.stdout)
    if answer.returncode != 0 or found is None:
        raise AssetsError(f"{go} does not tell its version: {answer.stderr.strip() or answer.stdout!r}. {remedy}.")
    if _numbers(found[1]) < _numbers(needed):
        message = f"{go} is Go {found[1]}, and Kubernetes needs Go {needed}."
        raise AssetsError(f"{message} {remedy}, or let Go fetch it: GOTOOLCHAIN=auto.")
    return go


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _take_turn(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another process builds the control plane; waiting for it.", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main())
