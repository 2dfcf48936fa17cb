"""A Kubernetes API of a few answers: the rights of the one who asks are what a test says, as RBAC would have it."""

import json
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

KINDS = ("securebuckets", "securebuckets/status", "bucketprofiles", "bucketexceptions")
Allows = Callable[[Mapping[str, str]], bool]
"""Says whether the attributes of a SelfSubjectAccessReview are granted."""


def everything(_attributes: Mapping[str, str]) -> bool:
    """Grant all."""
    return True


class SmallCluster:
    """Serves discovery, access reviews and one Lease on the loopback.

    Args:
        allows: which rights are granted.
        kinds: which of our kinds are installed.
        holder: who holds the Lease; empty for a Lease that is not there.
        status: of every answer; anything but 200 refuses all.
    """

    def __init__(
        self, allows: Allows = everything, *, kinds: tuple[str, ...] = KINDS, holder: str = "", status: int = 200
    ) -> None:
        self.asked: list[Mapping[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if status != 200:
                    self.answer(status, {"reason": "Refused", "message": "no"})
                elif "/leases/" in self.path:
                    found = {"spec": {"holderIdentity": holder}}
                    self.answer(200 if holder else 404, found if holder else {"reason": "NotFound"})
                else:
                    self.answer(200 if kinds else 404, {"resources": [{"name": each} for each in kinds]})

            def do_POST(self) -> None:
                review = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                attributes = review["spec"]["resourceAttributes"]
                outer.asked.append(attributes)
                self.answer(201, {"status": {"allowed": allows(attributes)}})

            def answer(self, code: int, body: Any) -> None:
                content = json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def write_kubeconfig(self, path: Path) -> str:
        """Write how to reach it, and give the path."""
        return write_kubeconfig(path, f"http://127.0.0.1:{self._server.server_address[1]}")


def write_kubeconfig(path: Path, server: str) -> str:
    """Write a kubeconfig of one context, and give its path."""
    path.write_text(
        yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": "small", "cluster": {"server": server}}],
                "users": [{"name": "person", "user": {"token": "t0ken"}}],
                "contexts": [{"name": "small", "context": {"cluster": "small", "user": "person"}}],
                "current-context": "small",
            }
        )
    )
    return str(path)
