import contextlib
from collections import Counter
from dataclasses import dataclass, field

import pytest
from kubernetes.client.configuration import Configuration
from tests.kube.scripted_api import Answer, ScriptedApi

from securebucket.kube.transport import IN_A_PASS, JSON_PATCH, MERGE_PATCH, Patience, Transport
from securebucket.model.api_error import ApiError, ConflictError, ExpiredError, ForbiddenError, MissingError

PATH = "/apis/x"
QUICK = Patience(connect=1, read=0.2, attempts=1)


@dataclass
class Seen:
    """What the transport told of, and how long it paused."""

    pauses: list[float] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, verb, code):
        self.counts[verb, code] += 1


@contextlib.contextmanager
def served(*answers):
    with ScriptedApi(*answers) as api:
        seen = Seen()
        transport = Transport(api.connection(), seen.count, seen.pauses.append)
        yield api, transport, seen
        transport.close()


def test_an_answer_is_its_json():
    with served(Answer(body={"kind": "Thing"})) as (api, transport, _):
        assert transport.request("get", PATH, query={"limit": "5"}) == {"kind": "Thing"}
    (asked,) = api.asked
    assert (asked.method, asked.path) == ("GET", "/apis/x?limit=5")
    assert asked.headers["authorization"] == "Bearer t0ken"
    assert asked.headers["user-agent"].startswith("securebucket-operator/")


@pytest.mark.parametrize(
    ("verb", "method", "body", "content_type"),
    [
        ("create", "POST", {"a": 1}, "application/json"),
        ("update", "PUT", {"a": 1}, "application/json"),
        ("patch", "PATCH", {"a": None}, MERGE_PATCH),
        ("patch", "PATCH", [{"op": "test", "path": "/a", "value": 1}], JSON_PATCH),
    ],
)
def test_a_body_is_sent_as_what_it_is(verb, method, body, content_type):
    with served(Answer()) as (api, transport, _):
        transport.request(verb, PATH, body=body, content_type=content_type)
    (asked,) = api.asked
    assert (asked.method, asked.body, asked.headers["content-type"]) == (method, body, content_type)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, ForbiddenError), (403, ForbiddenError), (404, MissingError), (409, ConflictError), (410, ExpiredError)],
)
def test_a_refusal_is_raised_at_once(status, kind):
    with served(Answer(status, {"reason": "Because", "message": "of this"})) as (api, transport, _):
        with pytest.raises(kind, match=f"get /apis/x: {status} Because: of this"):
            transport.request("get", PATH)
        assert len(api.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503, 504])
@pytest.mark.parametrize("verb", ["get", "patch"])
def test_what_time_may_mend_is_tried_again(status, verb):
    with served(Answer(status), Answer(status), Answer(body={"ok": 1})) as (api, transport, seen):
        assert transport.request(verb, PATH, body={} if verb == "patch" else None) == {"ok": 1}
        assert len(api.asked) == 3
        assert seen.counts == {(verb, str(status)): 2, (verb, "200"): 1}


def test_it_gives_up_after_some_attempts():
    with served(Answer(503, {"reason": "ServiceUnavailable", "message": "etcd"})) as (api, transport, seen):
        with pytest.raises(ApiError, match="503 ServiceUnavailable: etcd"):
            transport.request("get", PATH)
        assert len(api.asked) == 4
        assert len(seen.pauses) == 3
        assert all(pause <= 2.0 for pause in seen.pauses)


def test_the_server_may_ask_for_a_longer_pause():
    with served(Answer(429, headers={"Retry-After": "7"}), Answer()) as (_, transport, seen):
        transport.request("get", PATH)
        assert seen.pauses == [7.0]


def test_the_server_may_not_ask_for_hours():
    with served(Answer(429, headers={"Retry-After": "7200"}), Answer()) as (_, transport, seen):
        transport.request("get", PATH)
        assert seen.pauses == [10.0]


@pytest.mark.parametrize(("asked", "pauses", "error"), [("1", [1.0], False), ("2", [], True), ("7200", [], True)])
def test_in_a_pass_a_server_that_wants_more_than_a_moment_is_not_waited_for(asked, pauses, error):
    """The object goes back into the queue, and the worker to the next one."""
    with served(Answer(429, headers={"Retry-After": asked}), Answer()) as (_, transport, seen):
        with pytest.raises(ApiError) if error else contextlib.nullcontext() as caught:
            transport.request("get", PATH, patience=IN_A_PASS)
        assert seen.pauses == pauses
        assert not error or caught.value.retry_after == float(asked)


def test_silence_is_no_answer():
    with served(Answer(hold=5)) as (_, transport, seen):
        with pytest.raises(ApiError, match="no answer ReadTimeoutError") as caught:
            transport.request("get", PATH, patience=QUICK)
        assert caught.value.transient
        assert seen.counts == {("get", "0"): 1}


def test_nobody_there_is_no_answer():
    connection = Configuration(host="http://127.0.0.1:1")
    connection.retries = False
    with pytest.raises(ApiError, match="no answer NewConnectionError"):
        Transport(connection).request("get", PATH, patience=QUICK)


def test_a_proxy_page_is_an_error_of_its_status():
    with served(Answer(502, b"<html>Bad gateway</html>")) as (_api, transport, _), pytest.raises(ApiError) as error:
        transport.request("get", PATH, patience=QUICK)
    assert "502 Unknown" in str(error.value)
