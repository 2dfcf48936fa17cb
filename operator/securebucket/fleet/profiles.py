"""BucketProfiles as the passes use them: read when needed, kept for a minute, dropped when they change."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.api.errors import InvalidObject
from securebucket.api.objects import parse_bucket_profile
from securebucket.engine.request import Profile
from securebucket.fleet.annotations import approves_rollout
from securebucket.fleet.record import mapping_of
from securebucket.model.api_error import ForbiddenError
from securebucket.model.failure import Failure

LIFETIME = 60.0


@dataclass(frozen=True, slots=True)
class NoProfile:
    """There is no profile of the name."""

    name: str


Found = Profile | NoProfile | Failure


@dataclass(slots=True)
class Profiles:
    """Finds profiles by name. Safe for many threads.

    Args:
        read: reads one BucketProfile by name; None when there is none of the name. Raises `ApiError`.
        clock: monotonic seconds.
    """

    read: Callable[[str], dict[str, Any] | None]
    clock: Callable[[], float] = time.monotonic
    _known: dict[str, tuple[float, Found]] = field(default_factory=dict)
    _drops: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _asking: threading.Lock = field(default_factory=threading.Lock)

    def find(self, name: str) -> Found:
        """Return a profile.

        Returns:
            The profile; `NoProfile` when there is none; a failure when it cannot be read or used.

        Raises:
            ApiError: the API server does not answer. The pass must end then: without its profile a bucket could be
                reached with the wrong identity.
        """
        known = self._fresh(name)
        if known is not None:
            return known
        with self._asking:  # one question for all the passes that wait for it
            known = self._fresh(name)
            if known is not None:
                return known
            drops = self._drops.get(name, 0)
            found = self._read(name)
            with self._lock:
                if self._drops.get(name, 0) == drops:  # else it changed while we asked
                    self._known[name] = (self.clock() + LIFETIME, found)
            return found

    def drop(self, name: str) -> None:
        """Read the profile anew when it is needed next: it has changed."""
        with self._lock:
            self._known.pop(name, None)
            self._drops[name] = self._drops.get(name, 0) + 1

    def _fresh(self, name: str) -> Found | None:
        with self._lock:
            known = self._known.get(name)
            return known[1] if known and known[0] > self.clock() else None

    def _read(self, name: str) -> Found:
        try:
            body = self.read(name)
        except ForbiddenError as error:
            return Failure(
                "ProfileUnreadable",
                f"the operator may not read BucketProfile {name} ({error.message}); grant its ServiceAccount get on"
                " bucketprofiles.securebucket.io.",
                retry=True,
            )
        return NoProfile(name) if body is None else read_profile(body)


def read_profile(body: Mapping[str, Any]) -> Profile | Failure:
    """Check a BucketProfile's JSON; a failure names its faults."""
    try:
        profile = parse_bucket_profile(body, stored=True)
    except InvalidObject as error:
        name = str(mapping_of(body.get("metadata")).get("name", ""))
        return Failure("InvalidProfile", f"BucketProfile {name} is not valid: {error}.")
    return Profile(profile.metadata.name, profile.spec, approves_rollout(mapping_of(body.get("metadata"))))
