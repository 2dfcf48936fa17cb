"""From what was read of a bucket to the smallest SecureBucket that keeps it and judges it. Pure.

Mode Observe: it can be applied without a thought. What Enforce would change later is told with it, and comes from the
same plan that would be carried out; nothing about it is guessed here.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from securebucket.api.names import is_bucket_name
from securebucket.api.spec import Mode, Role, SecureBucketSpec
from securebucket.api.status import SecureBucketStatus
from securebucket.controls import CONTROLS
from securebucket.engine.effective import Effective, resolve
from securebucket.engine.outcome import Change
from securebucket.engine.plan import make_plan
from securebucket.engine.request import PassRequest, Profile
from securebucket.model.bucket import ObjectKey
from securebucket.model.control import Context, rights_on_bucket
from securebucket.model.failure import Failure
from securebucket.model.observation import is_unread, readable
from securebucket.model.ownership_tags import OWNER_TAG
from securebucket.model.verdict import Result
from securebucket.report.audit_report import BucketAudit

OWN = "tags"
"""The control that marks a bucket as its object's: adopting changes it always."""
LONGEST_LABEL = 63


@dataclass(frozen=True, slots=True)
class Wishes:
    """What every draft has.

    Args:
        namespace: of buckets that no tag gives another one.
        namespace_tag: a tag of the bucket whose value is its namespace; empty for none.
        profile: name of the BucketProfile; empty for none.
        known_profile: that profile, where its file was given: its defaults count in what would change.
        as_is: declare what is set today, so that nothing but the ownership tags would change.
    """

    namespace: str = "default"
    namespace_tag: str = ""
    profile: str = ""
    known_profile: Profile | None = None
    as_is: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A SecureBucket that could be applied, and what a person wants to know before.

    Args:
        key: the object's namespace and name.
        bucket: the bucket's name.
        region: where it lies.
        spec: as it is written.
        role_because: what tells its role; empty for `Data`.
        failing: ids of the checks that fail today.
        checked: how many checks passed or failed.
        changes: what Enforce with adoption would change besides the ownership tags.
        refused: what it would want to change and must not, by control.
        unread: why a control could not be read, by its name.
        misfit: why the spec cannot stand as it is, with the profile's floor or defaults; None when it can.
    """

    key: ObjectKey
    bucket: str
    region: str
    spec: Mapping[str, Any]
    role_because: str
    failing: tuple[str, ...]
    checked: int
    changes: tuple[Change, ...]
    refused: Mapping[str, Failure]
    unread: Mapping[str, str]
    misfit: Failure | None


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A bucket that gets no draft, and why."""

    bucket: str
    because: str
    covered: bool = False
    unreadable: bool = False


def draft(audits: Iterable[BucketAudit], wishes: Wishes, taken: Mapping[str, ObjectKey]) -> list[Draft | PassedOver]:
    """Draft one object a bucket, in the order given.

    Args:
        audits: what was read of each bucket.
        wishes: what every draft has.
        taken: the objects that are there, by the bucket that they declare: neither bucket nor name is taken again.
    """
    names = set(taken.values())
    drafts: list[Draft | PassedOver] = []
    for audit in audits:
        made = _passed_over(audit, taken) or _draft(audit, wishes, names)
        if isinstance(made, Draft):
            names.add(made.key)
        drafts.append(made)
    return drafts


def _passed_over(audit: BucketAudit, taken: Mapping[str, ObjectKey]) -> PassedOver | None:
    name = audit.observation.bucket.name
    if name in taken:
        return PassedOver(name, f"{taken[name]} declares it", covered=True)
    if audit.failure is not None:
        return PassedOver(name, f"{audit.failure.reason}: {audit.failure.message}", unreadable=True)
    tags = audit.observation.subject().observed.get(OWN)
    if is_unread(tags):
        return PassedOver(name, f"whose it is cannot be told without its tags: {tags.message}", unreadable=True)
    owner = _tags_of(audit).get(OWNER_TAG)
    if owner:
        return PassedOver(name, f"its tag {OWNER_TAG} says that {owner} declares it", covered=True)
    if not is_bucket_name(name):
        return PassedOver(name, "a SecureBucket cannot have this name: it is older than S3's rules of today")
    return None


