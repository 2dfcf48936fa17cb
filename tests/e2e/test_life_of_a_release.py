"""From an empty namespace to nothing left: install, upgrade and uninstall by real Helm, with the rights in force.

The tests tell one story, in order.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from tests.e2e.api import MERGE, Body
from tests.e2e.audit import Audit
from tests.e2e.helm import CHART, Document
from tests.e2e.polling import until
from tests.e2e.release_cluster import ACCOUNT, DEPLOYMENT, NAME, NAMESPACE, RELEASE, Cluster, new_cluster
from tests.e2e.team import Team

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.s3.localstack import LocalStack

READY_SECONDS = 60.0
KINDS = ("deployments.apps", "serviceaccounts", "roles", "rolebindings", "services", "networkpolicies", "pdb")


@pytest.fixture(scope="module")
def cluster(localstack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with new_cluster(localstack, tmp_path_factory.mktemp("release")) as running:
        yield running


def values(cluster: Cluster, **more: Document) -> Document:
    return {
        "aws": {"endpointUrl": cluster.endpoint, "region": "us-east-1"},
        "profiles": {"billing": {"namespaces": ["billing"], "defaults": {"tags": {"tagSet": {"from": "install"}}}}},
        **more,
    }


@dataclass(frozen=True, slots=True)
class Installed:
    """An installed release with one bucket.

    Args:
        team: whose bucket it is.
        seconds: from the call of Helm to Ready.
        notes: what Helm printed.
    """

    team: Team
    seconds: float
    notes: str


@pytest.fixture(scope="module")
def installed(cluster: Cluster) -> Iterator[tuple[Installed, OperatorProcess]]:
    """Install and wait, as a pipeline would; what the pods of the Deployment are, the test tells in their place."""
    began = time.monotonic()
    command = (
        "install",
        RELEASE,
        str(CHART),
        "--namespace",
        NAMESPACE,
        "--create-namespace",
        "--wait",
        "--timeout=60s",
    )
    with ThreadPoolExecutor(1) as pool:
        notes = pool.submit(cluster.helm.do, *command, values=values(cluster))
        until(lambda: notes.done() or cluster.exists(DEPLOYMENT))
        with cluster.run() as operator:
            cluster.report_ready_pods()
            printed = notes.result(90)
            team = Team(cluster.api, cluster.kubectl, cluster.endpoint, namespace="billing")
            team.apply_ready(profile="billing")
            yield Installed(team, time.monotonic() - began, printed), operator


@pytest.fixture(scope="module")
def story(cluster: Cluster, installed: tuple[Installed, OperatorProcess]) -> Installed:
    return installed[0]


def test_a_bucket_is_ready_within_a_minute_of_the_install(
    story: Installed, record_property: Callable[[str, object], None]
) -> None:
    record_property("helm install to Ready", f"{story.seconds:.1f} s (at most {READY_SECONDS:g} s)")
    assert story.team.bucket_tags()["from"] == "install"
    assert story.seconds < READY_SECONDS


def test_the_notes_tell_the_next_command(story: Installed) -> None:
    assert f"kubectl -n {NAMESPACE} rollout status deployment/{NAME}" in story.notes
    assert "aws eks create-pod-identity-association" in story.notes


def test_a_chart_for_the_whole_cluster_is_granted_what_it_asks_for(cluster: Cluster, story: Installed) -> None:
    asked = Audit(cluster.folder / "audit.log").since(0, lambda each: each.user == ACCOUNT)
    assert {"watch", "patch"} <= {each.verb for each in asked}
    assert [each for each in asked if each.status in {401, 403}] == []
    assert {each.namespace for each in asked if each.resource == "leases"} == {NAMESPACE}


def test_helm_test_finds_nothing_missing(cluster: Cluster, story: Installed) -> None:
    """What the chart's test pod would run, as whoever it would be."""
    code, said = cluster.helm_test()
    assert code == 0, said


@pytest.fixture(scope="module")
def from_before(cluster: Cluster, story: Installed) -> Team:
    """An object that the rules at admission will not like, made before them."""
    team = Team(cluster.api, cluster.kubectl, cluster.endpoint, namespace="prod-us")
    team.apply_ready(deletionPolicy="Delete", bucketName="of-before-the-rules")
    return team


@pytest.fixture(scope="module")
def upgraded(cluster: Cluster, story: Installed, from_before: Team) -> str:
    """The same release with another profile, other settings and the rules at admission."""
    profile = {"namespaces": ["billing"], "defaults": {"tags": {"tagSet": {"from": "upgrade"}}}}
    changed = values(
        cluster,
        profiles={"billing": profile},
        operator={"interval": "30m"},
        admissionPolicy={"enabled": True, "protectedNamespaces": ["prod-*"], "bucketNameStartsWithNamespace": True},
    )
    return cluster.helm.do("upgrade", RELEASE, str(CHART), "--namespace", NAMESPACE, values=changed)


