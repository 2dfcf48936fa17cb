"""The CRDs of both kinds of reports, as far as they constrain what we write: the schema refuses what is not in it.

https://github.com/openreports/reports-api, https://github.com/kubernetes-sigs/wg-policy-prototypes
"""

from typing import Any

TEXT = {"type": "string"}
NUMBER = {"type": "integer"}
WORDS = ["pass", "fail", "warn", "error", "skip"]


def thing(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields}


REFERENCE = thing(apiVersion=TEXT, kind=TEXT, name=TEXT, namespace=TEXT, uid=TEXT)
RESULT = {
    **thing(
        source=TEXT,
        policy=TEXT,
        rule=TEXT,
        category=TEXT,
        severity={"type": "string", "enum": ["critical", "high", "low", "medium", "info"]},
        result={"type": "string", "enum": WORDS},
        scored={"type": "boolean"},
        timestamp={**thing(seconds=NUMBER, nanos=NUMBER), "required": ["nanos", "seconds"]},
        message=TEXT,
        resources={"type": "array", "items": REFERENCE},
        properties={"type": "object", "additionalProperties": TEXT},
    ),
    "required": ["policy"],
}
SHARED = {
    "summary": thing(**dict.fromkeys(WORDS, NUMBER)),
    "results": {"type": "array", "items": RESULT},
    "scope": REFERENCE,
}
LIMITS = thing(maxResults=NUMBER, statusFilter={"type": "array", "items": {"type": "string", "enum": WORDS}})


def definition(group: str, version: str, kind: str, plural: str, **more: Any) -> dict[str, Any]:
    """Give a CRD."""
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": kind, "listKind": f"{kind}List", "plural": plural, "singular": kind.lower()},
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": True,
                    "schema": {
                        "openAPIV3Schema": thing(
                            apiVersion=TEXT, kind=TEXT, metadata={"type": "object"}, **SHARED, **more
                        )
                    },
                }
            ],
        },
    }


REPORT = definition(
    "openreports.io",
    "v1alpha1",
    "Report",
    "reports",
    source=TEXT,
    configuration={**thing(limits=LIMITS), "required": ["limits"]},
)
POLICY_REPORT = definition("wgpolicyk8s.io", "v1alpha2", "PolicyReport", "policyreports")
