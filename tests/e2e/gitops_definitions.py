"""The CustomResourceDefinitions of Argo CD and Flux, out of the zips of their Go modules.

The versions are those of `tests/e2e/tools/gitops/go.mod`, and its go.sum holds the zips' hashes; the Go module proxy is
all that is downloaded from, once. The files are their authors', under the Apache License 2.0; none is kept here.
"""

import json
import os
import subprocess
from pathlib import Path

import yaml
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until

from securebucket_dev.kube.assets import TOOLS
from securebucket_dev.kube.go_build import find_go

ARGO_CD = {
    "github.com/argoproj/argo-cd/v3": (
        "manifests/crds/application-crd.yaml",
        "manifests/crds/appproject-crd.yaml",
    )
}
FLUX = {
    "github.com/fluxcd/source-controller": (
        "config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml",
        "config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml",
    ),
    "github.com/fluxcd/helm-controller": ("config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml",),
    "github.com/fluxcd/kustomize-controller": ("config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml",),
}


def definition_files(wanted: dict[str, tuple[str, ...]], pinned_in: Path = TOOLS / "gitops") -> list[Path]:
    """Give the files of modules, downloaded first if they are not there.

    Args:
        wanted: paths of files, by module.
        pinned_in: the folder whose go.mod says which version.
    """
    go = find_go(os.environ, pinned_in, "1.26", "what is read of Go modules")
    done = subprocess.run(
        [go, "mod", "download", "-json", *wanted],
        cwd=pinned_in,
        env={**os.environ, "GOFLAGS": "-mod=readonly", "GOWORK": "off"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    folders = {}
    decoder, text = json.JSONDecoder(), done.stdout.strip()
    while text:
        found, end = decoder.raw_decode(text)
        folders[found["Path"]] = Path(found["Dir"])
        text = text[end:].strip()
    return [folders[module] / file for module, files in wanted.items() for file in files]


def install_definitions(kubectl: Kubectl, wanted: dict[str, tuple[str, ...]]) -> None:
    """Install definitions, and wait until the API server serves their kinds."""
    files = definition_files(wanted)
    for file in files:
        applied = kubectl("apply", "--server-side", "-f", str(file))
        assert applied.returncode == 0, applied.stderr
    names = [f"crd/{yaml.safe_load(file.read_text())['metadata']['name']}" for file in files]
    until(lambda: kubectl("wait", "--for=condition=Established", "--timeout=30s", *names).returncode == 0)
