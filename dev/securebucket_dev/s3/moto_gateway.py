"""The process that is moto: its server on a socket that the parent has already bound to the loopback.

Run as `python -I moto_gateway.py DESCRIPTOR`; SIGTERM ends it at once.
"""

import os
import sys

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


class QuietHandler(MotoRequestHandler):
    """Logs no request: what was asked is the recorder's to tell."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def main() -> None:
    """Serve until SIGTERM."""
    application = DomainDispatcherApplication(create_backend_app)
    make_server(
        "127.0.0.1",
        int(os.environ["MOTO_PORT"]),
        application,
        threaded=True,
        request_handler=QuietHandler,
        fd=int(sys.argv[1]),
    ).serve_forever()


if __name__ == "__main__":
    main()
