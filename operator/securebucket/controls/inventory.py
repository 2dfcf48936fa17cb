"""Inventories: who gets a list of the bucket's objects, day by day or week by week.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html
"""

from functools import partial
from typing import Any

from securebucket.api.inventory import Inventory
from securebucket.controls.configuration_list import Entry, ListState
from securebucket.controls.key_use import KeyUse, asked_about, of_inventory, refuse_key
from securebucket.controls.report_destinations import (
    LOOK,
    Delivery,
    ReportingList,
    ask_owners,
    delivery_to,
    in_bucket,
    judge_trusted,
)
from securebucket.model.bucket import Bucket
from securebucket.model.call import Permissions
from securebucket.model.control import Context
from securebucket.model.failure import Failure
from securebucket.model.kms_keys import KeyInUseQuery
from securebucket.model.surroundings import Query
from securebucket.model.verdict import Check, Remedy, Severity


def delivery(name: str, entry: Entry) -> Delivery | None:
    """Say where the lists of an inventory go; one that is disabled delivers none."""
    return delivery_to(name, entry.get("Destination", {}), "AccountId") if entry["IsEnabled"] else None


class InventoryControl(ReportingList):
    """Keeps the declared inventories, and says what becomes of the others."""

    name = "inventory"
    kind = "inventory"
    block = Inventory
    delivery = staticmethod(delivery)
    permissions = Permissions(
        read=("s3:GetInventoryConfiguration",), write=("s3:PutInventoryConfiguration",), other=(LOOK,)
    )
    written_by = ("PutBucketInventoryConfiguration", "DeleteBucketInventoryConfiguration")
    checks = (
        Check(
            id="inventories-to-trusted-accounts",
            title="Inventories are delivered to trusted accounts only",
            severity=Severity.MEDIUM,
            rationale="Somebody else gets a list of all objects day by day, and no policy of the bucket says so.",
            remediation="Set spec.inventory.foreign to Remove, or name a destination of a trusted account.",
            remedy=Remedy.BUCKET,
            references=("https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html",),
            judge=partial(judge_trusted, delivery),
            asks=partial(ask_owners, "inventory", delivery),
        ),
    )

    def facts(self, context: Context, observed: ListState) -> tuple[Query[Any], ...]:
        """Ask about destinations and keys of what is to be put."""
        return (*super().facts(context, observed), *(query for _, query in self._new_keys(context, observed)))

    def refuse(self, context: Context, observed: ListState, desired: ListState) -> Failure | None:
        """Refuse a destination that S3 refuses or that may be somebody else's, and a key that S3 cannot use."""
        keys = (refuse_key(use, context.facts.get(query)) for use, query in self._new_keys(context, observed))
        return super().refuse(context, observed, desired) or next((each for each in keys if each), None)

    def _new_keys(self, context: Context, observed: ListState) -> tuple[tuple[KeyUse, KeyInUseQuery], ...]:
        """Give the keys of what is to be put, and the question about each."""
        sent = self.sent(observed, self.desired(context, observed)).configurations
        return asked_about(context.bucket, (of_inventory(context.bucket, *each) for each in sorted(sent.items())))

    def canonical(self, entry: Entry) -> dict[str, Any]:
        """Give an inventory in one form: the order of its optional fields means nothing."""
        canonical = super().canonical(entry) | {"IsEnabled": entry.get("IsEnabled") is not False}
        if "OptionalFields" in canonical:
            canonical["OptionalFields"] = sorted(set(canonical["OptionalFields"]))
        target = canonical.get("Destination", {}).get("S3BucketDestination", {})
        if target.get("Encryption") == {}:  # neither of the two that it may hold
            del target["Encryption"]
        return canonical

    def declared(self, configuration: Any, bucket: Bucket) -> dict[str, Any]:
        """Give an inventory of the spec as S3 would answer it."""
        document = super().declared(configuration, bucket)
        return document | {"Destination": in_bucket(document["Destination"], bucket)}
