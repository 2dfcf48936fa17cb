"""Access points: further doors to a bucket, each with a policy, an origin and a Block Public Access of its own.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points.html
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.surroundings import MINUTES, Query

RIGHTS = ("s3:ListAccessPoints", "s3:GetAccessPoint", "s3:GetAccessPointPolicy")
MOST = 50
"""Access points of one bucket that are looked into; each costs a call a pass."""


@dataclass(frozen=True, slots=True)
class AccessPoint:
    """One door to the bucket.

    Args:
        name: as the account calls it.
        vpc: id of the only VPC that it lets in from; empty where it lets in from the internet.
        block: its own Block Public Access, or why that could not be read.
        policy: the text of its policy, empty where it has none, or why that could not be read.
    """

    name: str
    vpc: str
    block: PublicAccessBlock | Failure
    policy: str | Failure


@dataclass(frozen=True, slots=True)
class AccessPoints:
    """The doors to one bucket that its own account has made.

    Args:
        points: by name, as S3 lists them.
        more: whether there are others, which were not looked into.
    """

    points: tuple[AccessPoint, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class AccessPointsQuery(Query[AccessPoints]):
    """Which access points lead to this bucket, and whom do they let in? An account's are listed in its region only."""

    bucket: str
    account_id: str
    region: str

    def observe(self) -> Flow[AccessPoints]:
        """List them, and look into those that are there."""
        answer = yield self._read(
            "list_access_points", Bucket=self.bucket, remembered=MINUTES, refusal_remembered=MINUTES
        )
        listed = (answer or {}).get("AccessPointList") or ()
        points: list[AccessPoint] = []
        for each in listed[:MOST]:
            found = yield from self._look_into(each)
            points.extend(found)
        return AccessPoints(tuple(points), more=len(listed) > MOST or bool((answer or {}).get("NextToken")))

    def _look_into(self, listed: Mapping[str, Any]) -> Flow[tuple[AccessPoint, ...]]:
        """Read one; nothing where it is gone since it was listed. What it blocks can never be changed."""
        name = str(listed["Name"])
        settings = yield self._read(
            "get_access_point",
            Name=name,
            item=name,
            absent=frozenset({"NoSuchAccessPoint"}),
            required="PublicAccessBlockConfiguration",
            remembered=math.inf if listed.get("Alias") else MINUTES,
            edition=str(listed.get("Alias") or ""),
            optional=True,
        )
        if settings is None:
            return ()
        policy = yield self._read(
            "get_access_point_policy",
            Name=name,
            item=name,
            absent=frozenset({"NoSuchAccessPointPolicy", "NoSuchAccessPoint"}),
            required="Policy",
            remembered=MINUTES,
            refusal_remembered=MINUTES,
            optional=True,
        )
        point = AccessPoint(
            name,
            vpc=str((listed.get("VpcConfiguration") or {}).get("VpcId") or ""),
            block=settings
            if isinstance(settings, Failure)
            else PublicAccessBlock.of(settings["PublicAccessBlockConfiguration"]),
            policy=policy if isinstance(policy, Failure) else str((policy or {}).get("Policy") or ""),
        )
        return (point,)

    def _read(self, operation: str, *, Name: str = "", Bucket: str = "", **options: Any) -> Read:  # noqa: N803
        subject = {"Name": Name} if Name else {"Bucket": Bucket}
        return Read(
            operation,
            service="s3control",
            region=self.region,
            parameters={"AccountId": self.account_id, **subject},
            **options,
        )
