"""A port that anybody may reach, and what silent, slow and rude clients can do to it."""

import socket
import threading
import time
import tracemalloc
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.error import URLError

import pytest
from tests.kube.polling import until
from tests.process.test_health import WELL

from securebucket.metrics.exposition import MetricsServer
from securebucket.metrics.instruments import Instruments
from securebucket.process.health import HealthServer
from securebucket.reporting.report_server import Leadership, ReportServer
from securebucket.serving.bounded_server import BoundedHandler, BoundedServer


class Handler(BoundedHandler):
    """Answers `ok`; `/slow` waits for the gate, `/crash` fails, `/much` writes more than any buffer holds."""

    gate = threading.Event()
    answering = threading.Semaphore(0)

    def do_GET(self):  # noqa: N802 - the library calls it so
        if self.path == "/crash":
            raise RuntimeError("a fault of ours")
        if self.path == "/slow":
            self.answering.release()
            self.gate.wait(10)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"ok" * (10_000_000 if self.path == "/much" else 1))


@contextmanager
def serving(connections: int = 4, silence: float = 60.0) -> Iterator[BoundedServer]:
    Handler.gate.clear()
    server = BoundedServer(("127.0.0.1", 0), Handler, connections=connections, silence=silence)
    server.begin("served by a test")
    try:
        yield server
    finally:
        Handler.gate.set()
        server.end()
        until(lambda: not serving_threads())


def serving_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if "process_request_thread" in each.name]


def ask(port: int, path: str = "/") -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        content: bytes = answer.read()
        return content


@contextmanager
def silent(port: int, count: int, says: bytes = b"") -> Iterator[list[socket.socket]]:
    """Connect, and leave the request unfinished."""
    with ExitStack() as stack:
        clients = [stack.enter_context(socket.create_connection(("127.0.0.1", port), 5)) for _ in range(count)]
        for each in clients:
            try:
                each.sendall(says)
            except OSError:  # it had to make room
                continue
        yield clients


def ended(client: socket.socket) -> bool:
    """Tell whether the server has ended a connection, within some seconds."""
    client.settimeout(5)
    try:
        return client.recv(1) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def test_silent_clients_take_a_bounded_number_of_threads_and_others_are_served():
    with serving() as server, silent(server.port, 40):
        for _ in range(5):
            assert ask(server.port) == b"ok"
            assert len(serving_threads()) <= 4


@pytest.mark.parametrize("says", [b"", b"G", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nA: b\r\n"])
def test_whoever_has_not_sent_a_whole_request_is_silent(says):
    with serving() as server, silent(server.port, 9, says):
        assert ask(server.port) == b"ok"


def test_the_oldest_of_the_silent_makes_room():
    with serving() as server, silent(server.port, 4) as clients:
        until(lambda: len(serving_threads()) == 4)
        assert ask(server.port) == b"ok"
        assert ended(clients[0])
        clients[3].sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert clients[3].recv(99).startswith(b"HTTP/1.0 200")


def test_a_dripping_client_is_dropped_however_often_it_drips():
    with serving(silence=0.3) as server, silent(server.port, 1, b"GET /") as (client,):
        dropped = threading.Event()

        def drip() -> None:
            while not dropped.wait(0.05):
                try:
                    client.send(b"x")
                except OSError:
                    dropped.set()

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert dropped.wait(10)
        dripping.join()


def test_who_is_being_answered_makes_no_room_and_the_next_is_refused_at_once():
    with serving(connections=2) as server:
        slow = [threading.Thread(target=ask, args=(server.port, "/slow")) for _ in range(2)]
        for each in slow:
            each.start()
            assert Handler.answering.acquire(timeout=5)
        with pytest.raises((URLError, ConnectionError)):
            ask(server.port)
        Handler.gate.set()
        for each in slow:
            each.join(10)
        assert ask(server.port) == b"ok"


def test_being_answered_is_not_being_silent():
    with serving(silence=0.2) as server:
        got: list[bytes] = []
        slow = threading.Thread(target=lambda: got.append(ask(server.port, "/slow")))
        slow.start()
        assert Handler.answering.acquire(timeout=5)
        time.sleep(0.6)
        Handler.gate.set()
        slow.join(10)
        assert got == [b"ok"]


def test_a_client_that_goes_away_leaves_no_trace(caplog, capfd):
    with serving() as server, silent(server.port, 1, b"GET /much HTTP/1.0\r\n\r\n") as (client,):
        assert client.recv(1) == b"H"
        client.close()
        until(lambda: not serving_threads())
    assert [each for each in caplog.records if each.levelname != "DEBUG"] == []
    assert capfd.readouterr().err == ""


def test_a_fault_of_ours_is_logged_and_the_next_request_answered(caplog, capfd):
    with serving() as server:
        with pytest.raises((URLError, ConnectionError)):
            ask(server.port, "/crash")
        assert ask(server.port) == b"ok"
    assert "a fault of ours" in caplog.text
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "says",
    [b"GET / HTTP/1.1\r\n" + b"".join(b"X-%d: %s\r\n" % (each, b"y" * 60_000) for each in range(90)), b"y" * 2**20],
    ids=["headers", "line"],
)
def test_a_request_without_measure_is_not_read_to_its_end(says, caplog):
    """Of 6 MiB of headers the library makes 30: some dozen clients would take all the memory that there is."""
    with serving() as server, socket.create_connection(("127.0.0.1", server.port), 5) as client:
        tracemalloc.start()
        with suppress(OSError):
            client.sendall(says)
            client.sendall(b"\r\n\r\n")
        until(lambda: not serving_threads())
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 1_000_000
        assert ask(server.port) == b"ok"
    assert not [each for each in caplog.records if each.levelname != "DEBUG"]


def test_its_end_drops_who_is_silent():
    with serving() as server, silent(server.port, 2) as clients:
        until(lambda: len(serving_threads()) == 2)
        server.end()
        assert all(map(ended, clients))


@contextmanager
def health() -> Iterator[int]:
    server = HealthServer(lambda: WELL, "127.0.0.1", 0)
    yield server.start()
    server.stop()


@contextmanager
def metrics() -> Iterator[int]:
    server = MetricsServer(Instruments(lambda: True), "127.0.0.1", 0)
    yield server.port
    server.end()


@contextmanager
def report() -> Iterator[int]:
    """On a standby: what it says is no matter here."""
    server = ReportServer(lambda: pytest.fail("a standby has none"), Leadership(lambda: False, str), "127.0.0.1", 0)
    yield server.port
    server.stop()


@pytest.mark.parametrize(("port", "path"), [(health, "/healthz"), (metrics, "/metrics"), (report, "/report.json")])
def test_each_port_of_the_operator_is_bounded(port, path):
    before = threading.active_count()
    with port() as number, silent(number, 100):
        with socket.create_connection(("127.0.0.1", number), 5) as client:
            client.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert client.recv(7) == b"HTTP/1."
        assert threading.active_count() - before <= 20
    until(lambda: not serving_threads())
