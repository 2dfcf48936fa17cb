"""Something that is done again and again in a thread of its own, whether it succeeds or not."""

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from securebucket.kube.api_error import ApiError

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Periodic:
    """Calls an action every `interval` seconds, 10 % more or less, until it is stopped.

    Args:
        name: of the thread, and in logs.
        interval: seconds between two calls.
        action: what to do.
        first: seconds before the first call; None for the interval.
    """

    name: str
    interval: float
    action: Callable[[], object]
    first: float | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin."""
        threading.Thread(target=self._run, name=self.name, daemon=True).start()

    def stop(self) -> None:
        """Call no more."""
        self._stop.set()

    def _run(self) -> None:
        pause = self.interval if self.first is None else self.first
        while not self._stop.wait(pause * random.uniform(0.9, 1.1)):  # noqa: S311 - chance, not a secret
            pause = self.interval
            try:
                self.action()
            except ApiError as error:
                log.warning("%s failed; it is tried again in %.0f s: %s", self.name, self.interval, error)
            except Exception:  # the thread's outermost edge: it must go on
                log.exception("%s crashed; it is tried again in %.0f s", self.name, self.interval)
