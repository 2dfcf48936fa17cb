"""The one gate that every write passes, to S3 and to Kubernetes: it counts what is under way, and closes for good.

Once it is closed and nothing is under way, nothing can be written by this process any more, whatever its threads are
still reading: the Lease can be handed on.
"""

import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class WriteGate:
    """Safe for many threads; a thread makes one write at a time."""

    _changed: threading.Condition = field(default_factory=threading.Condition)
    _writing: set[int] = field(default_factory=set)
    _closed: bool = False

    def begin(self) -> bool:
        """Take in that this thread begins a write; false when none may begin any more."""
        with self._changed:
            if not self._closed:
                self._writing.add(threading.get_ident())
            return not self._closed

    def end(self) -> None:
        """Take in that this thread's write is over, however it ended; harmless where it made none."""
        with self._changed:
            self._writing.discard(threading.get_ident())
            self._changed.notify_all()

    def close(self) -> None:
        """Let no write begin any more."""
        with self._changed:
            self._closed = True

    def wait(self, timeout: float) -> bool:
        """Wait until no write is under way; false when one still is after `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._writing, timeout)
