"""`deploy/install.yaml`: everything of a folder for kustomize in one file, for those who want neither it nor Helm.

It is built here and not by kustomize, which `make check` need not have. Only what our own folders use is understood,
and anything else is refused; e2e holds that `kubectl kustomize` gives the same.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from securebucket_dev.generate.monitoring.rule_files import Writer

Document = dict[str, Any]

NOTICE = """\
# made by make generate from deploy/cluster; edit that instead
# The operator for the whole cluster: kubectl apply --server-side -f deploy/install.yaml
"""
KNOWN = frozenset({"apiVersion", "kind", "resources", "namespace", "labels"})
WITHOUT_NAMESPACE = frozenset({"Namespace", "CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"})
ORDER = (
    "Namespace",
    "CustomResourceDefinition",
    "ServiceAccount",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
)
"""What the rest refers to comes first; the rest follows as it is listed."""


class NotUnderstoodError(Exception):
    """A kustomization asks for what only kustomize can do."""


def install_file(folder: Path) -> str:
    """Write the file of a folder that has a `kustomization.yaml`.

    Raises:
        NotUnderstoodError: it, or one that it names, has a field that is not known here.
    """
    documents = sorted(build(folder), key=lambda each: _place(each["kind"]))
    return NOTICE + "---\n".join(
        yaml.dump(each, Dumper=Writer, sort_keys=False, width=120, allow_unicode=True) for each in documents
    )


def build(folder: Path) -> Iterator[Document]:
    """Give the objects of a folder, as kustomize would.

    https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
    """
    file = folder / "kustomization.yaml"
    asked = yaml.safe_load(file.read_text(encoding="utf-8"))
    unknown = sorted(asked.keys() - KNOWN)
    if unknown:
        raise NotUnderstoodError(f"{file}: {', '.join(unknown)} is only for kustomize; teach {__name__} what it means")
    for name in asked["resources"]:
        place = folder / name
        found = build(place) if place.is_dir() else yaml.safe_load_all(place.read_text(encoding="utf-8"))
        for document in found:
            yield _changed(document, asked)


def _changed(document: Document, asked: Document) -> Document:
    metadata = dict(document["metadata"])
    if "namespace" in asked and document["kind"] not in WITHOUT_NAMESPACE:
        metadata["namespace"] = asked["namespace"]
    for each in asked.get("labels", ()):
        if each.keys() != {"pairs"}:
            raise NotUnderstoodError(
                f"labels: {', '.join(each)}; only pairs are understood: they leave selectors alone"
            )
        metadata["labels"] = metadata.get("labels", {}) | each["pairs"]
    return {**document, "metadata": metadata}


def _place(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)
