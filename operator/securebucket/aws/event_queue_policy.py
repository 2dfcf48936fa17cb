"""Who may send to a queue of events, as its policy says."""

from securebucket.policy.canonical import UNREADABLE, Statement
from securebucket.policy.document import read_policy
from securebucket.policy.principals import is_account
from securebucket.policy.wildcards import matches_any

EVENTBRIDGE = ["events.amazonaws.com"]
SENDING = "sqs:sendmessage"
OPERATORS = ("ArnEquals", "ArnLike", "StringEquals")


def open_senders(policy: str) -> tuple[str, ...]:
    """Name what lets anybody send but rules of EventBridge that are named; nothing where the policy does not.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions

    Args:
        policy: the queue's attribute `Policy`, JSON; empty for none, and then only its own account may send.
    """
    statements = read_policy(policy or "{}").statements
    if any(UNREADABLE in each for each in statements.values()):
        return ("a policy that cannot be read",)
    return tuple(
        f"statement {each.get('Sid') or place}"
        for place, each in enumerate(statements.values(), 1)
        if each.get("Effect") == "Allow" and _lets_send(each) and not _is_for_rules(each)
    )


def _lets_send(statement: Statement) -> bool:
    return "NotAction" in statement or matches_any(statement.get("Action", []), SENDING)


def _is_for_rules(statement: Statement) -> bool:
    """Tell whether it is for rules of EventBridge alone, and of accounts that are named."""
    sources = [
        each
        for operator in OPERATORS
        for key, values in statement.get("Condition", {}).get(operator, {}).items()
        if key.lower() == "aws:sourcearn"
        for each in values
    ]
    return statement.get("Principal") == {"Service": EVENTBRIDGE} and bool(sources) and all(map(_is_rule, sources))


def _is_rule(arn: str) -> bool:
    """Tell whether an ARN, or a pattern of ARNs, is of rules of one account."""
    parts = arn.split(":", 5)
    return len(parts) == 6 and parts[2] == "events" and is_account(parts[4]) and parts[5].startswith("rule/")
