"""The operator's one Lease over the Kubernetes API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.kube.transport import Patience, Transport
from securebucket.model.api_error import MissingError


@dataclass(frozen=True, slots=True)
class LeaseClient:
    """Reads and writes the Lease `namespace/name`. Every function raises `ApiError` when the request fails."""

    transport: Transport
    namespace: str
    name: str

    def get(self, *, timeout: float) -> Mapping[str, Any] | None:
        """Read the Lease; None when it does not exist."""
        try:
            return self.transport.request("get", f"{self._folder}/{self.name}", patience=_once(timeout))
        except MissingError:
            return None

    def create(self, spec: Mapping[str, Any], *, timeout: float) -> Mapping[str, Any]:
        """Create the Lease and give it back as stored."""
        lease = {
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {"name": self.name, "namespace": self.namespace},
            "spec": spec,
        }
        return self.transport.request("create", self._folder, body=lease, patience=_once(timeout))

    def update(self, lease: Mapping[str, Any], *, timeout: float) -> Mapping[str, Any]:
        """Replace the Lease, if it is still the version at hand, and give it back as stored."""
        return self.transport.request("update", f"{self._folder}/{self.name}", body=lease, patience=_once(timeout))

    @property
    def _folder(self) -> str:
        return f"/apis/coordination.k8s.io/v1/namespaces/{self.namespace}/leases"


def _once(timeout: float) -> Patience:
    return Patience(connect=timeout, read=timeout, attempts=1, to_the_end=True)
