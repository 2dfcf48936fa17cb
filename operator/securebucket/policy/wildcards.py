"""IAM's wildcards: `*` for any text, `?` for one character.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

import re
from functools import lru_cache

_SPECIAL = re.compile(r"[*?$]")
_VARIABLE = re.compile(r"\$\{[^}]*\}")


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts = ({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)
    return re.compile("".join(parts), re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Tell whether a pattern matches the whole text, case-sensitively."""
    return _compiled(pattern).fullmatch(text) is not None


def matches_any(patterns: list[str], text: str) -> bool:
    """Tell whether one of the patterns matches the whole text."""
    return any(matches(pattern, text) for pattern in patterns)


def is_fixed(value: str) -> bool:
    """Tell whether a value stands for itself alone: no wildcard and no policy variable."""
    return not ({"*", "?"} & set(value)) and "${" not in value


def has_variable(value: str) -> bool:
    """Tell whether a value holds a policy variable such as `${aws:username}`."""
    return _VARIABLE.search(value) is not None


def widened(value: str) -> str:
    """Put `*` in the place of policy variables, whose values are not known here."""
    return _VARIABLE.sub("*", value)


def escaped(text: str) -> str:
    """Write a text so that IAM takes every character of it literally, as in a key prefix with a `*` in it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
    """
    return _SPECIAL.sub(lambda found: f"${{{found.group()}}}", text)
