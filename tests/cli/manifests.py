"""Short manifests in a temporary folder."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


def bucket(name: str = "acme-invoices", **spec: Any) -> dict[str, Any]:
    """Write a SecureBucket down; its bucket has the name of the object."""
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "SecureBucket",
        "metadata": {"name": name, "namespace": "payments"},
        "spec": spec,
    }


def profile(name: str, **spec: Any) -> dict[str, Any]:
    """Write a BucketProfile down that every namespace may use."""
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "BucketProfile",
        "metadata": {"name": name},
        "spec": {"namespaces": ["*"], **spec},
    }


def exception(namespace: str = "payments", days: int = 30, **spec: Any) -> dict[str, Any]:
    """Write a BucketException down, for the bucket `acme-invoices` unless it has a selector, and for so many days."""
    end = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    usual = {
        "check": "access-logged",
        "reason": "who reads it is of no interest",
        "approver": "security@acme.example",
        "expiresAt": end.isoformat(),
    } | ({} if "selector" in spec else {"bucketName": "acme-invoices"})
    return {
        "apiVersion": "securebucket.io/v1alpha1",
        "kind": "BucketException",
        "metadata": {"name": "accepted", "namespace": namespace},
        "spec": usual | spec,
    }


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of manifests."""

    path: Path

    def write(self, *documents: dict[str, Any], name: str = "bucket.yaml") -> str:
        """Write documents into one file, and give its path."""
        return self.write_text(yaml.safe_dump_all(documents, sort_keys=False), name)

    def write_text(self, text: str, name: str = "bucket.yaml") -> str:
        """Write a file as it is, and give its path."""
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        return str(file)
