"""What the Dockerfile's own steps make works: as another user, read-only, without a shell, in a hostile folder."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from tests.e2e.conftest import CRDS
from tests.e2e.polling import until

from securebucket import __version__
from securebucket_dev.demo import cluster
from securebucket_dev.demo.operator_process import OperatorProcess, free_port
from securebucket_dev.image.confinement import can_confine, confined
from securebucket_dev.image.unpacked import UnpackedImage, build
from securebucket_dev.kubeapi.server import KubeApi
from securebucket_dev.process import ChildProcess
from securebucket_dev.s3.localstack import LocalStack

HOSTILE = ("securebucket", "boto3", "kopf", "yaml", "typing_extensions", "sitecustomize")
BUCKET = {
    "apiVersion": "securebucket.io/v1alpha1",
    "kind": "SecureBucket",
    "metadata": {"name": "from-the-image", "namespace": "payments"},
    "spec": {},
}


@dataclass(frozen=True)
class Pod:
    """The image's contents, and a folder full of modules that would end any program that imported them."""

    image: UnpackedImage
    hostile: Path
    scratch: Path

    def command(self, *command: str) -> list[str]:
        whole = list(command)
        return confined(whole, self.image.user, self.image.folder, self.scratch) if can_confine() else whole

    def environment(self, more: dict[str, str] | None = None) -> dict[str, str]:
        """Nothing of ours but the way to unshare and mount."""
        path = f"{self.image.environment['PATH']}:{os.environ['PATH']}"
        return self.image.environment | {"PATH": path, "TMPDIR": str(self.scratch), "HOME": "/"} | (more or {})

    @property
    def python(self) -> str:
        return str(Path(self.image.program).with_name("python"))

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*command),
            cwd=self.hostile,
            env=self.environment(more),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture(scope="module")
def pod() -> Iterator[Pod]:
    # Not below pytest's own folder, which other users may not enter.
    folder = Path(tempfile.mkdtemp(prefix="securebucket-image-"))
    folder.chmod(0o755)
    try:
        image = build(folder)
        hostile = folder / "hostile"
        hostile.mkdir()
        for name in HOSTILE:
            (hostile / f"{name}.py").write_text("raise SystemExit('imported from the working directory')\n")
        (folder / "scratch").mkdir(mode=0o777)
        (folder / "hold").mkdir()
        yield Pod(image, hostile, folder / "scratch")
    finally:
        shutil.rmtree(folder)


def test_it_says_its_version(pod: Pod) -> None:
    ran = pod.run(pod.image.program, "--version")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert __version__ in ran.stdout


def test_modules_that_lie_around_are_not_imported(pod: Pod) -> None:
    """`-m` looks into the working directory first, but for PYTHONSAFEPATH; without it, the folder does its harm."""
    safe = pod.run(pod.python, "-m", "securebucket", "--version")
    assert (safe.returncode, safe.stderr) == (0, "")
    unsafe = pod.run(pod.python, "-m", "securebucket", "--version", PYTHONSAFEPATH="")
    assert "imported from the working directory" in unsafe.stderr


def test_it_carries_its_own_definitions(pod: Pod) -> None:
    ran = pod.run(pod.image.program, "crd")
    assert ran.returncode == 0, ran.stderr
    printed = {each["metadata"]["name"] for each in yaml.safe_load_all(ran.stdout) if each}
    files = {path.name for path in CRDS.glob("securebucket.io_*.yaml")}
    assert {f"securebucket.io_{name.split('.')[0]}.yaml" for name in printed} == files


def test_it_holds_what_is_locked_and_nothing_else(pod: Pod) -> None:
    """No pip in particular: nothing can be installed into it later."""
    code = "import importlib.metadata as m, json; print(json.dumps([d.name.lower() for d in m.distributions()]))"
    ran = pod.run(pod.python, "-c", code)
    lock = (CRDS.parent / "requirements" / "runtime.txt").read_text().splitlines()
    locked = {line.split("==")[0] for line in lock if "==" in line and not line.startswith(" ")}
    names = {each.replace("_", "-").replace(".", "-") for each in json.loads(ran.stdout)}
    assert names - {"setuptools"} == locked | {"securebucket"}


@pytest.mark.skipif(not can_confine(), reason="only root can make a mount namespace")
def test_what_runs_there_is_nobody_can_write_nowhere_and_has_no_shell(pod: Pod) -> None:
    """Otherwise the tests of this file would show nothing."""
    code = (
        "import os, json, subprocess\n"
        "def fails(what, *a):\n"
        "    try: what(*a)\n"
        "    except OSError: return True\n"
        "    return False\n"
        "print(json.dumps([os.getuid(), fails(open, 'x', 'w'), fails(open, '/tmp/x', 'w'), fails(open, '/x', 'w'),\n"
        "    fails(subprocess.run, ['/bin/sh', '-c', 'true']),\n"
        "    [line.split()[1] for line in open('/proc/self/status') if line.startswith(('CapEff', 'CapBnd'))]]))\n"
    )
    ran = pod.run(pod.python, "-c", code)
    assert json.loads(ran.stdout) == [pod.image.user[0], True, True, True, True, ["0" * 16] * 2], ran.stderr


@pytest.fixture
def running(pod: Pod, localstack: LocalStack, tmp_path: Path) -> Iterator[OperatorProcess]:
    """`securebucket run`, as ENTRYPOINT and CMD say it."""
    metrics, health = free_port(), free_port()
    with_definitions = KubeApi(crds=[CRDS])
    with_definitions.start()
    kubeconfig = with_definitions.kubeconfig(pod.image.folder / "kubeconfig")
    kubeconfig.chmod(0o644)  # a token would be a Secret, mounted for the pod's user
    cluster.connect(kubeconfig)
    options = [f"--metrics-address=127.0.0.1:{metrics}", f"--health-address=127.0.0.1:{health}"]
    variables = pod.environment({
        "KUBECONFIG": str(kubeconfig), "AWS_ENDPOINT_URL": localstack.endpoint, "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
    })  # fmt: skip
    log = tmp_path / "operator.log"
    command = pod.command(*pod.image.command, *options)
    process = ChildProcess("the image's operator", command, log, folder=pod.hostile, environment=variables)
    operator = OperatorProcess(process, f"http://127.0.0.1:{metrics}/metrics", f"http://127.0.0.1:{health}", "", log)
    process.start()
    try:
        process.await_answer(operator.ready, 60)
        yield operator
    finally:
        process.stop(30)
        with_definitions.stop()


def test_it_makes_a_bucket_safe(running: OperatorProcess, tmp_path: Path) -> None:
    file = tmp_path / "bucket.yaml"
    file.write_text(yaml.safe_dump(BUCKET))
    cluster.apply_files([file])

    def condition(kind: str) -> str:
        status = cluster.get_bucket("payments", "from-the-image").get("status", {})
        return next((each["status"] for each in status.get("conditions", []) if each["type"] == kind), "")

    until(lambda: condition("Ready") == "True")
    assert condition("InSync") == "True"
    assert running.total("securebucket_ready") == 1
