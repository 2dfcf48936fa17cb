"""Builds a real control plane from source, once: `python -m securebucket_dev.kube.envtest` prints the folder.

The versions are those of `tests/e2e/tools/go.mod`; the Go module proxy is all that is downloaded from. With
`KUBEBUILDER_ASSETS` set nothing is built.
"""

import os
import sys
from collections.abc import Mapping
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
from securebucket_dev.kube.go_build import Build, build_program, building, find_go


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
    go = find_go(environ, tools, recipe.go, "Kubernetes")
    with building(folder, "Kubernetes") as scratch:
        if scratch is not None:
            print(f"Kubernetes {recipe.kubernetes} from source into {folder}: once, some minutes.", flush=True)
            log = scratch / "build.log"
            for program, package in PACKAGES.items():
                command = ("nice", go, "build", *recipe.flags, "-o", str(scratch / program), package)
                build_program(Build(program, command, tools, log), environ)
            log.unlink()
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


if __name__ == "__main__":
    sys.exit(main())
