"""An operator that runs in a thread of the test, with an engine that has no AWS."""

import json
import threading
import urllib.request
from collections.abc import Sequence
from typing import Any
from urllib.error import HTTPError

from tests.kube.polling import until
from tests.process.engines import FakeEngine, FakeObserver

from securebucket.kube.informer import WatchTerms
from securebucket.process.lease import Terms
from securebucket.process.run import Operator
from securebucket.process.settings import RunSettings
from securebucket.process.vitals import Parts, Vitals

LEASE = Terms(period=0.1)
SHORT_LEASE = Terms(duration=3.0, deadline=2.0, period=0.1, call=1.0, margin=0.3)
"""For tests that wait for its end; elsewhere a slow machine could lose it."""
QUICK_WATCH = WatchTerms(inactivity=60.0, reconnect=0.05, pause=0.02, clearing=0.5, retry=0.02)


def settings_for(kubeconfig: str, namespaces: Sequence[str] = (), **other: Any) -> RunSettings:
    """Give settings with short times."""
    return RunSettings(
        **{
            "namespaces": tuple(namespaces),
            "workers": 2,
            "health_port": 0,
            "health_host": "127.0.0.1",
            "lease_namespace": "default",
            "kubeconfig": kubeconfig,
            "stop_timeout": 5.0,
            "lease": LEASE,
            "watch": QUICK_WATCH,
            **other,
        }
    )


class RunningOperator:
    """Starts at once; `code` is its exit code when it has ended."""

    def __init__(self, settings: RunSettings) -> None:
        self.engine = FakeEngine()
        self.observer = FakeObserver()
        self.closed = threading.Event()
        self.code: int | None = None
        self.operator = Operator(settings, self._assemble)
        self._thread = threading.Thread(target=self._run, name="operator", daemon=True)
        self._thread.start()

    def _assemble(self, vitals: Vitals) -> Parts:
        self.vitals = vitals
        return Parts(self.engine, self.observer, lambda _verb, _code: None, self.closed.set)

    def _run(self) -> None:
        self.code = self.operator.run()

    def leads(self) -> bool:
        """Tell whether it leads."""
        return self.vitals.leading()

    def wait(self, timeout: float = 15.0) -> int | None:
        """Wait for its end, and give the exit code."""
        self._thread.join(timeout)
        return self.code

    def stop(self) -> int | None:
        """Tell it to end, and give the exit code."""
        self.operator.stop()
        return self.wait()

    def ask(self, path: str) -> tuple[int, dict[str, Any]]:
        """Ask `/healthz` or `/readyz`."""
        port = until(lambda: self.operator.health_port)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)
