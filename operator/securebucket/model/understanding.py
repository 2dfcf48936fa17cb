"""What S3 said and the installed model of AWS does not know: found again in an answer, in a state, and in words.

botocore reads an element that it does not know as nothing, and the next PUT of the document would drop it: a rule of
others would apply to more than they meant. So the edge writes the names into the answer, at the structure that they
stand in, and nothing here is written back without them.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from securebucket.model.document import Response, camel_case
from securebucket.model.failure import Failure
from securebucket.model.plain_text import printable

NOT_UNDERSTOOD = "NotUnderstood"
"""Member of an answer, or of a structure or an entry in it, that lists what is not understood there.

No document of S3 has a member of that name. It is kept with the answer, so that the same is said of it later.
"""
WHOLE = ""
"""Path of an answer among the `entries` of its read: nothing makes it unreadable, and its flow says what that means."""
SHOWN = 3
"""Names in one message; a rule may have more."""


def aside(make: Callable[[Mapping[str, Any]], dict[str, Any]], entry: Mapping[str, Any]) -> dict[str, Any]:
    """Make the canonical form of an entry of a list, with all that is not understood in it at its top."""
    names = list(_names(entry, ""))
    return make(_without_names(entry)) | {NOT_UNDERSTOOD: names} if names else make(entry)


def laid_over(
    observed: Mapping[str, Mapping[str, Any]], declared: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """Give declared entries; one that is there keeps what is not understood in it: a write would drop that.

    Otherwise a member that S3 adds to every entry of its own accord would be taken away by every pass.
    """
    return {
        name: {**entry, NOT_UNDERSTOOD: observed[name][NOT_UNDERSTOOD]}
        if NOT_UNDERSTOOD in observed.get(name, {})
        else entry
        for name, entry in declared.items()
    }


def beyond(answer: Response, entries: tuple[str, ...]) -> tuple[str, ...]:
    """Name what is not understood in an answer outside of the lists whose entries stand for themselves."""
    return tuple(_names(answer, "", frozenset(entries)))


def unreadable(api: str, names: tuple[str, ...]) -> Failure:
    """Say that an answer cannot be read: what it means depends on what is not understood."""
    return Failure(
        NOT_UNDERSTOOD,
        f"{api} answered with {_listed(names)}, which this release does not know; nothing is written over it. Install a"
        " newer release of the operator, take it out of the document, or name the control in spec.unmanaged.",
        operation=api,
    )


def not_understood(state: Any) -> tuple[str, ...]:
    """Name what is not understood in a control's state, e.g. `rules[archive].Filter.Not`."""
    if not dataclasses.is_dataclass(state):
        return ()
    found: list[str] = []
    for field in dataclasses.fields(state):
        value = getattr(state, field.name)
        if isinstance(value, Mapping):
            for key, entry in value.items():
                found.extend(_names(entry, f"{camel_case(field.name)}[{key}]" if key else ""))
    return tuple(found)


def refusal(control: str, desired: Any) -> Failure | None:
    """Refuse a change that would write an entry back without what is not understood in it.

    One that takes the whole entry away does not: it is no longer in the desired state.
    """
    names = not_understood(desired)
    if not names:
        return None
    return Failure(
        NOT_UNDERSTOOD,
        f"S3 has {_listed(names)}, which this release does not know and would drop with any change of {control}."
        f" Install a newer release of the operator, remove the entry, or name {control} in spec.unmanaged.",
    )


def doubt(state: Any) -> str:
    """Say why a state cannot be judged to be good; empty where all of it is understood."""
    names = not_understood(state)
    return f"this release does not know {_listed(names)}, which S3 has; install a newer one" if names else ""


def _names(value: Any, path: str, apart: frozenset[str] = frozenset()) -> Iterator[str]:
    if path in apart:
        return
    if isinstance(value, Mapping):
        told = value.get(NOT_UNDERSTOOD)  # a stranger's policy may have anything of this name
        yield from (f"{path}.{name}".lstrip(".") for name in (told if isinstance(told, list) else ()))
        for name, item in value.items():
            if name != NOT_UNDERSTOOD:
                yield from _names(item, f"{path}.{name}".lstrip("."), apart)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _names(item, f"{path}[{index}]", apart)


def _without_names(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_names(item) for name, item in value.items() if name != NOT_UNDERSTOOD}
    if isinstance(value, list | tuple):
        return [_without_names(item) for item in value]
    return value


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return printable(", ".join(names[:SHOWN])) + more
