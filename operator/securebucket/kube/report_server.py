"""Serves the auditor's report, by default to the pod's own loopback address alone.

It names principals and policies, and there is no login: whoever can reach the port may read it. On the loopback
address that is whoever may port-forward to the pod, which Kubernetes' RBAC decides (`pods/portforward`). A web page of
somebody else must not reach it through the browser of such a person, so a request has to name the loopback (DNS
rebinding), and its answer cannot be framed or read by another origin.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import urlsplit

from securebucket.audit.audit_report import AuditReport
from securebucket.audit.html_page import content_security_policy
from securebucket.audit.writing import MEDIA_TYPES, ReportFormat, written
from securebucket.serving.bounded_server import BoundedHandler, BoundedServer

log = logging.getLogger(__name__)

PATHS: Mapping[str, ReportFormat] = {
    "/": ReportFormat.HTML,
    "/report.html": ReportFormat.HTML,
    "/report.json": ReportFormat.JSON,
    "/report.csv": ReportFormat.CSV,
    "/ocsf.json": ReportFormat.OCSF,
    "/asff.json": ReportFormat.ASFF,
}
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

    Raises:
        OSError: the address is taken.
    """

    report: Callable[[], AuditReport]
    leadership: Leadership
    host: str
    port: int
    _server: BoundedServer = field(init=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
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

    def written(self, chosen: ReportFormat) -> bytes:
        """Write the report; one at a time, since a large one takes seconds of the processor."""
        with self._one_at_a_time:
            return written(self.report(), chosen)


def _handler(server: ReportServer) -> type[BoundedHandler]:
    class Handler(BoundedHandler):
        def do_GET(self) -> None:  # noqa: N802 - the library calls it so
            path = urlsplit(self.path).path
            if not server.serves(self.headers.get("Host", "")):
                text = (
                    "This is served to localhost alone: open it as http://127.0.0.1 with the port that you forwarded.\n"
                )
                self._tell(HTTPStatus.MISDIRECTED_REQUEST, text)
            elif path not in PATHS:
                self._tell(HTTPStatus.NOT_FOUND, f"There are {', '.join(PATHS)}.\n")
            elif not server.leadership.leading():
                self._tell(HTTPStatus.SERVICE_UNAVAILABLE, server.leadership.refusal(), {"Retry-After": "15"})
            else:
                self._give(PATHS[path], path)

        do_HEAD = do_GET  # noqa: N815 - the library calls it so

        def _give(self, chosen: ReportFormat, path: str) -> None:
            headers = {"Content-Type": MEDIA_TYPES[chosen]}
            if chosen is ReportFormat.HTML:
                headers["Content-Security-Policy"] = f"{content_security_policy()}; frame-ancestors 'none'"
            elif chosen is ReportFormat.CSV:
                headers["Content-Disposition"] = f'attachment; filename="{path.strip("/")}"'
            try:
                body = server.written(chosen)
            except Exception:  # the edge of a request: the next one, and the passes, go on
                log.exception("the report could not be made")
                text = "The report could not be made; the operator's log says why.\n"
                self._tell(HTTPStatus.INTERNAL_SERVER_ERROR, text)
                return
            self._answer(HTTPStatus.OK, headers, body)

        def _tell(self, status: HTTPStatus, text: str, headers: Mapping[str, str] | None = None) -> None:
            plain = {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}
            self._answer(status, plain, text.encode())

        def _answer(self, status: HTTPStatus, headers: Mapping[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in (HEADERS | {"Content-Security-Policy": NOTHING} | dict(headers)).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

    return Handler
