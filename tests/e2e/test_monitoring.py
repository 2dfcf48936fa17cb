"""Every panel and rule against a real Prometheus that has scraped two real operators at their work."""

import json
import math
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
import yaml
from tests.e2e.polling import until

from securebucket_dev.demo.cluster import apply_files, check_now, connect, get_bucket, list_buckets, make_namespace
from securebucket_dev.demo.operator_process import OperatorProcess, operator_process
from securebucket_dev.demo.story import VICTIM, repaired, settled
from securebucket_dev.demo.surroundings import REPOSITORY, embedded_api
from securebucket_dev.demo.tampering import ACTS
from securebucket_dev.generate.monitoring.dashboard import ROWS
from securebucket_dev.generate.monitoring.panel import Panel
from securebucket_dev.kube.assets import find_assets
from securebucket_dev.prometheus import Prometheus
from securebucket_dev.s3.copying_role import make_copying_role
from securebucket_dev.s3.localstack import LocalStack

RULES = REPOSITORY / "charts" / "securebucket" / "files" / "monitoring" / "rules.yaml"
PANELS = [panel for panels in ROWS.values() for panel in panels]
OBSERVED = ("demo", "legacy-reports")
PLANNED = ("demo", "archive")
RECORDED = "namespace_name:securebucket_control_drifted:observe"

EMPTY_HERE = {
    "Alerts that fire": "none is to be seen before several minutes are over",
    "Exceptions that end soon": "that of the examples lasts for longer",
    **dict.fromkeys(
        ("Operations that wait", "Operations that failed", "Bytes that wait", "Behind"),
        "no profile of the examples has replication measured",
    ),
    "Failing checks of accounts": "whether this account fails one is the S3 server's affair",
}
"""Panels that may be empty here."""


@dataclass(frozen=True)
class Scene:
    """What there is to look at.

    Args:
        prometheus: has scraped everything.
        began: when the first operator started (Unix time).
        names: namespace and name of each SecureBucket.
    """

    prometheus: Prometheus
    began: float
    names: set[tuple[str, str]]


