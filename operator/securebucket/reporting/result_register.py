"""What the checks say of every object, kept for the reports of their namespaces.

Only what this process has seen: after a start it takes up to an interval until every object had its pass. Until then
a namespace's report is not touched.
"""

import threading
from dataclasses import dataclass, field

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.outcome import Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.report.open_reports import ObjectResults, results_of


@dataclass(slots=True)
class ResultRegister:
    """Takes in the passes, and says which namespaces have news. Safe for many threads."""

    _results: dict[str, dict[ObjectKey, ObjectResults]] = field(default_factory=dict)
    _seen: set[ObjectKey] = field(default_factory=set)
    _news: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observed(
        self,
        key: ObjectKey,
        bucket_name: str,
        outcome: Outcome,
        status: SecureBucketStatus,  # noqa: ARG002 - an observer's signature
        seconds: float,  # noqa: ARG002
    ) -> None:
        """Take in one finished pass. One that did not reach the bucket changes nothing: its last verdicts stay."""
        found = results_of(bucket_name, outcome)
        with self._lock:
            if key not in self._seen:
                self._seen.add(key)
                self._news.add(key.namespace)
            if found is None:
                return
            known = self._results.setdefault(key.namespace, {})
            before = known.get(key)
            known[key] = found
            if before is None or (before.lines, before.counts) != (found.lines, found.counts):
                self._news.add(key.namespace)

    def gone(self, key: ObjectKey) -> None:
        """Take in that an object is gone."""
        with self._lock:
            self._seen.discard(key)
            self._news.add(key.namespace)
            known = self._results.get(key.namespace, {})
            known.pop(key, None)
            if not known:
                self._results.pop(key.namespace, None)

    def has_seen(self, key: ObjectKey) -> bool:
        """Tell whether an object had a pass, whether it reached its bucket or not."""
        with self._lock:
            return key in self._seen

    def take_news(self) -> dict[str, dict[ObjectKey, ObjectResults]]:
        """Return the namespaces about which something is new since the last call; nothing found means nothing left."""
        with self._lock:
            news, self._news = self._news, set()
            return {namespace: dict(self._results.get(namespace, {})) for namespace in sorted(news)}

    def give_back(self, namespace: str) -> None:
        """Say that a namespace's news could not be told; it comes again with the next call."""
        with self._lock:
            self._news.add(namespace)
