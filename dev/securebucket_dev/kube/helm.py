"""Builds Helm from source, once: `python -m securebucket_dev.kube.helm` prints the program.

The version is that of `tests/e2e/tools/helm/go.mod`; the Go module proxy is all that is downloaded from. With `HELM`
set to a program nothing is built.
"""

import hashlib
import os
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from securebucket_dev.kube.assets import TOOLS, AssetsError, cache_folder
from securebucket_dev.kube.go_build import Build, build_program, building, find_go

MODULE = TOOLS / "helm"
FLAGS = ("-trimpath", "-buildvcs=false", "-ldflags", "-s -w")


@dataclass(frozen=True, slots=True)
class HelmRecipe:
    """Which Helm is built: its major version's module, its version, the Go that it needs, and a digest of it all."""

    module: str
    version: str
    go: str
    digest: str

    @property
    def name(self) -> str:
        """The name of the cache's folder, such as `helm-v4.3.1-0123456789ab`."""
        return f"helm-{self.version}-{self.digest}"


def read_helm_recipe(module: Path = MODULE) -> HelmRecipe:
    """Read the pinned version from the Go module.

    Raises:
        AssetsError: the module pins no Helm or has no go directive.
    """
    text = (module / "go.mod").read_text()
    helm = re.search(r"^\s*(?:require )?(helm\.sh/helm/v\d+) (v\d+\.\d+\.\S+)", text, re.MULTILINE)
    go = re.search(r"^go (\d+(?:\.\d+)*)", text, re.MULTILINE)
    if helm is None or go is None:
        raise AssetsError(f"{module / 'go.mod'} pins no helm.sh/helm or no Go version. Restore the file from git.")
    parts = (text, (module / "go.sum").read_text(), *FLAGS, platform.system(), platform.machine())
    return HelmRecipe(helm[1], helm[2], go[1], hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12])


def find_helm(environ: Mapping[str, str] = os.environ, module: Path = MODULE) -> Path:
    """The program that is already there; never builds, so that a test fails at once and not after minutes.

    Raises:
        AssetsError: `HELM` names no program, or nothing was built yet.
    """
    if given := environ.get("HELM"):
        return _use_given(Path(given))
    program = cache_folder(environ) / read_helm_recipe(module).name / "helm"
    if not program.is_file():
        raise AssetsError(
            f"No Helm was built at {program}. Run `python -m securebucket_dev.kube.helm` (once, some minutes). "
            "Or set HELM to a program."
        )
    return program


def build_helm(environ: Mapping[str, str] = os.environ, module: Path = MODULE) -> Path:
    """The program, built first if it is not there.

    Raises:
        AssetsError: Go is missing, too old or fails, or `HELM` names no program.
    """
    if given := environ.get("HELM"):
        return _use_given(Path(given))
    recipe = read_helm_recipe(module)
    folder = cache_folder(environ) / recipe.name
    if not folder.is_dir():
        go = find_go(environ, module, recipe.go, "Helm")
        with building(folder, "Helm") as scratch:
            if scratch is not None:
                print(f"Helm {recipe.version} from source into {folder}: once, some minutes.", flush=True)
                log = scratch / "build.log"
                package = f"{recipe.module}/cmd/helm"
                command = ("nice", go, "build", *FLAGS, "-o", str(scratch / "helm"), package)
                build_program(Build("helm", command, module, log), environ)
                log.unlink()
    return folder / "helm"


def main() -> int:
    """Build what is missing; the last line printed is the program."""
    try:
        print(build_helm())
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _use_given(program: Path) -> Path:
    if not os.access(program, os.X_OK):
        raise AssetsError(f"HELM is {program}, which cannot be run. Name a program, or unset it to have one built.")
    return program


if __name__ == "__main__":
    sys.exit(main())
