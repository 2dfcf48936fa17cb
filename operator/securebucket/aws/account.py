"""Who we are: the account and identity behind a set of credentials, asked once an hour."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import ClientError

from securebucket.aws.failures import UNANSWERED, failure_of
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.failure import Failure

LIFETIME = 3600.0
RETRY_AFTER = 15.0


@dataclass(frozen=True, slots=True)
class Identity:
    """What GetCallerIdentity tells.

    Args:
        account_id: twelve digits; empty on an S3 server that has no STS: then no bucket-owner condition can be sent.
        arn: the identity; empty likewise.
        partition: `aws` where nothing else is known.
    """

    account_id: str
    arn: str
    partition: str


ANONYMOUS = Identity(account_id="", arn="", partition="aws")


@dataclass(slots=True)
class Accounts:
    """Remembers the identity of each binding; a failure is remembered for some seconds only."""

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _known: dict[Binding, tuple[float, Identity | Failure]] = field(default_factory=dict)
    _asking: dict[Binding, threading.Lock] = field(default_factory=dict)

    def identify(self, binding: Binding) -> Identity | Failure:
        """Say who the binding's credentials belong to; a failure when they are missing, wrong or of another account."""
        # One question at a time, or a fleet of passes would ask the same all at once after a start. Each binding has a
        # lock of its own: an endpoint that does not answer must not hold up the buckets of other accounts.
        with self._asking.setdefault(binding, threading.Lock()):
            known = self._known.get(binding)
            if known and known[0] > self.clock():
                return known[1]
            answer = self._ask(binding)
            lifetime = RETRY_AFTER if isinstance(answer, Failure) else LIFETIME
            self._known[binding] = (self.clock() + lifetime, answer)
            return answer

    def arns(self) -> frozenset[str]:
        """Give every identity that is known by now."""
        answers = [answer for _, answer in tuple(self._known.values())]
        return frozenset(each.arn for each in answers if isinstance(each, Identity) and each.arn)

    def _ask(self, binding: Binding) -> Identity | Failure:
        try:
            answer: dict[str, Any] = self.sessions.client(binding, "sts").get_caller_identity()
        except ClientError as error:
            if error.operation_name == "AssumeRole":  # botocore assumes the role within whatever call comes first
                return _not_assumed(failure_of(error, "AssumeRole"), binding)
            failure = failure_of(error, "GetCallerIdentity")
            if self._without_sts(binding, failure):
                return Identity(account_id=binding.account_id, arn="", partition="aws")
            return failure
        except UNANSWERED as error:
            return failure_of(error, "GetCallerIdentity")
        identity = Identity(answer["Account"], answer["Arn"], answer["Arn"].split(":")[1])
        if binding.account_id and binding.account_id != identity.account_id:
            return Failure(
                "WrongAccount",
                f"the credentials belong to account {identity.account_id}, the profile wants {binding.account_id};"
                " correct the profile's accountId or its assumeRole.",
            )
        return identity

    def _without_sts(self, binding: Binding, failure: Failure) -> bool:
        """Tell an S3 server without STS from AWS refusing us: only another endpoint may lack STS."""
        elsewhere = binding.endpoint or "amazonaws" not in self.sessions.client(binding, "sts").meta.endpoint_url
        return bool(elsewhere) and failure.reason in {"Unsupported", "Rejected", "AccessDenied", "BucketMissing"}


def _not_assumed(failure: Failure, binding: Binding) -> Failure:
    """Say why a role could not be assumed; STS tells neither a missing role nor a wrong external id from a denial."""
    if failure.reason != "AccessDenied":
        return failure
    external = f"external id {binding.external_id}" if binding.external_id else "no external id"
    return replace(
        failure,
        reason="RoleNotAssumed",
        message=f"role {binding.role_arn} could not be assumed with {external}: it does not exist, its trust policy"
        " does not name the operator's identity or asks for another external id, or that identity lacks sts:AssumeRole"
        " on it. Correct the role, or the profile's assumeRole.",
    )
