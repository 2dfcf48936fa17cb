"""Who closes the gate and waits knows that nothing is written any more."""

import threading

import pytest
from tests.kube.polling import until
from tests.kube.scripted_api import Answer, ScriptedApi

from securebucket.dispatch.write_gate import WriteGate
from securebucket.kube.lease_client import LeaseClient
from securebucket.kube.transport import Transport
from securebucket.model.api_error import ClosedError

PATH = "/apis/securebucket.io/v1alpha1/namespaces/payments/securebuckets/invoices"


@pytest.mark.parametrize("verb", ["create", "update", "patch", "delete"])
def test_no_write_to_kubernetes_begins_once_it_is_closed(verb):
    with ScriptedApi(Answer()) as api:
        transport = Transport(api.connection())
        transport.gate.close()
        with pytest.raises(ClosedError):
            transport.request(verb, PATH, body={})
        assert api.asked == []
        transport.close()


def test_reads_and_the_lease_pass_a_gate_that_is_closed():
    with ScriptedApi(Answer(200, {"spec": {}})) as api:
        transport = Transport(api.connection())
        transport.gate.close()
        transport.request("get", PATH)
        LeaseClient(transport, "default", "operator").update({"spec": {}}, timeout=5)
        assert [each.method for each in api.asked] == ["GET", "PUT"]
        transport.close()


def test_a_write_to_kubernetes_is_under_way_until_it_is_answered():
    with ScriptedApi(Answer(hold=0.3)) as api:
        transport = Transport(api.connection())
        writing = threading.Thread(target=transport.request, args=("patch", PATH), kwargs={"body": {}})
        writing.start()
        until(lambda: not transport.gate.wait(0.0))
        assert transport.gate.wait(10)
        writing.join(10)
        transport.close()


def test_a_write_that_failed_is_not_tried_again_once_it_is_closed():
    with ScriptedApi(Answer(503)) as api:
        transport = Transport(api.connection(), sleep=lambda _: transport.gate.close())
        with pytest.raises(ClosedError):
            transport.request("patch", PATH, body={})
        assert len(api.asked) == 1
        assert transport.gate.wait(0.0)
        transport.close()


def test_whatever_thread_asks_first_nothing_begins_after_the_wait():
    """The law of the hand-over: what may begin is waited for, and what is not waited for may not begin."""
    for _ in range(50):
        gate = WriteGate()
        handed_on, late = threading.Event(), []

        def write(gate=gate, handed_on=handed_on, late=late):
            while gate.begin():
                if handed_on.is_set():
                    late.append(1)
                gate.end()

        writing = [threading.Thread(target=write) for _ in range(4)]
        for each in writing:
            each.start()
        gate.close()
        assert gate.wait(10)
        handed_on.set()
        for each in writing:
            each.join(10)
        assert late == []
