"""The chart by real Helm: what it renders is taken by a real API server, whatever the values are."""

from typing import Any

import pytest
import yaml
from tests.e2e.api import Api
from tests.e2e.conftest import DEPLOY
from tests.e2e.helm import CHART, Document, Helm, of_kind
from tests.e2e.kubectl import Kubectl
from tests.e2e.monitoring_definitions import SPECS, definition
from tests.e2e.polling import until

from securebucket_dev.kube.controlplane import ControlPlane

NAMESPACE = "chart-matrix"
WATCHED = ["chart-payments", "chart-orders"]
DIGEST = f"sha256:{'0' * 64}"
MATRIX: dict[str, dict[str, Any]] = {
    "default": {},
    "namespaces": {"namespaces": WATCHED},
    "observe-only": {"operator": {"observeOnly": True}},
    "observe-only-namespaces": {"operator": {"observeOnly": True}, "namespaces": WATCHED},
    "no-account-checks": {"accountChecks": {"enabled": False}},
    "accounts-by-the-hour": {"accountChecks": {"interval": "1h"}, "auditReport": {"address": ""}},
    "no-finalizers": {"rbac": {"finalizers": False}},
    "no-rbac": {"rbac": {"create": False, "aggregate": False, "admin": False}},
    "open-reports": {"reports": {"group": "openreports.io"}},
    "policy-reports": {"reports": {"group": "wgpolicyk8s.io"}, "namespaces": WATCHED},
    "monitoring": {
        "monitoring": {
            "serviceMonitor": {"enabled": True, "interval": "30s", "labels": {"release": "prometheus"}},
            "prometheusRule": {"enabled": True, "runbookBaseUrl": "https://docs.example.com/runbooks/"},
            "dashboard": {"enabled": True, "namespace": WATCHED[0], "annotations": {"grafana_folder": "Security"}},
        }
    },
    "pod-monitor": {
        "metrics": {"service": {"enabled": False}},
        "monitoring": {"podMonitor": {"enabled": True, "interval": "30s"}},
    },
    "profiles": {
        "profiles": {"payments": {"namespaces": WATCHED}, "all": {"namespaces": ["*"], "floor": {"versioning": True}}},
        "operator": {"defaultProfile": "all"},
    },
    "no-network-policy": {"networkPolicy": {"enabled": False}},
    "network-policy": {
        "networkPolicy": {
            "metricsFrom": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}],
            "extraIngress": [{"ports": [{"protocol": "TCP", "port": "health"}]}],
            "extraEgress": [{"ports": [{"protocol": "TCP", "port": 9000}]}],
        }
    },
    "admission-policy": {
        "admissionPolicy": {
            "enabled": True,
            "actions": ["Warn", "Audit"],
            "protectedNamespaces": ["prod-*", "payments"],
            "bucketNameStartsWithNamespace": True,
            "namespaceSelector": {"matchLabels": {"team": "yes"}},
        }
    },
    "existing-account": {"serviceAccount": {"create": False, "name": "ours"}},
    "irsa": {"serviceAccount": {"annotations": {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/a"}}},
    "digest": {"image": {"repository": "registry.example.com/securebucket", "digest": DIGEST}},
    "one-replica": {"replicas": 1},
    "scheduling": {
        "imagePullSecrets": [{"name": "registry"}],
        "priorityClassName": "system-cluster-critical",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": []}},
        "podLabels": {"team": "platform"},
        "podAnnotations": {"example.com/a": "b"},
    },
    "extras": {
        "extraArgs": ["--approve-rollout"],
        "extraEnv": [{"name": "AWS_CA_BUNDLE", "value": "/ca/ca.pem"}],
        "extraEnvFrom": [{"configMapRef": {"name": "proxy"}}],
        "extraVolumes": [{"name": "ca", "configMap": {"name": "ca"}}],
        "extraVolumeMounts": [{"name": "ca", "mountPath": "/ca", "readOnly": True}],
        "extraContainers": [
            {
                "name": "beside",
                "image": "beside:1",
                "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            }
        ],
        "extraManifests": [
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "{{ .Release.Name }}-more"}},
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: text}\n",
        ],
    },
}


