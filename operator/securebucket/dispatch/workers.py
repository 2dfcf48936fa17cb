"""The threads that make the passes. One object that breaks the code stops only itself."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from securebucket.dispatch.backoff import Backoff
from securebucket.dispatch.requeue import Ending, Gone, Requeue
from securebucket.dispatch.work_queue import Priority, WorkQueue
from securebucket.model.api_error import ApiError
from securebucket.model.bucket import ObjectKey

log = logging.getLogger(__name__)

NAP = 30.0
"""Seconds after which a worker without work looks again by itself; the queue calls it for work, and to stop."""


@dataclass(slots=True)
class Workers:
    """A fixed number of threads over the queue. To start and to stop them is for one thread at a time.

    Args:
        queue: what is due.
        reconcile: makes one pass.
        tell_crash: tells an object that its pass crashed; may fail itself.
        backoff: counts crashes.
        count: of threads.
    """

    queue: WorkQueue
    reconcile: Callable[[ObjectKey], Ending]
    tell_crash: Callable[[ObjectKey, Exception], None]
    backoff: Backoff
    count: int = 16
    _running: dict[int, float] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Begin to work."""
        for number in range(self.count):
            thread = threading.Thread(target=self._work, args=(number,), name=f"worker-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float) -> bool:
        """Take no more work, and wait for the passes that run; true when all have ended within `timeout` seconds."""
        self._stopping.set()
        self.queue.close()
        end = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def busy(self) -> int:
        """Count the passes that run now."""
        return len(self._running)

    def longest_running(self) -> float:
        """Return the seconds that the oldest of the running passes has taken so far; 0 when none runs."""
        now = time.monotonic()
        return max((now - began for began in list(self._running.values())), default=0.0)

    def _work(self, number: int) -> None:
        while not self._stopping.is_set():
            item = self.queue.get(NAP)
            if item is None:
                continue
            self._running[number] = time.monotonic()
            try:
                ending = self.reconcile(item.key)
            except Exception as error:  # noqa: BLE001 - the outermost edge of a pass: it must not take others along
                ending = self._survive(item.key, error)
            finally:
                self._running.pop(number, None)
            self._hand_back(item.key, ending)

    def _hand_back(self, key: ObjectKey, ending: Ending) -> None:
        self.queue.done(key)
        if isinstance(ending, Requeue):
            self.queue.add(key, ending.priority, ending.after)
        elif isinstance(ending, Gone):
            self.queue.forget(key)

    def _survive(self, key: ObjectKey, error: Exception) -> Requeue:
        log.error("the pass of %s crashed", key, exc_info=error)
        try:
            self.tell_crash(key, error)
        except ApiError as failure:
            log.warning("the crash could not be reported on %s: %s", key, failure)
        except Exception:  # what broke the pass may break this too
            log.exception("the crash could not be reported on %s", key)
        return Requeue(self.backoff.wait(key, stalled=True), Priority.RETRY)
