"""The operator loses sight of the cluster, in all the ways in which that happens, and misses nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.e2e.conftest import StartOperator
from tests.e2e.polling import SECONDS, until
from tests.e2e.team import Team

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.watch_proxy import WatchProxy

WATCHES = 3  # of SecureBuckets, BucketProfiles and BucketExceptions


@pytest.fixture
def proxy(control_plane: ControlPlane) -> Iterator[WatchProxy]:
    with WatchProxy(control_plane.url, control_plane.authority) as running:
        yield running


@pytest.fixture
def roundabout(control_plane: ControlPlane, proxy: WatchProxy, tmp_path: Path) -> Path:
    """A kubeconfig that leads through the proxy."""
    config = yaml.safe_load(control_plane.kubeconfig("operator").read_text())
    config["clusters"][0]["cluster"] = {"server": proxy.url}
    path = tmp_path / "kubeconfig"
    path.touch(mode=0o600)
    path.write_text(yaml.safe_dump(config))
    return path


def logged(running: OperatorProcess, words: str) -> bool:
    return words in running.log.read_text()


def test_what_happened_during_the_silence_is_acted_on(
    team: Team, proxy: WatchProxy, roundabout: Path, start_operator: StartOperator
) -> None:
    start_operator("--watch-timeout=4", f"--lease-name={team.namespace}", kubeconfig=roundabout)
    team.apply_ready()
    until(lambda: proxy.watches == WATCHES)
    assert proxy.silence_watches() == WATCHES
    team.apply(tags={"tagSet": {"said": "into-the-silence"}})
    team.apply("second")
    team.until_ready()
    team.until_ready("second")
    assert team.bucket_tags()["said"] == "into-the-silence"


def test_a_short_outage_of_the_api_server_costs_nothing(
    team: Team, proxy: WatchProxy, roundabout: Path, start_operator: StartOperator
) -> None:
    running = start_operator(f"--lease-name={team.namespace}", kubeconfig=roundabout)
    team.apply_ready()
    proxy.cut()
    until(lambda: logged(running, "the Lease could not be renewed"))
    team.apply(tags={"tagSet": {"said": "meanwhile"}})
    proxy.mend()
    team.until_ready()
    assert team.bucket_tags()["said"] == "meanwhile"
    assert running.process.exit_code is None


def test_a_long_outage_ends_the_operator_and_the_next_one_goes_on(
    team: Team, control_plane: ControlPlane, start_operator: StartOperator
) -> None:
    """Without the API server it cannot know that it still leads, so it ends; in a cluster it is started again."""
    running = start_operator(f"--lease-name={team.namespace}")
    team.apply_ready()
    control_plane.stop_apiserver()
    try:
        assert running.process.await_end(SECONDS) == 1
        assert logged(running, "the Lease is lost")
    finally:
        control_plane.start_apiserver()
    team.apply(tags={"tagSet": {"said": "afterwards"}})
    start_operator(f"--lease-name={team.namespace}-again")  # test_crash waits for the Lease of the dead
    team.until_ready()
    assert team.bucket_tags()["said"] == "afterwards"
