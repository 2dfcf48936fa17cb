"""`securebucket doctor` on the cluster: everything that is not well has its reason and its remedy."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.cli.cluster import SmallCluster, write_kubeconfig
from tests.cli.program import Run

from securebucket_dev.s3.recorder import Recorder

Findings = list[tuple[str, str, str]]


@pytest.fixture
def doctor(s3: Recorder, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
    """Runs the doctor on a cluster, or with a kubeconfig; gives what it found about Kubernetes."""

    def examine(cluster: SmallCluster | str, *arguments: str) -> tuple[int, Findings]:
        path = cluster if isinstance(cluster, str) else cluster.write_kubeconfig(tmp_path / "kubeconfig")
        monkeypatch.setenv("KUBECONFIG", path)
        ran = run("doctor", *arguments, "-o", "json")
        assert ran.err == ""
        findings = [(each["subject"], each["health"], each["message"]) for each in ran.json()]
        return ran.code, [each for each in findings if not _of_aws(each[0])]

    return examine


def _of_aws(subject: str) -> bool:
    return subject in {"region", "endpoint", "clock", "credentials"} or subject.startswith("account ")


def only_in(namespace: str) -> object:
    """Grant what an operator of one namespace has: nothing of buckets elsewhere, profiles by name only."""

    def allows(attributes: Mapping[str, str]) -> bool:
        if attributes["resource"] == "bucketprofiles":
            return attributes["verb"] == "get"
        return "namespace" in attributes or attributes["resource"] == "namespaces"

    del namespace
    return allows


def test_all_is_well(doctor) -> None:
    with SmallCluster(holder="pod-1") as cluster:
        code, findings = doctor(cluster)
    assert code == 0
    assert [each[:2] for each in findings] == [("CRDs", "ok"), ("rights", "ok"), ("leader", "ok")]
    assert "in the whole cluster" in findings[1][2]
    assert findings[2][2] == "pod-1 holds Lease securebucket-system/securebucket-operator"


def test_definitions_that_are_not_installed(doctor) -> None:
    with SmallCluster(kinds=("bucketprofiles",), holder="pod-1") as cluster:
        code, findings = doctor(cluster)
    assert code == 1
    assert findings[0] == (
        "CRDs",
        "failed",
        "not installed: bucketexceptions, securebuckets. Run: securebucket crd | kubectl apply --server-side -f -",
    )


def test_exceptions_may_come_later(doctor) -> None:
    """After an upgrade that left the CRDs as they were, the operator works without them."""
    with SmallCluster(kinds=("bucketprofiles", "securebuckets"), holder="pod-1") as cluster:
        code, findings = doctor(cluster)
    assert (code, findings[0][1]) == (0, "warning")
    assert findings[0][2].startswith("not installed: bucketexceptions. Run: securebucket crd")
    assert findings[0][2].endswith("Until then no exception is in force.")


def test_a_cluster_that_has_heard_of_nothing(doctor) -> None:
    with SmallCluster(kinds=()) as cluster:
        _, findings = doctor(cluster)
    assert "not installed: bucketexceptions, bucketprofiles, securebuckets" in findings[0][2]


def test_a_right_that_is_missing_is_named(doctor) -> None:
    with SmallCluster(lambda asked: asked["verb"] != "patch", holder="pod-1") as cluster:
        code, findings = doctor(cluster)
    assert code == 1
    refused = [message for subject, health, message in findings if (subject, health) == ("right", "failed")]
    assert refused[0].startswith("may not patch securebuckets/status.securebucket.io. Apply the RBAC of the chart")
    assert len(refused) == 3


def without_finalizers(attributes: Mapping[str, str]) -> bool:
    """Grant what the chart does with `rbac.finalizers: false`."""
    asked = (attributes["verb"], attributes["resource"], attributes.get("subresource", ""))
    return asked != ("patch", "securebuckets", "")


def test_an_operator_that_may_set_no_finalizer_works(doctor) -> None:
    with SmallCluster(without_finalizers, holder="pod-1") as cluster:
        code, findings = doctor(cluster)
    assert (code, findings[1][:2]) == (0, ("right", "warning"))
    assert findings[1][2].startswith(
        "may not patch securebuckets.securebucket.io: only objects with deletionPolicy Delete"
    )


def test_an_operator_that_only_observes_needs_no_finalizer(doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECUREBUCKET_OBSERVE_ONLY", "true")
    with SmallCluster(without_finalizers, holder="pod-1") as cluster:
        code, findings = doctor(cluster)
    assert (code, findings[1][:2]) == (0, ("rights", "ok"))


def test_an_operator_of_one_namespace_needs_no_more(doctor) -> None:
    with SmallCluster(only_in("payments"), holder="pod-1") as cluster:
        code, findings = doctor(cluster, "--namespace", "payments")
        assert (code, findings[1][1]) == (0, "ok")
        assert "in namespaces payments" in findings[1][2]
        assert {each.get("namespace") for each in cluster.reviewed if each["resource"] == "securebuckets"} == {
            "payments"
        }


def test_the_operators_own_variables_are_read(doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in its pod: `kubectl exec deployment/securebucket-operator -- securebucket doctor`."""
    monkeypatch.setenv("SECUREBUCKET_NAMESPACES", "payments orders")
    monkeypatch.setenv("SECUREBUCKET_LEASE_NAME", "blue")
    monkeypatch.setenv("SECUREBUCKET_CLUSTER_ID", "prod-1")
    monkeypatch.setenv("POD_NAMESPACE", "ops")
    with SmallCluster(only_in("payments"), holder="pod-1") as cluster:
        code, findings = doctor(cluster)
        assert code == 0
        assert "in namespaces payments, orders" in findings[1][2]
        assert findings[2][2] == "pod-1 holds Lease ops/blue"
        assert not [each for each in cluster.reviewed if each["resource"] == "namespaces"]


