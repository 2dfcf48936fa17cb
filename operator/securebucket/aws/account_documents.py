"""Reads the documents of an account: what they ask for, in a bounded number of calls and a bounded time.

Every answer is a value. What can never change, such as the flags of an access point, is asked once.
"""

import itertools
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from botocore.exceptions import BotoCoreError
from botocore.paginate import Paginator

from securebucket.aws.answer_form import NotThatAnswerError
from securebucket.aws.asking import Refused, settle
from securebucket.aws.call_limits import DeadlineError, StoppingError
from securebucket.aws.failures import failure_of
from securebucket.aws.sessions import Binding, Sessions
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.account.account_document import AccountPlace, Ask
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, NeverConfigured
from securebucket.model.observation import Unsupported

CALLS = 500
"""Reads of one account in one round; what is left over is asked in the next ones, where it can be remembered."""
SECONDS = 240.0
"""After which a round asks nothing more: where only S3 can be reached, every other service costs a timeout."""
ITEMS = 100_000
"""Of one list: ten times the buckets that an account has without asking AWS for more."""
PAGES = 1000
"""Of one list: AWS's shortest pages have a hundred items, and a hostile server's may have none for ever."""
LACKING = frozenset({"Unsupported", "Rejected", "BucketMissing", "CredentialsInvalid", "AnswerUnreadable"})
"""Reasons in which a server that is not AWS says that it does not know a service: it takes the path for a bucket's,
or the signature for a wrong one."""
NO_SUCH_SERVICE = frozenset({404, 405, 501})
SERVICES = {
    "s3": "S3",
    "s3control": "S3 Control",
    "cloudtrail": "CloudTrail",
    "logs": "CloudWatch Logs",
    "cloudwatch": "CloudWatch",
    "guardduty": "GuardDuty",
    "macie2": "Macie",
    "accessanalyzer": "IAM Access Analyzer",
}


@dataclass(slots=True)
class AccountDocuments:
    """Reads accounts; remembers what never changes of them.

    Args:
        sessions: hands out the clients.
        clock: monotonic seconds.
    """

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    _lasting: dict[tuple[Binding, str], Answer] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(
        self, binding: Binding, place: AccountPlace, going: Callable[[], bool] = lambda: True
    ) -> Mapping[str, Answer]:
        """Read everything that the documents of an account ask for.

        Args:
            binding: as whom.
            place: which account, and where.
            going: asked before each call; nothing more is read once it is false.

        Returns:
            The answers by `Ask.name`; what there was no time for is unknown.
        """
        return _Round(self, binding, place, self.clock() + SECONDS, going).answers()

    def recall(self, binding: Binding, ask: Ask) -> Answer | None:
        """Give an answer that cannot have changed; None where there is none yet."""
        with self._lock:
            return self._lasting.get((binding, ask.lasting)) if ask.lasting else None

    def keep(self, binding: Binding, ask: Ask, answer: Answer) -> None:
        """Remember an answer that cannot change."""
        if ask.lasting and not isinstance(answer, Failure | Unsupported):
            with self._lock:
                self._lasting[binding, ask.lasting] = answer

    def prune(self, binding: Binding, asked: frozenset[str]) -> None:
        """Forget the answers about what is no longer there."""
        with self._lock:
            for key in [each for each in self._lasting if each[0] == binding and each[1] not in asked]:
                del self._lasting[key]


