"""The CustomResourceDefinitions of the API."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from securebucket.api.base import GROUP, VERSION
from securebucket.api.objects import BucketExceptionObject, BucketProfileObject, SecureBucketObject
from securebucket.crd.schema import structural_schema


@dataclass(frozen=True, slots=True)
class Column:
    """One column of `kubectl get`.

    Args:
        wide: shown with `-o wide` only.
    """

    name: str
    path: str
    description: str
    type: Literal["string", "integer", "date"] = "string"
    wide: bool = False

    def definition(self) -> dict[str, Any]:
        """Return the column as a definition has it."""
        written = {"name": self.name, "type": self.type, "description": self.description, "jsonPath": self.path}
        return written | ({"priority": 1} if self.wide else {})


@dataclass(frozen=True, slots=True)
class Kind:
    """What a definition says besides its schema."""

    model: type[BaseModel]
    name: str
    plural: str
    short_name: str
    scope: Literal["Namespaced", "Cluster"]
    columns: tuple[Column, ...]
    has_status: bool


def _condition(kind: str, description: str) -> Column:
    return Column(kind, f'.status.conditions[?(@.type=="{kind}")].status', description)


_AGE = Column("Age", ".metadata.creationTimestamp", "When the object was created.", "date")

KINDS = (
    Kind(
        model=SecureBucketObject,
        name="SecureBucket",
        plural="securebuckets",
        short_name="sb",
        scope="Namespaced",
        has_status=True,
        columns=(
            Column("Bucket", ".status.bucket.name", "Name of the bucket."),
            Column("Mode", ".status.effective.mode", "Mode in force, after the profile and the defaults."),
            _condition("Ready", "Whether the bucket is as it should be."),
            _condition("InSync", "Whether S3 has what is declared."),
            _condition("Compliant", "Whether the checks pass."),
            Column("Score", ".status.compliance.score", "Checks that pass, in percent.", "integer"),
            _AGE,
            Column("Account", ".status.bucket.accountId", "Account that owns the bucket.", wide=True),
            Column("Region", ".status.bucket.region", "Region of the bucket.", wide=True),
            Column("Profile", ".spec.profile", "Profile that the object names.", wide=True),
            Column("LastDrift", ".status.drift.lastDetectedAt", "When drift was last found.", "date", wide=True),
        ),
    ),
    Kind(
        model=BucketProfileObject,
        name="BucketProfile",
        plural="bucketprofiles",
        short_name="bprof",
        scope="Cluster",
        has_status=False,
        columns=(
            Column("Account", ".spec.accountId", "Account that the credentials must belong to."),
            Column("Region", ".spec.region", "Region of new buckets."),
            Column("Mode", ".spec.mode", "Mode of buckets that set none."),
            Column("Namespaces", ".spec.namespaces", "Namespaces that may use it."),
            _AGE,
            Column("Role", ".spec.assumeRole.arn", "Role that the operator assumes.", wide=True),
            Column("Endpoint", ".spec.endpoint.url", "S3 endpoint other than AWS.", wide=True),
        ),
    ),
    Kind(
        model=BucketExceptionObject,
        name="BucketException",
        plural="bucketexceptions",
        short_name="bexc",
        scope="Namespaced",
        has_status=True,
        columns=(
            Column("Check", ".spec.check", "Check that may fail."),
            Column("Bucket", ".spec.bucketName", "The bucket that may fail it; empty where labels select it."),
            # Not as a date: kubectl writes those as ages, and knows none of what is to come.
            Column("Expires", ".spec.expiresAt", "When the check counts again."),
            _condition("Active", "Whether it counts."),
            Column("Approver", ".spec.approver", "Who accepts it."),
            _AGE,
            Column("Buckets", ".status.buckets", "How many SecureBuckets it is about.", "integer", wide=True),
            Column("Reason", ".spec.reason", "Why it is accepted.", wide=True),
        ),
    ),
)

UNSEEN = {"observedGeneration": -1}
"""The status before the first pass. Without it kstatus takes an object that nobody has looked at for a current one.

https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
"""

_API_VERSION = {"type": "string", "description": f"Version of the API: {GROUP}/{VERSION}."}


def definitions() -> list[dict[str, Any]]:
    """Return the CustomResourceDefinition of every kind."""
    return [define(kind) for kind in KINDS]


def define(kind: Kind) -> dict[str, Any]:
    """Return the CustomResourceDefinition of one kind."""
    version: dict[str, Any] = {
        "name": VERSION,
        "served": True,
        "storage": True,
        "additionalPrinterColumns": [column.definition() for column in kind.columns],
        "schema": {"openAPIV3Schema": _root(kind)},
    }
    if kind.has_status:
        version["subresources"] = {"status": {}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{kind.plural}.{GROUP}"},
        "spec": {
            "group": GROUP,
            "scope": kind.scope,
            "names": {
                "kind": kind.name,
                "listKind": f"{kind.name}List",
                "plural": kind.plural,
                "singular": kind.name.lower(),
                "shortNames": [kind.short_name],
                "categories": ["aws", "security"],
            },
            "versions": [version],
        },
    }


def _root(kind: Kind) -> dict[str, Any]:
    """Return the schema of a whole object; what every object has is the API server's own to describe."""
    schema = structural_schema(kind.model)
    schema["properties"] |= {
        "apiVersion": _API_VERSION,
        "kind": {"type": "string", "description": f"{kind.name}."},
        "metadata": {"type": "object", "properties": {"name": {"type": "string"}}},
    }
    if kind.has_status:
        schema["properties"]["status"]["default"] = UNSEEN
    schema["required"] = [name for name in schema["required"] if name == "spec"]
    if not schema["required"]:
        del schema["required"]
    return schema
