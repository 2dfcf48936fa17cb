"""The operator's pods: hardened, probed, and started with settings that `securebucket run` knows."""

import re
import textwrap
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import typer
import yaml
from tests.deploy.manifests import CHART, DEPLOY, documents, one

from securebucket import __version__
from securebucket.cli.app import app
from securebucket.cli.run import address
from securebucket.process.settings import RunSettings

BASE = DEPLOY / "base"
DEPLOYMENT = one(BASE / "deployment.yaml", "Deployment")
POD = DEPLOYMENT["spec"]["template"]["spec"]
CONTAINER = POD["containers"][0]
TEMPLATE = (CHART / "templates" / "deployment.yaml").read_text()
SERVICE = (CHART / "templates" / "service.yaml").read_text()
VALUES = (CHART / "values.yaml").read_text()
QUEUE = "https://sqs.eu-west-1.amazonaws.com/111122223333/securebucket-events"
SCHEMA = yaml.safe_load((CHART / "values.schema.json").read_text())


RUN = typer.main.get_command(app).commands["run"]  # type: ignore[attr-defined] # a group has commands
DEFAULTS = {str(option.name): option.default for option in RUN.params}
"""Of the options of `securebucket run`: what the operator does where a pod says nothing else."""


def run_environment() -> set[str]:
    """Name the environment variables of `securebucket run`."""
    return {str(parameter.envvar) for parameter in RUN.params if parameter.envvar}