@dataclass(slots=True)
class _Round:
    """One reading of one account."""

    documents: AccountDocuments
    binding: Binding
    place: AccountPlace
    end: float
    going: Callable[[], bool]
    calls: int = 0
    silent: set[tuple[str, str]] = field(default_factory=set)
    """Services, by region, that do not answer: one timeout tells enough."""

    def answers(self) -> Mapping[str, Answer]:
        found: dict[str, Answer] = {}
        lasting: set[str] = set()
        while asks := self._open(found):
            for ask in asks:
                lasting.add(ask.lasting)
                found[ask.name] = self._answer(ask)
        self.documents.prune(self.binding, frozenset(lasting))
        return found

    def _open(self, found: Mapping[str, Answer]) -> list[Ask]:
        """Give what the documents ask for and is not answered yet; what two of them ask for is asked once."""
        asked = {ask.name: ask for document in ACCOUNT_DOCUMENTS for ask in document.ask(self.place, found)}
        return [ask for name, ask in asked.items() if name not in found]

    def _answer(self, ask: Ask) -> Answer:
        if ask.impossible:
            return Unsupported(ask.impossible)
        known = self.documents.recall(self.binding, ask)
        if known is not None:
            return known
        if (ask.service, ask.region) in self.silent:
            text = f"{SERVICES[ask.service]} does not answer in {ask.region}; see the other reads."
            return Failure("EndpointUnreachable", text, retry=True)
        if self.calls >= CALLS or self.documents.clock() > self.end or not self.going():
            return Failure(
                "NotAsked", f"{ask.api} of {ask.item or 'the account'} is left for a later round.", retry=True
            )
        self.calls += 1
        answer = self._ask(ask)
        if isinstance(answer, Failure) and answer.reason == "EndpointUnreachable":
            self.silent.add((ask.service, ask.region))
        self.documents.keep(self.binding, ask, answer)
        return answer

    def _ask(self, ask: Ask) -> Answer:
        try:
            client: Any = self.documents.sessions.client(self.binding, ask.service, ask.region)
        except BotoCoreError as error:
            return failure_of(error, ask.api)
        foreign = "amazonaws" not in client.meta.endpoint_url
        answer = settle(lambda: self._call(client, ask), f"{ask.api} in {ask.region}")
        if isinstance(answer, Refused):
            return _refused(answer, ask, foreign=foreign)
        if ask.member and answer.get(ask.member) in (None, {}):  # an empty list is an answer
            return _lacking(ask) if foreign else _unreadable(ask)
        return _trimmed(answer, ask)

    def _call(self, client: Any, ask: Ask) -> dict[str, Any]:
        method = getattr(client, ask.operation)
        if not ask.paged:
            answer: dict[str, Any] = method(**ask.parameters)
            answer.pop("ResponseMetadata", None)
            return answer
        pages: Any = (
            client.get_paginator(ask.operation)
            if client.can_paginate(ask.operation)
            else Paginator(method, _pages(ask), client.meta.service_model.operation_model(ask.api))
        )
        pages._method = self._bounded(method)  # botocore goes on for as long as there is a next page
        options: dict[str, int] = {"MaxItems": ITEMS}
        if ask.operation == "list_buckets":
            options["PageSize"] = 1000  # only a list that is asked for in pages tells the buckets' regions
        whole: dict[str, Any] = pages.paginate(**ask.parameters, PaginationConfig=options).build_full_result()
        return whole

    def _bounded(self, method: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
        """Make a client's method that gives the pages of one list; a next one only where a call may still be made."""
        number = itertools.count()

        def give(**parameters: Any) -> dict[str, Any]:
            page = next(number)
            if page and not self.going():
                raise StoppingError
            if page and self.documents.clock() > self.end:
                raise DeadlineError(seconds=SECONDS)
            if page >= PAGES:
                raise NotThatAnswerError("a list without end")
            return method(**parameters)

        return give


def _pages(ask: Ask) -> dict[str, str]:
    """Describe the pages of an operation of S3 Control, of whose pages botocore knows nothing."""
    return {
        "input_token": "NextToken",
        "output_token": "NextToken",
        "limit_key": "MaxResults",
        "result_key": ask.member,
    }


def _trimmed(answer: dict[str, Any], ask: Ask) -> dict[str, Any]:
    if not ask.keeps:
        return answer
    rows = ({name: row[name] for name in ask.keeps if name in row} for row in answer.get(ask.member) or ())
    return {ask.member: list(rows)}


def _refused(failure: Refused, ask: Ask, *, foreign: bool) -> Answer:
    if failure.code in ask.absent or (ask.absent_text and ask.absent_text in failure.text):
        return NeverConfigured()
    html = failure.text.lstrip().startswith("<")  # no service of AWS answers with a page
    if foreign and (failure.reason in LACKING or failure.status in NO_SUCH_SERVICE or html):
        return _lacking(ask)
    return replace(failure.failure, message=_named(failure, ask))


def _named(failure: Failure, ask: Ask) -> str:
    """Name the service: the failures speak of S3, since nearly all calls go there."""
    return failure.message.replace("S3 refuses", f"{SERVICES[ask.service]} refuses", 1)


def _unreadable(ask: Ask) -> Failure:
    return Failure("AnswerUnreadable", f"{ask.api} in {ask.region} answered without {ask.member}.", retry=True)


def _lacking(ask: Ask) -> Unsupported:
    return Unsupported(f"this server has no {SERVICES[ask.service]}")