def test_a_namespaced_install_without_the_option_is_told_of_it(doctor) -> None:
    with SmallCluster(only_in("payments"), holder="pod-1") as cluster:
        code, findings = doctor(cluster)
    assert code == 1
    assert "name them with --namespace" in findings[1][2]


def test_a_name_that_is_no_namespace(run: Run) -> None:
    ran = run("doctor", "--namespace", "payments,orders")
    assert ran.code == 1
    (line,) = ran.errors
    assert "Repeat the option for each one" in line


def test_nobody_leads(doctor) -> None:
    with SmallCluster() as cluster:
        code, findings = doctor(cluster, "--lease-namespace", "ops")
    assert code == 0
    subject, health, message = findings[-1]
    assert (subject, health) == ("leader", "warning")
    assert message.startswith("nobody holds Lease ops/securebucket-operator. Start the operator")


def test_a_cluster_that_is_down(doctor, tmp_path: Path) -> None:
    code, findings = doctor(write_kubeconfig(tmp_path / "down", "http://127.0.0.1:9"))
    assert code == 1
    ((subject, _, message),) = findings
    assert subject == "kubernetes"
    assert message.startswith("http://127.0.0.1:9: no answer")
    assert "Start the cluster, or set KUBECONFIG" in message


def test_credentials_that_the_cluster_does_not_accept(doctor) -> None:
    with SmallCluster(status=401) as cluster:
        code, findings = doctor(cluster)
    assert code == 1
    assert "Sign in again" in findings[0][2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "there is no such file"),
        ("a: [", "it is not a kubeconfig"),
        ("- 1", "it is not a kubeconfig"),
        ("", ""),
        ("apiVersion: v1\nkind: Config\n", "Expected key current-context in "),
    ],
)
def test_a_kubeconfig_that_is_none(text: str | None, reason: str, doctor, tmp_path: Path) -> None:
    path = tmp_path / "broken"
    if text is not None:
        path.write_text(text)
    code, ((subject, health, message),) = doctor(str(path))
    assert (code, subject, health) == (1, "kubernetes", "failed")
    assert message.startswith(f"cannot connect to the Kubernetes API: kubeconfig {path}: {reason}")
    assert ".." not in message
    assert "Set KUBECONFIG to a working kubeconfig" in message
    assert message.endswith("Without a cluster, add --no-kubernetes.")


def test_the_queue_of_a_running_operator(doctor, run: Run) -> None:
    with SmallCluster(holder="pod-1") as cluster:
        code, findings = doctor(cluster, "--operator-url", "http://127.0.0.1:9/metrics")
    assert code == 1
    assert findings[-1][2].startswith("http://127.0.0.1:9/metrics does not answer (")
    assert "port-forward" in findings[-1][2]
    ran = run("doctor", "--no-kubernetes", "--operator-url", "localhost:8080")
    assert ran.code == 1
    assert "localhost:8080 is not a URL; write e.g. http://127.0.0.1:8080/metrics" in ran.out
