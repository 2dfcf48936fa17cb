"""What one pass is asked to do."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from securebucket.api.bucket_profile import AdmittedSources, BucketProfileSpec
from securebucket.api.objects import whole_name
from securebucket.api.spec import SecureBucketSpec
from securebucket.api.status import SecureBucketStatus
from securebucket.model.bucket import ObjectKey
from securebucket.model.demand import Asked
from securebucket.model.granted_exception import GrantedException
from securebucket.model.reported_change import ReportedChange


@dataclass(frozen=True, slots=True)
class Claim:
    """Another SecureBucket object of the cluster that names the same bucket, older than the one at hand."""

    key: ObjectKey


@dataclass(frozen=True, slots=True)
class Profile:
    """A BucketProfile as the pass uses it.

    Args:
        rollout_approved: a person allowed the whole fleet to follow this generation of the profile.
    """

    name: str
    spec: BucketProfileSpec
    rollout_approved: bool = False


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another object, whose bucket is asked for something.

    Args:
        key: the object.
        admitted_sources: of its profile.
    """

    key: ObjectKey
    admitted_sources: tuple[AdmittedSources, ...] = ()


@dataclass(frozen=True, slots=True)
class PassRequest:
    """One object, and everything about its surroundings that the pass may look at.

    Args:
        key: the object.
        spec: its spec as declared.
        status: its status before the pass; empty for a new object.
        generation: the generation of `spec`.
        now: when the pass begins, in UTC.
        cluster: names the cluster in ownership tags.
        profile: the profile that applies, if any.
        profile_missing: name of a profile that is asked for and does not exist; empty otherwise.
        older_claim: an older object that names the same bucket, if any.
        siblings: objects (`<namespace>/<name>`) of this cluster; an owner tag that names another one is stale.
            Empty when unknown (the CLI, a scoped operator), and then every foreign owner counts.
        siblings_known: whether `siblings` is complete for the cluster.
        newer_claims: younger objects (`<namespace>/<name>`) of the cluster that name the same bucket.
        exceptions: that name this bucket, in force or not.
        approved: the plan hash of the annotation `securebucket.io/approve`; empty when absent.
        fleet: how many objects the operator manages; 0 when unknown.
        rollout_approved: a person allowed the whole fleet to follow a new profile or release.
        read_only: plan but never write (`securebucket plan`, a paused object).
        uid: of the object; empty where there is no cluster.
        changes: the latest change of each control's document that AWS told of since the last pass, by control.
        demands: what other objects ask of this bucket, admitted or not.
        references: buckets of other objects, by `<namespace>/<name>`, as far as the spec or its profile refers to them
            and they have one.
        neighbours: the objects whose buckets this one may ask for something, by bucket.
    """

    key: ObjectKey
    spec: SecureBucketSpec
    status: SecureBucketStatus
    generation: int
    now: dt.datetime
    cluster: str
    profile: Profile | None = None
    profile_missing: str = ""
    older_claim: Claim | None = None
    siblings: frozenset[str] = field(default_factory=frozenset)
    siblings_known: bool = False
    newer_claims: frozenset[str] = field(default_factory=frozenset)
    exceptions: tuple[GrantedException, ...] = ()
    approved: str = ""
    fleet: int = 0
    rollout_approved: bool = False
    read_only: bool = False
    uid: str = ""
    changes: Mapping[str, ReportedChange] = field(default_factory=dict)
    demands: tuple[Asked, ...] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    neighbours: Mapping[str, Neighbour] = field(default_factory=dict)

    @property
    def bucket_name(self) -> str:
        """The bucket's name: declared, else the object's; the whole one, where the status knows it."""
        return whole_name(self.spec, self.status, self.key.name)

    @property
    def declared_name(self) -> str:
        """The name without what AWS's namespaces add to it."""
        return self.spec.bucket_name or self.key.name

    @property
    def identity(self) -> str:
        """Names this very object, and no later one of the same name; without a cluster there is only the name."""
        return self.uid or str(self.key)

    @property
    def owner(self) -> str:
        """The value of the ownership tag."""
        return f"{self.cluster}/{self.key.namespace}/{self.key.name}"