def address(running: OperatorProcess) -> str:
    return running.metrics.removeprefix("http://").removesuffix("/metrics")


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The demo's story: examples converge, one bucket is tampered with and put right, one is only observed.

    With an S3 server of its own: other tests use the examples' buckets too.
    """
    folder = tmp_path_factory.mktemp("monitoring")
    with LocalStack() as localstack:
        yield from play(localstack.endpoint, folder)


def await_scrapes(prometheus: Prometheus) -> None:
    """Wait until both operators have been scraped twice more: that is what a rate needs."""
    for _ in range(2):
        scraped = f"timestamp(up) > {time.time()}"
        until(lambda: len(prometheus.query(scraped)) == 2)  # noqa: B023 - it is asked before the next turn


def play(endpoint: str, folder: Path) -> Iterator[Scene]:
    s3 = boto3.client("s3", endpoint_url=endpoint)
    s3.create_bucket(Bucket="acme-legacy-reports")
    make_copying_role(endpoint)
    files = [*sorted((REPOSITORY / "examples").glob("*.yaml")), REPOSITORY / "examples/existing/observe-only.yaml"]
    began = time.time()
    with embedded_api(folder) as kubeconfig:
        connect(kubeconfig)
        apply_files(sorted((REPOSITORY / "crds").glob("securebucket.io_*.yaml")))
        make_namespace(VICTIM[0])
        with (
            operator_process(kubeconfig, endpoint, folder / "one.log") as leader,
            operator_process(kubeconfig, endpoint, folder / "two.log") as standby,
            Prometheus([address(leader), address(standby)], RULES, folder) as prometheus,
        ):
            await_scrapes(prometheus)
            names = apply_files(files)
            until(lambda: settled(list_buckets(names), names), seconds=60)
            await_scrapes(prometheus)
            for each in ACTS:
                each.act(s3, str(get_bucket(*VICTIM)["status"]["bucket"]["name"]))
            check_now(*VICTIM)
            until(lambda: repaired(list_buckets(names), 0), seconds=60)
            await_scrapes(prometheus)
            until(lambda: prometheus.query(f"timestamp({RECORDED}) > {time.time() - 1}"))
            until(lambda: prometheus.query("securebucket_unmanaged_buckets"), seconds=90)
            await_scrapes(prometheus)  # a range may end a step before now
            yield Scene(prometheus, began, names)


def filled_in(expr: str) -> str:
    """Put values in the place of the variables, as Grafana does."""
    for variable, value in {"namespace": ".*", "severity": ".*", "framework": ".*", "__rate_interval": "1m"}.items():
        expr = expr.replace(f"${variable}", value)
    return expr


def numbers(series: list[dict[str, Any]]) -> list[float]:
    values = [value for each in series for _, value in each.get("values", [each.get("value")])]
    return [number for number in map(float, values) if not math.isnan(number)]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_a_panel_shows_something(scene: Scene, panel: Panel) -> None:
    for query in panel.queries:
        expr = filled_in(query.expr)
        assert "$" not in expr
        if panel.kind in {"stat", "bars", "table"}:
            found = numbers(scene.prometheus.query(expr))
        else:
            found = numbers(scene.prometheus.query_range(expr, start=scene.began, end=time.time(), step=1))
        assert found or panel.title in EMPTY_HERE


@pytest.mark.parametrize("panel", [each for each in PANELS if each.kind == "table"], ids=lambda panel: panel.title)
def test_a_table_has_the_columns_that_it_names(scene: Scene, panel: Panel) -> None:
    (query,) = panel.queries
    for series in scene.prometheus.query(filled_in(query.expr)):
        assert set(panel.matrix or panel.columns) <= series["metric"].keys()


def test_no_rule_fails(scene: Scene) -> None:
    """A join of two series with one would fail here, as it would with two replicas in a cluster."""
    assert [each for each in scene.prometheus.rules() if each["health"] != "ok" or each.get("lastError")] == []


def test_a_bucket_is_told_by_its_own_namespace_and_not_the_operators(scene: Scene) -> None:
    names = {each["metric"]["namespace"] for each in scene.prometheus.query("securebucket_info")}
    assert names == {"demo"}


def test_what_is_recorded_of_an_object_names_its_bucket_and_account(scene: Scene) -> None:
    (series,) = scene.prometheus.query(RECORDED)
    namespace, name = OBSERVED
    labels = {"namespace": namespace, "name": name, "bucket": "acme-legacy-reports", "account": "000000000000"}
    assert series["metric"] == {"__name__": RECORDED} | labels


def test_two_replicas_are_not_two_fleets(scene: Scene) -> None:
    (panel,) = (each for each in PANELS if each.title == "SecureBuckets")
    assert numbers(scene.prometheus.query(filled_in(panel.queries[0].expr))) == [len(scene.names)]


def test_alerts_are_raised_about_those_objects_that_need_somebody(scene: Scene) -> None:
    """They only begin to; how long each must last is for `test_alerts.py`."""
    raised = {
        (each["metric"]["alertname"], each["metric"]["name"]) for each in scene.prometheus.query('ALERTS{name!=""}')
    }
    assert raised == {("SecureBucketDriftObserved", OBSERVED[1]), ("SecureBucketNotReady", PLANNED[1])}


def test_kustomize_makes_what_is_installed() -> None:
    built = subprocess.run(
        [find_assets().kubectl, "kustomize", REPOSITORY / "deploy" / "monitoring"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    documents = {each["kind"]: each for each in yaml.safe_load_all(built.stdout)}
    assert documents.keys() == {"ServiceMonitor", "PrometheusRule", "ConfigMap"}
    assert {each["metadata"]["namespace"] for each in documents.values()} == {"securebucket-system"}
    assert documents["PrometheusRule"]["spec"] == yaml.safe_load(RULES.read_text())
    assert json.loads(documents["ConfigMap"]["data"]["securebucket.json"])["title"] == "SecureBucket"
