"""Reports that are read slowly, in part, all at once, or that break in the middle: over the server's socket."""

import gzip
import http.client
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from tests.report.counted import broken_at, counted
from tests.report.reports import fleet_report

from securebucket.report.recorded_report import RecordedReport, recorded
from securebucket.report.writing import ReportFormat, written
from securebucket.reporting.report_seats import AT_ONCE, WAITING, Seats
from securebucket.reporting.report_server import Leadership, ReportServer

Serve = Callable[..., ReportServer]
LEADING = Leadership(lambda: True, lambda: "operator-1_0a1b2c3d")
FLEET = fleet_report(60)
PAGES = {"/": ReportFormat.HTML, "/report.json": ReportFormat.JSON, "/ocsf.json": ReportFormat.OCSF}
LARGE = "/ocsf.json"
"""More than the buffers between two sockets take."""


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves on the loopback until the test ends."""
    running: list[ReportServer] = []

    def start(report: RecordedReport, seats: Seats | None = None) -> ReportServer:
        running.append(ReportServer(lambda: report, LEADING, "127.0.0.1", 0, seats=seats or Seats()))
        return running[-1]

    yield start
    for each in running:
        each.stop()


def connect(server: ReportServer, path: str, *headers: str, version: str = "1.1") -> socket.socket:
    """Ask, and read nothing yet."""
    made = socket.create_connection(("127.0.0.1", server.port), timeout=20)
    lines = (f"GET {path} HTTP/{version}", "Host: localhost", *headers)
    made.sendall("".join(f"{each}\r\n" for each in (*lines, "")).encode())
    return made


def read(connection: socket.socket) -> tuple[http.client.HTTPResponse, bytes]:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    with answer:
        return answer, answer.read()


def ask(server: ReportServer, path: str) -> tuple[http.client.HTTPResponse, bytes]:
    with connect(server, path) as connection:
        return read(connection)


def await_true(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("path", PAGES)
def test_gzip_gives_the_same_report(path: str, serve: Serve) -> None:
    with connect(serve(recorded(FLEET)), path, "Accept-Encoding: gzip") as connection:
        answer, body = read(connection)
    assert (answer.getheader("Content-Encoding"), answer.getheader("Vary")) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(body) == written(FLEET, PAGES[path])


@pytest.mark.parametrize("path", PAGES)
def test_an_old_client_gets_the_report_without_chunks(path: str, serve: Serve) -> None:
    with connect(serve(recorded(FLEET)), path, version="1.0") as connection:
        answer, body = read(connection)
    assert answer.getheader("Transfer-Encoding") is None
    assert body == written(FLEET, PAGES[path])


def test_a_head_lays_out_no_bucket(serve: Serve) -> None:
    report, count = counted(FLEET)
    connection = http.client.HTTPConnection("127.0.0.1", serve(report).port, timeout=20)
    connection.request("HEAD", LARGE, headers={"Host": "localhost"})
    assert (connection.getresponse().status, count.laid_out) == (200, [])
    connection.close()


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("path", PAGES)
def test_a_report_that_breaks_in_the_middle_is_known_to_be_a_part(
    path: str, encoding: str, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serve(broken_at(FLEET, len(FLEET.buckets) // 2))
    with (
        connect(server, path, f"Accept-Encoding: {encoding}") as connection,
        pytest.raises((http.client.IncompleteRead, ConnectionResetError)),
    ):
        read(connection)
    await_true(lambda: "the report broke off in the middle" in caplog.text)


def test_an_old_client_sees_an_error_where_a_report_breaks(serve: Serve) -> None:
    server = serve(broken_at(FLEET, len(FLEET.buckets) // 2))
    with connect(server, LARGE, version="1.0") as connection, pytest.raises(ConnectionResetError):
        read(connection)


def test_a_client_that_goes_away_ends_its_report(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    report, count = counted(FLEET)
    connection = connect(serve(report), LARGE)
    assert connection.recv(1000)
    connection.close()
    await_true(lambda: "a client did not read the report to its end" in caplog.text)
    assert len(count.laid_out) < len(FLEET.buckets)


def test_several_at_once_get_the_whole_report_while_one_does_not_read(serve: Serve) -> None:
    server, found = serve(recorded(FLEET)), []
    silent = connect(server, LARGE)

    threads = [
        threading.Thread(target=lambda path=path: found.append((path, ask(server, path)[1])))
        for path in (*PAGES, "/", "/report.json")
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert sorted(path for path, _ in found) == sorted((*PAGES, "/", "/report.json"))
    assert all(body == written(FLEET, PAGES[path]) for path, body in found)
    with silent:
        assert read(silent)[1] == written(FLEET, PAGES[LARGE])


def test_where_too_many_are_being_read_the_next_one_is_told_to_come_again(serve: Serve) -> None:
    server = serve(recorded(FLEET), Seats(longest_wait=0.1))
    silent = [connect(server, LARGE) for _ in range(AT_ONCE)]
    for each in silent:
        assert each.recv(1)  # it has its seat
    answer, body = ask(server, "/report.json")
    assert (answer.status, answer.getheader("Retry-After")) == (503, "30")
    assert b"try again" in body
    silent.pop().close()
    await_true(lambda: ask(server, "/report.json")[0].status == 200)
    for each in silent:
        each.close()


def test_where_too_many_wait_the_next_one_does_not(serve: Serve) -> None:
    server = serve(recorded(FLEET), Seats(longest_wait=60.0))
    silent = [connect(server, LARGE) for _ in range(AT_ONCE)]
    for each in silent:
        assert each.recv(1)
    waiting = [connect(server, LARGE) for _ in range(WAITING)]

    def refused() -> bool:
        with connect(server, "/report.json") as connection:
            connection.settimeout(2)
            try:
                return read(connection)[0].status == 503
            except TimeoutError:
                return False

    await_true(refused)
    for each in (*silent, *waiting):
        each.close()
