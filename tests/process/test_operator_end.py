"""How an operator begins, and how it ends: at any moment, in seconds, with the Lease handed on where it may be."""

import threading
from pathlib import Path

import yaml
from tests.kube.admin import Admin
from tests.kube.conftest import CRDS
from tests.kube.polling import until
from tests.kube.scripted_api import Answer, ScriptedApi
from tests.process.running import RunningOperator, settings_for
from tests.process.test_operator import own_writes, ready

from securebucket.crd.definitions import UNSEEN
from securebucket_dev.kubeapi import KubeApi


def test_a_pass_that_runs_at_the_end_is_finished_and_tells_nothing(start, admin, api):
    running = start(workers=1)
    running.engine.gate.clear()
    key, waiting = admin.create_bucket(), admin.create_bucket("waiting")
    until(lambda: running.engine.requests)
    api.requests.clear()
    running.operator.stop()
    until(running.vitals.stopping.is_set)
    assert not running.vitals.may_write()
    running.engine.gate.set()
    assert running.wait() == 0
    assert len(running.engine.requests) == 1
    assert own_writes(api) == []
    assert admin.get_bucket(key)["status"] == UNSEEN
    assert admin.get_bucket(waiting)["status"] == UNSEEN
    assert "holderIdentity" not in admin.lease()["spec"]


def test_a_pass_that_hangs_in_a_read_holds_up_neither_the_end_nor_the_lease(start, admin):
    running = start(stop_timeout=60.0)
    running.engine.gate.clear()
    admin.create_bucket()
    until(lambda: running.engine.requests)
    assert running.stop() == 0
    assert "holderIdentity" not in admin.lease()["spec"]


def test_a_pass_that_was_cut_short_is_counted_nowhere(start, admin):
    """What it could not ask any more is no failure of the bucket."""
    running = start()
    running.engine.gate.clear()
    admin.create_bucket()
    until(lambda: running.engine.requests)
    running.operator.stop()
    running.engine.gate.set()
    assert running.wait() == 0
    assert running.observer.seen == []


def test_the_lease_waits_for_a_write_that_is_under_way(start, admin):
    running = start(stop_timeout=60.0)
    gate = running.vitals.gate
    over = threading.Event()

    def write():
        gate.begin()
        over.wait(20)
        gate.end()

    writing = threading.Thread(target=write)
    writing.start()
    until(lambda: not gate.wait(0.0))
    running.operator.stop()
    assert running.wait(0.5) is None
    assert admin.lease()["spec"]["holderIdentity"]
    over.set()
    writing.join(10)
    assert running.wait() == 0
    assert "holderIdentity" not in admin.lease()["spec"]


def test_a_write_that_hangs_does_not_hold_up_the_end_and_keeps_the_lease(start, admin):
    running = start(stop_timeout=0.2)
    hanging = threading.Thread(target=running.vitals.gate.begin)
    hanging.start()
    hanging.join()
    assert running.stop() == 0
    assert admin.lease()["spec"]["holderIdentity"]  # it may still come through


def test_told_twice_it_ends_once(start, admin):
    running = start()
    running.operator.stop()
    running.operator.stop()
    assert running.wait() == 0
    assert "holderIdentity" not in admin.lease()["spec"]


def test_without_crds_the_operator_waits_and_says_so(tmp_path):
    with KubeApi() as bare:
        admin = Admin(bare.url)
        admin.create_namespace("payments")
        running = RunningOperator(settings_for(str(bare.kubeconfig(tmp_path / "kubeconfig")), start_interval=0.05))
        status, document = until(lambda: (answer := running.ask("/readyz"))[1]["problems"][0] != "x" and answer)
        until(lambda: "apply the CRDs" in running.ask("/readyz")[1]["problems"][0])
        assert status == 503
        assert not document["ok"]
        for crd in CRDS:
            body = yaml.safe_load(Path(crd).read_text())
            admin.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body)
        until(running.leads)
        until(ready(admin, admin.create_bucket()))
        assert running.stop() == 0
        admin.close()


def test_an_operator_that_has_not_begun_can_be_ended(tmp_path):
    with KubeApi() as bare:
        running = RunningOperator(settings_for(str(bare.kubeconfig(tmp_path / "kubeconfig"))))
        until(lambda: running.ask("/readyz")[0] == 503)
        assert running.stop() == 0


def test_an_operator_that_waits_for_an_answer_can_be_ended(tmp_path):
    with ScriptedApi(Answer(hold=60.0)) as silent:
        config = {
            "clusters": [{"name": "c", "cluster": {"server": silent.connection().host}}],
            "users": [{"name": "u", "user": {}}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
        }
        path = tmp_path / "kubeconfig"
        path.write_text(yaml.safe_dump(config))
        running = RunningOperator(settings_for(str(path)))
        until(lambda: silent.asked)
        assert running.stop() == 0
