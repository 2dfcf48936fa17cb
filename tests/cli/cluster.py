"""A Kubernetes API of a few answers: the rights of the one who asks are what a test says, as RBAC would have it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import yaml
from tests.kube.scripted_api import Answer, Asked, ScriptedApi

KINDS = ("securebuckets", "securebuckets/status", "bucketprofiles", "bucketexceptions")
NOT_THERE = Answer(404, {"reason": "NotFound"})
Allows = Callable[[Mapping[str, str]], bool]
"""Says whether the attributes of a SelfSubjectAccessReview are granted."""


def everything(_attributes: Mapping[str, str]) -> bool:
    """Grant all."""
    return True


class SmallCluster(ScriptedApi):
    """Serves discovery, access reviews and one Lease on the loopback.

    Args:
        allows: which rights are granted.
        kinds: which of our kinds are installed.
        holder: who holds the Lease; empty for a Lease that is not there.
        status: of every answer; anything but 200 refuses all.
    """

    def __init__(
        self, allows: Allows = everything, *, kinds: tuple[str, ...] = KINDS, holder: str = "", status: int = 200
    ) -> None:
        super().__init__()
        self.allows, self.kinds, self.holder, self.status = allows, kinds, holder, status

    def answer_to(self, asked: Asked) -> Answer:
        """Refuse, review, or say what there is."""
        if self.status != 200:
            return Answer(self.status, {"reason": "Refused", "message": "no"})
        if asked.method == "POST":
            return Answer(201, {"status": {"allowed": self.allows(asked.body["spec"]["resourceAttributes"])}})
        if "/leases/" in asked.path:
            return Answer(body={"spec": {"holderIdentity": self.holder}}) if self.holder else NOT_THERE
        return Answer(body={"resources": [{"name": each} for each in self.kinds]}) if self.kinds else NOT_THERE

    @property
    def reviewed(self) -> list[Mapping[str, str]]:
        """The attributes of every right that was asked about."""
        return [each.body["spec"]["resourceAttributes"] for each in self.asked if each.method == "POST"]

    def write_kubeconfig(self, path: Path) -> str:
        """Write how to reach it, and give the path."""
        return write_kubeconfig(path, self.url)


def write_kubeconfig(path: Path, server: str) -> str:
    """Write a kubeconfig of one context, and give its path."""
    path.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "small", "cluster": {"server": server}}],
                "users": [{"name": "person", "user": {"token": "t0ken"}}],
                "contexts": [{"name": "small", "context": {"cluster": "small", "user": "person"}}],
                "current-context": "small",
            }
        )
    )
    return str(path)
