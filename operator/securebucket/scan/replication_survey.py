"""Asks CloudWatch how far replication is: for all rules of an account, a region and an interval together."""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from securebucket.aws.cloud_watch import MOST_QUERIES
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.replication_progress import Measure, MetricQuery, Progress, progress_of
from securebucket.scan.replication_register import Copying, ReplicationRegister

log = logging.getLogger(__name__)

ROUND = 60.0
"""Seconds between two looks at what is due: the shortest interval that a profile can have."""
SHORTEST_VIEW = 900.0
"""Seconds back of which values are asked for at least: CloudWatch has them a few minutes late."""

Told = dict[MetricQuery, tuple[float, ...] | Failure]


@dataclass(slots=True)
class ReplicationSurvey:
    """Measures what is due. For one thread.

    Args:
        aws: the door to AWS.
        register: knows what is to be measured, and gets what was.
        clock: monotonic seconds.
        wall: the time in UTC.
    """

    aws: Aws
    register: ReplicationRegister
    clock: Callable[[], float] = time.monotonic
    wall: Callable[[], dt.datetime] = field(default=lambda: dt.datetime.now(dt.UTC))
    _last: dict[tuple[Binding, float], float] = field(default_factory=dict)
    _told: dict[tuple[Binding, str], str] = field(default_factory=dict)

    def run(self, going: Callable[[], bool] = lambda: True) -> None:
        """Measure every group whose interval is over: of one identity and one interval.

        Args:
            going: asked before each call to AWS; once it is false, the round ends.
        """
        if not going():
            return
        groups: dict[tuple[Binding, float], dict[ObjectKey, Copying]] = {}
        for key, copying in self.register.copying().items():
            groups.setdefault((copying.binding, copying.interval), {})[key] = copying
        self._last = {group: at for group, at in self._last.items() if group in groups}
        for group, members in groups.items():
            binding, interval = group
            now = self.clock()
            if group in self._last and now - self._last[group] < interval:
                continue
            self._last[group] = now
            told = self._ask(binding, members, interval, going)
            if told is None:
                return
            self._keep(members, told)

    def _ask(
        self, binding: Binding, members: dict[ObjectKey, Copying], interval: float, going: Callable[[], bool]
    ) -> Told | None:
        """Ask about all rules of a group, region by region; None where the round is to end."""
        places: dict[str, dict[MetricQuery, None]] = {}
        for each in members.values():
            for rule in each.rules:
                for query, place in rule.queries(each.bucket, each.region).items():
                    places.setdefault(place, {})[query] = None
        until = self.wall()
        since = until - dt.timedelta(seconds=max(interval, SHORTEST_VIEW))
        told: Told = {}
        for place, asked in places.items():
            queries = tuple(asked)
            for start in range(0, len(queries), MOST_QUERIES):
                if not going():
                    return None
                batch: Sequence[MetricQuery] = queries[start : start + MOST_QUERIES]
                found = self.aws.metric_values(binding, place, batch, since, until)
                self._tell(binding, place, found.message if isinstance(found, Failure) else "")
                told |= dict.fromkeys(batch, found) if isinstance(found, Failure) else found
        return told

    def _keep(self, members: dict[ObjectKey, Copying], told: Told) -> None:
        for key, each in members.items():
            for rule in each.rules:
                if rule.measured:
                    self.register.measured(key, rule.id, _progress(rule.queries(each.bucket, each.region), told))

    def _tell(self, binding: Binding, place: str, text: str) -> None:
        """Log why nothing is told when that is new, not in every round."""
        if text and self._told.get((binding, place)) != text:
            log.warning("replication metrics of %s: %s", place, text)
        self._told[binding, place] = text


def _progress(asked: dict[MetricQuery, str], told: Told) -> Progress:
    values: dict[Measure, tuple[float, ...]] = {}
    unread = "" if len(asked) == len(Measure) else "it is not known in which region the destination lies"
    for query in asked:
        found = told.get(query, ())
        if isinstance(found, Failure):
            unread = found.message
        else:
            values[query.measure] = found
    return progress_of(values, unread)
