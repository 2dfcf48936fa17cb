"""Documents that take turns: what was last read of them, and which of them a pass reads again.

Why, and which documents those are: `docs/design/2026-11-30-turns.md`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.aws.lately_used import LatelyUsed
from securebucket.model.control import Control
from securebucket.model.document import Json, canonical_text, jsonable
from securebucket.model.flow import NeverConfigured, Reading
from securebucket.model.observation import is_unread, readable

TOO_OLD = 2
"""Times the full reading's interval after which a reading that could not be renewed is worth nothing."""
SHARED = 4096
"""Different readings that are kept once for the whole fleet: what is beyond has a copy of its own."""

_shared: LatelyUsed[tuple[str, str], Reading[Any]] = LatelyUsed(SHARED)


@dataclass(frozen=True, slots=True)
class LastReading:
    """What was last read of a document, and when by the monotonic clock."""

    reading: Reading[Any]
    at: float


def due(
    controls: Iterable[Control[Any]], last: Mapping[str, LastReading], *, now: float, interval: float, within: float
) -> frozenset[str]:
    """Name the documents whose turn it is; others than those in turn are read anyway, and not named.

    Args:
        controls: the registry.
        last: what was last read, by control.
        now: monotonic seconds.
        interval: seconds until the next pass.
        within: seconds in which every document is to be read.
    """
    in_turn = [control.name for control in controls if control.read_in_turn]
    ages = {name: now - last[name].at for name in in_turn if name in last}
    named = {name for name in in_turn if name not in ages or ages[name] + interval > within}
    oldest = max(ages, key=lambda name: ages[name], default="")
    if oldest and ages[oldest] + len(ages) * interval >= within:  # so that one a pass is enough for all of them
        named.add(oldest)
    return frozenset(named)


def outlasts(reading: Reading[Any], last: LastReading | None, *, now: float, within: float) -> bool:
    """Tell whether the reading before still holds, because the one just tried failed and time may mend that."""
    return (
        last is not None
        and is_unread(reading.observation)
        and reading.observation.retry
        and now - last.at <= TOO_OLD * within
    )


def shared(name: str, reading: Reading[Any]) -> Reading[Any]:
    """Give the one reading of a control that says just this: most of a fleet says the same."""
    if not readable(reading.observation):
        return reading
    answers: dict[str, Json] = {
        read: None if isinstance(answer, NeverConfigured) else jsonable(answer)
        for read, answer in reading.answers.items()
    }
    return _shared.make((name, canonical_text(answers)), lambda: reading)
