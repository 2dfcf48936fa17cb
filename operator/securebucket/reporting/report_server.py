"""Serves the auditor's report, by default to the pod's own loopback address alone.

It names principals and policies, and there is no login: whoever can reach the port may read it. On the loopback
address that is whoever may port-forward to the pod, which Kubernetes' RBAC decides (`pods/portforward`). A web page of
somebody else must not reach it through the browser of such a person, so a request has to name the loopback (DNS
rebinding), and its answer cannot be framed or read by another origin.
"""

import itertools
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from securebucket.report.html_page import content_security_policy
from securebucket.report.recorded_report import RecordedReport
from securebucket.report.writing import MEDIA_TYPES, ReportFormat, pieces
from securebucket.reporting.report_seats import Seats
from securebucket.reporting.report_sending import Sending
from securebucket.reporting.report_turns import Turns
from securebucket.serving.bounded_server import BoundedHandler, BoundedServer
from securebucket.serving.gzip_stream import accepts_gzip, compressed

log = logging.getLogger(__name__)

PATHS: Mapping[str, ReportFormat] = {
    "/": ReportFormat.HTML,
    "/report.html": ReportFormat.HTML,
    "/report.json": ReportFormat.JSON,
    "/report.csv": ReportFormat.CSV,
    "/ocsf.json": ReportFormat.OCSF,
    "/asff.json": ReportFormat.ASFF,
}
LEVEL = 1
"""Of gzip: most of a page is packed already, and the other forms repeat themselves so much that more is not needed."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
NOTHING = "default-src 'none'; frame-ancestors 'none'"


@dataclass(frozen=True, slots=True)
class Leadership:
    """Who leads.

    Args:
        leading: whether this replica does.
        leader: the identity of the one that does; empty while nobody is known to.
    """

    leading: Callable[[], bool]
    leader: Callable[[], str]

    def refusal(self) -> str:
        """Say where the report is, for a replica that has none."""
        pod = self.leader().rpartition("_")[0]
        remedy = f"kubectl port-forward pod/{pod} 8082" if pod else "try again in some seconds"
        return f"This replica stands by and has no report. The leader is {pod or 'not known yet'}: {remedy}\n"


@dataclass(slots=True)
class ReportServer:
    """Serves the report from a thread of its own.

    Args:
        report: makes the report as of now.
        leadership: only the leader has one.
        host: address to listen on.
        port: 0 lets the system choose.
        busy: whether passes run now, which go before.
        seats: bounds how many reports are sent at a time.

    Raises:
        OSError: the address is taken.
    """

    report: Callable[[], RecordedReport]
    leadership: Leadership
    host: str
    port: int
    busy: Callable[[], bool] = lambda: False
    seats: Seats = field(default_factory=Seats)
    _server: BoundedServer = field(init=False)
    _turns: Turns = field(init=False)

    def __post_init__(self) -> None:
        self._turns = Turns(self.busy)
        self._server = BoundedServer((self.host, self.port), _handler(self))
        self.port = self._server.port
        self._server.begin("report")

    def stop(self) -> None:
        """Serve no more."""
        self._server.end()

    def serves(self, host: str) -> bool:
        """Tell whether a Host header names this server as a person on this machine would."""
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name is not None and (name in LOOPBACK or name == self.host)

    def pieces(self, chosen: ReportFormat, *, gzip: bool) -> Iterator[bytes]:
        """Write the report as of the first piece, each piece when it is asked for and no pass is kept waiting."""

        def made() -> Iterator[bytes]:
            yield from pieces(self.report(), chosen)

        return self._turns.take(compressed(made(), LEVEL) if gzip else made())


def _handler(server: ReportServer) -> type[BoundedHandler]:
    class Handler(BoundedHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # noqa: N802 - the library calls it so
            path = urlsplit(self.path).path
            if not server.serves(self.headers.get("Host", "")):
                text = (
                    "This is served to localhost only: open it as http://127.0.0.1 with the port that you forwarded.\n"
                )
                self._tell(HTTPStatus.MISDIRECTED_REQUEST, text)
            elif path not in PATHS:
                self._tell(HTTPStatus.NOT_FOUND, f"Served here: {', '.join(PATHS)}.\n")
            elif not server.leadership.leading():
                self._tell(HTTPStatus.SERVICE_UNAVAILABLE, server.leadership.refusal(), {"Retry-After": "15"})
            else:
                self._give(PATHS[path], path)

        do_HEAD = do_GET  # noqa: N815 - the library calls it so

        def _give(self, chosen: ReportFormat, path: str) -> None:
            gzip = accepts_gzip(self.headers.get("Accept-Encoding", ""))
            headers = {"Content-Type": MEDIA_TYPES[chosen], "Vary": "Accept-Encoding"}
            if chosen is ReportFormat.HTML:
                headers["Content-Security-Policy"] = f"{content_security_policy()}; frame-ancestors 'none'"
            elif chosen is ReportFormat.CSV:
                headers["Content-Disposition"] = f'attachment; filename="{path.strip("/")}"'
            if gzip:
                headers["Content-Encoding"] = "gzip"
            if self._in_chunks:
                headers["Transfer-Encoding"] = "chunked"
            if self.command == "HEAD":
                self._begin(HTTPStatus.OK, headers)
                return
            with server.seats.take() as free:
                if free:
                    self._send(server.pieces(chosen, gzip=gzip), headers)
                else:
                    text = "Too many reports are being read right now; try again.\n"
                    self._tell(HTTPStatus.SERVICE_UNAVAILABLE, text, {"Retry-After": "30"})

        def _send(self, made: Iterator[bytes], headers: Mapping[str, str]) -> None:
            """Send a report; what breaks in the middle of it breaks the connection, so that no part passes for all."""
            try:
                first = next(made)
            except Exception:  # the edge of a request: the next one, and the passes, go on
                log.exception("the report could not be made")
                text = "The report could not be made; the operator's log says why.\n"
                self._tell(HTTPStatus.INTERNAL_SERVER_ERROR, text)
                return
            sending = Sending(self.connection, chunked=self._in_chunks)
            try:
                self._begin(HTTPStatus.OK, headers)
                self._send_all(sending, itertools.chain((first,), made))
            except OSError as error:
                log.info("a client did not read the report to its end: %s", error)
                sending.abort()
            except Exception:  # as above
                log.exception("the report broke off in the middle")
                sending.abort()

        def _send_all(self, sending: Sending, made: Iterable[bytes]) -> None:
            for piece in made:
                sending.send(piece)
            sending.end()

        @property
        def _in_chunks(self) -> bool:
            return self.request_version != "HTTP/1.0"

        def _tell(self, status: HTTPStatus, text: str, headers: Mapping[str, str] | None = None) -> None:
            body = text.encode()
            plain = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), **(headers or {})}
            self._begin(status, plain)
            if self.command != "HEAD":
                self.wfile.write(body)

        def _begin(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            common = HEADERS | {"Content-Security-Policy": NOTHING, "Connection": "close"}
            for name, value in (common | dict(headers)).items():
                self.send_header(name, value)
            self.end_headers()

    return Handler
