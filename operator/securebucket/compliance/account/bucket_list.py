"""The account's buckets, and so the regions that its regional documents are looked at in."""

from dataclasses import dataclass

from securebucket.compliance.account.account_document import (
    AccountDocument,
    AccountPlace,
    AccountSubject,
    Ask,
    document,
)
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.observation import Unsupported
from securebucket.model.region import region_of

BUCKETS = "s3:ListBuckets"


@dataclass(frozen=True, slots=True)
class BucketList:
    """Every general purpose bucket of the account, with its region; empty where the server does not tell."""

    regions: dict[str, str]


class BucketListDocument(AccountDocument[BucketList]):
    """Knows which buckets there are. Nothing is judged on it."""

    name = "bucketList"
    title = "The account's buckets"
    actions = ("s3:ListAllMyBuckets",)

    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """List them all."""
        return (
            Ask(
                "s3",
                "list_buckets",
                place.regions[0],
                member="Buckets",
                paged=True,
                keeps=("Name", "BucketRegion"),
            ),
        )

    def parse(self, subject: AccountSubject) -> BucketList | Failure | Unsupported:
        """Read names and regions."""
        answer = subject.answer(BUCKETS)
        if isinstance(answer, Failure | Unsupported):
            return answer
        return BucketList(
            {str(each["Name"]): region_of(each.get("BucketRegion")) for each in document(answer).get("Buckets") or ()}
        )


def regions_of(place: AccountPlace, answers: Answers) -> tuple[str, ...]:
    """Give the regions to look at: the given ones and all that have buckets; none before the buckets are listed."""
    if BUCKETS not in answers:
        return ()
    listed = document(answers[BUCKETS]).get("Buckets") or ()
    return tuple(
        dict.fromkeys([*place.regions, *sorted({region_of(each.get("BucketRegion")) for each in listed} - {""})])
    )


def unseen_regions(subject: AccountSubject) -> str:
    """Say why there may be regions with buckets that were not looked at; empty when there are none."""
    answer = subject.answer(BUCKETS)
    if isinstance(answer, Failure | Unsupported):
        return f"in which other regions buckets are could not be read: {answer.message}"
    return ""
