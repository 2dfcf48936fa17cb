"""The operator as the kubelet sees it: a process that gets signals and ends with a code."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.kube.polling import until
from tests.process.running import SHORT_LEASE, RunningOperator, settings_for

PROGRAM = Path(__file__).with_name("operator_process.py")


@pytest.fixture
def start(kubeconfig, admin):
    started = []

    def begin():
        process = subprocess.Popen([sys.executable, PROGRAM, kubeconfig], stderr=subprocess.PIPE, text=True)
        started.append(process)
        until(lambda: _holder(admin), timeout=20)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def _holder(admin):
    leases = admin.call("GET", "/apis/coordination.k8s.io/v1/namespaces/default/leases")["items"]
    return next((each["spec"].get("holderIdentity") for each in leases), None)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(start, admin, number):
    process = start()
    key = admin.create_bucket()
    until(lambda: admin.condition(key, "Ready"))
    process.send_signal(number)
    _, log = process.communicate(timeout=20)
    assert process.returncode == 0
    assert _holder(admin) is None
    lines = [json.loads(line) for line in log.splitlines()]
    assert lines[-1]["message"] == "the operator has ended"


def test_a_killed_one_is_followed_by_the_standby(start, admin, kubeconfig):
    process = start()
    standby = RunningOperator(settings_for(kubeconfig, lease=SHORT_LEASE))
    until(lambda: standby.operator.pulse().synced)
    assert not standby.leads()
    process.kill()
    until(standby.leads)
    key = admin.create_bucket()
    until(lambda: admin.condition(key, "Ready"))
    assert standby.stop() == 0


def test_one_that_loses_its_lease_ends_with_1(start, admin):
    process = start()
    lease = {"spec": {"holderIdentity": "somebody-else"}}
    path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/securebucket-operator"
    admin.call("PATCH", path, lease, "application/merge-patch+json")
    process.communicate(timeout=20)
    assert process.returncode == 1
