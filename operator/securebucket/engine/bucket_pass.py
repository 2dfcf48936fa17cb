"""One pass for one bucket, from its spec to an outcome.

resolve → identify → find (or create) → read everything → decide whose it is → plan → permit → apply, read back → judge.
Every step that fails ends the pass with a failure that says what to do; nothing after it is guessed.
"""

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from securebucket.api.spec import DeletionPolicy, Mode
from securebucket.aws.edge import Aws
from securebucket.compliance.exceptions import lay_over, next_expiry
from securebucket.compliance.judgement import judge, questions
from securebucket.controls import CONTROLS
from securebucket.engine import claim
from securebucket.engine.application import NOT_LEADING, apply
from securebucket.engine.effective import HOUR, Effective, resolve
from securebucket.engine.lives import Lives, Look, life_of
from securebucket.engine.location import CREATION, Found, LookAgain, Wanted, create, find
from securebucket.engine.memory import Memory, Pace
from securebucket.engine.outcome import Evidence, Outcome, Proposal
from securebucket.engine.plan import Permitted, make_plan, permit, propose
from securebucket.engine.request import PassRequest
from securebucket.engine.rollout import RolloutGuard
from securebucket.engine.settlement import settle
from securebucket.engine.standing import Progress, standings
from securebucket.model.bucket import Bucket, ObjectKey, Origin
from securebucket.model.control import Context, Control
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers, answers_of, drive, never_configured
from securebucket.model.observation import Observation, Unsupported, readable
from securebucket.model.ownership_tags import OWNER_TAG
from securebucket.model.surroundings import Facts
from securebucket.model.verdict import Subject


def utc_now() -> dt.datetime:
    """Give the time in UTC."""
    return dt.datetime.now(dt.UTC)


def always() -> bool:
    """Permit every write: the CLI leads nobody."""
    return True


NOT_THERE = frozenset({"BucketGone", "BucketMissing"})
"""Reasons that say that there is no bucket of which anything could be remembered."""


