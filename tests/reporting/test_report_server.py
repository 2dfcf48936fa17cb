"""The operator's endpoint of the report, over its socket."""

import http.client
import json
from collections.abc import Callable, Iterator

import pytest
from tests.report.reports import small_report

from securebucket.report.recorded_report import RecordedReport, recorded
from securebucket.report.writing import ReportFormat, written
from securebucket.reporting.report_server import PATHS, Leadership, ReportServer

Serve = Callable[..., ReportServer]
LEADING = Leadership(lambda: True, lambda: "operator-1_0a1b2c3d")
REPORT = small_report()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves on the loopback until the test ends."""
    running: list[ReportServer] = []

    def start(
        report: Callable[[], RecordedReport] = lambda: recorded(REPORT), leadership: Leadership = LEADING
    ) -> ReportServer:
        running.append(ReportServer(report, leadership, "127.0.0.1", 0))
        return running[-1]

    yield start
    for each in running:
        each.stop()


def ask(
    server: ReportServer, path: str, *, method: str = "GET", host: str = "localhost:8082"
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host=True)
        if host:
            connection.putheader("Host", host)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(("path", "chosen"), list(PATHS.items()))
def test_each_path_gives_its_form(path: str, chosen: ReportFormat, serve: Serve) -> None:
    answer, body = ask(serve(), path)
    assert (answer.status, body) == (200, written(REPORT, chosen))
    assert answer.getheader("Transfer-Encoding") == "chunked"


def test_a_query_does_not_hide_the_path(serve: Serve) -> None:
    assert ask(serve(), "/report.json?now=1")[0].status == 200


def test_head_gives_the_headers_alone(serve: Serve) -> None:
    answer, body = ask(serve(), "/report.json", method="HEAD")
    assert (answer.status, body) == (200, b"")
    assert answer.getheader("Transfer-Encoding") == "chunked"
    assert answer.getheader("Content-Type") == "application/json"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_can_be_written(method: str, serve: Serve) -> None:
    assert ask(serve(), "/", method=method)[0].status == 501


def test_another_path_names_those_that_are(serve: Serve) -> None:
    answer, body = ask(serve(), "/metrics")
    assert answer.status == 404
    assert b"/report.json" in body


@pytest.mark.parametrize("host", ["localhost", "localhost:8082", "127.0.0.1:1234", "[::1]:8082", "LOCALHOST"])
def test_a_request_that_names_the_loopback_is_answered(host: str, serve: Serve) -> None:
    assert ask(serve(), "/report.json", host=host)[0].status == 200


@pytest.mark.parametrize(
    "host", ["attacker.example", "localhost.attacker.example:8082", "127.0.0.1.nip.io", "10.0.0.7:8082", "[bad", ""]
)
def test_a_page_of_somebody_else_gets_nothing(host: str, serve: Serve) -> None:
    """A name that leads to the loopback makes a browser take this server for that name's own (DNS rebinding)."""
    answer, body = ask(serve(), "/report.json", host=host)
    assert answer.status == 421
    assert b"acme" not in body


@pytest.mark.parametrize("path", [*PATHS, "/nowhere"])
def test_every_answer_keeps_other_origins_out(path: str, serve: Serve) -> None:
    answer, _ = ask(serve(), path)
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("X-Frame-Options") == "DENY"
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert answer.getheader("Cross-Origin-Resource-Policy") == "same-origin"
    assert answer.getheader("Access-Control-Allow-Origin") is None
    policy = answer.getheader("Content-Security-Policy") or ""
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "Python" not in (answer.getheader("Server") or "")


def test_a_standby_names_the_leader(serve: Serve) -> None:
    answer, body = ask(serve(leadership=Leadership(lambda: False, lambda: "operator-2_0a1b2c3d")), "/")
    assert answer.status == 503
    assert b"The leader is operator-2: kubectl port-forward pod/operator-2 8082" in body
    assert answer.getheader("Retry-After") == "15"


def test_a_standby_that_knows_no_leader_says_so(serve: Serve) -> None:
    answer, body = ask(serve(leadership=Leadership(lambda: False, lambda: "")), "/")
    assert answer.status == 503
    assert b"not known yet: try again" in body


def test_a_report_that_cannot_be_made_leaves_the_server_alive(serve: Serve) -> None:
    broken = [True]

    def report() -> RecordedReport:
        if broken:
            broken.pop()
            raise RuntimeError("acme-secret")
        return recorded(REPORT)

    server = serve(report)
    answer, body = ask(server, "/report.json")
    assert (answer.status, b"acme-secret" in body) == (500, False)
    assert json.loads(ask(server, "/report.json")[1])["format"] == "securebucket.io/audit-report/v1"
