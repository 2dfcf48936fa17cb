"""The process that is moto: its server on a socket that the parent has already bound to the loopback.

Run as `python -I moto_gateway.py DESCRIPTOR`; SIGTERM ends it at once.
"""

import os
import signal
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server


class QuietHandler(MotoRequestHandler):
    """Logs no request: what was asked is the recorder's to tell."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def end_with_parent() -> None:
    """End this process when the parent is gone: its end of our stdin closes then, however it died."""
    while os.read(0, 64):  # not sys.stdin, whose lock would abort an interpreter that ends by itself
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serve until SIGTERM."""
    threading.Thread(target=end_with_parent, daemon=True).start()
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
