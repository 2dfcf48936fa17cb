"""Looks at what lies outside a bucket: KMS keys, log targets, replicas, the account's Block Public Access."""

import math
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any

from securebucket.aws.access_point_lists import OPERATION, AccessPointLists
from securebucket.aws.asking import Refused, answer_of, ask, observe
from securebucket.aws.lately_used import LatelyUsed
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Read, Reading
from securebucket.model.surroundings import Query

MOST_ANSWERS = 10_000
SILENCE = 15.0
"""Seconds for which a service, or a bucket, that did not answer in time is not asked again."""

Place = tuple[Binding, str, str]
"""As whom, which service, and in which region; empty for the binding's."""


@dataclass(slots=True)
class Surroundings:
    """Answers questions, and remembers answers for as long as their reads say.

    Args:
        sessions: hands out the clients.
        clock: monotonic seconds.
    """

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _known: LatelyUsed[tuple[Binding, Read], tuple[float, Answer]] = field(
        default_factory=lambda: LatelyUsed(MOST_ANSWERS)
    )
    _turns: LatelyUsed[Hashable, threading.Lock] = field(default_factory=lambda: LatelyUsed(MOST_ANSWERS))
    _silences: LatelyUsed[tuple[Place, str], tuple[float, Refused]] = field(
        default_factory=lambda: LatelyUsed(MOST_ANSWERS)
    )
    _access_points: AccessPointLists = field(init=False)

    def __post_init__(self) -> None:
        self._access_points = AccessPointLists(self._ask, self.clock)

    def look(self, binding: Binding, query: Query[Any], at_most: float = math.inf) -> Reading[Any]:
        """Answer a question, with a failure where it cannot be answered.

        Args:
            binding: as whom.
            query: what is asked.
            at_most: seconds; what is remembered for longer is asked anew.
        """
        ages: dict[str, float] = {}

        def answer(read: Read) -> Answer:
            found, age = self._answer(binding, read, at_most)
            if age:
                ages[read.name] = age
            return found

        return replace(observe(query.observe(), answer), ages=ages)

    def _answer(self, binding: Binding, read: Read, at_most: float) -> tuple[Answer, float]:
        """Give an answer, and for how many seconds it is remembered."""
        if read.operation == OPERATION:
            with self._turn(binding, OPERATION, read.region):  # those of all buckets come in one list
                listed, age = self._access_points.answer(binding, read, at_most)
            if listed is not None:
                return listed, age
        if not read.remembered:
            return answer_of(read, self._ask(binding, read)), 0.0
        with self._turn(binding, read):
            now = self.clock()
            known = self._known.get((binding, read))
            if known:
                lifetime, age = _lifetime(read, known[1]), now - known[0]
                if age < lifetime and (age <= at_most or lifetime == math.inf):
                    return known[1], 0.0 if lifetime == math.inf else age
            answer = answer_of(read, self._ask(binding, read))
            if not (isinstance(answer, Failure) and answer.retry):
                self._known.put((binding, read), (now, answer))
            return answer, 0.0

    def _turn(self, *question: Hashable) -> threading.Lock:
        """Give the lock of a question: who asks the same meanwhile waits for the answer."""
        return self._turns.make(question, threading.Lock)

    def _ask(self, binding: Binding, read: Read) -> dict[str, Any] | Refused:
        """Make one call, unless one like it was not answered in time just now: each would cost its pass as much."""
        place = (binding, read.service, read.region)
        # S3 may have an endpoint for each bucket; any other service answers for all of them, or for none.
        subject = (place, str(read.parameters.get("Bucket", "")) if read.service == "s3" else "")
        silence = self._silences.get(subject)
        if silence and silence[0] > self.clock():
            return silence[1]
        about = read.api if read.item else f"{read.api} of the account"
        answer = ask(lambda: self.sessions.client(*place), read.operation, read.parameters, about=about)
        if isinstance(answer, Refused) and answer.silent:
            self._silences.put(subject, (self.clock() + SILENCE, answer))
        return answer


def _lifetime(read: Read, answer: Answer) -> float:
    """Give the seconds for which a read may be given an answer again."""
    return read.refusal_remembered if isinstance(answer, Failure) else read.remembered
