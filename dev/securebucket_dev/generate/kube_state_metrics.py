"""Values for the Helm chart of kube-state-metrics, made of the files that kustomize takes.

https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-state-metrics
"""

from pathlib import Path
from typing import Any

import yaml

HEAD = """\
# Made by `make generate` from securebucket.yaml and rbac.yaml: values of the chart kube-state-metrics.
# In kube-prometheus-stack they stand under the key kube-state-metrics.
"""


def values_file(folder: Path) -> str:
    """Write the values.

    Args:
        folder: with securebucket.yaml and rbac.yaml.
    """
    configuration = yaml.safe_load((folder / "securebucket.yaml").read_text(encoding="utf-8"))
    role = next(yaml.safe_load_all((folder / "rbac.yaml").read_text(encoding="utf-8")))
    values: dict[str, Any] = {
        "rbac": {"extraRules": role["rules"]},
        "customResourceState": {"enabled": True, "config": configuration},
    }
    return HEAD + yaml.safe_dump(values, sort_keys=False, width=120)
