"""`deploy/` on a real API server: it is taken as it is, and grants what the operator needs and nothing more."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.deploy.manifests import DEPLOY, NAMESPACE, WATCHED, documents, one
from tests.e2e.api import Api
from tests.e2e.conftest import CRDS
from tests.e2e.gitops_definitions import ARGO_CD, FLUX, install_definitions
from tests.e2e.installations import apply, overlay
from tests.e2e.kubectl import Kubectl
from tests.e2e.monitoring_definitions import SPECS, definition
from tests.e2e.polling import until
from tests.e2e.release_cluster import Cluster, new_cluster

from securebucket.kube.client import Right
from securebucket.kube.rights import Installation, rights_needed
from securebucket_dev.s3.localstack import LocalStack

ACCOUNT = f"system:serviceaccount:{NAMESPACE}:securebucket-operator"
LEASE = "securebucket-operator"


@pytest.fixture(scope="module")
def base(kubectl: Kubectl) -> None:
    """The operator for the whole cluster, but for the pods, which nobody starts here."""
    applied = kubectl("apply", "--server-side", "-k", str(DEPLOY / "cluster"))
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


NEEDED = rights_needed(Installation((), lease_namespace=NAMESPACE, lease_name=LEASE))


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


KUSTOMIZATIONS = sorted(path.parent for path in (*DEPLOY.rglob("kustomization.yaml"), CRDS / "kustomization.yaml"))
"""Found and not listed, so that a new folder is never forgotten."""
BASES = {"argocd/customizations": "argocd/settings"}
"""What a component is for, where that is not the operator."""
GITOPS = ("argocd", "flux-system")
"""Where Argo CD and Flux are at home."""


@pytest.fixture(scope="module")
def cluster(localstack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of its own with what our folders refer to: a namespace of a team, and kinds of others."""
    with new_cluster(localstack, tmp_path_factory.mktemp("deploy")) as running:
        running.api.do("POST", "/api/v1/namespaces", {"metadata": {"name": WATCHED}})
        foreign = yaml.safe_dump_all(definition(kind) for kind in SPECS)
        assert running.kubectl("apply", "--server-side", "-f", "-", stdin=foreign).returncode == 0
        names = [f"crd/{kind.lower()}s.monitoring.coreos.com" for kind in SPECS]
        until(lambda: running.kubectl("wait", "--for=condition=Established", "--timeout=30s", *names).returncode == 0)
        install_definitions(running.kubectl, ARGO_CD | FLUX)
        for namespace in GITOPS:
            running.api.do("POST", "/api/v1/namespaces", {"metadata": {"name": namespace}})
        apply(running, "-k", str(DEPLOY / "cluster"))
        yield running


@pytest.mark.parametrize("folder", KUSTOMIZATIONS, ids=lambda folder: str(folder.relative_to(DEPLOY.parent)))
def test_every_folder_is_taken(cluster: Cluster, folder: Path, tmp_path: Path) -> None:
    """A component through an overlay; an unknown field is an error."""
    kind = documents(folder / "kustomization.yaml")[0]["kind"]
    name = folder.relative_to(DEPLOY.parent).as_posix().removeprefix("deploy/")
    chosen = folder if kind == "Kustomization" else overlay(tmp_path, name, base=BASES.get(name, "cluster"))
    built = cluster.kubectl("kustomize", str(chosen))
    assert built.returncode == 0, built.stderr
    applied = cluster.kubectl("apply", "--server-side", "--validate=strict", "-f", "-", stdin=built.stdout)
    assert applied.returncode == 0, applied.stderr
    assert len(applied.stdout.splitlines()) == built.stdout.count("\nkind: ") > 0


def test_one_file_holds_what_kustomize_makes_of_the_overlay_for_the_whole_cluster(kubectl: Kubectl) -> None:
    made = yaml.safe_load_all(kubectl("kustomize", str(DEPLOY / "cluster")).stdout)
    held = yaml.safe_load_all((DEPLOY / "install.yaml").read_text())
    assert {(each["kind"], each["metadata"]["name"]): each for each in made} == {
        (each["kind"], each["metadata"]["name"]): each for each in held
    }
