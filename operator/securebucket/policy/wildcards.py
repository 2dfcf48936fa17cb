"""IAM's wildcards: `*` for any text, `?` for one character.

Patterns come from tenants and from whoever may write a bucket's policy, so matching takes a number of steps that
grows with the pattern and the text, never with their product (docs/design/2026-11-29-text-from-outside.md).
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from collections.abc import Iterator

ANYTHING = ("\ue000", "\ue000" * 9)
"""Stand for any name of an object or an action, or its rest, a short one and a long one: only `*` matches both."""
_SPECIAL = str.maketrans({each: f"${{{each}}}" for each in "*?$"})


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches the whole text, case-sensitively, newlines and all."""
    return _matches_with_gaps(pattern, text) if "?" in pattern else _matches_pieces(pattern, text)


def matches_any(patterns: list[str] | tuple[str, ...], text: str) -> bool:
    """Tell whether one of the patterns matches the whole text."""
    return any(matches(pattern, text) for pattern in patterns)


def _matches_pieces(pattern: str, text: str) -> bool:
    """Match a pattern without `?`: its pieces between the `*` must come one after the other.

    The first place where a piece fits is always good enough, so no piece is looked for twice.
    """
    head, *pieces = pattern.split("*")
    if not pieces:
        return pattern == text
    tail = pieces.pop()
    place, end = len(head), len(text) - len(tail)
    if place > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for piece in pieces:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _matches_with_gaps(pattern: str, text: str) -> bool:
    """Match any pattern: walk along it once, and keep all the places of the text that it can have reached.

    The places are the bits of one number, the lowest for the text's beginning: a character moves each of them on by
    one where it stands in the text, `?` moves all of them, and `*` adds every place after the first.
    """
    everywhere = (2 << len(text)) - 1
    standing: dict[str, int] = {}
    for place, char in enumerate(text):
        standing[char] = standing.get(char, 0) | 1 << place
    reached = 1
    for char in pattern:
        if char == "*":
            reached = -(reached & -reached) & everywhere
        elif char == "?":
            reached = reached << 1 & everywhere
        else:
            reached = (reached & standing.get(char, 0)) << 1
        if not reached:
            return False
    return bool(reached >> len(text))


def is_fixed(value: str) -> bool:
    """Tell whether a value stands for itself alone: no wildcard and no policy variable."""
    return not ({"*", "?"} & set(value)) and "${" not in value


def has_variable(value: str) -> bool:
    """Tell whether a value holds a policy variable such as `${aws:username}`."""
    return next(_variables(value), None) is not None


def widened(value: str) -> str:
    """Put `*` instead of policy variables, whose values are not known here."""
    kept, done = [], 0
    for begin, end in _variables(value):
        kept += [value[done:begin], "*"]
        done = end
    return "".join([*kept, value[done:]])


def _variables(value: str) -> Iterator[tuple[int, int]]:
    """Return where each policy variable begins and ends. One without an end is none, nor is any after it."""
    begin = value.find("${")
    while begin >= 0 and (end := value.find("}", begin) + 1):
        yield begin, end
        begin = value.find("${", end)


def escaped(text: str) -> str:
    """Write a text so that IAM takes every character of it literally, as in a key prefix with a `*` in it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
    """
    return text.translate(_SPECIAL)