@pytest.fixture(scope="module")
def helm(control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Helm:
    return Helm(control_plane, tmp_path_factory.mktemp("helm"))


@pytest.fixture(scope="module")
def place(definitions: None, api: Api, kubectl: Kubectl) -> None:
    """Namespaces that exist, one of them for restricted pods alone, and the kinds of the Prometheus Operator."""
    restricted = {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}
    api.ask("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE} | restricted})
    for name in WATCHED:
        api.ask("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    foreign = yaml.safe_dump_all(definition(kind) for kind in SPECS)
    assert kubectl("apply", "--server-side", "-f", "-", stdin=foreign).returncode == 0
    names = [f"crd/{kind.lower()}s.monitoring.coreos.com" for kind in SPECS]
    until(lambda: kubectl("wait", "--for=condition=Established", "--timeout=30s", *names).returncode == 0)


@pytest.mark.parametrize("name", MATRIX)
def test_the_linter_has_nothing_to_say(helm: Helm, name: str) -> None:
    done = helm("lint", "--strict", str(CHART), values=MATRIX[name])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", MATRIX)
def test_the_api_server_takes_every_document(place: None, helm: Helm, kubectl: Kubectl, name: str) -> None:
    """Server-side, with strict validation: an unknown field is an error."""
    documents = helm.render("securebucket", NAMESPACE, MATRIX[name])
    trial = ("apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict")
    done = kubectl(*trial, "-f", "-", stdin=yaml.safe_dump_all(documents))
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(documents)


@pytest.mark.parametrize("name", MATRIX)
def test_its_pods_are_let_into_a_restricted_namespace(place: None, helm: Helm, api: Api, name: str) -> None:
    documents = helm.render("securebucket", NAMESPACE, MATRIX[name])
    templates = [each["spec"]["template"] for each in of_kind(documents, "Deployment")]
    templates += of_kind(documents, "Pod")  # of helm test
    assert len(templates) == 2
    for each in templates:
        metadata = {"name": "a", "labels": each["metadata"]["labels"]}
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": each["spec"]}
        answer = api.ask("POST", f"/api/v1/namespaces/{NAMESPACE}/pods?dryRun=All&fieldValidation=Strict", pod)
        assert answer.status == 201, answer.body


@pytest.mark.parametrize(
    ("release", "begin"), [("securebucket", "securebucket"), ("legal", "legal-securebucket")], ids=["usual", "another"]
)
def test_the_roles_for_people_are_called_as_in_deploy(helm: Helm, release: str, begin: str) -> None:
    """What the documentation binds is there, whichever way the operator was installed."""
    people = yaml.safe_load_all((DEPLOY / "base" / "roles-for-people.yaml").read_text())
    wanted = {each["metadata"]["name"].replace("securebucket", begin, 1) for each in people}
    found = {each["metadata"]["name"] for each in of_kind(helm.render(release, NAMESPACE, {}), "ClusterRole")}
    assert found == wanted | {f"{begin}-operator"}


def spec_of(documents: list[Document], kind: str) -> Document:
    (found,) = of_kind(documents, kind)
    return dict(found["spec"])


def test_the_chart_and_deploy_run_the_same_pod(helm: Helm, kubectl: Kubectl) -> None:
    """But for the labels, and for what the chart says in words that are the operator's defaults anyway."""
    base = list(yaml.safe_load_all(kubectl("kustomize", str(DEPLOY / "cluster")).stdout))
    ours = spec_of(helm.render("securebucket", "securebucket-system", {}), "Deployment")["template"]["spec"]
    theirs = spec_of(base, "Deployment")["template"]["spec"]
    for pod in (ours, theirs):
        del pod["topologySpreadConstraints"][0]["labelSelector"]
        pod["containers"][0]["env"] = pod["containers"][0]["env"][:1]
        pod["containers"][0].pop("imagePullPolicy", None)
    assert ours == theirs


def test_the_chart_and_deploy_let_the_same_through_the_network(helm: Helm, kubectl: Kubectl) -> None:
    base = list(yaml.safe_load_all(kubectl("kustomize", str(DEPLOY / "cluster")).stdout))
    ours = spec_of(helm.render("securebucket", "securebucket-system", {}), "NetworkPolicy")
    assert ours | {"podSelector": {}} == spec_of(base, "NetworkPolicy") | {"podSelector": {}}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"replica": 3}, "replica"),
        ({"operator": {"intervall": "1h"}}, "intervall"),
        ({"monitoring": {"serviceMonitor": {"enabled": True}}, "metrics": {"service": {"enabled": False}}}, "needs"),
        ({"monitoring": {"serviceMonitor": {"enabled": True}, "podMonitor": {"enabled": True}}}, "twice"),
    ],
    ids=["typo", "typo-below", "monitor-without-service", "two-monitors"],
)
def test_helm_refuses(helm: Helm, values: Document, said: str) -> None:
    done = helm("template", "securebucket", str(CHART), values=values)
    assert done.returncode != 0
    assert said in done.stderr


def test_an_old_cluster_is_told_why(helm: Helm) -> None:
    values = {"admissionPolicy": {"enabled": True}}
    done = helm("template", "securebucket", str(CHART), "--kube-version", "1.29.0", values=values)
    assert "needs Kubernetes 1.30" in done.stderr
