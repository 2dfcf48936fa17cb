"""The guard of the fleet: a new profile or release that would modify much of it in an hour stops and asks."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass(slots=True)
class RolloutGuard:
    """Counts the buckets that change because of what others declare: a profile's defaults, or ours in a new release.

    Args:
        share: of the fleet that may change within the window without being asked for.
        least: so many may change in any fleet.
        window: seconds.
    """

    share: float = 0.05
    least: int = 20
    window: float = 3600.0
    _changed: "OrderedDict[str, float]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admits(self, identity: str, fleet: int, now: float) -> bool:
        """Say whether this bucket may change now, and count it if it may.

        Args:
            identity: of the object, see `PassRequest.identity`; one that is made anew is another bucket that changes.
            fleet: how many objects there are; 0 when unknown.
            now: monotonic seconds.
        """
        with self._lock:
            while self._changed and now - next(iter(self._changed.values())) > self.window:
                self._changed.popitem(last=False)
            if identity in self._changed:
                return True
            if len(self._changed) >= max(self.least, int(self.share * fleet)):
                return False
            self._changed[identity] = now
            return True
