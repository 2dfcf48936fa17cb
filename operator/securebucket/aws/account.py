"""Who we are: the account and identity behind a set of credentials, asked once an hour."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

from securebucket.aws.asking import ask
from securebucket.aws.failures import unreadable
from securebucket.aws.lately_used import LatelyUsed
from securebucket.aws.sessions import Binding, Sessions
from securebucket.model.failure import Failure

LIFETIME = 3600.0
RETRY_AFTER = 15.0
MOST_IDENTITIES = 1000
ARN = re.compile(r"arn:(aws[a-z-]{0,20}):[\x21-\x7e]{1,2000}", re.ASCII)
ACCOUNT_ID = re.compile(r"[0-9]{12}")


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


@dataclass(slots=True)
class Accounts:
    """Remembers the identity of each binding; a failure is remembered for some seconds only."""

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _known: LatelyUsed[Binding, tuple[float, Identity | Failure]] = field(
        default_factory=lambda: LatelyUsed(MOST_IDENTITIES)
    )
    _asking: WeakValueDictionary[Binding, threading.Lock] = field(default_factory=WeakValueDictionary)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def identify(self, binding: Binding) -> Identity | Failure:
        """Say who the binding's credentials belong to; a failure when they are missing, wrong or of another account."""
        # One question at a time, or a fleet of passes would ask the same all at once after a start. Each binding has a
        # lock of its own: an endpoint that does not answer must not hold up the buckets of other accounts.
        with self._lock:
            asking = self._asking.setdefault(binding, threading.Lock())
        with asking:
            known = self._known.get(binding)
            if known and known[0] > self.clock():
                return known[1]
            answer = self._ask(binding)
            lifetime = RETRY_AFTER if isinstance(answer, Failure) else LIFETIME
            self._known.put(binding, (self.clock() + lifetime, answer))
            return answer

    def arns(self) -> frozenset[str]:
        """Give every identity that is known by now."""
        answers = [answer for _, answer in self._known.values()]
        return frozenset(each.arn for each in answers if isinstance(each, Identity) and each.arn)

    def _ask(self, binding: Binding) -> Identity | Failure:
        answer = ask(lambda: self.sessions.client(binding, "sts"), "get_caller_identity", needs=("Account", "Arn"))
        if isinstance(answer, Failure):
            if answer.operation == "AssumeRole":
                return _not_assumed(answer, binding)
            if answer.status and self._without_sts(binding, answer):
                return Identity(account_id=binding.account_id, arn="", partition="aws")
            return answer
        found = ARN.fullmatch(answer["Arn"])
        if found is None or not ACCOUNT_ID.fullmatch(answer["Account"]):
            return unreadable("GetCallerIdentity")
        identity = Identity(answer["Account"], answer["Arn"], found[1])
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