def _draft(audit: BucketAudit, wishes: Wishes, names: set[ObjectKey]) -> Draft:
    subject = audit.observation.subject()
    name = subject.bucket.name
    key = _key(name, namespace_of(_tags_of(audit), wishes), names)
    spec: dict[str, Any] = {"bucketName": name}
    if wishes.profile:
        spec["profile"] = wishes.profile
    if audit.observation.role is not Role.DATA:
        spec["role"] = audit.observation.role.value
    spec["mode"] = Mode.OBSERVE.value
    context = Context(subject.bucket, SecureBucketSpec(), subject.observed, {}, rights_on_bucket(CONTROLS))
    judged = [each for each in audit.verdicts if each.result in {Result.PASS, Result.FAIL}]
    trial = _try(key, spec, wishes, context)
    if wishes.as_is:
        spec, trial = _as_found(key, spec, wishes, context, trial)
    left = set(spec.get("unmanaged", ()))
    planned = () if isinstance(trial, Failure) else [each for each in trial if each.control not in left]
    return Draft(
        key=key,
        bucket=name,
        region=subject.bucket.region,
        spec=spec,
        role_because=audit.role_because,
        failing=tuple(each.check for each in judged if each.result is Result.FAIL),
        checked=len(judged),
        changes=tuple(each for each in planned if each.refusal is None and each.control != OWN),
        refused={each.control: each.refusal for each in planned if each.refusal is not None},
        unread={name: each.message for name, each in subject.observed.items() if is_unread(each)},
        misfit=trial if isinstance(trial, Failure) else None,
    )


def _try(key: ObjectKey, spec: Mapping[str, Any], wishes: Wishes, context: Context) -> tuple[Change, ...] | Failure:
    """Plan for a spec as if the bucket were adopted; a failure says why the spec cannot stand."""
    request = PassRequest(
        key=key,
        spec=SecureBucketSpec.model_validate(spec),
        status=SecureBucketStatus(),
        generation=0,
        now=dt.datetime.min.replace(tzinfo=dt.UTC),  # no exception is looked at
        cluster="",
        profile=wishes.known_profile,
    )
    effective = resolve(request)
    if not isinstance(effective, Effective):
        return effective
    return make_plan(replace(context, spec=effective.spec), CONTROLS)


def _as_found(
    key: ObjectKey, spec: dict[str, Any], wishes: Wishes, context: Context, trial: tuple[Change, ...] | Failure
) -> tuple[dict[str, Any], tuple[Change, ...] | Failure]:
    """Declare what is set today wherever the plan would change it; what cannot be declared becomes `unmanaged`.

    What could not be read is unmanaged too: once it can be read, Enforce would change it.
    """
    if isinstance(trial, Failure):
        return spec, trial
    differing = [each.control for each in trial if each.control != OWN]
    unread = [name for name, each in context.observed.items() if is_unread(each)]
    blocks = {each.name: each.declaration(context.observed[each.name]) for each in CONTROLS if each.name in differing}
    declared = spec | {name: block for name, block in blocks.items() if block is not None}
    second = _try(key, declared, wishes, context)
    if isinstance(second, Failure):
        declared, left = spec, differing
    else:
        left = [each.control for each in second if each.control != OWN]
        declared = {name: each for name, each in declared.items() if name not in left}
    unmanaged = [each.name for each in CONTROLS if each.name in {*left, *unread} - {OWN}]
    if unmanaged:
        declared = declared | {"unmanaged": unmanaged}
    return declared, _try(key, declared, wishes, context)


def namespace_of(tags: Mapping[str, str], wishes: Wishes) -> str:
    """Give a bucket's namespace: of its tag, written as a namespace is, else the one for all."""
    label = re.sub("[^a-z0-9]+", "-", tags.get(wishes.namespace_tag, "").lower()).strip("-")
    return label[:LONGEST_LABEL].rstrip("-") or wishes.namespace


def _key(bucket: str, namespace: str, names: set[ObjectKey]) -> ObjectKey:
    """Name the object as its bucket; where that is no object's name, or taken, a hash of it makes another one.

    https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
    """
    name = ".".join(label for label in (part.strip("-") for part in bucket.split(".")) if label)
    key = ObjectKey(namespace, name)
    if name == bucket and key not in names:
        return key
    return ObjectKey(namespace, f"{name}-{hashlib.sha256(bucket.encode()).hexdigest()[:8]}")


def _tags_of(audit: BucketAudit) -> Mapping[str, str]:
    state: Any = audit.observation.subject().observed.get(OWN)
    return state.tags if state is not None and readable(state) else {}
