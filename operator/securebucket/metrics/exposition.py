"""Serves `/metrics`: the library's formats, with a fast way for objects' series, behind a server that is bounded."""

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import ServerHandler, WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from securebucket.metrics.instruments import Instruments
from securebucket.metrics.object_gauge import ObjectGauge
from securebucket.serving.bounded_server import BoundedHandler, BoundedServer
from securebucket.serving.gzip_stream import accepts_gzip, compressed

log = logging.getLogger(__name__)

SCRAPES = 8
"""Connections at once; each may hold the whole answer until its client has taken it."""
LEVEL = 3
"""Of gzip: a third of the time of the default level 6, for an eighth more bytes."""
END = b"# EOF\n"
"""How OpenMetrics ends."""

Encode = Callable[[Collector], bytes]


class _Answer(ServerHandler):
    """One answer of the application; the library would print what went wrong past the log."""

    def log_exception(self, exc_info: Any) -> None:
        """Log it; that a client went away, or takes nothing, is worth no word."""
        expected = exc_info[0] is not None and issubclass(exc_info[0], ConnectionError | TimeoutError)
        log.log(logging.DEBUG if expected else logging.ERROR, "a scrape could not be answered", exc_info=exc_info)


class _ScrapeHandler(BoundedHandler, WSGIRequestHandler):
    """Answers one scrape."""

    def handle(self) -> None:
        """Read one request, and have the application answer it."""
        self.handle_one_request()

    def answer(self) -> None:
        """Answer it, whichever method it has: the application refuses those that it does not know."""
        server: Any = self.server
        incoming: Any = self.rfile
        outgoing: Any = self.wfile
        answer: Any = _Answer(incoming, outgoing, self.get_stderr(), self.get_environ())
        answer.request_handler = self
        answer.run(server.get_app())

    do_GET = do_HEAD = do_OPTIONS = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - the library's names


class MetricsServer(BoundedServer, WSGIServer):
    """The HTTP server that Prometheus scrapes; it serves at once.

    Args:
        instruments: what to serve.
        host: address to listen on.
        port: to listen on; 0 lets the system choose.

    Raises:
        OSError: the address is taken.
    """

    def __init__(self, instruments: Instruments, host: str, port: int) -> None:
        super().__init__((host, port), _ScrapeHandler, connections=SCRAPES)
        self.set_app(metrics_app(instruments.registry))
        self.begin("metrics")


class Given(Collector):
    """Hands ready families to one of the library's encoders."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Return the families that were handed in."""
        return self._families


def metrics_app(registry: CollectorRegistry) -> WSGIApplication:
    """Make the application that answers a scrape; what is not a plain one is left to the library's.

    The whole answer is made before its first byte is sent: a fault is an error 500, never half a fleet.
    """
    library: WSGIApplication = make_wsgi_app(registry)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        encode, content_type = choose_encoder(environ.get("HTTP_ACCEPT", ""))
        plain = environ["REQUEST_METHOD"] == "GET" and environ["PATH_INFO"] != "/favicon.ico"
        some = "name[]" in parse_qs(environ.get("QUERY_STRING", ""))
        if not plain or some or "escaping=dots" in content_type:  # that one writes every `_` in a name as `__`
            return library(environ, start_response)
        headers = [("Content-Type", content_type)]
        if accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
            headers.append(("Content-Encoding", "gzip"))
            parts = list(compressed(write(registry, encode), LEVEL))
        else:
            parts = list(write(registry, encode))
        headers.append(("Content-Length", str(sum(map(len, parts)))))
        start_response("200 OK", headers)
        return parts

    return app


def write(registry: Collector, encode: Encode) -> Iterator[bytes]:
    """Write all families, those of objects first, in pieces of bounded size."""
    others = []
    for family in registry.collect():
        if isinstance(family, ObjectGauge):
            yield encode(Given([family.heading])).removesuffix(END)
            yield from family.lines()
        else:
            others.append(family)
    yield encode(Given(others))
