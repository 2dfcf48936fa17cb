"""Serves `/metrics` from a thread of its own."""

from prometheus_client import start_http_server

from securebucket.metrics.instruments import Instruments


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

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self._server.server_port)

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
