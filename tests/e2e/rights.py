"""What RBAC grants to somebody, as the API server stores it, and whether a request was within it."""

import json
from collections.abc import Iterable

from tests.e2e.api import Api, Body
from tests.e2e.audit import Request
from tests.e2e.kubectl import Kubectl

from securebucket.kube.client import Right

RBAC = "/apis/rbac.authorization.k8s.io/v1"
DISCOVERY = (
    "/api",
    "/apis",
    "/healthz",
    "/livez",
    "/openapi",
    "/openid/v1/jwks",
    "/readyz",
    "/version",
    "/.well-known/",
)
"""Paths that everybody may get who has a name."""
EVERYBODY = frozenset(
    {
        Right("create", "authorization.k8s.io", "selfsubjectaccessreviews"),
        Right("create", "authorization.k8s.io", "selfsubjectrulesreviews"),
        Right("create", "authentication.k8s.io", "selfsubjectreviews"),
    }
)
"""What the role system:basic-user gives: to ask who one is, and what one may do.

https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings
"""


def covers(right: Right, request: Request) -> bool:
    """Tell whether a request needed a right, or could have used it."""
    return (
        (right.verb, right.resource, right.group) == (request.verb, request.resource, request.group)
        and right.namespace in {"", request.namespace}
        and right.name in {"", request.name}
    )


def granted_to(api: Api, account: str) -> frozenset[Right]:
    """Collect everything that is granted to a service account, named `namespace:name`.

    https://kubernetes.io/docs/reference/access-authn-authz/rbac/
    """
    namespace, _, name = account.partition(":")
    rights: set[Right] = set()
    for kind in ("clusterrolebindings", "rolebindings"):
        for binding in api.do("GET", f"{RBAC}/{kind}")["items"]:
            subject = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
            if subject in binding.get("subjects", ()):
                where = binding["metadata"].get("namespace", "")
                rights.update(_rights(_rules(api, binding["roleRef"], where), where))
    return frozenset(rights)


def rights_by_review(kubectl: Kubectl, user: str, namespace: str) -> frozenset[Right]:
    """Ask the API server for all that a service account may do in a namespace; beyond that it may only discover.

    https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-rules-review-v1/
    """
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectRulesReview",
        "spec": {"namespace": namespace},
    }
    answer = kubectl("create", "-f", "-", "-o", "json", "--validate=false", f"--as={user}", stdin=json.dumps(review))
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)["status"]
    assert found["incomplete"] is False
    for rule in found["nonResourceRules"]:
        assert rule["verbs"] == ["get"]
        assert [path for path in rule["nonResourceURLs"] if not path.startswith(DISCOVERY)] == []
    return frozenset(_rights(found["resourceRules"], ""))


def _rules(api: Api, role: Body, namespace: str) -> list[Body]:
    place = f"namespaces/{namespace}/roles" if role["kind"] == "Role" else "clusterroles"
    rules: list[Body] = api.do("GET", f"{RBAC}/{place}/{role['name']}")["rules"]
    return rules


def _rights(rules: Iterable[Body], namespace: str) -> Iterable[Right]:
    for rule in rules:
        for group in rule["apiGroups"]:
            for resource in rule["resources"]:
                for verb in rule["verbs"]:
                    for name in rule.get("resourceNames", ("",)):
                        yield Right(verb, group, resource, namespace, name)
