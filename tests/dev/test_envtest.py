"""How the real control plane is built, with a stand-in for the go command."""

import fcntl
import threading
import time
from pathlib import Path

import pytest

from securebucket_dev.kube.assets import PACKAGES, AssetsError, read_recipe
from securebucket_dev.kube.envtest import build_assets

SYSTEM = "/usr/bin:/bin"


class Workshop:
    """A Go module, a cache and a go command that writes down what it is asked."""

    def __init__(self, folder: Path, version: str = "go1.26.8", build: str = 'echo built > "$out"') -> None:
        self.tools = folder / "tools"
        self.tools.mkdir()
        (self.tools / "go.mod").write_text("module tests\n\ngo 1.25.0\n\nrequire k8s.io/kubernetes v1.35.4\n")
        (self.tools / "go.sum").write_text("")
        self.calls = folder / "calls"
        self.calls.touch()
        programs = folder / "bin"
        programs.mkdir()
        go = programs / "go"
        go.write_text(f"""#!/bin/sh
if [ "$1" = env ]; then echo {version}; exit; fi
echo "$CGO_ENABLED $GOFLAGS $PWD $*" >> {self.calls}
while [ "$1" != -o ]; do shift; done
out=$2
{build}
""")
        go.chmod(0o755)
        self.environment = {"PATH": f"{programs}:{SYSTEM}", "XDG_CACHE_HOME": str(folder), "GOFLAGS": "-mod=mod"}
        self.folder = folder / "securebucket" / "envtest" / read_recipe(self.tools).name

    @property
    def builds(self) -> list[str]:
        return self.calls.read_text().splitlines()


def test_every_program_is_built_from_the_pinned_module_alone(tmp_path):
    workshop = Workshop(tmp_path)
    assets = build_assets(workshop.environment, workshop.tools)
    assert assets.folder == workshop.folder
    assert sorted(path.name for path in assets.folder.iterdir()) == sorted(PACKAGES)
    assert [line.rsplit(" ", 1)[1] for line in workshop.builds] == list(PACKAGES.values())
    assert all(line.startswith(f"0 -mod=readonly {workshop.tools} build -trimpath") for line in workshop.builds)


def test_what_is_there_is_not_built_again(tmp_path):
    workshop = Workshop(tmp_path)
    build_assets(workshop.environment, workshop.tools)
    build_assets({**workshop.environment, "PATH": ""}, workshop.tools)
    assert len(workshop.builds) == len(PACKAGES)


def test_kubebuilder_assets_need_no_go(tmp_path):
    for program in PACKAGES:
        (tmp_path / program).touch(mode=0o755)
    assert build_assets({"KUBEBUILDER_ASSETS": str(tmp_path), "PATH": ""}).folder == tmp_path


def test_a_missing_go_is_named_with_the_remedy(tmp_path):
    workshop = Workshop(tmp_path)
    with pytest.raises(AssetsError, match=r"no `go` on PATH\. Install Go 1\.25\.0 or newer"):
        build_assets({**workshop.environment, "PATH": str(tmp_path)}, workshop.tools)


@pytest.mark.parametrize("version", ["go1.24.13", "go1.9"])
def test_a_go_that_is_too_old_is_named_with_the_remedy(tmp_path, version):
    workshop = Workshop(tmp_path, version)
    with pytest.raises(AssetsError, match=rf"is Go {version[2:]}, and Kubernetes needs Go 1\.25\.0.*GOTOOLCHAIN"):
        build_assets(workshop.environment, workshop.tools)


def test_a_failed_build_says_what_go_said_and_leaves_no_half_of_it(tmp_path):
    workshop = Workshop(tmp_path, build="echo proxy unreachable; exit 7")
    with pytest.raises(AssetsError, match=r"kube-apiserver failed \(exit 7\):\nproxy unreachable"):
        build_assets(workshop.environment, workshop.tools)
    assert not workshop.folder.exists()


def test_what_a_killed_build_left_behind_is_not_taken_for_a_program(tmp_path):
    workshop = Workshop(tmp_path)
    scratch = workshop.folder.with_name(f".{workshop.folder.name}")
    scratch.mkdir(parents=True)
    (scratch / "half").touch()
    assets = build_assets(workshop.environment, workshop.tools)
    assert sorted(path.name for path in assets.folder.iterdir()) == sorted(PACKAGES)


def test_a_second_builder_waits_and_takes_what_the_first_built(tmp_path, capsys):
    workshop = Workshop(tmp_path)
    workshop.folder.parent.mkdir(parents=True)
    second = threading.Thread(target=build_assets, args=(workshop.environment, workshop.tools))
    with workshop.folder.with_name(f"{workshop.folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second.start()
        deadline = time.monotonic() + 20
        while "waiting" not in capsys.readouterr().out:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        workshop.folder.mkdir()
    second.join(20)
    assert not second.is_alive()
    assert workshop.builds == []
