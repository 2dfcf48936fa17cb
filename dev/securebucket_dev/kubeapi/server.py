"""The server in this process: `with KubeApi() as api:` runs it on a thread of its own."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import yaml
from aiohttp import web

from securebucket_dev.kubeapi.app import Api
from securebucket_dev.kubeapi.cluster import PERMANENT_NAMESPACES, Cluster
from securebucket_dev.kubeapi.intake import take_in
from securebucket_dev.kubeapi.options import WriteOptions
from securebucket_dev.kubeapi.request_log import RequestLog
from securebucket_dev.kubeapi.store import HISTORY, Store
from securebucket_dev.kubeapi.writing import create_object

HOST = "127.0.0.1"
START_TIMEOUT = 30.0  # seconds
STOP_TIMEOUT = 10.0

_Result = TypeVar("_Result")


class KubeApi:
    """A small Kubernetes API server for development and tests; its state ends with it.

    Args:
        port: 0 for a free one.
        request_log: a file that gets a JSON line for each request.
        crds: files or folders of CustomResourceDefinitions that are there from the start.
        history: how many of the last events of a kind a watch can resume from.
    """

    def __init__(
        self, port: int = 0, request_log: Path | None = None, crds: Iterable[Path] = (), history: int = HISTORY
    ) -> None:
        self.requests = RequestLog(request_log)
        self._api = Api(_begin_cluster(crds, history), self.requests)
        self._socket = socket.create_server((HOST, port))
        self._loop = asyncio.new_event_loop()
        self._started: Future[None] = Future()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="kubeapi", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self._socket.getsockname()[1]}"

    def start(self) -> None:
        """Begin to serve; returns when it does."""
        self._thread.start()
        self._started.result(START_TIMEOUT)

    def stop(self) -> None:
        """End every stream, and the thread."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stopping.set)
            self._thread.join(STOP_TIMEOUT)
        self._socket.close()

    def kubeconfig(self, path: Path, namespace: str = "default") -> Path:
        """Write a kubeconfig by which kubectl and the Kubernetes clients find the server."""
        path.write_text(yaml.safe_dump(describe_kubeconfig(self.url, namespace)))
        path.chmod(0o600)
        return path

    def mute_watches(self) -> None:
        """Make every open watch silent for good, as when its other side has vanished; those opened meanwhile too."""
        self._call(self._api.watches.mute)

    def unmute_watches(self) -> None:
        """Let watches that are opened from now on work; the silent ones stay silent."""
        self._call(self._api.watches.unmute)

    def drop_watches(self) -> None:
        """Cut the connection of every open watch."""
        self._call(self._api.watches.drop)

    def compact(self) -> None:
        """Forget what happened: a watch or a page that goes on from before now is answered with 410."""
        self._call(self._api.cluster.store.compact)

    @property
    def open_watches(self) -> int:
        """How many watches are open."""
        return self._call(lambda: self._api.watches.count)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _call(self, function: Callable[[], _Result]) -> _Result:
        async def run() -> _Result:
            return function()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(STOP_TIMEOUT)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        # With cancellation a watch ends when its client goes, not when it is next written to.
        runner = web.AppRunner(
            self._api.application(), access_log=None, handler_cancellation=True, shutdown_timeout=1.0
        )
        await runner.setup()
        await web.SockSite(runner, self._socket).start()
        self._started.set_result(None)
        await self._stopping.wait()
        self._api.watches.drop()
        await runner.cleanup()


def describe_kubeconfig(url: str, namespace: str) -> dict[str, Any]:
    """A kubeconfig of one context. The token is no secret: nothing is authenticated, but some clients want one."""
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "embedded", "cluster": {"server": url}}],
        "users": [{"name": "developer", "user": {"token": "development-only"}}],
        "contexts": [
            {"name": "embedded", "context": {"cluster": "embedded", "user": "developer", "namespace": namespace}}
        ],
        "current-context": "embedded",
    }


def _begin_cluster(crds: Iterable[Path], history: int) -> Cluster:
    cluster = Cluster(Store(history))
    for name in PERMANENT_NAMESPACES:
        _create(cluster, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
    for path in crds:
        for file in sorted(path.glob("*.y*ml")) if path.is_dir() else [path]:
            for document in yaml.load_all(file.read_text(), Loader=yaml.CSafeLoader):
                # Other documents, a kustomization for instance, may stand beside the definitions.
                if document and document.get("kind") == "CustomResourceDefinition":
                    _create(cluster, document)
    return cluster


def _create(cluster: Cluster, body: dict[str, Any]) -> None:
    kind = next(each for each in cluster.registry if each.name == body["kind"])
    options = WriteOptions(manager="kubeapi", validation="Strict")
    create_object(cluster, kind, "", take_in(body, kind, options, []), options)
