"""The files of the repository that the CustomResourceDefinitions are kept in."""

from pathlib import Path

from securebucket.crd.definitions import definitions
from securebucket.crd.text import HEADER, render

FOLDERS = ("crds", "charts/securebucket/files/crds")
"""For kubectl and kustomize, and for the chart, which cannot reach outside itself."""


def definition_files() -> dict[str, str]:
    """Return the text of each generated file by its path from the root of the repository."""
    texts = {}
    for definition in definitions():
        group, plural = definition["spec"]["group"], definition["spec"]["names"]["plural"]
        texts[f"{group}_{plural}.yaml"] = render(definition)
    written = {f"{folder}/{name}": text for folder in FOLDERS for name, text in texts.items()}
    return written | {"crds/kustomization.yaml": _kustomization(sorted(texts))}


def left_over(root: Path) -> list[str]:
    """Name the files that are there of a kind that is gone."""
    found = (path.relative_to(root).as_posix() for folder in FOLDERS for path in (root / folder).glob("*.yaml"))
    return sorted(set(found) - definition_files().keys())


def _kustomization(names: list[str]) -> str:
    resources = "".join(f"  - {name}\n" for name in names)
    return f"{HEADER}apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n{resources}"