@dataclass(slots=True)
class Engine:
    """Makes passes. One engine serves all objects; passes of one object must not overlap.

    Args:
        aws: the door to AWS.
        may_write: asked before each single write; false once another replica may have taken over.
        pace: how patient to be.
        default_interval: seconds between sweeps of buckets that say nothing.
        guard: stops a new profile or release from modifying much of the fleet at once.
        observe_only: no bucket is written, created or deleted, whatever an object asks for.
        clock: monotonic seconds.
    """

    aws: Aws
    may_write: Callable[[], bool] = always
    pace: Pace = field(default_factory=Pace)
    default_interval: float = HOUR
    guard: RolloutGuard = field(default_factory=RolloutGuard)
    observe_only: bool = False
    controls: tuple[Control[Any], ...] = CONTROLS
    clock: Callable[[], float] = time.monotonic
    _lives: Lives = field(default_factory=Lives)

    def run(self, request: PassRequest) -> Outcome:
        """Make one pass.

        The pass that finds no bucket where it may create one does nothing else: it asks to `look_again`, and the next
        pass of the same object creates the bucket if it is still missing by then.
        """
        try:
            return self._pass(request)
        finally:
            self._lives.tidy(request.key)

    def _pass(self, request: PassRequest) -> Outcome:
        effective = self._resolve(request)
        if isinstance(effective, Failure):
            mode = Mode.OBSERVE if self.observe_only else request.spec.mode or Mode.ENFORCE
            return Outcome(at=request.now, mode=mode, interval=self.default_interval, failure=effective)
        base = Outcome(
            at=request.now,
            mode=effective.mode,
            interval=effective.interval,
            effective=effective,
            paused=request.read_only,
        )
        found = self._reach(request, effective)
        if isinstance(found, Failure):
            if found.reason in NOT_THERE:
                self._lives.forget(request.key)
            return replace(base, failure=found)
        if isinstance(found, LookAgain):
            return replace(base, missing=True, look_again=found.after)
        if isinstance(found, Wanted):
            return self._imagine(request, effective, found, base)
        return self._put_right(request, effective, found, base)

    def delete(self, request: PassRequest) -> Failure | None:
        """Delete the bucket of an object that is going away, as its deletion policy says; None when that is done.

        Only an empty bucket without Object Lock that this object owns is deleted.
        """
        if request.spec.deletion_policy is not DeletionPolicy.DELETE:
            return None
        effective = self._resolve(request)
        if isinstance(effective, Failure):
            return effective
        if effective.mode is not Mode.ENFORCE:
            return None
        found = self._reach(replace(request, read_only=True), effective)
        if isinstance(found, Failure):
            # Conflict: the bucket is the older object's, so the younger one has nothing to undo.
            return None if found.reason in {"BucketGone", "Conflict"} else found
        if not isinstance(found, Found):
            return None
        readings = found.client.read_all(self.controls, found.bucket)
        observed = {name: reading.observation for name, reading in readings.items()}
        tags = self._tags(observed)
        if isinstance(tags, Failure):
            return tags
        if tags.get(OWNER_TAG) != request.owner:
            return None  # also with `adoption: Adopt`: what was never taken over is not ours to delete
        lock = observed["objectLock"]
        if isinstance(lock, Failure):
            message = f"Object Lock could not be read, so the bucket is not deleted: {lock.message}"
            return replace(lock, message=message, retry=True)
        if not isinstance(lock, Unsupported) and lock.enabled:
            return Failure(
                "ObjectLockForbidsDeletion",
                "the bucket has Object Lock, so it is not deleted; annotate the object with securebucket.io/abandon:"
                ' "true" to let it go and keep the bucket.',
            )
        return found.client.delete() if self._may_write() else NOT_LEADING

    def forgive(self, key: ObjectKey) -> None:
        """Give up no control any more: a person asked for another try."""
        self._lives.forgive(key)

    def forget(self, key: ObjectKey) -> None:
        """Drop what is remembered of an object that is gone."""
        self._lives.forget(key)

    def _resolve(self, request: PassRequest) -> Effective | Failure:
        return resolve(request, self.default_interval, observe_only=self.observe_only)

    def _may_write(self) -> bool:
        """Tell whether a bucket may be written now: a second guard behind the mode where the operator only observes."""
        return not self.observe_only and self.may_write()

    def _reach(self, request: PassRequest, effective: Effective) -> Found | Wanted | LookAgain | Failure:
        before = self._lives.take_look(request.key)
        conflict = claim.conflict(request)
        if conflict is not None:
            return conflict
        identity = self.aws.identify(effective.binding)
        if isinstance(identity, Failure):
            return identity
        found = find(request, effective, self.aws, identity)
        approved = effective.mode is Mode.ENFORCE or bool(request.approved)
        if isinstance(found, Wanted) and not request.read_only and approved and self._may_write():
            if effective.mode is Mode.PLAN and not self._approves_creation(request, effective, found.bucket):
                return found
            return self._look_twice(request, effective, found, before)
        return found

    def _look_twice(
        self, request: PassRequest, effective: Effective, wanted: Wanted, before: Look | None
    ) -> Found | LookAgain | Failure:
        """Create the bucket if the pass before missed it too, long enough ago; nobody waits here for the time to pass.

        After a restart, or for another object of the same name, there was no look before: it looks twice again.
        """
        life, now = life_of(request, effective, wanted.bucket), self.clock()
        first = before.at if before is not None and before.life == life else None
        if first is not None and now - first >= self.pace.confirmation:
            return create(wanted, effective)
        first = now if first is None else first
        self._lives.note_look(request.key, Look(life, first))
        return LookAgain(first + self.pace.confirmation - now)

    def _approves_creation(self, request: PassRequest, effective: Effective, bucket: Bucket) -> bool:
        proposal = self._propose_creation(request, effective, bucket)
        return proposal is not None and proposal.hash == request.approved

    def _propose_creation(self, request: PassRequest, effective: Effective, bucket: Bucket) -> Proposal | None:
        """Plan for a bucket that is not there, as if nothing were configured."""
        observed = {each.name: drive(each.observe(bucket), never_configured).observation for each in self.controls}
        planned = make_plan(Context(bucket, effective.spec, observed, {}), self.controls).on_an_empty_bucket()
        managed = (each for each in planned.changes.values() if each.control not in effective.spec.unmanaged)
        return propose(request.owner, managed, creation=CREATION)

    def _imagine(self, request: PassRequest, effective: Effective, wanted: Wanted, base: Outcome) -> Outcome:
        """Say what would be done for a bucket that is not there and may not be created yet."""
        return replace(base, proposal=self._propose_creation(request, effective, wanted.bucket), missing=True)

    def _put_right(self, request: PassRequest, effective: Effective, found: Found, base: Outcome) -> Outcome:
        readings = found.client.read_all(self.controls, found.bucket)
        observed = {name: reading.observation for name, reading in readings.items()}
        lost = [each for each in observed.values() if isinstance(each, Failure) and each.reason == "BucketMissing"]
        if len(lost) == len(observed):
            self._lives.forget(request.key)
            return replace(base, failure=lost[0])
        owned = self._owned(request, effective, found, observed)
        if isinstance(owned, Failure):
            return replace(base, failure=owned)
        bucket = replace(found.bucket, origin=owned)
        context = Context(bucket, effective.spec, observed, {})
        context = replace(context, facts=self._facts(effective, context))
        planned = make_plan(context, self.controls)
        if found.created:
            planned = planned.on_an_empty_bucket()
        memory = self._memory(request, effective, found)
        if memory.shows_another_bucket({name: fields_of(each.observed) for name, each in planned.changes.items()}):
            memory.lose_bucket()
        settlement = settle(request, effective, planned, memory, self.pace)
        permitted = permit(
            settlement.due(planned),
            owner=request.owner,
            mode=effective.mode,
            approved=request.approved,
            permitted=effective.permitted,
            restoring=settlement.restoring,
            unmanaged=frozenset(effective.spec.unmanaged),
            read_only=request.read_only,
        )
        if found.created and permitted.waiting and self._approves_creation(request, effective, found.bucket):
            # The approval of the creation named these changes too, as seen from an empty bucket.
            permitted = Permitted((*permitted.allowed, *permitted.waiting), (), permitted.only_seen, None)
        due_to_rollout = settlement.rolled_out & {change.control for change in permitted.allowed}
        if due_to_rollout and not permitted.approved and not self._rollout_admitted(request):
            permitted = permitted.without(due_to_rollout)
        allowed = {change.control for change in permitted.allowed}
        for name in settlement.drifted & allowed:
            memory.note_revert(name, request.now)
        due = {*planned.changes, *planned.refused} - set(effective.spec.unmanaged)
        applied = apply(
            context,
            permitted.allowed,
            controls={control.name: control for control in self.controls},
            client=found.client,
            blocked=frozenset(due - allowed),
            memory=memory,
            now=request.now,
            may_write=self._may_write,
        )
        memory.prune(request.now, self.pace)
        observed = {**observed, **{name: each.observation for name, each in applied.items()}}
        context = replace(context, observed=observed)
        answers = answers_of(readings.values())
        answers |= {name: answer for each in applied.values() for name, answer in each.answers.items()}
        subject, outside = self._subject(effective, context)
        evidence = Evidence(subject, {**answers, **outside})
        judged = judge(evidence.subject)
        expiry = next_expiry(request.exceptions, request.now)
        controls = standings(
            Progress(context, effective, planned, settlement, permitted, applied, request.changes), self.controls
        )
        retry = any(each.retry for each in controls)
        return replace(
            base,
            bucket=bucket,
            created=found.created,
            controls=controls,
            proposal=permitted.proposal,
            verdicts=lay_over(judged, request.exceptions, request.now, effective.longest_exception),
            evidence=evidence,
            # A moment later, so that the exception is over then.
            interval=base.interval if expiry is None else min(base.interval, expiry + 1),
            contended=tuple(sorted(settlement.contended)),
            contenders=tuple(sorted({memory.actors.get(each, "") for each in settlement.contended} - {""})),
            retry_after=5.0 if retry else None,
        )

    def _memory(self, request: PassRequest, effective: Effective, found: Found) -> Memory:
        remember = self._lives.begin if found.created else self._lives.memory
        return remember(request.key, life_of(request, effective, found.bucket))

    def _rollout_admitted(self, request: PassRequest) -> bool:
        return request.rollout_approved or self.guard.admits(request.identity, request.fleet, request.now)

    def _owned(
        self, request: PassRequest, effective: Effective, found: Found, observed: Mapping[str, Observation]
    ) -> Origin | Failure:
        """Say whose the bucket is; a bucket whose tags cannot be read is nobody's to change."""
        tags = self._tags(observed)
        if isinstance(tags, Failure):
            return tags
        if found.created and not tags:
            # A server that dropped the tags of CreateBucket; the tags control sets them now. Other tags mean that the
            # bucket was there: us-east-1 answers 200 to CreateBucket for a bucket that the account has already.
            return Origin.CREATED
        versioned = bool(getattr(observed["versioning"], "status", ""))
        decided = claim.decide(request, tags, versioned=versioned)
        if isinstance(decided, Failure) or decided.title is claim.Title.ADOPTED_NOW:
            self._lives.lose_bucket(request.key)  # as far as we know it is another bucket than the one we wrote to
        if isinstance(decided, Failure):
            harmless = effective.mode is Mode.OBSERVE and decided.reason == "AdoptionRequired"
            return Origin.ADOPTED if harmless else decided
        return decided.origin

    @staticmethod
    def _tags(observed: Mapping[str, Observation]) -> Mapping[str, str] | Failure:
        state = observed["tags"]
        if isinstance(state, Failure):
            return replace(state, message=f"the ownership tags could not be read: {state.message}")
        tags: Mapping[str, str] = {} if isinstance(state, Unsupported) else state.tags
        return tags

    def _subject(self, effective: Effective, context: Context) -> tuple[Subject, Answers]:
        """Give what the checks look at, with the answers about what lies outside the bucket."""
        subject = Subject(
            context.bucket,
            effective.spec.role,
            context.observed,
            trusted_accounts=effective.trusted_accounts,
        )
        looks = {query: self.aws.look(effective.binding, query) for query in questions(subject)}
        facts = {query: look.observation for query, look in looks.items()}
        return replace(subject, facts=facts), answers_of(looks.values())

    def _facts(self, effective: Effective, context: Context) -> Facts:
        queries = [
            query
            for control in self.controls
            if readable(context.observed[control.name])
            for query in control.facts(context, context.observed[control.name])
        ]
        return {query: self.aws.look(effective.binding, query).observation for query in dict.fromkeys(queries)}
