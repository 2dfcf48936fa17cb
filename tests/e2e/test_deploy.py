"""`deploy/` on a real API server: it is taken as it is, and grants what the operator needs and nothing more."""

import pytest
from tests.deploy.manifests import DEPLOY, NAMESPACE, WATCHED, one
from tests.e2e.api import Api
from tests.e2e.kubectl import Kubectl

from securebucket.kube.client import Right
from securebucket.kube.rights import rights_needed

ACCOUNT = f"system:serviceaccount:{NAMESPACE}:securebucket-operator"
LEASE = "securebucket-operator"


@pytest.fixture(scope="module")
def base(kubectl: Kubectl) -> None:
    """The operator for the whole cluster, but for the pods, which nobody starts here."""
    applied = kubectl("apply", "--server-side", "-k", str(DEPLOY / "base"))
    assert applied.returncode == 0, applied.stderr


def allowed(api: Api, right: Right) -> bool:
    """Ask the API server whether the operator's account has a right."""
    resource, _, subresource = right.resource.partition("/")
    attributes = {"verb": right.verb, "group": right.group, "resource": resource, "subresource": subresource}
    where = {"namespace": right.namespace, "name": right.name}
    review = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SubjectAccessReview",
        "spec": {"user": ACCOUNT, "resourceAttributes": attributes | where},
    }
    path = "/apis/authorization.k8s.io/v1/subjectaccessreviews"
    return bool(api.do("POST", path, review)["status"]["allowed"])


NEEDED = rights_needed((), lease_namespace=NAMESPACE, lease_name=LEASE, cluster_id_given=False)


@pytest.mark.parametrize("right", NEEDED, ids=str)
def test_grants(base: None, api: Api, right: Right) -> None:
    assert allowed(api, right)


@pytest.mark.parametrize(
    "right",
    [
        Right("update", "securebucket.io", "securebuckets"),
        Right("delete", "securebucket.io", "securebuckets"),
        Right("create", "securebucket.io", "securebuckets"),
        Right("patch", "securebucket.io", "bucketprofiles"),
        Right("create", "securebucket.io", "bucketexceptions"),
        Right("patch", "securebucket.io", "bucketexceptions"),
        Right("delete", "securebucket.io", "bucketexceptions"),
        Right("get", "", "secrets"),
        Right("list", "", "secrets", NAMESPACE),
        Right("get", "", "configmaps", NAMESPACE),
        Right("list", "", "namespaces"),
        Right("get", "", "namespaces", name="default"),
        Right("get", "coordination.k8s.io", "leases", NAMESPACE, "another"),
        Right("update", "coordination.k8s.io", "leases", "default", LEASE),
        Right("delete", "coordination.k8s.io", "leases", NAMESPACE, LEASE),
        Right("list", "events.k8s.io", "events"),
        Right("patch", "apiextensions.k8s.io", "customresourcedefinitions"),
        Right("create", "", "pods", NAMESPACE),
    ],
    ids=str,
)
def test_grants_nothing_more(base: None, api: Api, right: Right) -> None:
    assert not allowed(api, right)


def test_its_pods_are_let_into_a_restricted_namespace(base: None, api: Api) -> None:
    template = one(DEPLOY / "base" / "deployment.yaml", "Deployment")["spec"]["template"]
    metadata = template["metadata"] | {"name": "tried"}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
    path = f"/api/v1/namespaces/{NAMESPACE}/pods?dryRun=All&fieldValidation=Strict"
    assert api.ask("POST", path, pod).status == 201
    rooted = pod | {"spec": template["spec"] | {"securityContext": {"runAsNonRoot": False}}}
    assert "violates PodSecurity" in api.ask("POST", path, rooted).body["message"]


def test_the_overlay_is_taken_too(base: None, api: Api, kubectl: Kubectl) -> None:
    api.ask("POST", "/api/v1/namespaces", {"metadata": {"name": WATCHED}})
    applied = kubectl("apply", "--server-side", "--dry-run=server", "-k", str(DEPLOY / "namespaced"))
    assert applied.returncode == 0, applied.stderr
