"""Whatever a watch or a list says: the informer goes on, does not ask in a hot loop, and sees again what is there."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from tests.kube.faulty_api import NAMELESS, Fault, FaultyApi, error_event, lines
from tests.kube.polling import until
from tests.kube.test_informer import QUICK, Watching
from tests.process.running import RunningOperator, settings_for

from securebucket.kube.informer import WatchTerms
from securebucket.kube.watch_stream import LONGEST_PAUSE, STEADY, Interruptions

USUAL = WatchTerms(inactivity=1.0, reconnect=0.05)
"""With the pauses as they are in a cluster."""

FAULTS = {
    **{
        f"ERROR {code or 'without a code'}": Fault(lines(error_event(code))) for code in (400, 404, 410, 500, "", '"x"')
    },
    "ERROR that is a text": Fault(lines(b'{"type": "ERROR", "object": "no"}')),
    "ERROR without an object": Fault(lines(b'{"type": "ERROR"}')),
    "a page of a proxy": Fault(lines(b"<html>login</html>")),
    "a line that is no text": Fault(lines(b"\xff\xfe\x00")),
    "a list": Fault(lines(b"[1, 2]")),
    "null": Fault(lines(b"null")),
    "a number": Fault(lines(b"7")),
    "an event without a type": Fault(lines(b'{"object": {"metadata": {"name": "x"}}}')),
    "a type that is none": Fault(lines(b'{"type": ["ADDED"], "object": {"metadata": {"name": "x"}}}')),
    "a type that nobody knows": Fault(lines(b'{"type": "RENAMED", "object": {"metadata": {"name": "x"}}}')),
    "nested too deep": Fault(lines(b"[" * 200_000)),
    "objects without a name": Fault(lines(*NAMELESS)),
    "half a line": Fault(b'{"type": "ADDED", "obj'),
    "a cut": Fault(b'{"type": "ADDED", "obj', cut=True),
    "an end at once": Fault(),
    **{f"HTTP {status}": Fault(b"{}", status=status) for status in (400, 404, 410, 422, 500)},
    "HTTP 404 with a list": Fault(b"[]", status=404),
    "a list that is a page": Fault(b"<html>login</html>", lists=True),
    "a list that is none": Fault(b"[]", lists=True),
    "a list of a text": Fault(b'{"items": "no"}', lists=True),
    "a list without an end": Fault(b'{"items": [], "metadata": {"continue": "here"}}', lists=True),
    "a list of nobody": Fault(
        b'{"items": [1, null, {}, {"metadata": {"name": 5}}], "metadata": {}}', lists=True, once=True
    ),
    **{f"a list of HTTP {status}": Fault(b"{}", status=status, lists=True) for status in (404, 410)},
}


@pytest.fixture
def faulty(api) -> Iterator[FaultyApi]:
    with FaultyApi(api.url, "securebuckets") as server:
        yield server


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_informer_survives(fault, faulty, admin, api):
    seen = Watching(faulty.connection, terms=QUICK)
    faulty.fault = fault
    seen.informer.start()
    what = "list" if fault.lists else "watch"
    until(lambda: faulty.asked[what] >= (1 if fault.once else 3), 40)
    assert seen.informer.alive()
    faulty.fault = None
    key = admin.create_bucket()
    until(lambda: key in [known for _, known in seen.feed.buckets], 40)
    seen.informer.stop(10)
    assert not seen.informer.alive()


def test_a_lasting_fault_is_no_hot_loop(api, admin):
    """Without a pause, some hundreds of requests a second. Side by side: each is looked at for some seconds."""
    names = (
        "ERROR 410",
        "ERROR 500",
        "a page of a proxy",
        "an end at once",
        "HTTP 404",
        "a cut",
        "a list without an end",
    )
    with ExitStack() as ends:
        servers = {name: ends.enter_context(FaultyApi(api.url, "securebuckets")) for name in names}
        for name, server in servers.items():
            server.fault = FAULTS[name]
            seen = Watching(server.connection, terms=USUAL)
            ends.callback(seen.informer.stop, 10)
            seen.informer.start()
        for name, server in servers.items():
            until(partial(_asked, server, "list" if FAULTS[name].lists else "watch"), 40)
        before = {name: server.asked.total() for name, server in servers.items()}
        time.sleep(4)
        asked = {name: server.asked.total() - before[name] for name, server in servers.items()}
        for name, server in servers.items():  # and it goes on; a pause can be longer than what was looked at
            until(lambda name=name, server=server: server.asked.total() > before[name], 40)
    assert {name: count for name, count in asked.items() if count > 30} == {}


def test_pauses_grow_and_are_bounded_and_a_steady_watch_begins_again_at_the_shortest():
    interruptions = Interruptions(draw=lambda: 1.0)
    pauses = [interruptions.pause("/a", 0.0) for _ in range(40)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE
    assert interruptions.pause("/b", 0.0) == pauses[0]
    assert interruptions.pause("/a", STEADY) == pauses[0]


def test_an_operator_whose_definitions_go_waits_for_them_and_says_so(faulty, admin, api, tmp_path):
    """It keeps its Lease and its process: whoever installs the CRDs again need restart nothing."""
    running = RunningOperator(settings_for(_kubeconfig(faulty, tmp_path)))
    try:
        until(running.leads, 40)
        running.operator._lookout.informer.obstacle = lambda: "not installed: securebuckets"
        faulty.fault = Fault(b"{}", status=404)
        api.drop_watches()
        until(lambda: running.ask("/readyz")[1]["problems"] == ["not installed: securebuckets"], 40)
        assert running.leads()
        faulty.fault = None
        running.operator._lookout.informer.obstacle = str
        until(lambda: running.ask("/readyz")[0] == 200, 40)
        key = admin.create_bucket()
        until(lambda: admin.condition(key, "Ready").get("status") == "True", 40)
    finally:
        assert running.stop() == 0


def _asked(server, what) -> int:
    return server.asked[what]


def _kubeconfig(faulty, tmp_path) -> str:
    path = tmp_path / "kubeconfig"
    path.write_text(
        f"""
apiVersion: v1
kind: Config
clusters: [{{name: c, cluster: {{server: "{faulty.url}"}}}}]
users: [{{name: u, user: {{}}}}]
contexts: [{{name: x, context: {{cluster: c, user: u}}}}]
current-context: x
"""
    )
    return str(path)
