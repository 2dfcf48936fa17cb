"""Where the pages are run: a cluster with the operator that Helm installed, S3, and a reader with a shell."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from tests.e2e.api import Api
from tests.e2e.documentation.contents import Contents, look, restore
from tests.e2e.documentation.node import Node
from tests.e2e.documentation.programs import LEFT_OUT, REPOSITORY, write_programs
from tests.e2e.documentation.shell import Shell
from tests.e2e.gitops_definitions import ARGO_CD, FLUX, install_definitions
from tests.e2e.kubectl import Kubectl
from tests.e2e.monitoring_definitions import SPECS, definition
from tests.e2e.polling import until
from tests.kube.report_definitions import POLICY_REPORT, REPORT

from securebucket_dev.kube.assets import find_assets
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.pages.namespaces import assumed_namespaces
from securebucket_dev.pages.reader import read_page
from securebucket_dev.pages.step import Page
from securebucket_dev.prometheus import Prometheus
from securebucket_dev.s3.bare import ROOT
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.moto import MotoServer

INSTALLATION = "charts/securebucket/README.md"
"""The page whose first block installs the release, here too."""
RELEASE = ("securebucket-system", "securebucket-operator")
RULES = REPOSITORY / "charts" / "securebucket" / "files" / "monitoring" / "rules.yaml"
ACCOUNT_ID = "000000000000"
ELSEWHERE = ("EKS", "ORGANIZATIONS", "SECURITYHUB")
"""Services that LocalStack's core does not have, and moto does."""


@dataclass
class World:
    """What all pages share; between two of them everything is as it was.

    Args:
        plane: the control plane.
        api: its API, as an admin.
        node: runs what Helm installs.
        localstack: AWS.
        moto: those services of AWS that LocalStack does not have.
        prometheus: scrapes the release's operator.
        folder: of the tests.
        empty: what was in the cluster before the release.
        executed: places of the blocks that were run, in their order.
    """

    plane: ControlPlane
    api: Api
    node: Node
    localstack: LocalStack
    moto: MotoServer
    prometheus: Prometheus
    folder: Path
    empty: Contents
    ordinary: Contents = field(default_factory=dict)
    executed: list[str] = field(default_factory=list)
    changed: float = 0.0
    """When commands were run last (Unix time): what Prometheus is asked must have been scraped since."""
    _in_order: bool = False

    @contextmanager
    def reader(self, page: Page) -> Iterator[Shell]:
        """Open the shell of a page, in a folder that is a clone; afterwards the world is as before."""
        self._be_ordinary() if not page.bare else self._be_empty()
        for namespace in assumed_namespaces(page) - {"default"}:
            self.api.ask("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
        with self._shell(page.path.replace("/", "-")) as shell:
            try:
                yield shell
            finally:
                shell.close()
                self._clean()

    def await_scrape(self) -> None:
        """Wait until Prometheus has seen the operator after the last commands."""
        until(lambda: self.prometheus.query(f"timestamp(up) > {self.changed}"))

    @contextmanager
    def _shell(self, name: str) -> Iterator[Shell]:
        folder, scratch = self.folder / "pages" / name, self.folder / "scratch" / name
        scratch.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.folder / "clone", folder, symlinks=True)
        shell = Shell(folder, self._environment(), scratch)
        try:
            yield shell
        finally:
            shell.close()
            shutil.rmtree(folder)

    def _environment(self) -> dict[str, str]:
        """Give the whole environment of a reader."""
        home = self.folder / "home"
        moto = {f"AWS_ENDPOINT_URL_{each}": self.moto.endpoint for each in ELSEWHERE}
        helm = {f"HELM_{each}_HOME": str(home / "helm" / each.lower()) for each in ("CACHE", "CONFIG", "DATA")}
        git = {
            f"GIT_{who}_{what}": "reader@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        passed = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        return {
            "PATH": f"{self.folder}/programs:/usr/local/bin:/usr/bin:/bin",
            "HOME": str(home),
            "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache"),
            "LANG": "C.UTF-8",
            "TERM": "dumb",
            "COLUMNS": "160",
            "KUBECONFIG": str(self.plane.admin_kubeconfig),
            "KUBECACHEDIR": str(home / "kubectl"),
            "KUBE_EDITOR": "true",
            "MOTO": self.moto.endpoint,
            "PODS": str(self.node.pods_file),
            "CLONE": str(self.folder / "clone"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            **aws_settings(self.localstack.endpoint),
            **moto,
            **helm,
            **git,
            **passed,
        }

    def _be_empty(self) -> None:
        """Take the release away, with its definitions."""
        for each in self.api.do("GET", "/apis/apps/v1/deployments")["items"]:
            metadata = each["metadata"]
            self.api.ask("DELETE", f"/apis/apps/v1/namespaces/{metadata['namespace']}/deployments/{metadata['name']}")
        until(lambda: not self.node.runs())
        self._in_order = False
        assert restore(self.api, self.empty)

    def _be_ordinary(self) -> None:
        """Install the release as its page says, unless it is there."""
        if self._in_order:
            return
        self._be_empty()
        page = read_page(INSTALLATION, (REPOSITORY / INSTALLATION).read_text())
        with self._shell("installation") as shell:
            done = shell.run(page.blocks[0].text, page.blocks[0].line)
        assert done.code == 0, done.output
        path = f"/apis/apps/v1/namespaces/{RELEASE[0]}/deployments/{RELEASE[1]}"
        until(lambda: self._available(path), 60)
        self.ordinary = look(self.api)
        self._in_order = True

    def _available(self, path: str) -> bool:
        self.node.check()
        status: dict[str, Any] = self.api.do("GET", path)["status"]
        return bool(status.get("availableReplicas"))

    def _clean(self) -> None:
        self.node.check()
        if self._in_order:
            self._in_order = restore(self.api, self.ordinary)
        else:
            self._be_empty()
        self.localstack.reset()
        self.moto.reset()


