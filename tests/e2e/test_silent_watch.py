"""The operator loses sight of the cluster, in all the ways in which that happens, and misses nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.e2e.conftest import StartOperator
from tests.e2e.polling import until
from tests.e2e.team import Team

from securebucket_dev.kube.controlplane import ControlPlane
from securebucket_dev.kube.watch_proxy import WatchProxy

WATCHES = 2  # of SecureBuckets and of BucketProfiles


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
