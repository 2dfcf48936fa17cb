"""Gauges with series of every object, written line by line from a snapshot of the fleet.

The library makes an object of each sample and formats it on its own: for 10,000 objects that is a second and 60 MiB.
Here a line is put together from three pieces, two of which many lines share. The lines are the library's to the byte,
and its way stays open to whoever asks for `samples`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from prometheus_client.metrics_core import Metric
from prometheus_client.samples import Sample
from prometheus_client.utils import floatToGoString

from securebucket.metrics.fleet import Sighting
from securebucket.model.bucket import ObjectKey

Row: TypeAlias = tuple[tuple[str, ...], float]
"""Values of a metric's labels, and the sample's value."""

CHUNK = 2**18
"""Characters that are written at once, about.

More need more memory. Fewer mean more calls of zlib, each of which lets go of the interpreter's lock and, in a process
that has other things to do, waits for it again.
"""
SHARED = 1024
"""Different rows of one metric that are remembered while it is written."""
GO_FLOAT: Any = floatToGoString  # the library has no type for it


@dataclass(frozen=True, slots=True)
class ObjectMetric:
    """A metric that objects have.

    Args:
        name: with the prefix.
        text: of HELP.
        labels: beside `namespace` and `name`.
        rows: the series that an object has.
    """

    name: str
    text: str
    labels: tuple[str, ...]
    rows: Callable[[Sighting], Iterable[Row]]


class Roll:
    """The objects of one scrape.

    Args:
        sightings: the fleet's snapshot.
    """

    def __init__(self, sightings: Mapping[ObjectKey, Sighting]) -> None:
        self.sightings = sightings

    @cached_property
    def called(self) -> list[tuple[str, Sighting]]:
        """The objects with their labels as text; the two stand side by side in every line."""
        return [
            (f"{label('name', key.name)},{label('namespace', key.namespace)}", each)
            for key, each in self.sightings.items()
        ]


class ObjectGauge(Metric):
    """One metric of all objects of a scrape."""

    def __init__(self, metric: ObjectMetric, roll: Roll) -> None:
        super().__init__(metric.name, metric.text, "gauge")
        del self.samples  # the library begins with an empty list; ours is made when somebody asks for it
        self._metric = metric
        self._roll = roll
        labels = sorted((name, place) for place, name in enumerate(metric.labels))
        self._before = [each for each in labels if each[0] < "name"]
        self._after = [each for each in labels if each[0] > "namespace"]

    @cached_property
    def samples(self) -> list[Sample]:  # type: ignore[override]  # nobody but the base class sets it
        """The series as the library has them."""
        metric = self._metric
        names = ("namespace", "name", *metric.labels)
        return [
            Sample(metric.name, dict(zip(names, (key.namespace, key.name, *values), strict=True)), value)
            for key, each in self._roll.sightings.items()
            for values, value in metric.rows(each)
        ]

    @property
    def heading(self) -> Metric:
        """The same metric without series: what the library writes HELP and TYPE from."""
        return Metric(self.name, self.documentation, self.type)

    def lines(self) -> Iterator[bytes]:
        """Write the series as text, many at once; text and OpenMetrics write a gauge's alike."""
        rows = self._metric.rows
        around = lru_cache(SHARED)(self._around)
        waiting: list[str] = []
        size = 0
        for who, each in self._roll.called:
            for row in rows(each):
                before, after = around(row)
                line = f"{before}{who}{after}"
                waiting.append(line)
                size += len(line)
            if size > CHUNK:
                yield "".join(waiting).encode()
                waiting.clear()
                size = 0
        yield "".join(waiting).encode()

    def _around(self, row: Row) -> tuple[str, str]:
        """Write what stands before and after the object's own labels: labels are sorted by their names."""
        values, value = row
        before = "".join([f"{label(name, values[place])}," for name, place in self._before])
        after = "".join([f",{label(name, values[place])}" for name, place in self._after])
        return f"{self.name}{{{before}", f"{after}}} {GO_FLOAT(value)}\n"


def label(name: str, value: str) -> str:
    """Write one label, escaped as the exposition format wants it."""
    escaped = value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
    return f'{name}="{escaped}"'
