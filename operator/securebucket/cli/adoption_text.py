"""A drafted SecureBucket as YAML, with what a person wants to know before they apply it in comments. Pure.

What is written in a comment comes from outside. It is ASCII and one line, or it could end the comment.
"""

import json
from collections.abc import Iterable, Iterator

from securebucket.api.base import API_VERSION
from securebucket.cli.yaml_text import yaml_text
from securebucket.engine.outcome import Difference
from securebucket.model.document import Json
from securebucket.model.plain_text import printable
from securebucket.model.risk import Risk
from securebucket.scan.adoption import Draft

SHORT = 60
"""Characters; a longer value is not written out."""
NOTHING: tuple[Json, ...] = (None, "", [], {})


def yaml_of(draft: Draft) -> str:
    """Write the object, after the comments about it."""
    document = {
        "apiVersion": API_VERSION,
        "kind": "SecureBucket",
        "metadata": {"name": draft.key.name, "namespace": draft.key.namespace},
        "spec": dict(draft.spec),
    }
    comments = "".join(f"# {_ascii(line)}\n" for line in _comments(draft))
    return comments + yaml_text(document, width=120, ascii_only=True)


def _comments(draft: Draft) -> Iterator[str]:
    where = f" ({draft.region})" if draft.region else ""
    names = f": {', '.join(draft.failing)}" if draft.failing else ""
    yield f"{draft.bucket}{where}: {len(draft.failing) or 'none'} of {draft.checked} checks fail{names}."
    if draft.role_because:
        yield f"Its role: {draft.role_because}."
    if draft.misfit is not None:
        yield f"The operator would refuse it: {draft.misfit.reason}: {draft.misfit.message}"
    else:
        yield from _changes(draft)
    for name, failure in draft.refused.items():
        yield f"{name} differs and cannot be changed: {failure.reason}: {failure.message}"
    for name, message in draft.unread.items():
        yield f"{name} could not be read: {message}"


def _changes(draft: Draft) -> Iterator[str]:
    tags = "the tags securebucket.io/owner and securebucket.io/origin"
    if not draft.changes:
        yield f"Observe writes nothing. Enforce with adoption: Adopt would only add {tags}."
        return
    yield f"Observe writes nothing. Enforce with adoption: Adopt would add {tags}, and change:"
    for change in draft.changes:
        waits = "" if change.risk is Risk.NONE else f" (risk {change.risk.value}: waits for approval)"
        yield f"  {change.control}: {', '.join(_differences(change.differences))}{waits}"
        if change.warning:
            yield f"    Before that: {change.warning}."


def _differences(found: Iterable[Difference]) -> Iterator[str]:
    for each in found:
        before, after = _value(each.observed), _value(each.desired)
        if len(before) + len(after) <= SHORT:
            yield f"{each.field} {before} -> {after}"
        else:
            verb = "added" if each.observed in NOTHING else "removed" if each.desired in NOTHING else "changed"
            yield f"{each.field} {verb}"


def _value(value: Json) -> str:
    return "none" if value in NOTHING else json.dumps(value, sort_keys=True, separators=(",", ":"))


def _ascii(text: str) -> str:
    """Write a text in ASCII and one line; YAML ends a line, and a comment, at U+0085 and U+2028 too."""
    return printable(text).encode("ascii", "backslashreplace").decode()
