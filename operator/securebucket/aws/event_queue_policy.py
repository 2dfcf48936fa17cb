"""Who may send to a queue of events, as its policy says."""

import json
from collections.abc import Iterator
from typing import Any

EVENTBRIDGE = "events.amazonaws.com"
SENDING = frozenset({"*", "sqs:*", "sqs:sendmessage"})


def open_senders(policy: str) -> tuple[str, ...]:
    """Name what lets anybody send but rules of EventBridge that are named; nothing where the policy does not.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions

    Args:
        policy: the queue's attribute `Policy`, JSON; empty for none, and then only its own account may send.
    """
    try:
        statements = json.loads(policy or "{}").get("Statement", [])
    except (ValueError, AttributeError):
        return ("a policy that cannot be read",)
    found = statements if isinstance(statements, list) else [statements]
    return tuple(
        f"statement {each.get('Sid') or place}"
        for place, each in enumerate(found, 1)
        if each.get("Effect") == "Allow" and _lets_send(each) and not _is_for_rules(each)
    )


def _lets_send(statement: dict[str, Any]) -> bool:
    return "NotAction" in statement or any(each.lower() in SENDING for each in _texts(statement.get("Action")))


def _is_for_rules(statement: dict[str, Any]) -> bool:
    principal = statement.get("Principal")
    service = list(_texts(principal.get("Service"))) if isinstance(principal, dict) and len(principal) == 1 else []
    operators = statement.get("Condition") or {}
    sources = [
        each
        for operator in ("ArnEquals", "ArnLike", "StringEquals")
        for key, value in operators.get(operator, {}).items()
        if key.lower() == "aws:sourcearn"
        for each in _texts(value)
    ]
    return service == [EVENTBRIDGE] and bool(sources) and all(":rule/" in each for each in sources)


def _texts(value: object) -> Iterator[str]:
    yield from (str(each) for each in value) if isinstance(value, list) else (() if value is None else (str(value),))
