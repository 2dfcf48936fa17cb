"""`/healthz` and `/readyz`: they look at the work, not at whether something answers.

A stuck operator answers as well as a working one, so liveness asks whether watches live, passes end and due keys move.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from securebucket.serving.bounded_server import BoundedHandler, BoundedServer


@dataclass(frozen=True, slots=True)
class Pulse:
    """The operator's work at one moment. Times are in seconds.

    Args:
        leading: this replica works; a standby only watches.
        synced: the fleet has been listed once.
        stopping: the process is about to end.
        informer_alive: the watching thread runs.
        watch_quiet_for: since the quietest watch received something.
        longest_pass: how long the oldest running pass has taken.
        overdue: how long the oldest due key has waited.
        busy: passes that run.
        interval: between the sweeps of an object.
        waiting_for: why the operator has not begun; empty when it has.
    """

    leading: bool
    synced: bool
    stopping: bool
    informer_alive: bool
    watch_quiet_for: float
    longest_pass: float
    overdue: float
    busy: int
    interval: float
    waiting_for: str = ""


LONGEST_QUIET = 180.0
"""Seconds for a watch; bookmarks come about every 60 s, and kopf makes a silent watch anew after 70 s."""
LONGEST_PASS = 600.0
"""Seconds for one pass."""


def complaints(pulse: Pulse) -> tuple[str, ...]:
    """Say what is wrong with the work, so that only a restart helps; empty when nothing is."""
    if not pulse.leading or pulse.stopping:
        return ()
    found = []
    if not pulse.informer_alive:
        found.append("the informer has ended")
    if pulse.watch_quiet_for > LONGEST_QUIET:
        found.append(f"a watch has received nothing for {pulse.watch_quiet_for:.0f} s")
    if pulse.longest_pass > LONGEST_PASS:
        found.append(f"a pass has been running for {pulse.longest_pass:.0f} s")
    if pulse.busy == 0 and pulse.overdue > 2 * pulse.interval:
        found.append(f"an object has been due for {pulse.overdue:.0f} s while no worker works")
    return tuple(found)


def obstacles(pulse: Pulse) -> tuple[str, ...]:
    """Say why the operator is not ready; a standby is."""
    if pulse.stopping:
        return ("the operator is stopping",)
    if pulse.waiting_for:
        return (pulse.waiting_for,)
    return () if pulse.synced else ("the fleet has not been listed yet",)


@dataclass(slots=True)
class HealthServer:
    """Serves the two paths from a thread of its own.

    Args:
        pulse: takes the operator's pulse.
        host: address to listen on.
        port: 0 lets the system choose.
    """

    pulse: Callable[[], Pulse]
    host: str
    port: int
    _server: BoundedServer = field(init=False)

    def start(self) -> int:
        """Begin to serve, and give the port."""
        pulse = self.pulse

        class Handler(BoundedHandler):
            def do_GET(self) -> None:  # noqa: N802 - the library calls it so
                judge = {"/healthz": complaints, "/readyz": obstacles}.get(self.path)
                if judge is None:
                    self._answer(HTTPStatus.NOT_FOUND, {"error": "served here: /healthz and /readyz"})
                    return
                now = pulse()
                problems = judge(now)
                status = HTTPStatus.SERVICE_UNAVAILABLE if problems else HTTPStatus.OK
                self._answer(status, {"ok": not problems, "problems": problems, "pulse": asdict(now)})

            def _answer(self, status: HTTPStatus, document: dict[str, Any]) -> None:
                body = json.dumps(document).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self._server = BoundedServer((self.host, self.port), Handler)
        self._server.begin("health")
        return self._server.port

    def stop(self) -> None:
        """Serve no more."""
        self._server.end()
