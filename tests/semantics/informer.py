"""A small kopf operator that only informs, with the settings of our own, on a thread of its own."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import kopf
import pytest
from tests.semantics.client import PATIENCE

GROUP = ("semantics.example.io", "v1alpha1", "widgets")


class Informer:
    """What kopf has told, by the names of the objects."""

    def __init__(self, namespace: str, kubeconfig: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._failure: list[BaseException] = []
        registry = kopf.OperatorRegistry()
        kopf.on.login(registry=registry)(kopf.login_with_kubeconfig)
        kopf.on.startup(registry=registry)(configure)
        kopf.on.event(*GROUP, registry=registry)(self._note)
        monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
        ready = threading.Event()

        def run() -> None:
            try:
                asyncio.run(
                    kopf.operator(registry=registry, namespaces=[namespace], stop_flag=self._stop, ready_flag=ready)
                )
            except BaseException as error:  # noqa: BLE001 - told to the test by `stop`
                self._failure.append(error)

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        assert ready.wait(PATIENCE)

    def _note(self, type: str | None, name: str, body: kopf.Body, **_: object) -> None:  # noqa: A002 - kopf names it
        with self._changed:
            if type == "DELETED":
                self.gone.add(name)
            else:
                self.seen[name] = dict(body)
            self._changed.notify_all()

    def until(self, wanted: Any) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: wanted(self), PATIENCE), self.seen.keys()

    def stop(self) -> None:
        """End the operator; a failure of it is the test's."""
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._failure, self._failure


def configure(settings: kopf.OperatorSettings, **_: object) -> None:
    settings.peering.standalone = True
    settings.scanning.disabled = True
    settings.posting.enabled = False
    settings.watching.chunk_size = 7
    settings.watching.reconnect_backoff = 0.1
    settings.watching.inactivity_timeout = 1.0
    settings.queueing.idle_timeout = 0.2
