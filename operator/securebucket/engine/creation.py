"""Creating a bucket that was never there, and saying beforehand what that would do."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from securebucket.api.bucket_namespace import BucketNamespace
from securebucket.api.spec import Mode, Role
from securebucket.engine.decision import SPARED
from securebucket.engine.documents import Documents, never_configured
from securebucket.engine.lives import Look
from securebucket.engine.location import Found, Wanted
from securebucket.engine.outcome import Change, Proposal
from securebucket.engine.plan import make_plan, propose
from securebucket.engine.task import Task
from securebucket.engine.tools import Tools
from securebucket.model.bucket import Bucket, Origin
from securebucket.model.call import Call
from securebucket.model.control import Context, rights_on_bucket
from securebucket.model.failure import Failure
from securebucket.model.ownership_tags import OWNER_TAG, ownership_tags
from securebucket.model.risk import Risk

CREATION = Call("create_bucket")


@dataclass(frozen=True, slots=True)
class LookAgain:
    """The bucket is not there by one look; so many seconds later a second one may create it."""

    after: float


def may_create(tools: Tools, task: Task, bucket: Bucket) -> bool:
    """Tell whether this pass may create the bucket: in mode Plan, if a person approved just what it will do."""
    if task.request.read_only or not tools.writable():
        return False
    return task.effective.mode is Mode.ENFORCE or approves_creation(tools, task, bucket)


def look_twice(tools: Tools, task: Task, wanted: Wanted, before: Look | None) -> Found | LookAgain | Failure:
    """Create the bucket if the pass before missed it too, long enough ago; nobody waits here for the time to pass.

    After a restart, or for another object of the same name, there was no look before: it looks twice again.
    """
    life, now = task.life_with(wanted.bucket), tools.clock()
    first = before.at if before is not None and before.life == life else None
    if first is not None and now - first >= tools.pace.confirmation:
        return _create(task, wanted)
    first = now if first is None else first
    tools.lives.note_look(task.request.key, Look(life, first))
    return LookAgain(first + tools.pace.confirmation - now)


def propose_creation(tools: Tools, task: Task, bucket: Bucket) -> Proposal | None:
    """Plan for a bucket that is not there, as if nothing were configured."""
    observed, rights = never_configured(tools.controls, bucket), rights_on_bucket(tools.controls)
    context = Context(
        bucket, task.effective.spec, observed, {}, rights, task.effective.demands, task.effective.promised
    )
    planned = make_plan(context, tools.controls)
    unmanaged = task.effective.spec.unmanaged
    managed = [each for each in planned if each.refusal is None and each.control not in unmanaged]
    return propose(task.request.owner, _without_spared_risks(managed), creation=CREATION)


def asks_for(task: Task, proposal: Proposal | None) -> bool:
    """Tell whether a creation takes an approval, for itself or for a part of what it does."""
    mode, permitted = task.effective.mode, task.effective.permitted
    risks = {step.risk for step in proposal.steps} - {Risk.NONE} - permitted if proposal is not None else set()
    return mode is Mode.PLAN or bool(risks)


def approves_creation(tools: Tools, task: Task, bucket: Bucket) -> bool:
    """Tell whether a person approved the creation of the bucket, with all that was planned for it."""
    if not task.request.approved:
        return False
    proposal = propose_creation(tools, task, bucket)
    return proposal is not None and proposal.hash == task.request.approved


def is_new(tools: Tools, task: Task, found: Found, documents: Documents, changes: Iterable[Change]) -> bool:
    """Tell whether the operator created the bucket and the object was surely never ready.

    Where the status knows the bucket, its marker says so, which a release without it never set. Where it does not, the
    process that created the bucket ended before it could write that down, or the bucket was another object's of the
    same name: then what has a risk must start from documents that were never configured, as in a bucket that is new.
    """
    if found.bucket.origin is not Origin.CREATED:
        return False
    known = task.request.status.bucket
    if known is not None:
        return bool(known.never_ready)
    if found.created:
        return True
    tags, untouched = documents.tags(), never_configured(tools.controls, found.bucket)
    return (
        not isinstance(tags, Failure)
        and tags.get(OWNER_TAG) == task.request.owner
        and all(each.observed == untouched[each.control] for each in changes if each.risk in SPARED)
    )


def _without_spared_risks(changes: Iterable[Change]) -> Iterable[Change]:
    """Take out the risks that a bucket made just now cannot run: it holds no data and gives nobody access."""
    return (replace(each, risk=Risk.NONE) if each.risk in SPARED else each for each in changes)


def _create(task: Task, wanted: Wanted) -> Found | Failure:
    """Create the bucket. Only after a second 404: one alone can be a replica of S3's index that lags behind."""
    effective = task.effective
    # Object Lock is for good: unless it is permitted or was approved with the plan, it waits like on any other bucket.
    lockable = effective.mode is Mode.PLAN or Risk.IRREVERSIBLE in effective.permitted
    object_lock = bool(effective.spec.object_lock.enabled) and effective.spec.role is not Role.LOG_TARGET and lockable
    failure = wanted.client.create(
        wanted.bucket.region,
        ownership_tags(wanted.bucket),
        object_lock=object_lock,
        account_regional=effective.spec.bucket_namespace is BucketNamespace.ACCOUNT_REGIONAL,
    )
    if failure is not None and failure.code != "BucketAlreadyOwnedByYou":
        return failure
    return Found(wanted.client, wanted.bucket, created=failure is None)
