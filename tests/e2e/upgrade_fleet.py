"""A fleet in which there is every control and every state that an object rests in, for upgrades to be tried on."""

import itertools
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from tests.api.test_examples import EXAMPLES
from tests.e2e.api import GROUP, MERGE, Body
from tests.e2e.polling import until
from tests.e2e.release_cluster import Cluster
from tests.e2e.team import Team, condition, is_current
from tests.laws import documents
from tests.laws.register import FOREIGN, SUBJECTS
from tests.laws.stage import Stage
from tests.laws.surroundings import localised
from tests.laws.test_on_servers import CANNOT
from tests.laws.things import LOG_DELIVERY

from securebucket_dev.s3 import bare
from securebucket_dev.s3.copying_role import make_copying_role

USED_BY_PEOPLE: Mapping[str, tuple[str, Body]] = {
    "cors": (
        "put_bucket_cors",
        {
            "CORSConfiguration": {
                "CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["https://app.example.com"]}]
            }
        },
    ),
    "metadata": (
        "create_bucket_metadata_configuration",
        {
            "MetadataConfiguration": {
                "JournalTableConfiguration": {"RecordExpiration": {"Expiration": "ENABLED", "Days": 30}},
                "InventoryTableConfiguration": {"ConfigurationState": "ENABLED"},
            }
        },
    ),
    "abac": ("put_bucket_abac", {"AbacStatus": {"Status": "Enabled"}}),
    "inventory": (
        "put_bucket_inventory_configuration",
        {
            "Id": "daily",
            "InventoryConfiguration": {
                "Id": "daily",
                "IsEnabled": True,
                "IncludedObjectVersions": "All",
                "Schedule": {"Frequency": "Daily"},
                "Destination": {
                    "S3BucketDestination": {
                        "AccountId": "000000000000",
                        "Bucket": "arn:aws:s3:::acme-reports",
                        "Format": "CSV",
                    }
                },
            },
        },
    ),
    "metrics": (
        "put_bucket_metrics_configuration",
        {"Id": "whole", "MetricsConfiguration": {"Id": "whole"}},
    ),
    "analytics": (
        "put_bucket_analytics_configuration",
        {"Id": "use", "AnalyticsConfiguration": {"Id": "use", "StorageClassAnalysis": {}}},
    ),
    "intelligentTiering": (
        "put_bucket_intelligent_tiering_configuration",
        {
            "Id": "old",
            "IntelligentTieringConfiguration": {
                "Id": "old",
                "Status": "Enabled",
                "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 90}],
            },
        },
    ),
    "website": ("put_bucket_website", {"WebsiteConfiguration": {"IndexDocument": {"Suffix": "index.html"}}}),
    "requestPayment": ("put_bucket_request_payment", {"RequestPaymentConfiguration": {"Payer": "Requester"}}),
    "acceleration": ("put_bucket_accelerate_configuration", {"AccelerateConfiguration": {"Status": "Enabled"}}),
}
"""What people have put on buckets of theirs where the release before does not look: boto3's write, by control."""

NEW = USED_BY_PEOPLE.keys()
"""Controls that the release before does not know: no object of its can declare them."""

NEW_FIELDS: Mapping[str, frozenset[str]] = {
    "ownership": frozenset({"grants", "foreign"}),
    "policy": frozenset({"allowServices", "logDelivery", "requireConditionalWrites"}),
}
"""Fields of older controls that the release before does not know."""

SHARED = "shared"
"""A state whose bucket has ACLs, and in its ACL a grant that the release before leaves alone."""

QUIET_SECONDS = 2.0
PATIENCE = 90.0

DEFAULT_PROFILE = "usual"
RELEASED: Mapping[str, Body] = {"released": {"namespaces": ["states"]}}
"""A profile of the release itself: Helm writes it with every upgrade."""

PROFILES: Mapping[str, Body] = {
    DEFAULT_PROFILE: {"namespaces": ["*"], "bucketNames": ["*"]},
    "tried": {
        "namespaces": ["samples"],
        "bucketNames": ["*"],
        "permit": ["irreversible", "data-loss", "lockout"],
        "region": "eu-central-1",
    },
    "confidential": {"bucketNames": ["kept-demo-*"]},  # the rest is the example's
}
"""Profiles that the platform team applies; all objects that rest Ready have one of them."""

