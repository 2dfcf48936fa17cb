"""Questions about who may do what: there is no authorization here, so the answer is always yes.

https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access
"""

from typing import Any

USER = "system:admin"

REVIEWS: dict[tuple[str, str], dict[str, str]] = {
    ("authorization.k8s.io", "v1"): {
        "selfsubjectaccessreviews": "SelfSubjectAccessReview",
        "selfsubjectrulesreviews": "SelfSubjectRulesReview",
        "subjectaccessreviews": "SubjectAccessReview",
    },
    ("authentication.k8s.io", "v1"): {"selfsubjectreviews": "SelfSubjectReview"},
}
"""The kinds of question, by group and version and plural."""


def answer_review(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    """The question with its answer."""
    if kind == "SelfSubjectReview":
        status: dict[str, Any] = {"userInfo": {"username": USER, "groups": ["system:masters"]}}
    elif kind == "SelfSubjectRulesReview":
        everything = {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}
        urls = {"verbs": ["*"], "nonResourceURLs": ["*"]}
        status = {"resourceRules": [everything], "nonResourceRules": [urls], "incomplete": False}
    else:
        status = {"allowed": True, "reason": "there is no authorization on this server"}
    return {**body, "kind": kind, "metadata": {"creationTimestamp": None}, "status": status}
