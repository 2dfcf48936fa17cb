"""The one way to ask AWS: whatever a server does, the caller gets an answer that he can read, or a failure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Self, TypeVar
from xml.etree.ElementTree import ParseError

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from securebucket.aws.call_limits import DeadlineError
from securebucket.aws.failures import failure_of, unreadable
from securebucket.model.call import Call
from securebucket.model.document import Response
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Flow, NeverConfigured, Read, Reading, checked, drive, has_required
from securebucket.model.observation import Unsupported

S = TypeVar("S")

TOLD = (ClientError, BotoCoreError, ResponseParserError)
"""What botocore raises of its own: the server refuses, there is no answer, or none that AWS gives."""

BROKEN = (
    LookupError,  # a part that botocore takes for granted is not there: the result of STS, the credentials of a role
    TypeError,  # a list or nothing, where it goes on with a text
    AttributeError,  # a text or a list, where it goes on with an object
    ValueError,  # no number, no time, no base64, no UTF-8
    ArithmeticError,  # a number or a time beyond all bounds
    NameError,  # an entry of a map without its key: the variable has no value yet
    RuntimeError,  # a time beyond all bounds, once more; credentials that have ended already; thousands of levels
    ParseError,  # no XML, where it parses once more
)
"""What botocore lets out besides its own exceptions when an answer is not as it expects.

Of ours only the handlers of its events run there.
"""


@dataclass(frozen=True, slots=True)
class Refused(Failure):
    """A call that gave no answer, with what the server said, for who knows more about it.

    Args:
        status: of HTTP; 0 where there was no answer.
        text: the server's message; empty where it sent none.
        headers: of the answer.
        silent: the server did not answer in time.
    """

    status: int = 0
    text: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    silent: bool = False

    @classmethod
    def of(cls, failure: Failure, **said: Any) -> Self:
        """Make one of a failure and what else is known of it."""
        return cls(**{each.name: getattr(failure, each.name) for each in fields(Failure)}, **said)

    @property
    def failure(self) -> Failure:
        """The failure alone: what the server said stays at the edge."""
        return Failure(**{each.name: getattr(self, each.name) for each in fields(Failure)})


def ask(
    client: Callable[[], Any],
    operation: str,
    parameters: Mapping[str, Any] = MappingProxyType({}),
    *,
    needs: tuple[str, ...] = (),
    about: str = "",
) -> dict[str, Any] | Refused:
    """Make one call.

    Args:
        client: gives the boto3 client.
        operation: boto3's method name, e.g. `get_bucket_policy`.
        parameters: its arguments.
        needs: dotted paths of what must be in the answer.
        about: what the failure calls the call; empty for the API's own name.
    """
    return settle(lambda: call(client(), operation, parameters), about or Call(operation).api, needs)


def call(client: Any, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Call a method of a boto3 client by its name; raises what botocore raises."""
    answer: dict[str, Any] = getattr(client, operation)(**parameters)
    return answer


def settle(call: Callable[[], dict[str, Any]], about: str, needs: tuple[str, ...] = ()) -> dict[str, Any] | Refused:
    """Make a value of whatever a call of botocore does; see `ask`."""
    try:
        answer = call()
    except (*TOLD, *BROKEN) as error:
        return _refused(error, about)
    for path in needs:
        if not _carries(answer, path):
            return _refused(LookupError(path), about)
    return answer


def _carries(answer: Response, path: str) -> bool:
    value: Any = answer
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value not in (None, "", {})  # an empty list is an answer


def _refused(error: Exception, about: str) -> Refused:
    answer: Any = {}
    if isinstance(error, ClientError):
        answer = error.response
        if error.operation_name == "AssumeRole":  # botocore assumes a role within whatever call comes first
            about = error.operation_name
    metadata = answer.get("ResponseMetadata", {})
    return Refused.of(
        failure_of(error, about),
        status=metadata.get("HTTPStatusCode", 0),
        text=str(answer.get("Error", {}).get("Message") or ""),
        headers=metadata.get("HTTPHeaders", {}),
        silent=isinstance(error, DeadlineError | ReadTimeoutError | ConnectTimeoutError),
    )


def observe(flow: Flow[S], ask: Callable[[Read], Answer]) -> Reading[S]:
    """Drive a flow; an answer in which a part is missing without which it means nothing is none that AWS gives."""
    asked: list[Read] = []

    def noted(read: Read) -> Answer:
        asked.append(read)
        return ask(read)

    try:
        return drive(flow, noted)
    except BROKEN:
        failure = unreadable(asked[0].api)
        return Reading(failure, {read.name: failure for read in asked})


def answer_of(read: Read, said: dict[str, Any] | Refused) -> Answer:
    """Say what a server's word means to a read."""
    if isinstance(said, Refused):
        if said.code in read.absent:
            return NeverConfigured()
        return Unsupported(said.message, code=said.code) if said.reason == "Unsupported" else said.failure
    said.pop("ResponseMetadata", None)
    if read.service and not has_required(read, said):
        return unreadable(read.api)  # S3 alone has servers that know a part of it
    return checked(read, said)
