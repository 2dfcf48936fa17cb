"""Serves `/metrics` from a thread of its own: the library's server and formats, with a fast way for objects' series."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app, start_http_server
from prometheus_client.exposition import choose_encoder, gzip_accepted
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from securebucket.metrics.instruments import Instruments
from securebucket.metrics.object_gauge import ObjectGauge

LEVEL = 3
"""Of gzip: a third of the time of the default level 6, for an eighth more bytes."""
GZIP = 31
"""zlib's `wbits` for the gzip format with the widest window."""
END = b"# EOF\n"
"""How OpenMetrics ends."""

Encode = Callable[[Collector], bytes]


class MetricsServer:
    """The HTTP server that Prometheus scrapes.

    Args:
        instruments: what to serve.
        host: address to listen on.
        port: to listen on; 0 lets the system choose.

    Raises:
        OSError: the address is taken.
    """

    def __init__(self, instruments: Instruments, host: str, port: int) -> None:
        self._server, self._thread = start_http_server(port, host, registry=instruments.registry)
        self._server.set_app(metrics_app(instruments.registry))

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_port)

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


class Given(Collector):
    """Hands families that are there to one of the library's encoders."""

    def __init__(self, families: Iterable[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        """Give them."""
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
        if gzip_accepted(environ.get("HTTP_ACCEPT_ENCODING", "")):
            headers.append(("Content-Encoding", "gzip"))
            parts = list(compress(write(registry, encode)))
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


def compress(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Compress as gzip, piece by piece: the text is never there as a whole."""
    stream = zlib.compressobj(LEVEL, wbits=GZIP)
    for part in parts:
        yield stream.compress(part)
    yield stream.flush()
