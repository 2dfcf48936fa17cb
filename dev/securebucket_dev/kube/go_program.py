"""Builds one pinned Go program from source, once: `python -m securebucket_dev.kube.go_program NAME…` prints where.

Each has a Go module of its own below `tests/e2e/tools/`, which pins its version; the Go module proxy is all that is
downloaded from. With the program's variable set (`HELM`, `KUBE_STATE_METRICS`, …) nothing is built.
"""

import hashlib
import os
import platform
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.kube.assets import TOOLS, AssetsError, cache_folder
from securebucket_dev.kube.go_build import Build, build_program, building, find_go

FLAGS = ("-trimpath", "-buildvcs=false", "-ldflags", "-s -w")


@dataclass(frozen=True, slots=True)
class GoProgram:
    """What is built.

    Args:
        name: of the program, of its module's folder and, in capitals, of the variable that names another one.
        title: what people call it.
        pinned: the Go module whose version counts, without its major version's suffix.
        package: below that module; None if the program is a file of ours in the module's folder.
    """

    name: str
    title: str
    pinned: str
    package: str | None = ""

    @property
    def variable(self) -> str:
        """The environment variable that names a program to use instead."""
        return self.name.upper().replace("-", "_")

    @property
    def module(self) -> Path:
        """Where its go.mod is."""
        return TOOLS / self.name


PROGRAMS = {
    each.name: each
    for each in (
        GoProgram("gopher-lua", "gopher-lua", "github.com/yuin/gopher-lua", None),
        GoProgram("helm", "Helm", "helm.sh/helm", "/cmd/helm"),
        GoProgram("kstatus", "kstatus", "github.com/fluxcd/cli-utils", None),
        GoProgram("kube-state-metrics", "kube-state-metrics", "k8s.io/kube-state-metrics"),
    )
}


@dataclass(frozen=True, slots=True)
class GoRecipe:
    """Which release is built: the package, its version, the Go that it needs, and a digest of it all."""

    program: str
    package: str
    version: str
    go: str
    digest: str

    @property
    def name(self) -> str:
        """The name of the cache's folder, such as `helm-v4.3.1-0123456789ab`."""
        return f"{self.program}-{self.version}-{self.digest}"


def read_go_recipe(program: GoProgram, module: Path | None = None) -> GoRecipe:
    """Read the pinned version from the Go module.

    Raises:
        AssetsError: the module does not pin it, or has no go directive.
    """
    folder = module or program.module
    text = (folder / "go.mod").read_text()
    pinned = re.search(
        rf"^\s*(?:require )?({re.escape(program.pinned)}(?:/v\d+)?) (v\d+\.\d+\.\S+)", text, re.MULTILINE
    )
    go = re.search(r"^go (\d+(?:\.\d+)*)", text, re.MULTILINE)
    if pinned is None or go is None:
        raise AssetsError(f"{folder / 'go.mod'} pins no {program.pinned} or no Go version. Restore the file from git.")
    sources = [each.read_text() for each in (folder / "go.mod", folder / "go.sum", *sorted(folder.glob("*.go")))]
    parts = (*sources, *FLAGS, platform.system(), platform.machine())
    package = "." if program.package is None else pinned[1] + program.package
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return GoRecipe(program.name, package, pinned[2], go[1], digest)


def find_go_program(program: GoProgram, environ: Mapping[str, str] = os.environ, module: Path | None = None) -> Path:
    """The program that is already there; never builds, so that a test fails at once and not after minutes.

    Raises:
        AssetsError: its variable names no program, or nothing was built yet.
    """
    if given := environ.get(program.variable):
        return _use_given(program, Path(given))
    found = cache_folder(environ) / read_go_recipe(program, module).name / program.name
    if not found.is_file():
        raise AssetsError(
            f"No {program.title} was built at {found}. Run `python -m securebucket_dev.kube.go_program {program.name}`"
            f" (once, some minutes). Or set {program.variable} to a program."
        )
    return found


def build_go_program(program: GoProgram, environ: Mapping[str, str] = os.environ, module: Path | None = None) -> Path:
    """The program, built first if it is not there.

    Raises:
        AssetsError: Go is missing, too old or fails, or its variable names no program.
    """
    if given := environ.get(program.variable):
        return _use_given(program, Path(given))
    source = module or program.module
    recipe = read_go_recipe(program, source)
    folder = cache_folder(environ) / recipe.name
    if not folder.is_dir():
        go = find_go(environ, source, recipe.go, program.title)
        with building(folder, program.title) as scratch:
            if scratch is not None:
                print(f"{program.title} {recipe.version} from source into {folder}: once, some minutes.", flush=True)
                log = scratch / "build.log"
                command = ("nice", go, "build", *FLAGS, "-o", str(scratch / program.name), recipe.package)
                build_program(Build(program.name, command, source, log), environ)
                log.unlink()
    return folder / program.name


def main(names: Sequence[str]) -> int:
    """Build what is missing of the named programs; each line printed last is a program."""
    if not names or not set(names) <= PROGRAMS.keys():
        print(
            f"usage: python -m securebucket_dev.kube.go_program NAME…; there are {', '.join(PROGRAMS)}", file=sys.stderr
        )
        return 2
    try:
        built = [build_go_program(PROGRAMS[name]) for name in names]
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    print(*built, sep="\n")
    return 0


def _use_given(program: GoProgram, given: Path) -> Path:
    if not os.access(given, os.X_OK):
        raise AssetsError(
            f"{program.variable} is {given}, which cannot be run. Name a program, or unset it to have one built."
        )
    return given


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
