"""Something that is done again and again in a thread of its own, whether it succeeds or not."""

import logging
import math
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from securebucket.model.api_error import ApiError

log = logging.getLogger(__name__)

T = TypeVar("T")


def never() -> float:
    """Ask for no call but the regular ones."""
    return math.inf


@dataclass(slots=True)
class Periodic:
    """Calls an action every `interval` seconds, 10 % more or less, and when it is woken, until it is stopped.

    Args:
        name: of the thread, and in logs.
        interval: seconds between two calls.
        action: what to do.
        sooner: asked after each call: gives the seconds after which the next is wanted at the latest.
        first: seconds before the first call; None for the interval.
        calm: seconds between two calls at least, however often it is woken.
    """

    name: str
    interval: float
    action: Callable[[], object]
    sooner: Callable[[], float] = never
    first: float | None = None
    calm: float = 0.5
    _stop: threading.Event = field(default_factory=threading.Event)
    _wake: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Start the thread that calls the action."""
        threading.Thread(target=self._run, name=self.name, daemon=True).start()

    def stop(self) -> None:
        """Call no more."""
        self._stop.set()
        self._wake.set()

    def wake(self) -> None:
        """Call soon: something has changed. Waking it often is waking it once."""
        self._wake.set()

    def _run(self) -> None:
        sooner = math.inf if self.first is None else self.first
        while True:
            pause = self.interval * random.uniform(0.9, 1.1)  # noqa: S311 - chance, not a secret
            self._wake.wait(min(pause, sooner))
            if self._stop.wait(self.calm):
                return
            self._wake.clear()
            self._attempt(self.action, None)
            sooner = self._attempt(self.sooner, math.inf)  # also after a failure: its time comes all the same

    def _attempt(self, call: Callable[[], T], otherwise: T) -> T:
        try:
            return call()
        except ApiError as error:
            log.warning("%s failed; trying again in %.0f s: %s", self.name, self.interval, error)
        except Exception:  # the thread's outermost edge: it must go on
            log.exception("%s crashed; trying again in %.0f s", self.name, self.interval)
        return otherwise
