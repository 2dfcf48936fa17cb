"""What clients have asked for: the record by which a test knows that nothing was written."""

import json
import threading
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path

LIMIT = 200_000  # requests that are remembered
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_REVIEWS = "/apis/authorization.k8s.io/"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came, and how it was answered; a watch is recorded when it is opened, with status 200."""

    method: str
    path: str
    query: str
    user_agent: str
    content_type: str
    status: int

    @property
    def is_write(self) -> bool:
        """True if it could have changed an object; a question about access cannot."""
        return self.method not in _READS and not self.path.startswith(_REVIEWS)


class RequestLog:
    """The requests so far, to be read from any thread."""

    def __init__(self, path: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque(maxlen=LIMIT)
        self._path = path

    def record(self, request: Request) -> None:
        """Remember a request, and append it to the log file if there is one (a JSON object a line)."""
        with self._lock:
            self._requests.append(request)
            if self._path:
                with self._path.open("a") as log:
                    log.write(json.dumps(asdict(request)) + "\n")

    def all(self) -> list[Request]:
        """Every request, the oldest first."""
        with self._lock:
            return list(self._requests)

    def writes(self, path: str = "", user_agent: str = "") -> list[Request]:
        """The requests that could have changed an object, under a path and by a client if these are given."""
        return [
            each
            for each in self.all()
            if each.is_write and each.path.startswith(path) and each.user_agent.startswith(user_agent)
        ]

    def clear(self) -> None:
        """Forget the requests so far."""
        with self._lock:
            self._requests.clear()
