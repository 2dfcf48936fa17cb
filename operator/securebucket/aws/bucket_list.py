"""The buckets of an account.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
"""

from dataclasses import dataclass
from typing import Any

from securebucket.aws.failures import ERRORS, failure_of
from securebucket.model.failure import Failure
from securebucket.model.region import region_of

PAGE = 1000
"""Buckets of one answer. Only who asks for pages is told the regions too."""

NO_LIST = Failure(
    "AnswerUnreadable",
    "ListBuckets: the answer is no list of buckets; check that the endpoint is an S3 server, and what proxy or load"
    " balancer stands before it.",
    operation="ListBuckets",
)


@dataclass(frozen=True, slots=True)
class ListedBucket:
    """One bucket of the account.

    Args:
        region: where it lies; empty where the server does not tell in its list.
    """

    name: str
    region: str = ""


def list_buckets(s3: Any) -> tuple[ListedBucket, ...] | Failure:
    """Give all buckets of the account; directory buckets (S3 Express One Zone) are not among them.

    Args:
        s3: a boto3 client of any region.
    """
    found: dict[str, ListedBucket] = {}
    token = ""
    while True:
        try:
            answer = s3.list_buckets(MaxBuckets=PAGE, **({"ContinuationToken": token} if token else {}))
        except ERRORS as error:
            return failure_of(error, "ListBuckets")
        if "Buckets" not in answer:  # a web page, which botocore reads as an empty answer: no bucket would be a lie
            return NO_LIST
        page = {
            each["Name"]: ListedBucket(each["Name"], region_of(each.get("BucketRegion"))) for each in answer["Buckets"]
        }
        token = answer.get("ContinuationToken") or ""
        if not token or page.keys() <= found.keys():  # a server that does not know pages gives the same one for ever
            return tuple((found | page).values())
        found |= page
