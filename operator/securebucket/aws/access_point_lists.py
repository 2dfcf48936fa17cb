"""Which access points lead to a bucket, told from one list of all that the account has in the region.

A fleet has thousands of buckets, most of them without any access point, and S3 Control bears far fewer calls than S3.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListAccessPoints.html
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from securebucket.aws.asking import Refused, answer_of
from securebucket.aws.lately_used import LatelyUsed
from securebucket.aws.sessions import Binding
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, Read

OPERATION, MEMBER = "list_access_points", "AccessPointList"
PAGE = 1000
MOST_PAGES = 10
"""An account has ten thousand access points a region by default; where there are more, each bucket is asked about."""
MOST_LISTS = 256

Listed = Mapping[str, list[Any]] | Failure | None
"""By bucket; or why there is no list; None where it has no end."""
Ask = Callable[[Binding, Read], dict[str, Any] | Refused]


@dataclass(slots=True)
class AccessPointLists:
    """The access points of accounts, by region and bucket.

    Args:
        ask: makes one call.
        clock: monotonic seconds.
    """

    ask: Ask
    clock: Callable[[], float]
    _lists: LatelyUsed[tuple[Binding, Read], tuple[float, float, Listed]] = field(
        default_factory=lambda: LatelyUsed(MOST_LISTS)
    )

    def answer(self, binding: Binding, read: Read, at_most: float = math.inf) -> tuple[Answer | None, float]:
        """Answer a read of the access points of one bucket.

        Args:
            binding: as whom.
            read: what is asked.
            at_most: seconds; an older list is asked for anew.

        Returns:
            What AWS would answer, or why there is none, and how many seconds ago the list was asked for. None where
            there are too many for one list.
        """
        account = str(read.parameters["AccountId"])
        whole = replace(read, item=account, parameters={"AccountId": account, "MaxResults": PAGE})
        now, age = self.clock(), 0.0
        known = self._lists.get((binding, whole))
        if known is not None and known[0] > now and now - known[1] <= at_most:
            age, listed = now - known[1], known[2]
        else:
            listed = self._list(binding, whole)
            lifetime = read.remembered
            if isinstance(listed, Failure):
                lifetime = 0.0 if listed.retry else read.refusal_remembered
            self._lists.put((binding, whole), (now + lifetime, now, listed))
        if listed is None or isinstance(listed, Failure):
            return listed, age
        return {MEMBER: listed.get(str(read.parameters["Bucket"]), [])}, age

    def _list(self, binding: Binding, read: Read) -> Listed:
        """List them all by bucket."""
        found: dict[str, list[Any]] = {}
        token = ""
        for _ in range(MOST_PAGES):
            page = {**read.parameters, **({"NextToken": token} if token else {})}
            answer = self.ask(binding, replace(read, parameters=page))
            if isinstance(answer, Refused):
                refusal = answer_of(read, answer)
                return refusal if isinstance(refusal, Failure) else found
            for each in answer.get(MEMBER) or ():
                found.setdefault(str(each.get("Bucket")), []).append(each)
            token = str(answer.get("NextToken") or "")
            if not token:
                return found
        return None
