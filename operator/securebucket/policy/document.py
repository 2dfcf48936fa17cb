"""A whole policy document: read into statements by name, and written as the text that is put."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.model.document import canonical_text, jsonable
from securebucket.model.plain_text import is_whole, made_whole, whole
from securebucket.policy.canonical import UNREADABLE, Statement, canonical_statement

OWN_PREFIX = "SecureBucket"
"""What the Sids of our own statements begin with. A statement of somebody else's with this prefix is taken for ours."""

SHORT = 8
"""Digits of a hash in a name. Whoever wants two statements that have them in common finds such in a second."""

CURRENT_VERSION = "2012-10-17"
OLD_VERSION = "2008-10-17"
"""What a document without `Version` means: policy variables are plain text in it."""


DEEPEST = 32
"""How deep a document may be nested; a policy of S3 is five deep."""


@dataclass(frozen=True, slots=True)
class PolicyState:
    """A bucket's policy.

    Args:
        version: `Version`; empty when the bucket has no policy at all.
        id: `Id`; empty when there is none.
        statements: canonical statements by key (`keyed`), their texts made whole; these are compared, judged and shown.
        written: the same statements as S3 gave them or as we write them, half characters and all; only these are put.
    """

    version: str
    id: str
    statements: Mapping[str, Statement]
    written: Mapping[str, Mapping[str, Any]] = field(compare=False)

    @property
    def present(self) -> bool:
        """Whether the bucket has a policy."""
        return bool(self.version)


ABSENT = PolicyState("", "", {}, {})


def digest(value: Any) -> str:
    """Return eight hexadecimal digits that stand for a JSON value."""
    return _whole_digest(value)[:SHORT]


def _whole_digest(value: Any) -> str:
    text = canonical_text(jsonable(value))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()  # JSON can write half a character


def is_own(key: str) -> bool:
    """Tell whether a statement is ours, by its key."""
    return key.startswith(OWN_PREFIX)


def keyed(statements: Iterable[Any]) -> dict[str, Mapping[str, Any]]:
    """Name statements so that each keeps its name from read to read, in whatever order they come.

    The name is the Sid; `foreign-<hash>` without one; `<Sid>-<hash>` where different statements share a Sid, which
    AWS refuses but other servers take. Statements that mean the same are one; all others have names of their own,
    whatever their Sids and eight digits of their hashes are: one that hides another would take it from all checks.
    """
    by_sid: dict[str, dict[str, Mapping[str, Any]]] = {}
    for statement in statements:
        canonical = canonical_statement(statement)
        alike = by_sid.setdefault(whole(canonical.get("Sid", "")), {})
        alike.setdefault(_whole_digest(canonical), canonical if UNREADABLE in canonical else statement)
    marked = [(sid, mark) for sid, alike in by_sid.items() for mark in alike]
    short = Counter(_name(sid, mark[:SHORT]) for sid, mark in marked)
    made_up = short.keys() | {_name(sid, mark) for sid, mark in marked}
    named: dict[str, Mapping[str, Any]] = {}
    for sid, mark in marked:
        name = _name(sid, mark[:SHORT])
        if sid and len(by_sid[sid]) == 1 and sid not in made_up:
            name = sid
        elif short[name] > 1:
            name = _name(sid, mark)
        named[name] = by_sid[sid][mark]
    return named


def _name(sid: str, mark: str) -> str:
    return f"{sid or 'foreign'}-{mark}"


def make_state(version: str, policy_id: str, written: Mapping[str, Mapping[str, Any]]) -> PolicyState:
    """Return the state of a document with these statements; the absent state when there are none."""
    if not written:
        return ABSENT
    return PolicyState(version, policy_id, *_both(written))


def read_policy(text: str) -> PolicyState:
    """Read a policy's JSON text.

    What is not JSON, or nested without end, or not a policy, is kept as one unreadable statement: it must be neither
    lost nor taken for an absent policy. So is a document with a key that is there twice, of which servers take one or
    the other, and one whose `Id` could not be put back as it was. Numbers are read as their texts, so that `1.20` stays
    what it is, and a number of any length is one.
    """
    try:
        document = json.loads(text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_object)
    except (ValueError, RecursionError):
        document = text
    if not isinstance(document, Mapping) or _is_deep(document):
        return PolicyState(OLD_VERSION, "", *_both(keyed([text])))
    statements = document.get("Statement", [])
    version, policy_id = str(document.get("Version") or OLD_VERSION), str(document.get("Id") or "")
    if not is_whole(version + policy_id):
        return PolicyState(OLD_VERSION, "", *_both(keyed([text])))
    written = keyed(statements if isinstance(statements, list) else [statements])
    return PolicyState(version, policy_id, *_both(written))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make a JSON object.

    Raises:
        ValueError: a key is there twice.
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _is_deep(document: Any) -> bool:
    """Tell whether a document is nested deeper than any policy, without descending with it."""
    level = [document]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, Mapping) else each if isinstance(each, list) else ())
        ]
        if not level:
            return False
    return True


def _both(written: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Statement], Mapping[str, Mapping[str, Any]]]:
    return {key: canonical_statement(made_whole(statement)) for key, statement in written.items()}, written


def policy_text(state: PolicyState) -> str:
    """Write a policy as the text to put: the statements as written, in the state's order, everything else sorted.

    Half characters in those of others are written as JSON's escapes, the very text that S3 gave.
    """
    document: dict[str, Any] = {"Version": state.version, "Statement": [*state.written.values()]}
    if state.id:
        document["Id"] = state.id
    return canonical_text(jsonable(document)).encode(errors="backslashreplace").decode()
