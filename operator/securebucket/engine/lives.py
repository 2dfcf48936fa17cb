"""What the engine remembers of each object, for as long as it is the same object with the same bucket.

In memory only, like all of it: losing it costs a pass, never safety.
"""

from dataclasses import dataclass, field

from securebucket.engine.memory import Memory
from securebucket.model.bucket import ObjectKey


@dataclass(frozen=True, slots=True)
class Life:
    """One object with one bucket. What is made anew under the same names is another life, and nothing is known of it.

    Args:
        object: tells the object from an earlier one of the same name, see `PassRequest.identity`.
        bucket: its bucket's name.
        account_id: whose bucket it is.
        endpoint: URL of the S3 server; empty for AWS. The same name on two servers is two buckets.
    """

    object: str
    bucket: str
    account_id: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Look:
    """A bucket was missing at a monotonic time."""

    life: Life
    at: float


@dataclass(slots=True)
class Lives:
    """One memory for each object, and its first look at a bucket that is missing.

    Safe for many threads, as long as no object is in two passes at once.
    """

    _memories: dict[ObjectKey, tuple[Life, Memory]] = field(default_factory=dict)
    _looks: dict[ObjectKey, Look] = field(default_factory=dict)

    def memory(self, key: ObjectKey, life: Life) -> Memory:
        """Give what is remembered of this life; of an earlier one of the same name nothing is left."""
        return self.known(key, life) or self.begin(key, life)

    def known(self, key: ObjectKey, life: Life) -> Memory | None:
        """Give what is remembered of this life; None where nothing is."""
        known = self._memories.get(key)
        return known[1] if known is not None and known[0] == life else None

    def begin(self, key: ObjectKey, life: Life) -> Memory:
        """Begin with nothing: the bucket has only just been made."""
        memory = Memory()
        self._memories[key] = (life, memory)
        return memory

    def tidy(self, key: ObjectKey) -> None:
        """Let go of a memory in which nothing is left."""
        known = self._memories.get(key)
        if known is not None and known[1].is_blank():
            del self._memories[key]

    def note_look(self, key: ObjectKey, look: Look) -> None:
        """Remember a first look until the next pass asks for it."""
        self._looks[key] = look

    def take_look(self, key: ObjectKey) -> Look | None:
        """Give the look with which the pass before ended, once: a pass that came to something else voids it."""
        return self._looks.pop(key, None)

    def forgive(self, key: ObjectKey) -> None:
        """Give up no control any more."""
        known = self._memories.get(key)
        if known is not None:
            known[1].forgive()

    def lose_bucket(self, key: ObjectKey) -> None:
        """Forget what was written to a bucket that is gone, or is another one by now."""
        known = self._memories.get(key)
        if known is not None:
            known[1].lose_bucket()

    def forget(self, key: ObjectKey) -> None:
        """Drop everything about an object that is gone."""
        self._memories.pop(key, None)
        self._looks.pop(key, None)
