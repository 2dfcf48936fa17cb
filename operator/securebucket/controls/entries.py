"""Entries of list-like documents (rules, targets), keyed so that a difference names the one that differs."""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from securebucket.api.base import ApiModel, Foreign
from securebucket.api.late_rules import late_faults
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.document import canonical_text
from securebucket.model.failure import Failure


def keyed(entries: Iterable[tuple[str, Mapping[str, Any]]]) -> dict[str, Mapping[str, Any]]:
    """Key entries by their id.

    AWS gives every entry an id; other servers do not, and accept two of the same. Such an entry gets a name made from
    its content: stable from read to read, and sent with the next PUT, since some servers refuse an entry without one.

    Args:
        entries: (id, content) pairs; the id is empty where the server gave none.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for name, content in entries:
        key = name
        if not key or found.get(key, content) != content:
            key = f"unnamed-{hashlib.sha256(canonical_text(content).encode()).hexdigest()[:12]}"
        found[key] = content
    return found


def in_place(
    entries: Iterable[Mapping[str, Any]], name: Callable[[Mapping[str, Any]], str]
) -> dict[str, Mapping[str, Any]]:
    """Key entries whose order counts by their place and what a person knows them by, e.g. `1 app`."""
    return {f"{place} {name(entry)}": entry for place, entry in enumerate(entries, 1)}


def in_order(entries: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Give entries that were keyed by their place in its order."""
    return [entries[key] for key in sorted(entries, key=lambda key: int(key.partition(" ")[0]))]


def taken(block: dict[str, Any], model: type[ApiModel]) -> dict[str, Any] | None:
    """Give a block of the spec; None where the API does not take it, since a server may have accepted more."""
    try:
        given = model.model_validate(block)
    except ValidationError:
        return None
    return None if any(late_faults(given, "")) else block


MOST_RULES = 1000
"""Rules of one lifecycle or replication document that S3 takes."""


def refuse_number(
    block: str, there: Collection[str], wanted: Collection[str], kept: Collection[str], most: int = MOST_RULES
) -> Failure | None:
    """Refuse more entries in a document than S3 takes, those of others included; fewer than are there are fine.

    Args:
        block: the document's field in the spec, e.g. `lifecycle`.
        there: names of the entries that are there.
        wanted: names of all that are to be there.
        kept: names of those of others among them.
        most: how many S3 takes.
    """
    if len(wanted) <= max(most, len(there)):
        return None
    return Failure(
        "TooManyEntries",
        f"spec.{block} would come to {len(wanted)} entries, {len(kept)} of them of others, and S3 takes {most}; declare"
        f" fewer, set spec.{block}.foreign to Remove, or remove those that nobody needs.",
    )


def foreign_stay(foreign: Foreign | None, bucket: Bucket) -> bool:
    """Tell whether undeclared entries of rules and targets stay: by default only where they were there at adoption."""
    if foreign is None:
        return bucket.origin is Origin.ADOPTED
    return foreign is Foreign.KEEP


def is_active(rule: Mapping[str, Any]) -> bool:
    """Tell whether S3 applies a rule of lifecycle or replication."""
    return rule.get("Status") == "Enabled"
