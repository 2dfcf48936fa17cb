"""The account's buckets, and so the regions that its regional documents are looked at in."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from securebucket.compliance.account.account_document import AccountDocument, AccountPlace, Found, problem
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.observation import Unsupported, is_unread
from securebucket.model.region import region_of


@dataclass(frozen=True, slots=True)
class BucketList:
    """Every general purpose bucket of the account, with its region; empty where the server does not tell."""

    regions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Regional:
    """What was answered in each region.

    Args:
        answers: by region, in alphabetical order.
        unseen: why there may be regions with buckets that were not looked at; empty when there are none.
    """

    answers: Mapping[str, Found]
    unseen: str

    @property
    def missing(self) -> list[str]:
        """Why some regions could not be looked at."""
        return [each for each in (*map(problem, self.answers.values()), self.unseen) if each]


class BucketListDocument(AccountDocument[BucketList]):
    """Knows which buckets there are. Nothing is judged on it."""

    name = "bucketList"
    title = "The account's buckets"
    actions = ("s3:ListAllMyBuckets",)

    def observe(self, place: AccountPlace) -> Flow[BucketList | Failure]:
        """Read names and regions."""
        return (yield from list_buckets(place))


def list_buckets(place: AccountPlace) -> Flow[BucketList | Failure]:
    """List the account's buckets; a document that can do without goes on with the reason."""
    answer = yield Read(
        "list_buckets",
        service="s3",
        region=place.home,
        pages="Buckets",
        keeps=("Name", "BucketRegion"),
        optional=True,
    )
    if isinstance(answer, Failure):
        return answer
    listed = (answer or {}).get("Buckets") or ()
    return BucketList({str(each["Name"]): region_of(each.get("BucketRegion")) for each in listed})


def read_regions(place: AccountPlace, read: Read, within: AbstractSet[str] = frozenset()) -> Flow[Regional | Failure]:
    """Make a read in each region: the given ones and all that have buckets; a failure where no answer tells anything.

    One that tells nothing does not count as long as another region answers.

    Args:
        place: which account, and where at least.
        read: what is asked.
        within: the only regions that have what is asked for; empty for all.
    """
    buckets = yield from list_buckets(place)
    regions = {*place.regions, *(buckets.regions.values() if isinstance(buckets, BucketList) else ())} - {""}
    if within and regions and not regions & within and not problem(buckets):
        return Unsupported("no region that has buckets is known to have any.")
    answers: dict[str, Found] = {}
    for region in sorted(regions & within if within else regions):
        answers[region] = yield replace(read, region=region, item=region, optional=True)
    reasons = [answer for answer in answers.values() if isinstance(answer, Failure)]
    if not answers:
        return Failure("NotRead", "it was not asked.", retry=False)
    if len(reasons) == len(answers):
        return next(filter(is_unread, reasons), reasons[0])
    unseen = f"in which other regions buckets are could not be read: {problem(buckets)}" if problem(buckets) else ""
    return Regional(answers, unseen)
