"""The programs of a real control plane: which versions are wanted, and where they are."""

import hashlib
import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TOOLS = Path(__file__).parents[3] / "tests" / "e2e" / "tools"
PACKAGES = {
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "etcd": "go.etcd.io/etcd/server/v3",
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
}


class AssetsError(Exception):
    """The programs cannot be had: the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Assets:
    """A folder that holds kube-apiserver, etcd and kubectl under these names, as controller-runtime's envtest wants."""

    folder: Path

    @property
    def kube_apiserver(self) -> Path:
        """The API server."""
        return self.folder / "kube-apiserver"

    @property
    def etcd(self) -> Path:
        """The API server's store."""
        return self.folder / "etcd"

    @property
    def kubectl(self) -> Path:
        """The client of the same version."""
        return self.folder / "kubectl"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is built from the pinned Go module: versions (`v1.35.4`, `1.25.0`), flags, and a digest of it all."""

    kubernetes: str
    go: str
    flags: tuple[str, ...]
    digest: str

    @property
    def name(self) -> str:
        """The name of the cache's folder, such as `v1.35.4-0123456789ab`."""
        return f"{self.kubernetes}-{self.digest}"


def read_recipe(tools: Path = TOOLS) -> Recipe:
    """Read the pinned versions from the Go module of the tests' tools.

    Raises:
        AssetsError: the module does not pin k8s.io/kubernetes or has no go directive.
    """
    module = (tools / "go.mod").read_text()
    kubernetes = re.search(r"^\s*(?:require )?k8s\.io/kubernetes (v\d+\.\d+\.\S+)", module, re.MULTILINE)
    go = re.search(r"^go (\d+(?:\.\d+)*)", module, re.MULTILINE)
    if kubernetes is None or go is None:
        message = f"{tools / 'go.mod'} pins no k8s.io/kubernetes or no Go version. Restore the file from git."
        raise AssetsError(message)
    flags = _flags(kubernetes[1])
    parts = (module, (tools / "go.sum").read_text(), *flags, *PACKAGES.values(), platform.system(), platform.machine())
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]
    return Recipe(kubernetes[1], go[1], flags, digest)


def find_assets(environ: Mapping[str, str] = os.environ, tools: Path = TOOLS) -> Assets:
    """The programs that are already there; never builds, so that a test fails at once and not after minutes.

    Raises:
        AssetsError: `KUBEBUILDER_ASSETS` names an incomplete folder, or nothing was built yet.
    """
    if given := environ.get("KUBEBUILDER_ASSETS"):
        return use_given(Path(given))
    folder = cache_folder(environ) / read_recipe(tools).name
    if not folder.is_dir():
        message = f"No control plane was built in {folder}. Run `make envtest` (once, some minutes)."
        raise AssetsError(f"{message} Or set KUBEBUILDER_ASSETS to a folder with {', '.join(PACKAGES)}.")
    return Assets(folder)


def use_given(folder: Path) -> Assets:
    """The programs in the folder that `KUBEBUILDER_ASSETS` names.

    Raises:
        AssetsError: not all are there.
    """
    missing = [program for program in PACKAGES if not os.access(folder / program, os.X_OK)]
    if missing:
        message = f"KUBEBUILDER_ASSETS is {folder}, where {' and '.join(missing)} cannot be run."
        raise AssetsError(f"{message} Put {', '.join(PACKAGES)} there, or unset it and run `make envtest`.")
    return Assets(folder)


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where built control planes are kept, a folder each."""
    home = environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "securebucket" / "envtest"


def _flags(kubernetes: str) -> tuple[str, ...]:
    # Unstamped, the server says it is v0.0.0-master, which clients take for an ancient one.
    major, minor, _ = kubernetes.removeprefix("v").split(".", 2)
    # An empty commit becomes "unknown" in user agents; left alone it is a placeholder of git's.
    stamps = {"gitVersion": kubernetes, "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean", "gitCommit": ""}
    modules = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
    linker = [f"-X {module}.{key}={value}" for module in modules for key, value in stamps.items()]
    return ("-trimpath", "-buildvcs=false", "-ldflags", " ".join(["-s", "-w", *linker]))
