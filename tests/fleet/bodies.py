"""SecureBuckets, profiles and exceptions as the API server gives them, for tests that need no server."""

from collections.abc import Mapping
from typing import Any

from securebucket.fleet.record import Record, record_of


def bucket_body(
    name: str = "invoices",
    namespace: str = "payments",
    *,
    uid: str = "",
    version: int = 1,
    generation: int = 1,
    created: str = "2026-01-01T00:00:00Z",
    spec: Mapping[str, Any] | None = None,
    status: Mapping[str, Any] | None = None,
    annotations: Mapping[str, str] | None = None,
    **metadata: Any,
) -> dict[str, Any]:
    """Write a SecureBucket."""
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "SecureBucket",
        "metadata": {
            "name": name,
            "namespace": namespace,
            "uid": uid or f"uid-{namespace}-{name}",
            "resourceVersion": str(version),
            "generation": generation,
            "creationTimestamp": created,
            "annotations": dict(annotations or {}),
            **metadata,
        },
        "spec": dict(spec or {}),
        "status": dict(status or {}),
    }


def record(name: str = "invoices", namespace: str = "payments", **body: Any) -> Record:
    """Make the record of such an object."""
    return record_of(bucket_body(name, namespace, **body), 3600.0)


def profile_body(name: str = "production", *, generation: int = 1, **spec: Any) -> dict[str, Any]:
    """Write a BucketProfile."""
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "BucketProfile",
        "metadata": {"name": name, "uid": f"uid-{name}", "resourceVersion": "1", "generation": generation},
        "spec": {"namespaces": ["*"], **spec},
    }


def exception_body(
    name: str = "accepted",
    namespace: str = "payments",
    *,
    uid: str = "",
    version: int = 1,
    generation: int = 1,
    deletionTimestamp: str = "",  # noqa: N803 - as in the object
    **spec: Any,
) -> dict[str, Any]:
    """Write a BucketException, for the bucket `invoices` unless it has a selector."""
    usual = {
        "check": "tls-required",
        "reason": "the old ERP speaks no TLS",
        "approver": "security@acme.example",
        "expiresAt": "2030-01-01T00:00:00Z",
    } | ({} if "selector" in spec else {"bucketName": "invoices"})
    metadata = {
        "name": name,
        "namespace": namespace,
        "uid": uid or f"uid-{namespace}-{name}",
        "resourceVersion": str(version),
        "generation": generation,
        "creationTimestamp": "2026-01-01T00:00:00Z",
    }
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "BucketException",
        "metadata": metadata | ({"deletionTimestamp": deletionTimestamp} if deletionTimestamp else {}),
        "spec": usual | spec,
    }


READY = {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True"}]}