def aws_settings(endpoint: str) -> dict[str, str]:
    """Give the AWS settings of a reader, and of a pod."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": ROOT,
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@contextmanager
def new_world(folder: Path) -> Iterator[World]:
    """Start everything."""
    with ExitStack() as stack:
        plane = stack.enter_context(ControlPlane(find_assets(), logs=folder))
        localstack = stack.enter_context(LocalStack())
        moto = stack.enter_context(MotoServer())
        api = Api(plane)
        stack.callback(api.close)
        pods = folder / "pods"
        pods.mkdir()
        node = stack.enter_context(Node(plane, pods, aws_settings(localstack.endpoint)))
        target = f"127.0.0.1:{node.ports(*RELEASE)[0]}"
        (folder / "prometheus").mkdir()
        prometheus = stack.enter_context(Prometheus([target], RULES, folder / "prometheus"))
        write_programs(folder / "programs", plane.kubectl, node.pods_file)
        (folder / "home").mkdir()
        _clone(folder / "clone")
        install_foreign_kinds(Kubectl(plane, folder / "kubectl"))
        yield World(plane, api, node, localstack, moto, prometheus, folder, look(api), changed=time.time())


def _clone(folder: Path) -> None:
    """Make the clone that a reader has, of the files as they are now."""
    shutil.copytree(REPOSITORY, folder, ignore=LEFT_OUT, symlinks=True)
    who = ("-c", "user.name=owner", "-c", "user.email=owner@example.com")
    commit = (*who, "commit", "-q", "-m", "Everything")
    # Repacked: each page copies a few files instead of a thousand.
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), commit, ("repack", "-adq")):
        environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", *command], cwd=folder, env=environment, check=True, timeout=60)


def install_foreign_kinds(kubectl: Kubectl) -> None:
    """Install the definitions of other projects that pages write objects of."""
    documents: Sequence[Any] = [*(definition(kind) for kind in SPECS), REPORT, POLICY_REPORT]
    applied = kubectl("apply", "--server-side", "-f", "-", stdin=yaml.safe_dump_all(documents))
    assert applied.returncode == 0, applied.stderr
    install_definitions(kubectl, ARGO_CD | FLUX)
    names = json.loads(kubectl("get", "crd", "-o", "json").stdout)["items"]
    each = [f"crd/{one['metadata']['name']}" for one in names]
    until(lambda: kubectl("wait", "--for=condition=Established", "--timeout=30s", *each).returncode == 0)
