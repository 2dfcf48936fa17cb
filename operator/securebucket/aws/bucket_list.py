"""The buckets of an account.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from securebucket.aws.asking import ask
from securebucket.aws.failures import unreadable
from securebucket.model.failure import Failure
from securebucket.model.region import region_of

PAGE = 1000
"""Buckets of one answer. Only who asks for pages is told the regions too."""
MOST_PAGES = 1000
"""A million buckets: the most that AWS gives to an account. A hostile server has a next page for ever."""


@dataclass(frozen=True, slots=True)
class ListedBucket:
    """One bucket of the account.

    Args:
        region: where it lies; empty where the server does not tell in its list.
    """

    name: str
    region: str = ""


def list_buckets(s3: Callable[[], Any]) -> tuple[ListedBucket, ...] | Failure:
    """Give all buckets of the account; directory buckets (S3 Express One Zone) are not among them.

    Args:
        s3: gives a boto3 client of any region.
    """
    found: dict[str, ListedBucket] = {}
    token = ""
    for _ in range(MOST_PAGES):
        asked = {"MaxBuckets": PAGE, **({"ContinuationToken": token} if token else {})}
        answer = ask(s3, "list_buckets", asked, needs=("Buckets",))  # no bucket would be a lie
        if isinstance(answer, Failure):
            return answer
        page = {
            each["Name"]: ListedBucket(each["Name"], region_of(each.get("BucketRegion")))
            for each in answer["Buckets"]
            if each.get("Name")
        }
        token = answer.get("ContinuationToken") or ""
        if not token or page.keys() <= found.keys():  # a server that does not know pages gives the same one for ever
            return tuple((found | page).values())
        found |= page
    return unreadable("ListBuckets", f"the list has no end after {MOST_PAGES:,} pages")
