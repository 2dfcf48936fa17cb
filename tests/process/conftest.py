"""A whole operator over an API server that is fresh for each test."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from tests.kube.admin import Admin
from tests.kube.conftest import admin, api, client, kubeconfig, lasting_api, transport
from tests.kube.polling import until
from tests.process.reconciler_world import World, build_world
from tests.process.running import RunningOperator, settings_for

from securebucket.kube.client import Client

__all__ = ["admin", "api", "client", "kubeconfig", "lasting_api", "make_world", "start", "transport", "world"]


@pytest.fixture
def make_world(client: Client) -> Callable[..., World]:
    """Make a reconciler with everything around it; the arguments are those of `build_world`."""
    return partial(build_world, client)


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def start(kubeconfig: str, admin: Admin) -> Iterator[Callable[..., RunningOperator]]:
    """Start operators that are told to end with the test."""
    started = []

    def begin(*namespaces, leading=True, **settings):
        running = RunningOperator(settings_for(kubeconfig, namespaces, **settings))
        started.append(running)
        if leading:
            until(running.leads)
        return running

    yield begin
    for running in started:
        running.engine.gate.set()
        running.stop()
