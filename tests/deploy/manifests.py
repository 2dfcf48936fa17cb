"""What `deploy/` and the chart hold, as data. The chart's rules are files without a template in them for that."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from securebucket.kube.client import Right

Document = dict[str, Any]

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CHART = ROOT / "charts" / "securebucket"
RULES = CHART / "files" / "rbac"
NAMESPACE = "securebucket-system"
WATCHED = "payments"


def documents(path: Path) -> list[Document]:
    """Read every document of a file."""
    return [each for each in yaml.safe_load_all(path.read_text()) if each]


def one(path: Path, kind: str, name: str = "") -> Document:
    """Read the only document of a kind, and name if given."""
    (found,) = (each for each in documents(path) if each["kind"] == kind and name in {"", each["metadata"]["name"]})
    return found


def chart_rules(*names: str) -> list[Document]:
    """Read rules of the chart, by the names of their files."""
    return [rule for name in names for rule in yaml.safe_load((RULES / f"{name}.yaml").read_text())]


def rights(rules: Iterable[Document], namespace: str = "") -> Iterator[Right]:
    """Say what rules mean: one right for each verb on each resource."""
    for rule in rules:
        for verb in rule["verbs"]:
            for group in rule["apiGroups"]:
                for resource in rule["resources"]:
                    for name in rule.get("resourceNames", [""]):
                        yield Right(verb, group, resource, namespace, name)
