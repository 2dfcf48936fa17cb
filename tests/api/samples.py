"""Objects that the API takes or refuses, with the words: one table for pydantic and for a real API server."""

from dataclasses import dataclass, field

from tests.api.accepted import ACCEPTED
from tests.api.bodies import Body, Refusal
from tests.api.refused import CONTROLS, NAMES, PROFILES, SELF
from tests.api.refused_documents import LIFECYCLES, NOTIFICATIONS, POLICIES, REPLICATIONS

__all__ = ["ACCEPTED", "CHANGES", "REFUSED", "Body", "Change", "Refusal"]

REFUSED = (*NAMES, *SELF, *CONTROLS, *POLICIES, *LIFECYCLES, *REPLICATIONS, *NOTIFICATIONS, *PROFILES)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an object, by its old and its new spec; `says` is empty where the API server takes it."""

    name: str
    old: Body = field(hash=False)
    new: Body = field(hash=False)
    path: str = ""
    says: str = ""


BUCKET_STAYS = ("spec.bucketName", "bucketName cannot be changed; make another SecureBucket")
REGION_STAYS = ("spec.region", "region cannot be changed")

CHANGES = (
    Change("another bucket", {"bucketName": "acme-a"}, {"bucketName": "acme-b"}, *BUCKET_STAYS),
    Change("a bucket name set later", {}, {"bucketName": "acme-b"}, *BUCKET_STAYS),
    Change("a bucket name taken out", {"bucketName": "acme-b"}, {}, *BUCKET_STAYS),
    Change("the default bucket name said later", {}, {"bucketName": "invoices"}),
    Change("the default bucket name no longer said", {"bucketName": "invoices"}, {}),
    Change("another region", {"region": "eu-west-1"}, {"region": "eu-west-2"}, *REGION_STAYS),
    Change("a region set later", {}, {"region": "eu-west-2"}, *REGION_STAYS),
    Change("a region taken out", {"region": "eu-west-2"}, {}, *REGION_STAYS),
    Change("everything else", {"mode": "Plan"}, {"mode": "Observe", "profile": "production", "role": "LogTarget"}),
)
