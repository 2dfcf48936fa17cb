"""What buckets are for, told from what other buckets do with them. Pure.

Nobody declares a role in a scan. A bucket that gets the logs of another one cannot log itself, and one that holds the
copies of another one needs none: asking that of them would only be noise. What nobody else says of a bucket is never
taken from the bucket itself: it could excuse itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from securebucket.api.spec import Role
from securebucket.controls.access_logging import LoggingState
from securebucket.controls.entries import is_active
from securebucket.controls.replication import ReplicationState
from securebucket.controls.replication_rules import destinations
from securebucket.model.observation import Observation

NAMED = 3
"""Other buckets that are named as the reason; the rest is counted."""


@dataclass(frozen=True, slots=True)
class FoundRole:
    """What a bucket is for.

    Args:
        because: what tells so; empty for `Data`, which is what a bucket is for unless something tells otherwise.
    """

    role: Role = Role.DATA
    because: str = ""


def find_roles(observed: Mapping[str, Mapping[str, Observation]]) -> dict[str, FoundRole]:
    """Tell what each bucket is for.

    A bucket is a `LogTarget` when another one logs to it, else a `ReplicaTarget` when an enabled rule of another one
    copies to it and it has no replication itself. Where that could not be read, it stays `Data`.

    Args:
        observed: what was read of each control, by the bucket's name; buckets that are not among them say nothing.
    """
    loggers = _sources((target, name) for name, states in observed.items() for target in _log_targets(states))
    copied = _sources((target, name) for name, states in observed.items() for target in _replicas(states))
    return {name: _role(states, loggers.get(name, ()), copied.get(name, ())) for name, states in observed.items()}


def _role(states: Mapping[str, Observation], loggers: tuple[str, ...], copied: tuple[str, ...]) -> FoundRole:
    if loggers:
        return FoundRole(Role.LOG_TARGET, f"{_names(loggers)} {'logs' if len(loggers) == 1 else 'log'} to it")
    replication = states.get("replication")
    if copied and isinstance(replication, ReplicationState) and not any(map(is_active, replication.rules.values())):
        return FoundRole(Role.REPLICA_TARGET, f"it holds the copies of {_names(copied)}, and has no replication itself")
    return FoundRole()


def _sources(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the other buckets that point to each one."""
    found: dict[str, set[str]] = {}
    for target, source in pairs:
        if target != source:
            found.setdefault(target, set()).add(source)
    return {target: tuple(sorted(sources)) for target, sources in found.items()}


def _log_targets(states: Mapping[str, Observation]) -> Iterator[str]:
    state = states.get("logging")
    if isinstance(state, LoggingState) and state.target_bucket:
        yield state.target_bucket


def _replicas(states: Mapping[str, Observation]) -> Iterator[str]:
    state = states.get("replication")
    if isinstance(state, ReplicationState):
        yield from (name for name, _ in destinations(state.rules))


def _names(names: tuple[str, ...]) -> str:
    if len(names) > NAMED:
        return f"{', '.join(names[: NAMED - 1])} and {len(names) - NAMED + 1} others"
    return " and ".join(names) if len(names) < NAMED else f"{names[0]}, {names[1]} and {names[2]}"
