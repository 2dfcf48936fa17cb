"""A person with kubectl, for tests: creates, changes and deletes what the operator watches."""

import datetime as dt
import json
from typing import Any

import urllib3

from securebucket.model.bucket import ObjectKey

GROUP = "/apis/securebucket.io/v1alpha1"


class Admin:
    """Talks to an API server; fails on every answer that is not a success."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._http = urllib3.PoolManager()

    def call(self, method: str, path: str, body: Any = None, content_type: str = "application/json") -> dict[str, Any]:
        """Send a request."""
        sent = json.dumps(body) if body is not None else None
        headers = {"Content-Type": content_type, "User-Agent": "admin"}
        answer = self._http.request(method, self._url + path, body=sent, headers=headers)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.data.decode()}"
        return json.loads(answer.data)

    def create_namespace(self, name: str) -> None:
        """Create a namespace, if it is not there."""
        if name not in {each["metadata"]["name"] for each in self.call("GET", "/api/v1/namespaces")["items"]}:
            body = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
            self.call("POST", "/api/v1/namespaces", body)

    def create_bucket(
        self, name: str = "invoices", namespace: str = "payments", *, spec: Any = None, **metadata: Any
    ) -> ObjectKey:
        """Create a SecureBucket."""
        body = {
            "apiVersion": "securebucket.io/v1alpha1",
            "kind": "SecureBucket",
            "metadata": {"name": name, **metadata},
            "spec": spec or {},
        }
        self.call("POST", f"{GROUP}/namespaces/{namespace}/securebuckets", body)
        return ObjectKey(namespace, name)

    def create_profile(self, name: str = "production", **spec: Any) -> None:
        """Create a BucketProfile that every namespace may use."""
        body = {
            "apiVersion": "securebucket.io/v1alpha1",
            "kind": "BucketProfile",
            "metadata": {"name": name},
            "spec": {"namespaces": ["*"], **spec},
        }
        self.call("POST", f"{GROUP}/bucketprofiles", body)

    def create_exception(
        self, name: str = "accepted", namespace: str = "payments", *, ends_in: float = 30 * 86400.0, **spec: Any
    ) -> ObjectKey:
        """Create a BucketException that ends in so many seconds, for the bucket `invoices` unless it has a selector."""
        end = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ends_in)
        usual = {
            "check": "tls-required",
            "reason": "the old ERP speaks no TLS",
            "approver": "security@acme.example",
            "expiresAt": end.isoformat(),
        } | ({} if "selector" in spec else {"bucketName": "invoices"})
        body = {
            "apiVersion": "securebucket.io/v1alpha1",
            "kind": "BucketException",
            "metadata": {"name": name},
            "spec": usual | spec,
        }
        self.call("POST", f"{GROUP}/namespaces/{namespace}/bucketexceptions", body)
        return ObjectKey(namespace, name)

    def get_exception(self, key: ObjectKey) -> dict[str, Any]:
        """Read a BucketException."""
        return self.call("GET", exception_path(key))

    def patch_exception(self, key: ObjectKey, spec: Any) -> None:
        """Merge a patch into a BucketException's spec."""
        self.call("PATCH", exception_path(key), {"spec": spec}, "application/merge-patch+json")

    def delete_exception(self, key: ObjectKey) -> None:
        """Delete a BucketException."""
        self.call("DELETE", exception_path(key))

    def exception_condition(self, key: ObjectKey, kind: str = "Active") -> dict[str, Any]:
        """Read a condition of a BucketException; empty when it is absent."""
        conditions = self.get_exception(key).get("status", {}).get("conditions", [])
        return next((each for each in conditions if each["type"] == kind), {})

    def patch_bucket(self, key: ObjectKey, patch: Any) -> dict[str, Any]:
        """Merge a patch into a SecureBucket."""
        return self.call("PATCH", path_of(key), patch, "application/merge-patch+json")

    def patch_status(self, key: ObjectKey, status: Any) -> dict[str, Any]:
        """Merge a patch into its status."""
        return self.call("PATCH", f"{path_of(key)}/status", {"status": status}, "application/merge-patch+json")

    def patch_profile(self, name: str, spec: Any) -> None:
        """Merge a patch into a BucketProfile's spec."""
        self.call("PATCH", f"{GROUP}/bucketprofiles/{name}", {"spec": spec}, "application/merge-patch+json")

    def annotate(self, key: ObjectKey, **annotations: str | None) -> None:
        """Set our annotations: `reconcile_at` is `securebucket.io/reconcile-at`."""
        ours = {f"securebucket.io/{name.replace('_', '-')}": value for name, value in annotations.items()}
        self.patch_bucket(key, {"metadata": {"annotations": ours}})

    def delete_bucket(self, key: ObjectKey) -> None:
        """Delete a SecureBucket."""
        self.call("DELETE", path_of(key))

    def delete_profile(self, name: str) -> None:
        """Delete a BucketProfile."""
        self.call("DELETE", f"{GROUP}/bucketprofiles/{name}")

    def get_bucket(self, key: ObjectKey) -> dict[str, Any]:
        """Read a SecureBucket."""
        return self.call("GET", path_of(key))

    def has_bucket(self, key: ObjectKey) -> bool:
        """Tell whether a SecureBucket is there."""
        items = self.call("GET", f"{GROUP}/namespaces/{key.namespace}/securebuckets")["items"]
        return key.name in {each["metadata"]["name"] for each in items}

    def condition(self, key: ObjectKey, kind: str) -> dict[str, Any]:
        """Read a condition; empty when it is absent."""
        conditions = self.get_bucket(key).get("status", {}).get("conditions", [])
        return next((each for each in conditions if each["type"] == kind), {})

    def events(self, namespace: str = "payments") -> list[dict[str, Any]]:
        """Read the Events of a namespace."""
        items: list[dict[str, Any]] = self.call("GET", f"/apis/events.k8s.io/v1/namespaces/{namespace}/events")["items"]
        return items

    def lease(self, name: str = "securebucket-operator", namespace: str = "default") -> dict[str, Any]:
        """Read a Lease."""
        return self.call("GET", f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases/{name}")

    def wipe(self) -> None:
        """Remove everything that a test can have left."""
        for each in self.call("GET", f"{GROUP}/securebuckets")["items"]:
            key = ObjectKey(each["metadata"]["namespace"], each["metadata"]["name"])
            if each["metadata"].get("finalizers"):
                self.patch_bucket(key, {"metadata": {"finalizers": None}})
            if self.has_bucket(key):
                self.delete_bucket(key)
        for each in self.call("GET", f"{GROUP}/bucketexceptions")["items"]:
            self.delete_exception(ObjectKey(each["metadata"]["namespace"], each["metadata"]["name"]))
        for each in self.call("GET", f"{GROUP}/bucketprofiles")["items"]:
            self.delete_profile(each["metadata"]["name"])
        for group, kind in (("events.k8s.io", "events"), ("coordination.k8s.io", "leases")):
            for each in self.call("GET", f"/apis/{group}/v1/{kind}")["items"]:
                place = f"/apis/{group}/v1/namespaces/{each['metadata']['namespace']}/{kind}"
                self.call("DELETE", f"{place}/{each['metadata']['name']}")

    def close(self) -> None:
        """Close the connections."""
        self._http.clear()


def path_of(key: ObjectKey) -> str:
    """Give the path of a SecureBucket."""
    return f"{GROUP}/namespaces/{key.namespace}/securebuckets/{key.name}"


def exception_path(key: ObjectKey) -> str:
    """Give the path of a BucketException."""
    return f"{GROUP}/namespaces/{key.namespace}/bucketexceptions/{key.name}"
