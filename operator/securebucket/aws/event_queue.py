"""The queue that EventBridge sends CloudTrail's events to: a long poll, deleting what was handed on, and who may send.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from securebucket.aws.asking import ask
from securebucket.aws.cloud_trail_event import read_event
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.event_message import Message, QueuePlace
from securebucket.model.failure import Failure
from securebucket.policy.canonical import UNREADABLE, Statement
from securebucket.policy.document import read_policy
from securebucket.policy.principals import is_account
from securebucket.policy.wildcards import matches_any

WAIT = 10
"""Seconds of one poll: well below the client's read timeout."""
MOST = 10
"""Messages of one poll; SQS has no more."""
REGION = re.compile(r"(?:^|\.)sqs(?:-fips)?\.([a-z]{2}(?:-[a-z]+)+-\d)\.")
USUAL = re.compile(r"sqs(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$")
MISSING = frozenset({"QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"})
DENIED = frozenset({"AccessDenied", "AccessDeniedException", "KMS.AccessDeniedException"})
EVENTBRIDGE = ["events.amazonaws.com"]
SENDING = "sqs:sendmessage"
OPERATORS = ("ArnEquals", "ArnLike", "StringEquals")


def place_of(url: str) -> QueuePlace:
    """Read a queue's URL.

    Raises:
        ValueError: it is none; the text says what one looks like.
    """
    parts = urlsplit(url)
    path = [each for each in parts.path.split("/") if each]
    if parts.scheme not in {"http", "https"} or not parts.netloc or len(path) < 2 or not path[-2].isdigit():
        raise ValueError(
            f"{url!r} is not the URL of a queue; write e.g. https://sqs.eu-west-1.amazonaws.com/111122223333/securebucket-events"
        )
    region = REGION.search(parts.netloc)
    return QueuePlace(url, region[1] if region else "", path[-2], path[-1])


def binding_of(place: QueuePlace) -> Binding:
    """Say where and as whom a queue is read: as the operator itself, on the server that the URL names.

    The usual endpoint of a region is left to botocore: with an endpoint that is given, it takes no settings such as
    AWS_USE_FIPS_ENDPOINT.
    """
    parts = urlsplit(place.url)
    return Binding(
        region=place.region, endpoint="" if USUAL.match(parts.netloc) else f"{parts.scheme}://{parts.netloc}"
    )


@dataclass(frozen=True, slots=True)
class EventQueue:
    """One queue, read as the operator itself. Safe for many threads.

    Args:
        sessions: makes the client.
        place: which queue.
        wait: seconds of one poll, 20 at most.
    """

    sessions: Sessions
    place: QueuePlace
    wait: int = WAIT

    def receive(self) -> tuple[Message, ...] | Failure:
        """Wait for messages for a bounded time, and give what came; they come again unless they are deleted."""
        answer = self._ask("receive_message", {"MaxNumberOfMessages": MOST, "WaitTimeSeconds": self.wait})
        if isinstance(answer, Failure):
            return answer
        return tuple(
            Message(each["ReceiptHandle"], read_event(each.get("Body") or ""))
            for each in answer.get("Messages", ())
            if each.get("ReceiptHandle")
        )

    def delete(self, messages: Sequence[Message]) -> Failure | None:
        """Delete messages that were handed on; None when that is done."""
        entries = [{"Id": str(place), "ReceiptHandle": each.receipt} for place, each in enumerate(messages)]
        answer = self._ask("delete_message_batch", {"Entries": entries}, "DeleteMessage")
        if isinstance(answer, Failure):
            return answer
        for failed in answer.get("Failed", ()):
            code = str(failed.get("Code"))
            return Failure("Rejected", f"SQS refuses DeleteMessage with {code}: {failed.get('Message')}.", True, code)
        return None

    def attributes(self) -> dict[str, str] | Failure:
        """Read how the queue is set up and how full it is."""
        answer = self._ask("get_queue_attributes", {"AttributeNames": ["All"]}, needs=("Attributes",))
        return answer if isinstance(answer, Failure) else dict(answer["Attributes"])

    def _ask(
        self, operation: str, parameters: dict[str, Any], about: str = "", needs: tuple[str, ...] = ()
    ) -> dict[str, Any] | Failure:
        asked = {"QueueUrl": self.place.url, **parameters}
        answer = ask(
            lambda: self.sessions.client(binding_of(self.place), "sqs"), operation, asked, needs=needs, about=about
        )
        return self._explained(answer) if isinstance(answer, Failure) else answer

    def _explained(self, failure: Failure) -> Failure:
        code, operation = failure.code, failure.operation
        if code in MISSING:
            text = f"{operation}: there is no queue {self.place.url}; correct --event-queue, or deploy the queue."
            return Failure("QueueMissing", text, True, code, operation)
        if code in DENIED:
            text = (
                f"{operation} was denied on {self.place.url}. Give the operator's own role what `securebucket"
                " iam-policy --event-queue ARN` prints; the queue's key, if it has one of its own, must let it decrypt."
            )
            return Failure("AccessDenied", text, True, code, operation)
        return failure


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