def test_the_pod_is_restricted() -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted."""
    assert POD["securityContext"]["runAsNonRoot"] is True
    assert POD["securityContext"]["runAsUser"] > 0
    assert POD["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_the_pod_of_the_chart_is_restricted_and_ends_in_the_same_way() -> None:
    """No template makes these members, so that they can be read without Helm."""
    (grace,) = re.findall(r"(?m)^ {6}terminationGracePeriodSeconds: (\d+)", TEMPLATE)
    assert int(grace) == POD["terminationGracePeriodSeconds"]
    (pod,) = re.findall(r"(?m)^ {6}securityContext:\n((?: {8}.+\n)+)", TEMPLATE)
    assert yaml.safe_load(pod) == POD["securityContext"]
    (container,) = re.findall(r"(?m)^ {10}securityContext:\n((?: {12}.+\n)+)", TEMPLATE)
    assert yaml.safe_load(container) == CONTAINER["securityContext"]


def test_the_namespace_asks_for_restricted_pods() -> None:
    labels = one(BASE / "namespace.yaml", "Namespace")["metadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


def test_the_probes_and_the_service_reach_the_ports_that_the_operator_opens() -> None:
    ports = {port["name"]: port["containerPort"] for port in CONTAINER["ports"]}
    opened = {name: address(DEFAULTS[f"{name}_address"], "") for name in ("metrics", "health")}
    assert opened == {name: ("0.0.0.0", port) for name, port in ports.items()}  # noqa: S104 - what is asked of a pod
    assert CONTAINER["livenessProbe"]["httpGet"] == {"path": "/healthz", "port": "health"}
    assert CONTAINER["readinessProbe"]["httpGet"] == {"path": "/readyz", "port": "health"}
    (port,) = one(BASE / "service.yaml", "Service")["spec"]["ports"]
    assert port == {"name": "metrics", "port": ports["metrics"], "targetPort": "metrics"}


def test_no_pod_is_told_to_open_other_ports() -> None:
    """Else the defaults of the options say nothing about what is opened."""
    told = TEMPLATE + "".join(path.read_text() for path in DEPLOY.rglob("*.yaml"))
    assert re.findall("(?:METRICS|HEALTH)_ADDRESS", told) == []


def test_the_chart_opens_and_probes_the_same_ports() -> None:
    """No template makes these members, so that they can be read without Helm."""
    (written,) = re.findall(r"(?ms)^ {10}(ports:.*?)^ +\{\{", TEMPLATE)
    members = yaml.safe_load(textwrap.dedent(" " * 10 + written))
    assert set(members) == {"ports", "livenessProbe", "readinessProbe"}
    assert members == {name: CONTAINER[name] for name in members}
    assert "port: {{ .Values.metrics.service.port }}, targetPort: metrics}" in SERVICE
    (port,) = one(BASE / "service.yaml", "Service")["spec"]["ports"]
    assert yaml.safe_load(VALUES)["metrics"]["service"]["port"] == port["port"]


def test_the_operator_has_time_to_end_its_passes() -> None:
    assert POD["terminationGracePeriodSeconds"] > RunSettings().stop_timeout


def test_everything_selects_the_same_pods() -> None:
    labels = DEPLOYMENT["spec"]["template"]["metadata"]["labels"]
    (spread,) = POD["topologySpreadConstraints"]
    assert DEPLOYMENT["spec"]["selector"]["matchLabels"] == labels
    assert spread["labelSelector"]["matchLabels"] == labels
    assert one(BASE / "service.yaml", "Service")["spec"]["selector"] == labels
    assert one(BASE / "disruption-budget.yaml", "PodDisruptionBudget")["spec"]["selector"]["matchLabels"] == labels


def test_the_lease_is_the_one_that_the_role_allows() -> None:
    names = {name for rule in one(BASE / "rbac.yaml", "Role")["rules"] for name in rule.get("resourceNames", ())}
    assert names == {DEFAULTS["lease_name"]}


def test_deploy_and_the_chart_are_of_this_version() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert CONTAINER["image"] == f"securebucket:{__version__}"
    assert chart["appVersion"] == chart["version"] == __version__


def test_artifact_hub_is_told_of_every_definition() -> None:
    told = yaml.safe_load(yaml.safe_load((CHART / "Chart.yaml").read_text())["annotations"]["artifacthub.io/crds"])
    definitions = [one(path, "CustomResourceDefinition") for path in (CHART / "files" / "crds").iterdir()]
    assert {each["metadata"]["name"] for each in definitions} <= {each["name"] for each in told}


def test_the_chart_sets_only_what_the_operator_reads() -> None:
    used = set(re.findall(r"SECUREBUCKET_\w+", TEMPLATE))
    assert used
    assert used <= run_environment()


@pytest.mark.parametrize("folder", ["namespaced", "observe-only", "reports"])
def test_the_overlay_sets_only_what_the_operator_reads(folder: str) -> None:
    text = (DEPLOY / folder / "kustomization.yaml").read_text()
    assert set(re.findall(r"SECUREBUCKET_\w+", text)) <= run_environment()


def test_the_values_fit_their_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(yaml.safe_load(VALUES), SCHEMA)


def test_both_let_the_same_through_the_network() -> None:
    text = (CHART / "templates" / "network-policy.yaml").read_text()
    chart = yaml.safe_load(re.sub(r"(?m)^ *(from:|\{\{.*\}\})$", "", text).replace("{{", "'{{").replace("}}", "}}'"))[
        "spec"
    ]
    plain = one(BASE / "network-policy.yaml", "NetworkPolicy")["spec"]
    assert {**chart, "podSelector": {}} == {**plain, "podSelector": {}}


def test_the_network_policy_selects_the_pods_and_their_port() -> None:
    policy = one(BASE / "network-policy.yaml", "NetworkPolicy")["spec"]
    assert policy["podSelector"]["matchLabels"] == DEPLOYMENT["spec"]["template"]["metadata"]["labels"]
    (opened,) = policy["ingress"]
    assert [port["port"] for port in opened["ports"]] == ["metrics"]


@pytest.mark.parametrize(
    "values",
    [
        {"replica": 3},
        {"env": [{"name": "A"}]},
        {"networkPolicy": {"enable": False}},
        {"admissionPolicy": {"actions": ["Deny", "Warn"]}},
        {"admissionPolicy": {"actions": []}},
        {"profiles": {"Payments": {"namespaces": ["payments"]}}},
        {"profiles": {"payments": {}}},
        {"affinity": {"podAntiaffinity": {}}},
        {"extraVolumeMounts": [{"name": "ca"}]},
        {"operator": {"workers": 100}},
        {"operator": {"interval": "often"}},
        {"operator": {"observeOnly": "yes"}},
        {"accountChecks": {"interval": "often"}},
        {"auditReport": {"address": "localhost"}},
        {"image": {"digest": "latest"}},
        {"aws": {"eventQueueUrl": "securebucket-events"}},
        {"aws": {"eventQueueUrl": f"{QUEUE},{QUEUE}"}},
        {"namespaces": ["Payments"]},
        {"serviceAccount": {"annotations": {"a": 1}}},
    ],
    ids=str,
)
def test_the_schema_refuses(values: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, SCHEMA)


@pytest.mark.parametrize("url", ["", QUEUE, f"{QUEUE} {QUEUE}", "http://127.0.0.1:4566/queue/r/000000000000/events"])
def test_the_schema_takes_urls_of_queues(url: str) -> None:
    jsonschema.validate({"aws": {"eventQueueUrl": url}}, SCHEMA)


def paths(values: Any, path: str = "") -> set[str]:
    if not isinstance(values, dict):
        return {path}
    return {below for key, value in values.items() for below in paths(value, f"{path}.{key}")} or {path}


def test_the_schema_knows_every_value() -> None:
    declared = paths(yaml.safe_load(VALUES))

    def known(schema: dict[str, Any], path: str = "") -> set[str]:
        properties = schema.get("properties", {})
        return {below for key, each in properties.items() for below in known(each, f"{path}.{key}")} or {path}

    def related(path: str, others: set[str]) -> bool:
        return any(f"{path}.".startswith(f"{each}.") or f"{each}.".startswith(f"{path}.") for each in others)

    # Where a value is empty by default, the schema may know what goes into it; and the other way round.
    in_schema = known(SCHEMA) - {".global", ".resources.claims"}
    assert [path for path in declared if not related(path, in_schema)] == []
    assert [path for path in in_schema if not related(path, declared)] == []


def test_the_chart_uses_every_value() -> None:
    templates = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    for path in paths(yaml.safe_load(VALUES)):
        if not path.startswith(".resources."):
            assert f".Values{path}" in templates, path


def test_every_value_is_explained() -> None:
    lines = VALUES.splitlines()
    for number, line in enumerate(lines):
        value = re.match(r"^ *(\w+): *\S", line)
        if value and not line.startswith(("    cpu", "    memory")):
            assert lines[number - 1].lstrip().startswith("#"), line


ALONE = {"install.yaml", "values.yaml"}
"""Files that stand for themselves: everything in one, and values for Helm."""


def is_applied(path: Path) -> bool:
    """Tell whether a file is for kustomize: what Argo CD's scripts are tested with is not, nor is CloudFormation's."""
    return (
        not {"testdata", "events"} & set(path.parts) and not path.name.endswith("_test.yaml") and path.name not in ALONE
    )


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(DEPLOY.rglob("*.yaml")) if is_applied(path)],
    ids=lambda path: str(path.relative_to(DEPLOY)),
)
def test_kustomize_finds_every_file(path: Path) -> None:
    """A file that no kustomization names is not applied, and nobody notices."""
    if path.name == "kustomization.yaml":
        assert documents(path)[0]["kind"] in {"Kustomization", "Component"}
    else:
        folder = next(each for each in path.parents if (each / "kustomization.yaml").exists())
        assert str(path.relative_to(folder)) in (folder / "kustomization.yaml").read_text()
