"""The Prometheus Operator's CRDs, as far as they constrain what we write: the schema refuses what is not in it.

https://prometheus-operator.dev/docs/api-reference/api/
"""

from typing import Any

TEXT = {"type": "string"}
TEXTS = {"type": "object", "additionalProperties": TEXT}


def thing(**fields: Any) -> dict[str, Any]:
    """Write the schema of an object."""
    return {"type": "object", "properties": fields}


def many(item: dict[str, Any]) -> dict[str, Any]:
    """Write the schema of a list."""
    return {"type": "array", "items": item}


SELECTOR = thing(matchLabels=TEXTS)
ENDPOINTS = many(thing(port=TEXT, honorLabels={"type": "boolean"}, interval=TEXT))
RULE = thing(alert=TEXT, record=TEXT, expr=TEXT, keep_firing_for=TEXT, labels=TEXTS, annotations=TEXTS, **{"for": TEXT})
SPECS = {
    "ServiceMonitor": thing(selector=SELECTOR, endpoints=ENDPOINTS),
    "PodMonitor": thing(selector=SELECTOR, podMetricsEndpoints=ENDPOINTS),
    "PrometheusRule": thing(groups=many(thing(name=TEXT, interval=TEXT, rules=many(RULE)))),
}


def definition(kind: str) -> dict[str, Any]:
    """Write the CRD of a kind."""
    plural = f"{kind.lower()}s"
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": thing(spec=SPECS[kind])},
    }
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.monitoring.coreos.com"},
        "spec": {
            "group": "monitoring.coreos.com",
            "scope": "Namespaced",
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()},
            "versions": [version],
        },
    }
