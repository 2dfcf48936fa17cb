"""What one bucket asks of another: a source of its log target, and of the bucket that its copies go to.

A demand is data. It is read from what the asking object's last pass said of itself, so that only an object that has its
bucket asks; the target's own pass makes it part of what it wants (docs/design/2026-12-01-demands.md).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, order=True)
class LogDemand:
    """That S3 may deliver a bucket's access logs.

    Args:
        source: the bucket that is logged.
        account: whose it is; empty for the target's own account.
        prefix: what the keys of the logs begin with.
    """

    source: str
    account: str
    prefix: str


@dataclass(frozen=True, slots=True, order=True)
class CopyDemand:
    """That S3 may copy a bucket's objects.

    Args:
        source: the bucket that is copied.
        account: whose it is; empty for the target's own account.
        role: ARN of the role that S3 copies as.
        gives_away: the copies are to belong to the target's owner.
    """

    source: str
    account: str
    role: str
    gives_away: bool


Demand: TypeAlias = LogDemand | CopyDemand


@dataclass(frozen=True, slots=True, order=True)
class Asked:
    """A demand and whom it is for.

    Args:
        target: name of the bucket that is asked.
        namespace: of the object that asks.
        demand: what it asks.
    """

    target: str
    namespace: str
    demand: Demand


def demands_in(effective: Mapping[str, Any], source: str, account: str, namespace: str) -> Iterator[Asked]:
    """Give what a bucket asks of others.

    Args:
        effective: what is in force for it, as `status.effective` says it; whatever is odd in it asks nothing.
        source: the bucket.
        account: whose it is.
        namespace: of its object.
    """
    logging = _mapping(effective.get("logging"))
    target = logging.get("targetBucket")
    if isinstance(target, str) and target and target != source:
        yield Asked(target, namespace, LogDemand(source, account, _text(logging.get("targetPrefix"))))
    replication = _mapping(effective.get("replication"))
    role = _text(replication.get("role"))
    rules = replication.get("rules")
    for rule in rules if isinstance(rules, list | tuple) else ():
        destination = _mapping(_mapping(rule).get("destination"))
        copy = _text(destination.get("bucket")).rpartition(":")[2]
        if copy and role and _mapping(rule).get("status", "Enabled") == "Enabled":
            gives_away = destination.get("ownerOverride") == "Destination"
            yield Asked(copy, namespace, CopyDemand(source, account, role, gives_away))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
