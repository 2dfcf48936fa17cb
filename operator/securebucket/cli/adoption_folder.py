"""The folder that `securebucket adopt` writes: a folder per namespace, a file per bucket, and what kustomize reads."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from securebucket.cli.adoption_text import yaml_of
from securebucket.cli.output import CommandError
from securebucket.cli.yaml_documents import SUFFIXES, StrictLoader
from securebucket.cli.yaml_text import yaml_text
from securebucket.scan.adoption import Draft

LIST = "kustomization.yaml"
HEAD: dict[str, Any] = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}


def folders_of(root: Path) -> list[Path]:
    """Return the folder and those in it, at every depth, that hold YAML files."""
    if not root.is_dir():
        return []
    return sorted({each.parent for each in root.rglob("*") if each.suffix in SUFFIXES and each.name != LIST})


def write_folder(root: Path, drafts: Iterable[Draft]) -> None:
    """Write each draft into a file of its own, and name them where kustomize looks. A file that is there stays.

    Raises:
        CommandError: a file is there that holds something else, or cannot be written.
    """
    folders: dict[str, list[str]] = {}
    try:
        for each in drafts:
            file = root / each.key.namespace / f"{each.key.name}.yaml"
            file.parent.mkdir(parents=True, exist_ok=True)
            _write_new(file, yaml_of(each))
            folders.setdefault(each.key.namespace, []).append(file.name)
        for namespace, names in sorted(folders.items()):
            _name(root / namespace / LIST, names)
        if folders:
            _name(root / LIST, sorted(folders))
    except OSError as error:
        raise CommandError(f"{error.filename}: cannot be written: {error.strerror}.") from error


def _write_new(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="ascii") as opened:
            opened.write(text)
    except FileExistsError as error:
        raise CommandError(f"{file}: exists and declares another bucket; move it, or choose another folder.") from error


def _name(file: Path, names: list[str]) -> None:
    """Add names to what kustomize reads, and keep the rest of it."""
    content: Any = HEAD
    if file.exists():
        try:
            content = yaml.load(file.read_text("utf-8"), StrictLoader)  # noqa: S506 - it is a safe one
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise CommandError(f"{file}: is not YAML; fix it and run this again.") from error
    if not isinstance(content, dict) or not isinstance(content.get("resources", []), list):
        raise CommandError(f"{file}: is not a Kustomization with a list of resources; fix it and run this again.")
    resources = content.get("resources", [])
    missing = [name for name in names if name not in resources]
    if missing:
        document = {**content, "resources": sorted([*resources, *missing])}
        file.write_text(yaml_text(document), encoding="utf-8")
