"""Whether a statement covers an action or a resource."""

from securebucket.policy.canonical import Statement
from securebucket.policy.wildcards import matches, widened


def covers(statement: Statement, element: str, text: str) -> bool:
    """Tell whether `Action` or `Resource` may cover a text, or `NotAction` or `NotResource` may leave it in.

    Args:
        statement: in canonical form.
        element: `Action` or `Resource`.
        text: an action in lower case, or an ARN.
    """
    if f"Not{element}" in statement:
        return not any(matches(pattern, text) for pattern in statement[f"Not{element}"])
    return any(matches(widened(pattern), text) for pattern in statement.get(element, ()))