def test_an_upgrade_reaches_the_pods_and_the_buckets(cluster: Cluster, story: Installed, upgraded: str) -> None:
    (container,) = cluster.deployment()["spec"]["template"]["spec"]["containers"]
    assert {"name": "SECUREBUCKET_INTERVAL", "value": "30m"} in container["env"]
    until(lambda: story.team.bucket_tags()["from"] == "upgrade")


def test_an_upgrade_takes_the_profile_into_the_release(cluster: Cluster, upgraded: str) -> None:
    manifest = cluster.helm.do("get", "manifest", RELEASE, "--namespace", NAMESPACE)
    assert "kind: BucketProfile" in manifest


@pytest.mark.parametrize(
    ("namespace", "spec", "said"),
    [
        ("orders", {"profile": "billing"}, "BucketProfile billing is not for namespace orders"),
        ("prod-eu", {"deletionPolicy": "Delete"}, "namespace prod-eu is protected"),
        ("orders", {"bucketName": "billing-stolen"}, "bucketName must begin with the namespace"),
    ],
    ids=["profile", "protected", "name"],
)
def test_admission_refuses(cluster: Cluster, upgraded: str, namespace: str, spec: Body, said: str) -> None:
    team = Team(cluster.api, cluster.kubectl, cluster.endpoint, namespace=namespace)
    path = team.path().rsplit("/", 1)[0]
    answer = until(lambda: _refusal(cluster, f"{path}?dryRun=All", team.document(**spec)))
    assert said in answer


def _refusal(cluster: Cluster, path: str, document: Body) -> str:
    """What the API server says against an object; a policy counts some moments after it was made."""
    answer = cluster.api.ask("POST", path, document)
    return "" if answer.status < 300 or "not yet synced" in str(answer.body) else str(answer.body["message"])


def test_admission_lets_the_rest_through(story: Installed, upgraded: str) -> None:
    story.team.apply_ready("reports", profile="billing", deletionPolicy="Delete")
    assert story.team.read("reports")["metadata"]["finalizers"]


def test_an_object_from_before_the_rules_can_be_changed_and_deleted(from_before: Team, upgraded: str) -> None:
    """The operator's finalizer comes off it, with the rules in force."""
    refusal = until(lambda: _refused_change(from_before))
    assert "namespace prod-us is protected" in refusal
    from_before.check_now()
    from_before.delete()
    from_before.until_gone()


def _refused_change(team: Team) -> str:
    """What the API server says against another spec that still breaks a rule."""
    change = {"spec": {"interval": "45m"}}
    answer = team.api.ask("PATCH", f"{team.path()}?dryRun=All", change, MERGE)
    return "" if answer.status < 300 else str(answer.body["message"])


@pytest.fixture(scope="module")
def uninstalled(
    cluster: Cluster, story: Installed, upgraded: str, installed: tuple[Installed, OperatorProcess]
) -> Team:
    """Uninstalled as the notes say: objects with deletionPolicy Delete are set to Retain while the operator runs."""
    team = story.team
    team.apply_ready("reports", profile="billing", deletionPolicy="Delete")
    team.patch({"spec": {"deletionPolicy": "Retain"}}, "reports")
    team.until(lambda body: not body["metadata"].get("finalizers"), "reports")
    installed[1].process.stop(30)
    cluster.helm.do("uninstall", RELEASE, "--namespace", NAMESPACE)
    return team


def test_an_uninstall_takes_everything_of_the_operator_away(cluster: Cluster, uninstalled: Team) -> None:
    left = cluster.kubectl("get", ",".join(KINDS), "-n", NAMESPACE, "-o", "name")
    assert left.stdout == ""
    wide = cluster.kubectl("get", "clusterroles,clusterrolebindings,validatingadmissionpolicies", "-o", "name")
    assert "securebucket" not in wide.stdout


def test_an_uninstall_leaves_objects_and_buckets(cluster: Cluster, uninstalled: Team) -> None:
    assert uninstalled.exists("invoices")
    assert uninstalled.exists("reports")
    assert cluster.exists("/apis/securebucket.io/v1alpha1/bucketprofiles/billing")
    assert uninstalled.buckets() == [uninstalled.bucket("invoices"), uninstalled.bucket("reports")]


def test_no_finalizer_blocks_what_is_left(uninstalled: Team) -> None:
    uninstalled.delete("reports")
    uninstalled.until_gone("reports")
    assert uninstalled.bucket("reports") in uninstalled.buckets()


def test_without_keep_the_objects_go_and_the_buckets_stay(cluster: Cluster, uninstalled: Team) -> None:
    cluster.helm.do(
        "install", RELEASE, str(CHART), "--namespace", NAMESPACE, values=values(cluster, crds={"keep": False})
    )
    assert uninstalled.exists("invoices")
    cluster.helm.do("uninstall", RELEASE, "--namespace", NAMESPACE)
    definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    for kind in ("securebuckets", "bucketprofiles", "bucketexceptions"):
        until(lambda kind=kind: not cluster.exists(f"{definitions}/{kind}.securebucket.io"))  # type: ignore[misc]
    assert uninstalled.bucket("invoices") in uninstalled.buckets()
