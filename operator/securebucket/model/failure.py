"""What went wrong, as a value: with its reason for programs, and what to do for people."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """An operation that did not succeed.

    Args:
        reason: CamelCase and stable; it becomes a condition's reason and an Event's.
        message: what happened and what to do, in one or two sentences; never a secret, never a policy's text.
        retry: True where time may mend it (throttling, 5xx, network); False where a person has to (4xx).
        code: the server's own error code; empty when there was no answer.
        operation: the API's name of the call that failed; empty when none was made.
    """

    reason: str
    message: str
    retry: bool = False
    code: str = ""
    operation: str = ""
