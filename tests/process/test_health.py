import json
import urllib.request
from dataclasses import replace
from urllib.error import HTTPError

import pytest

from securebucket.process.health import HealthServer, Pulse, complaints, obstacles

WELL = Pulse(
    leading=True,
    synced=True,
    stopping=False,
    informer_alive=True,
    watch_quiet_for=10.0,
    longest_pass=5.0,
    overdue=1.0,
    busy=3,
    interval=3600.0,
)

SICK = [
    ({"watch_quiet_for": 181.0}, "a watch has received nothing for 181 s"),
    ({"longest_pass": 601.0}, "a pass has been running for 601 s"),
    ({"overdue": 7201.0, "busy": 0}, "an object has been due for 7201 s while no worker works"),
    ({"informer_alive": False}, "the informer has ended"),
]


def test_a_working_leader_is_healthy_and_ready():
    assert complaints(WELL) == ()
    assert obstacles(WELL) == ()


@pytest.mark.parametrize(("state", "complaint"), SICK)
def test_a_leader_whose_work_stands_still_is_unhealthy(state, complaint):
    assert complaints(replace(WELL, **state)) == (complaint,)


@pytest.mark.parametrize("state", [state for state, _ in SICK])
def test_a_standby_is_healthy_and_ready(state):
    standby = replace(WELL, leading=False, **state)
    assert complaints(standby) == ()
    assert obstacles(standby) == ()


@pytest.mark.parametrize("state", [state for state, _ in SICK])
def test_an_operator_that_ends_is_left_to_end(state):
    assert complaints(replace(WELL, stopping=True, **state)) == ()


def test_a_backlog_is_no_illness_while_workers_work():
    assert complaints(replace(WELL, overdue=100_000.0, busy=1)) == ()


@pytest.mark.parametrize(
    ("state", "obstacle"),
    [
        ({"synced": False}, "the fleet has not been listed yet"),
        ({"stopping": True}, "the operator is stopping"),
        ({"waiting_for": "the CRDs: not installed"}, "the CRDs: not installed"),
    ],
)
def test_readiness_says_what_is_missing(state, obstacle):
    assert obstacles(replace(WELL, **state)) == (obstacle,)


class Server:
    def __init__(self):
        self.pulse = WELL
        self._health = HealthServer(lambda: self.pulse, "127.0.0.1", 0)
        self._port = self._health.start()

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._port}{path}", timeout=5) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)

    def stop(self):
        self._health.stop()


@pytest.fixture
def server():
    started = Server()
    yield started
    started.stop()


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_well_operator_answers_200(server, path):
    status, document = server.get(path)
    assert (status, document["ok"], document["problems"]) == (200, True, [])


def test_an_ill_operator_answers_503_and_says_why(server):
    server.pulse = replace(WELL, longest_pass=700.0)
    status, document = server.get("/healthz")
    assert status == 503
    assert document["problems"] == ["a pass has been running for 700 s"]
    assert document["pulse"]["longest_pass"] == 700.0


def test_an_operator_that_waits_is_not_ready_but_healthy(server):
    server.pulse = replace(WELL, leading=False, synced=False)
    assert server.get("/readyz")[0] == 503
    assert server.get("/healthz")[0] == 200


def test_other_paths_are_not_found(server):
    assert server.get("/metrics")[0] == 404
