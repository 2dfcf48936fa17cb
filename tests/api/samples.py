"""Objects that the API takes or refuses, with the words: one table for pydantic and for a real API server."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.api import accepted
from tests.api.bodies import ACCEPTANCE, TEAM, Body, Refusal, bucket_exception, by_labels, secure_bucket
from tests.api.refused import CONTROLS, EXCEPTIONS, NAMES, PROFILES, SELF
from tests.api.refused_documents import CROSS_ORIGIN, LIFECYCLES, NOTIFICATIONS, POLICIES, REPLICATIONS, TABLES_AND_TAGS
from tests.api.refused_grants import GRANTS
from tests.api.refused_lists import LISTS
from tests.api.refused_services import SERVICES
from tests.api.refused_transfer import TRANSFERS, WEBSITES

from securebucket_dev.refusals.table import TABLE

ACCEPTED = accepted.ACCEPTED | {f"not {each.rule}": secure_bucket(each.taken) for each in TABLE}

__all__ = ["ACCEPTED", "CHANGES", "REFUSED", "Body", "Change", "Refusal"]

REFUSED = (
    *NAMES,
    *SELF,
    *CONTROLS,
    *POLICIES,
    *SERVICES,
    *LIFECYCLES,
    *REPLICATIONS,
    *NOTIFICATIONS,
    *CROSS_ORIGIN,
    *GRANTS,
    *WEBSITES,
    *TRANSFERS,
    *TABLES_AND_TAGS,
    *LISTS,
    *PROFILES,
    *EXCEPTIONS,
    *(
        Refusal(each.rule, secure_bucket(each.refused), f"spec.{each.field}", each.says, each.server)
        for each in TABLE
        if each.says
    ),
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of an object, by its old and its new spec; `says` is empty where the API server takes it.

    Args:
        write: makes the whole object.
    """

    name: str
    old: Body = field(hash=False)
    new: Body = field(hash=False)
    path: str = ""
    says: str = ""
    write: Callable[[Body], Body] = secure_bucket


def exception_change(name: str, new: Body, path: str = "", says: str = "", old: Body = ACCEPTANCE) -> Change:
    """Write a change of a BucketException; the new spec is laid over the old one where it is not whole."""
    return Change(
        name, old, new if new.keys() >= old.keys() - {"bucketName"} else old | new, path, says, bucket_exception
    )


BUCKET_STAYS = ("spec.bucketName", "bucketName cannot be changed; make another SecureBucket")
REGION_STAYS = ("spec.region", "region cannot be changed")

NAMESPACE_STAYS = ("spec.bucketNamespace", "bucketNamespace cannot be changed")

CHANGES = (
    Change("another namespace", {}, {"bucketNamespace": "AccountRegional"}, *NAMESPACE_STAYS),
    Change("back to the global namespace", {"bucketNamespace": "AccountRegional"}, {}, *NAMESPACE_STAYS),
    Change("the default namespace said later", {}, {"bucketNamespace": "Global"}),
    Change("another bucket", {"bucketName": "acme-a"}, {"bucketName": "acme-b"}, *BUCKET_STAYS),
    Change("a bucket name set later", {}, {"bucketName": "acme-b"}, *BUCKET_STAYS),
    Change("a bucket name taken out", {"bucketName": "acme-b"}, {}, *BUCKET_STAYS),
    Change("the default bucket name said later", {}, {"bucketName": "invoices"}),
    Change("the default bucket name no longer said", {"bucketName": "invoices"}, {}),
    Change("another region", {"region": "eu-west-1"}, {"region": "eu-west-2"}, *REGION_STAYS),
    Change("a region set later", {}, {"region": "eu-west-2"}, *REGION_STAYS),
    Change("a region taken out", {"region": "eu-west-2"}, {}, *REGION_STAYS),
    exception_change("another check", {"check": "tagged"}, "spec.check", "check cannot be changed"),
    exception_change(
        "the exception of another bucket", {"bucketName": "acme-b"}, "spec.bucketName", "another bucket is"
    ),
    exception_change("labels for a bucket", by_labels(TEAM), "spec.bucketName", "another bucket is another approval"),
    exception_change(
        "other labels",
        by_labels({"matchLabels": {"team": "sales"}}),
        "spec.selector",
        "selector cannot be changed",
        old=by_labels(TEAM),
    ),
    exception_change("another approver", {"approver": "me"}, "spec.approver", "approver cannot be changed"),
    exception_change(
        "a later end",
        {"expiresAt": "2030-03-31T00:00:01Z"},
        "spec.expiresAt",
        "expiresAt can only be moved to an earlier time",
    ),
    exception_change("the same end, said elsewhere", {"expiresAt": "2030-03-31T02:00:00+02:00"}),
    exception_change(
        "an earlier end, and a better reason", {"expiresAt": "2030-01-01T00:00:00Z", "reason": "see SEC-123"}
    ),
    exception_change("the same labels", by_labels(TEAM), old=by_labels(TEAM)),
    Change("everything else", {"mode": "Plan"}, {"mode": "Observe", "profile": "production", "role": "LogTarget"}),
)
