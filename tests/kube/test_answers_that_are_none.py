"""JSON with 200 that is not what was asked for, as a proxy before the API server may send it: it is no answer."""

import pytest
from tests.kube.scripted_api import Answer, ScriptedApi

from securebucket.kube.client import Client, Right
from securebucket.kube.transport import Transport
from securebucket.model.api_error import ApiError
from securebucket.model.bucket import ObjectKey
from securebucket.report.open_reports import ReportKind

KEY = ObjectKey("payments", "acme")
BODY = {"metadata": {"name": "acme", "namespace": "payments", "resourceVersion": "7"}}
ODD = (
    {"error": "try again"},
    {"kind": "Status", "metadata": {}, "status": "Failure"},
    {"metadata": None, "items": {"0": BODY}, "resources": None, "status": None},
    {"metadata": {"name": None}, "items": "none", "resources": "none", "status": []},
)
CALLS = {
    "an object": lambda client: client.get_bucket(KEY),
    "a profile": lambda client: client.get_profile("p"),
    "objects": lambda client: list(client.list_buckets()),
    "profiles": lambda client: list(client.list_profiles()),
    "exceptions": lambda client: list(client.list_exceptions()),
    "an object's status": lambda client: client.patch_status(KEY, "7", {}),
    "an exception's status": lambda client: client.patch_exception_status(KEY, "7", {}),
    "a finalizer": lambda client: client.set_finalizer(BODY, wanted=True),
    "kinds": lambda client: client.served_kinds(),
    "kinds of reports": lambda client: client.serves_reports(next(iter(ReportKind))),
    "the cluster": lambda client: client.cluster_id(),
}


@pytest.fixture
def ask():
    def made(call, answer):
        with ScriptedApi(Answer(body=answer)) as api:
            transport = Transport(api.connection(), sleep=lambda _: None)
            try:
                return call(Client(transport))
            finally:
                transport.close()

    return made


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_is_not_what_was_asked_for_is_no_answer(ask, call, odd):
    with pytest.raises(ApiError, match="Unreadable") as raised:
        ask(call, odd)
    assert raised.value.transient


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_what_does_not_allow_something_does_not_allow_it(ask, odd):
    assert not ask(lambda client: client.allows(Right("list", "", "pods")), odd)


def test_a_list_may_be_empty_in_both_ways(ask):
    assert ask(CALLS["objects"], {"items": []}) == ask(CALLS["objects"], {"items": None}) == []


def test_a_list_that_goes_on_where_it_was_ends():
    """It would be asked for without a pause, for ever."""
    with ScriptedApi(Answer(body={"items": [], "metadata": {"continue": "here"}})) as api:
        transport = Transport(api.connection())
        with pytest.raises(ApiError, match="the list repeats its own page"):
            list(Client(transport).list_buckets())
        transport.close()
        assert len(api.asked) == 2