RESTING: Mapping[str, tuple[str, str]] = {
    "demo/uploads": ("True", "Verified"),
    "demo/archive": ("False", "ApprovalRequired"),
    "demo/legacy-reports": ("True", "Verified"),
    "states/approved": ("True", "Verified"),
    "states/planned": ("False", "ApprovalRequired"),
    "states/awaiting": ("False", "ApprovalRequired"),
    "states/adopted": ("True", "Verified"),
    "states/deletable": ("True", "Verified"),
    "states/paused": ("False", "Paused"),
    "states/taken": ("False", "AdoptionRequired"),
    "states/unprofiled": ("False", "ProfileForbidden"),
    "states/unmanaged": ("True", "Verified"),
    "states/corrected": ("True", "Verified"),
    "states/used": ("True", "Verified"),
    "states/shared": ("True", "Verified"),
    "states/excepted": ("True", "Verified"),
}
"""How the condition Ready of some objects rests, each for another reason."""


USED = ("used", "adopted")
"""States whose buckets people use as in `USED_BY_PEOPLE`."""


class Fleet:
    """The objects, and the buckets of others that they are about.

    Args:
        cluster: where they are.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.states, self.samples, self.demo = (
            Team(cluster.api, cluster.kubectl, cluster.endpoint, namespace=name)
            for name in ("states", "samples", "demo")
        )

    def apply(self, stage: Stage) -> None:
        """Apply everything, and bring it to rest."""
        for name in ("usual", "tried"):
            profile = {"apiVersion": "securebucket.io/v1alpha1", "kind": "BucketProfile", "metadata": {"name": name}}
            self.demo.kubectl("apply", "-f", "-", stdin=yaml.safe_dump({**profile, "spec": PROFILES[name]}))
        self._apply_examples()
        self._apply_samples(stage)
        self._apply_states()
        until(self._rests, PATIENCE, told=self.restless)
        self._approve()
        self._tamper()
        self._use()
        self.settle()

    def settle(self) -> None:
        """Have every object verified once more, and wait until nothing is written any more."""
        asked = f"settle-{time.monotonic_ns()}"
        for path in self._paths():
            note = {"metadata": {"annotations": {"securebucket.io/reconcile-at": asked}}}
            self.cluster.api.do("PATCH", path, note, MERGE)
        until(lambda: all(_handled(each) == asked for each in self._all()), PATIENCE)
        until(self._quiet, PATIENCE)

    def make_due(self) -> None:
        """Have every object verified at once, without a write to any: after a start they have an interval's time.

        A profile's users are due when its spec changes. What is changed here matters to nobody.
        """
        for name, spec in PROFILES.items():
            names = [*spec["bucketNames"], f"never-{time.monotonic_ns()}"]
            self.cluster.api.do("PATCH", f"{GROUP}/bucketprofiles/{name}", {"spec": {"bucketNames": names}}, MERGE)

    def told_of_use(self, objects: Mapping[str, Body]) -> Iterator[tuple[Body, bool]]:
        """Give what is told of each control that the release before does not know, where people use its document.

        Returns:
            The control's status, and whether it is noted what was found, unless something else keeps it.
        """
        for state, control in itertools.product(USED, NEW):
            status = objects[self.states.path(state)]["status"]
            stays_anyway = state == "adopted" and control in FOREIGN
            told = next(each for each in status["controls"] if each["name"] == control)
            yield told, bool(status["found"][control]) is not stays_anyway

    def lost_use(self) -> list[tuple[str, str]]:
        """Name what people used and that is not as they left it, as (state, control)."""
        lost = [
            (state, control)
            for state, control in itertools.product(USED, NEW)
            if documents.read(self.states.s3, self.states.bucket(state), control) != _as_read(control)
        ]
        grants = self.states.s3.get_bucket_acl(Bucket=self.states.bucket(SHARED))["Grants"]
        still = any(each["Grantee"].get("URI") == LOG_DELIVERY for each in grants)
        return lost if still else [*lost, (SHARED, "ownership")]

    def restless(self) -> dict[str, Any]:
        """Say of the objects that are not as they should rest how they are."""
        found = {f"{each['metadata']['namespace']}/{each['metadata']['name']}": each for each in self._all()}
        ready = {name: condition(each, "Ready") for name, each in found.items()}
        return {
            name: each
            for name, each in ready.items()
            if (each.get("status"), each.get("reason")) != RESTING.get(name, ("True", "Verified"))
        }

    def _rests(self) -> bool:
        return all(is_current(each) for each in self._all()) and set(self.restless()) <= {"states/approved"}

    def _quiet(self) -> bool:
        before = [each["metadata"]["resourceVersion"] for each in self._all()]
        time.sleep(QUIET_SECONDS)
        return before == [each["metadata"]["resourceVersion"] for each in self._all()]

    def _all(self) -> list[Body]:
        items: list[Body] = self.cluster.api.do("GET", f"{GROUP}/securebuckets")["items"]
        return items

    def _paths(self) -> Iterator[str]:
        for each in self._all():
            yield f"{GROUP}/namespaces/{each['metadata']['namespace']}/securebuckets/{each['metadata']['name']}"

    def _apply_examples(self) -> None:
        """As they are, but with bucket names that no other test takes; those of a folder need another account."""
        self.demo.s3.create_bucket(Bucket="kept-legacy-reports")
        make_copying_role(self.cluster.endpoint, "kept")
        for path in sorted(EXAMPLES.glob("*.yaml")):
            self.demo.kubectl("apply", "-f", "-", stdin=path.read_text().replace("acme-", "kept-"))

    def _apply_samples(self, stage: Stage) -> None:
        """Every field of every control. What LocalStack cannot hold would be tried again by every new process."""
        for control, subject in SUBJECTS.items():
            if control in NEW:
                continue
            for index, spec in enumerate(subject.specs):
                if spec.get(control, {}).keys() & NEW_FIELDS.get(control, frozenset()):
                    continue
                if (control, index) not in CANNOT["localstack"]:
                    self.samples.apply(f"{control.lower()}-{index}", **localised(stage, spec), profile="tried")

    def _apply_states(self) -> None:
        team = self.states
        for name in ("adopted", "taken"):
            team.s3.create_bucket(Bucket=team.bucket(name))
        team.s3.put_bucket_tagging(
            Bucket=team.bucket("adopted"), Tagging={"TagSet": [{"Key": "cost-center", "Value": "42"}]}
        )
        team.s3.put_bucket_policy(Bucket=team.bucket("adopted"), Policy=_policy_of_others(team.bucket("adopted")))
        team.apply("adopted", adoption="Adopt")
        team.apply("taken")
        team.apply("approved", mode="Plan")
        team.apply("planned", mode="Plan", profile="released")
        team.apply("awaiting", objectLock={"enabled": True, "defaultRetention": {"mode": "COMPLIANCE", "days": 1}})
        team.apply("deletable", deletionPolicy="Delete")
        team.apply("unprofiled", profile="confidential")
        team.apply("unmanaged", unmanaged=["lifecycle", "versioning"])
        team.apply("corrected")
        team.apply("used")
        team.apply(SHARED, ownership={"objectOwnership": "BucketOwnerPreferred"})
        paused = team.document("paused")
        paused["metadata"]["annotations"] = {"securebucket.io/paused": "true"}
        team.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(paused))
        team.apply("excepted")
        team.grant("excepted", bucketName=team.bucket("excepted"), check="access-logged")
        team.until_exception("Active", "InForce", "excepted")

    def _approve(self) -> None:
        """Say yes to what waits, until nothing does: making the bucket is one plan, what remains may be another."""
        approved: list[str] = []
        while "plan" in (body := self.states.until(lambda each: _is_new(each, approved), "approved"))["status"]:
            approved.append(body["status"]["plan"]["hash"])
            assert len(approved) <= 3, "the plan keeps changing"
            self.states.annotate("approved", approve=approved[-1])

    def _tamper(self) -> None:
        """Let somebody change a bucket, so that there is a drift to remember."""
        bare.client(self.cluster.endpoint).put_bucket_versioning(
            Bucket=self.states.bucket("corrected"), VersioningConfiguration={"Status": "Suspended"}
        )
        self.states.check_now("corrected")
        self.states.until(lambda body: body["status"].get("drift", {}).get("count") == 1, "corrected")

    def _use(self) -> None:
        """Let people put on buckets what they need there: one that the operator created, and one that it adopted."""
        for name in USED:
            for operation, document in USED_BY_PEOPLE.values():
                getattr(self.states.s3, operation)(Bucket=self.states.bucket(name), **document)
        self.states.s3.put_bucket_acl(Bucket=self.states.bucket(SHARED), GrantWrite=f'uri="{LOG_DELIVERY}"')


def _as_read(control: str) -> Body:
    """Give what people use as `documents.read` gives it: a list of one where the control is a list."""
    document, put = SUBJECTS[control].document, USED_BY_PEOPLE[control][1]
    return {document.member: [put[document.member]]} if document.listed else put


def _is_new(body: Body, approved: list[str]) -> bool:
    proposed = body.get("status", {}).get("plan", {}).get("hash")
    return proposed not in approved if proposed else condition(body, "Ready").get("status") == "True"


def _handled(body: Body) -> str:
    return str(body.get("status", {}).get("lastHandledReconcileAt", ""))


def _policy_of_others(bucket: str) -> str:
    statement = {
        "Sid": "Readers",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::000000000000:role/reader"},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
