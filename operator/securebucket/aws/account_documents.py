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
from securebucket.compliance.account.account_document import AccountPlace
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, NeverConfigured, Read, drive_in_turns
from securebucket.model.observation import Unsupported
from securebucket.model.understanding import beyond, unreadable

CALLS = 500
"""What is left over is asked in the next rounds, where it can be remembered."""
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
TOKENS = {"input_token": "NextToken", "output_token": "NextToken", "limit_key": "MaxResults"}
"""Of S3 Control's lists, of whose pages botocore knows nothing."""
APART = frozenset({"list_directory_buckets"})
"""Operations that have an endpoint of their own, which only AWS has: where it does not answer, the service may."""
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
    """Reads accounts, and remembers the answers that a read says hold for longer.

    Args:
        sessions: hands out the clients.
        clock: monotonic seconds.
        most_calls: reads of one account in one round.
    """

    sessions: Sessions
    clock: Callable[[], float] = time.monotonic
    most_calls: int = CALLS
    _known: dict[tuple[Binding, Read], tuple[float, Answer]] = field(default_factory=dict)
    """Answers, and until when they hold."""
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
            The answers by `Read.name`; what there was no time for is unknown.
        """
        return _Round(self, binding, place, self.clock() + SECONDS, going).answers()

    def recall(self, binding: Binding, read: Read) -> Answer | None:
        """Give an answer that still holds; None where there is none."""
        with self._lock:
            until, answer = self._known.get((binding, read), (0.0, None))
        return answer if answer is not None and until > self.clock() else None

    def keep(self, binding: Binding, read: Read, answer: Answer) -> None:
        """Remember an answer for as long as it holds."""
        if read.remembered and not isinstance(answer, Failure):
            with self._lock:
                self._known[binding, read] = (self.clock() + read.remembered, answer)

    def prune(self, binding: Binding, asked: set[Read]) -> None:
        """Forget the answers about what is no longer there: all but those to the reads that were made."""
        with self._lock:
            for key in [each for each in self._known if each[0] == binding and each[1] not in asked]:
                del self._known[key]


@dataclass(slots=True)
class _Round:
    """One reading of one account."""

    documents: AccountDocuments
    binding: Binding
    place: AccountPlace
    end: float
    going: Callable[[], bool]
    calls: int = 0
    silent: set[tuple[str, str, str]] = field(default_factory=set)
    """Services, by region and by what has an endpoint of its own, that do not answer: one timeout tells enough."""

    def answers(self) -> Mapping[str, Answer]:
        """Drive all documents at once; what two of them ask for is asked once."""
        found: dict[str, Answer] = {}
        asked: set[Read] = set()

        def ask(read: Read) -> Answer:
            asked.add(read)
            if read.name not in found:
                found[read.name] = self._answer(read)
            return found[read.name]

        drive_in_turns({each.name: each.observe(self.place) for each in ACCOUNT_DOCUMENTS}, ask)
        self.documents.prune(self.binding, asked)
        return found

    def _answer(self, read: Read) -> Answer:
        if read.impossible:
            return Unsupported(read.impossible)
        known = self.documents.recall(self.binding, read)
        if known is not None:
            return known
        place = (read.service, read.region, read.operation if read.operation in APART else "")
        if place in self.silent:
            text = f"{SERVICES[read.service]} does not answer in {read.region}; see the other reads."
            return Failure("EndpointUnreachable", text, retry=True)
        if self.calls >= self.documents.most_calls or self.documents.clock() > self.end or not self.going():
            return Failure(
                "NotAsked", f"{read.api} of {read.item or 'the account'} is left for a later round.", retry=True
            )
        self.calls += 1
        answer = self._ask(read)
        if isinstance(answer, Failure) and answer.reason == "EndpointUnreachable":
            self.silent.add(place)
        self.documents.keep(self.binding, read, answer)
        return answer

    def _ask(self, read: Read) -> Answer:
        try:
            client: Any = self.documents.sessions.client(self.binding, read.service, read.region)
        except BotoCoreError as error:
            return failure_of(error, read.api)
        foreign = "amazonaws" not in client.meta.endpoint_url
        if foreign and read.operation in APART:
            return Unsupported(f"this server does not know {read.api}")
        answer = settle(lambda: self._call(client, read), f"{read.api} in {read.region}")
        if isinstance(answer, Refused):
            return _refused(answer, read, foreign=foreign)
        member = read.required or read.pages
        if member and answer.get(member) in (None, {}):  # an empty list is an answer
            text = f"{read.api} in {read.region} answered without {member}."
            return _lacking(read) if foreign else Failure("AnswerUnreadable", text, retry=True)
        names = beyond(answer, read.entries)
        return unreadable(read.api, names) if names else _trimmed(answer, read)

    def _call(self, client: Any, read: Read) -> dict[str, Any]:
        method = getattr(client, read.operation)
        if not read.pages:
            answer: dict[str, Any] = method(**read.parameters)
            answer.pop("ResponseMetadata", None)
            return answer
        if client.can_paginate(read.operation):
            pages: Any = client.get_paginator(read.operation)
        else:
            model = client.meta.service_model.operation_model(read.api)
            pages = Paginator(method, {**TOKENS, "result_key": read.pages}, model)
        pages._method = self._bounded(method)  # botocore goes on for as long as there is a next page
        options: dict[str, int] = {"MaxItems": ITEMS}
        if read.operation == "list_buckets":
            options["PageSize"] = 1000  # only a list that is asked for in pages tells the buckets' regions
        whole: dict[str, Any] = pages.paginate(**read.parameters, PaginationConfig=options).build_full_result()
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


def _trimmed(answer: dict[str, Any], read: Read) -> dict[str, Any]:
    if not read.keeps:
        return answer
    rows = ({name: row[name] for name in read.keeps if name in row} for row in answer.get(read.pages) or ())
    return {read.pages: list(rows)}


def _refused(failure: Refused, read: Read, *, foreign: bool) -> Answer:
    if failure.code in read.absent or (read.absent_text and read.absent_text in failure.text):
        return NeverConfigured()
    html = failure.text.lstrip().startswith("<")  # no service of AWS answers with a page
    if foreign and (failure.reason in LACKING or failure.status in NO_SUCH_SERVICE or html):
        return _lacking(read)
    # The failures speak of S3, since nearly all calls go there.
    message = failure.message.replace("S3 refuses", f"{SERVICES[read.service]} refuses", 1)
    return replace(failure.failure, message=message)


def _lacking(read: Read) -> Unsupported:
    return Unsupported(f"this server has no {SERVICES[read.service]}")
