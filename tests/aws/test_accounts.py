"""Who we are: asked once an hour for each binding, a failure forgotten sooner, nobody held up by another's silence."""

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore import exceptions as boto
from tests.aws.wire import ACCOUNT, Answer, Wire, error

from securebucket.aws.account import LIFETIME, RETRY_AFTER, Accounts, Identity
from securebucket.aws.sessions import Binding
from securebucket.model.failure import Failure

ROLE = f"arn:aws:sts::{ACCOUNT}:assumed-role/securebucket/operator"
HERE = Binding(endpoint="http://127.0.0.1:9000")
AWS = Binding()


def identity(arn: str = ROLE, account: str = ACCOUNT) -> Answer:
    body = f"<GetCallerIdentityResult><Account>{account}</Account><Arn>{arn}</Arn></GetCallerIdentityResult>"
    return Answer(200, f"<GetCallerIdentityResponse>{body}</GetCallerIdentityResponse>")


def refused(code: str, status: int) -> Answer:
    return Answer(status, f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>")


@dataclass
class Clients:
    """Hands out clients of one wire, in the place of Sessions."""

    answer: Any
    clock: float = 0.0
    asked: list[Binding] = field(default_factory=list)

    def client(self, binding: Binding, service: str, *_: str) -> Any:
        wire = Wire(lambda _: self._next(binding))
        client = wire.client(service)
        if binding.endpoint:
            client.meta._endpoint_url = binding.endpoint
        return client

    def _next(self, binding: Binding) -> Any:
        self.asked.append(binding)
        return self.answer(binding) if callable(self.answer) else self.answer


def accounts(clients: Clients) -> Accounts:
    return Accounts(clients, clock=lambda: clients.clock)  # type: ignore[arg-type]  # it has what is used of Sessions


@pytest.mark.parametrize(("arn", "partition"), [(ROLE, "aws"), ("arn:aws-cn:iam::111122223333:user/x", "aws-cn")])
def test_the_identity_is_told_with_its_partition(arn: str, partition: str) -> None:
    assert accounts(Clients(identity(arn))).identify(AWS) == Identity(ACCOUNT, arn, partition)


def test_it_is_asked_once_an_hour() -> None:
    clients = Clients(identity())
    known = accounts(clients)
    for clock in (0.0, 1.0, LIFETIME - 1):
        clients.clock = clock
        known.identify(AWS)
    assert len(clients.asked) == 1
    clients.clock = LIFETIME + 1
    known.identify(AWS)
    assert len(clients.asked) == 2


def test_each_binding_is_asked_for_itself() -> None:
    clients = Clients(identity())
    known = accounts(clients)
    other = Binding(role_arn="arn:aws:iam::444455556666:role/x")
    for binding in (AWS, other, AWS, other):
        known.identify(binding)
    assert clients.asked == [AWS, other]


def test_a_failure_is_forgotten_after_seconds() -> None:
    """Else credentials that were mended would not be used for an hour; and a fleet would ask without end."""
    answers = iter([refused("ExpiredToken", 403), identity()])
    clients = Clients(lambda _: next(answers))
    known = accounts(clients)
    first, again = known.identify(AWS), known.identify(AWS)
    assert isinstance(first, Failure)
    assert (first.reason, again, len(clients.asked)) == ("CredentialsExpired", first, 1)
    clients.clock = RETRY_AFTER + 1
    assert isinstance(known.identify(AWS), Identity)


def test_credentials_of_another_account_than_the_profiles_stop() -> None:
    found = accounts(Clients(identity())).identify(Binding(account_id="999988887777"))
    assert isinstance(found, Failure)
    assert (found.reason, found.retry) == ("WrongAccount", False)
    assert ACCOUNT in found.message
    assert "999988887777" in found.message


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refused("InvalidClientTokenId", 403), "CredentialsInvalid"),
        (refused("AccessDenied", 403), "AccessDenied"),
        (refused("Throttling", 400), "Throttled"),
        (boto.NoCredentialsError(), "CredentialsMissing"),
        (boto.EndpointConnectionError(endpoint_url="x"), "EndpointUnreachable"),
    ],
)
def test_aws_that_refuses_is_a_failure(answer: Any, reason: str) -> None:
    found = accounts(Clients(answer)).identify(AWS)
    assert isinstance(found, Failure)
    assert found.reason == reason


@pytest.mark.parametrize(
    "answer",
    [error("MethodNotAllowed", 405), refused("NotImplemented", 501), error("InvalidAction", 400)],
)
@pytest.mark.parametrize("account", ["", ACCOUNT])
def test_another_server_may_have_no_sts(answer: Answer, account: str) -> None:
    """Ceph RGW without STS; the owner condition is then sent only if the profile names the account."""
    found = accounts(Clients(answer)).identify(Binding(endpoint=HERE.endpoint, account_id=account))
    assert found == Identity(account, "", "aws")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (refused("ExpiredToken", 403), "CredentialsExpired"),
        (refused("InvalidClientTokenId", 403), "CredentialsInvalid"),
        (refused("InternalFailure", 500), "ServerError"),
        (boto.EndpointConnectionError(endpoint_url="x"), "EndpointUnreachable"),
        (Answer(403, "<html><br></html>"), "AnswerUnreadable"),
    ],
)
def test_another_server_with_sts_may_fail_like_aws(answer: Any, reason: str) -> None:
    found = accounts(Clients(answer)).identify(HERE)
    assert isinstance(found, Failure)
    assert found.reason == reason


def test_an_endpoint_that_does_not_answer_holds_up_no_other_binding() -> None:
    hanging, asked = threading.Event(), threading.Event()

    def answer(binding: Binding) -> Answer:
        if binding == HERE:
            asked.set()
            assert hanging.wait(10)
        return identity()

    known = accounts(Clients(answer))
    waiting = threading.Thread(target=known.identify, args=(HERE,))
    waiting.start()
    assert asked.wait(10)
    try:
        assert isinstance(known.identify(AWS), Identity)
        assert waiting.is_alive()
    finally:
        hanging.set()
        waiting.join(10)


def test_many_passes_at_once_ask_once() -> None:
    clients = Clients(identity())
    known = accounts(clients)
    threads = [threading.Thread(target=known.identify, args=(AWS,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(clients.asked) == 1
