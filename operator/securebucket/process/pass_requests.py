"""From an object's JSON to what the engine is asked to do: spec, profile, and who else claims the bucket."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.api.errors import InvalidObject
from securebucket.api.objects import parse_secure_bucket
from securebucket.api.status import SecureBucketStatus
from securebucket.engine.references import acquaint
from securebucket.engine.request import Claim, Neighbour, PassRequest, Profile
from securebucket.fleet.exception_index import ExceptionIndex
from securebucket.fleet.index import Index
from securebucket.fleet.profiles import NoProfile, Profiles
from securebucket.fleet.record import Record
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.reported_change import ReportedChange


@dataclass(frozen=True, slots=True)
class PassRequests:
    """Makes the requests.

    Args:
        index: what is known of the fleet.
        profiles: finds profiles.
        cluster: names the cluster in ownership tags.
        whole_cluster: the index holds every object of the cluster, not those of some namespaces only.
        approve_rollout: the fleet may follow a new release at once.
        exceptions: what is known of exceptions.
        changes: gives what AWS told of an object's bucket, by control.
    """

    index: Index
    profiles: Profiles
    cluster: str
    whole_cluster: bool
    approve_rollout: bool = False
    exceptions: ExceptionIndex = field(default_factory=ExceptionIndex)
    changes: Callable[[ObjectKey, SecureBucketStatus], Mapping[str, ReportedChange]] = lambda _key, _status: {}

    def build(self, body: Mapping[str, Any], record: Record, now: dt.datetime) -> PassRequest | Failure:
        """Make the request of one object; a failure when its spec or its profile cannot be used.

        Raises:
            ApiError: the profile could not be read.
        """
        try:
            given = parse_secure_bucket(body, stored=True)
        except InvalidObject as error:
            return Failure("InvalidSpec", f"{error}.")
        name = self.index.profile_of(record)
        profile = self.profiles.find(name) if name else None
        if isinstance(profile, Failure):
            return profile
        older, younger = self.index.rivals(record)
        specs = [given.spec, *([profile.spec.defaults] if isinstance(profile, Profile) else [])]
        references, neighbours = acquaint(record.key, specs, self.index.bucket_of, self._owner_of)
        return PassRequest(
            key=record.key,
            uid=record.uid,
            spec=given.spec,
            status=given.status,
            generation=record.generation,
            now=now,
            cluster=self.cluster,
            profile=profile if isinstance(profile, Profile) else None,
            profile_missing=name if isinstance(profile, NoProfile) else "",
            older_claim=Claim(older[0].key) if older else None,
            siblings=self.index.siblings() if self.whole_cluster else frozenset(),
            siblings_known=self.whole_cluster,
            newer_claims=frozenset(str(each.key) for each in younger),
            exceptions=self.exceptions.about(record.key.namespace, given.bucket_name, given.metadata.labels),
            approved=record.annotations.approve,
            fleet=len(self.index.siblings()),
            rollout_approved=self.approve_rollout or (isinstance(profile, Profile) and profile.rollout_approved),
            read_only=record.annotations.pause(now).paused,
            changes=self.changes(record.key, given.status),
            demands=self.index.demands_on(record),
            references=references,
            neighbours=neighbours,
        )

    def _owner_of(self, bucket: str) -> Neighbour | None:
        """Give the object that has a bucket: of several that claim it the oldest."""
        records = filter(None, map(self.index.get, self.index.claimants(bucket)))
        record = min(records, key=lambda each: each.seniority, default=None)
        if record is None:
            return None
        name = self.index.profile_of(record)
        profile = self.profiles.find(name) if name else None
        admitted = profile.spec.admitted_sources if isinstance(profile, Profile) else ()
        return Neighbour(record.key, admitted)
