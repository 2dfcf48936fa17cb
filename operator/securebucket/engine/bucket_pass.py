"""One pass for one bucket, from what is in force to an outcome."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from securebucket.api.spec import Mode
from securebucket.compliance.exceptions import lay_over, next_expiry
from securebucket.compliance.judgement import judge
from securebucket.engine import claim
from securebucket.engine.application import Applied, apply
from securebucket.engine.creation import (
    LookAgain,
    approves_creation,
    asks_for,
    is_new,
    look_twice,
    may_create,
    propose_creation,
)
from securebucket.engine.decision import Situation, decide, might_be_spared, names_it, proposal_of
from securebucket.engine.document_reading import read_again, read_as_before, read_due
from securebucket.engine.documents import Documents, evidence_of, informed
from securebucket.engine.first_sight import Sight, found_of, with_found
from securebucket.engine.location import Found, Wanted, found_before, reach
from securebucket.engine.memory import Memory, Moment
from securebucket.engine.outcome import Change, Decision, Fate, Outcome
from securebucket.engine.plan import make_plan
from securebucket.engine.signs import Signs, Wishes, read_signs
from securebucket.engine.standing import Progress, standings
from securebucket.engine.task import Task
from securebucket.engine.tools import Tools
from securebucket.model.bucket import Origin
from securebucket.model.contents import observe_contents
from securebucket.model.control import Context, rights_on_bucket
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure
from securebucket.model.observation import is_unread, readable

RECENT = 60.0
"""Seconds: what is older of the surroundings is asked anew before anything is written."""
NOT_THERE = frozenset({"BucketGone", "BucketMissing"})
"""Reasons that say that there is no bucket of which anything could be remembered."""


@dataclass(frozen=True, slots=True)
class Pass:
    """Resolve → identify → find (or create) → read everything → decide whose it is → plan → permit → apply → judge.

    Every step that fails ends the pass with a failure that says what to do; nothing after it is guessed.

    Args:
        tools: what all passes work with.
        task: what this one is to do, already resolved.
    """

    tools: Tools
    task: Task

    def run(self) -> Outcome:
        """Make the pass."""
        before = found_before(self.tools, self.task)
        if before is not None:
            memory = self._memory(before)
            documents = read_as_before(self.tools, self.task, before, memory)
            if isinstance(documents, Failure):
                return replace(self._begun(), failure=documents)
            if isinstance(documents, Documents):
                return self._put_right(before, documents, memory)
        found = self._find_or_create()
        if isinstance(found, Failure):
            if found.reason in NOT_THERE:
                self.tools.lives.forget(self.task.request.key)
            return replace(self._begun(), failure=found)
        if isinstance(found, LookAgain):
            return replace(self._begun(), missing=True, look_again=found.after)
        if isinstance(found, Wanted):
            proposal = propose_creation(self.tools, self.task, found.bucket)
            return replace(self._begun(), proposal=proposal, asks=asks_for(self.task, proposal), missing=True)
        memory = self._memory(found)
        return self._put_right(found, read_due(self.tools, self.task, found, memory), memory)

    def _begun(self) -> Outcome:
        """Give what can be told of every pass whose object was resolved."""
        request, effective = self.task.request, self.task.effective
        return Outcome(
            at=request.now,
            mode=effective.mode,
            interval=effective.interval,
            effective=effective,
            paused=request.read_only,
        )

    def _find_or_create(self) -> Found | Wanted | LookAgain | Failure:
        before = self.tools.lives.take_look(self.task.request.key)
        found = reach(self.tools, self.task)
        if isinstance(found, Wanted) and may_create(self.tools, self.task, found.bucket):
            return look_twice(self.tools, self.task, found, before)
        return found

    def _memory(self, found: Found) -> Memory:
        remember = self.tools.lives.begin if found.created else self.tools.lives.memory
        return remember(self.task.request.key, self.task.life_with(found.bucket))

    def _put_right(self, found: Found, documents: Documents, memory: Memory) -> Outcome:
        lost = documents.lost()
        if lost is not None:
            self.tools.lives.forget(self.task.request.key)
            return replace(self._begun(), failure=lost)
        origin = self._whose(found, documents)
        if isinstance(origin, Failure):
            return replace(self._begun(), failure=origin)
        found = replace(found, bucket=replace(found.bucket, origin=origin))
        memory.region = found.bucket.region
        placed, context, sight = self._in_force(found, documents, memory.oldest_wanted)
        changes = make_plan(context, self.tools.controls)
        aged = documents.ages and (changes or not memory.readings)
        if aged or (changes and context.facts):  # nothing is written on the word of an old reading
            documents = read_again(self.tools, found, memory, documents) if aged else documents
            placed, context, sight = self._in_force(found, documents, min(memory.oldest_wanted, RECENT))
            changes = make_plan(context, self.tools.controls)
        return placed._settle(found, documents, context, changes, sight, memory)

    def _in_force(self, found: Found, documents: Documents, at_most: float) -> tuple["Pass", Context, Sight]:
        """Lay what is kept as it was found under the spec, and ask what the controls want to know besides.

        Args:
            found: the bucket.
            documents: what was read of it.
            at_most: seconds; what is remembered of its surroundings for longer is asked anew.
        """
        controls, spec = self.tools.controls, self.task.effective.spec
        rights, asked = rights_on_bucket(controls), self.task.effective
        seen = Context(found.bucket, spec, documents.observed, {}, rights, asked.demands, asked.promised)
        sight = found_of(self.task, seen, controls, created=found.created)
        effective = with_found(self.task.effective, sight)
        context = informed(replace(seen, spec=effective.spec), self.tools.aws, effective, controls, at_most)
        return replace(self, task=replace(self.task, effective=effective)), context, sight

    def _settle(
        self,
        found: Found,
        documents: Documents,
        context: Context,
        changes: tuple[Change, ...],
        sight: Sight,
        memory: Memory,
    ) -> Outcome:
        """Permit, apply and judge a bucket of which it is known whose it is, and what it keeps."""
        new = is_new(self.tools, self.task, found, documents, changes)
        self._note_arrived(documents, changes, memory)
        now = Moment(self.tools.clock(), self.task.request.now)
        signs = read_signs(self.task, changes, memory, now, self.tools.pace)
        decisions, asks = self._permit(found, changes, signs, new=new)
        applied = self._apply(found, context, decisions, memory, now)
        outcome = self._judge(found, documents.renewed(applied), context, decisions, applied, memory, sight)
        return replace(outcome, new=new, asks=asks)

    def _whose(self, found: Found, documents: Documents) -> Origin | Failure:
        """Say whose the bucket is; a bucket whose tags cannot be read is nobody's to change."""
        tags = documents.tags()
        if isinstance(tags, Failure):
            return tags
        if found.created and not tags:
            # A server that dropped the tags of CreateBucket; the tags control sets them now. Other tags mean that the
            # bucket was there: us-east-1 answers 200 to CreateBucket for a bucket that the account has already.
            return Origin.CREATED
        versioned = bool(getattr(documents.observed["versioning"], "status", ""))
        decided = claim.decide(self.task.request, tags, versioned=versioned)
        if isinstance(decided, Failure) or decided.title is claim.Title.ADOPTED_NOW:
            # as far as we know it is another bucket than the one we wrote to
            self.tools.lives.lose_bucket(self.task.request.key)
        if isinstance(decided, Failure):
            harmless = self.task.effective.mode is Mode.OBSERVE and decided.reason == "AdoptionRequired"
            return Origin.ADOPTED if harmless else decided
        return decided.origin

    def _note_arrived(self, documents: Documents, changes: tuple[Change, ...], memory: Memory) -> None:
        if memory.shows_another_bucket({each.control: fields_of(each.observed) for each in changes}):
            memory.lose_bucket()
        differing = {each.control for each in changes}
        memory.note_in_sync(
            name for name, each in documents.observed.items() if readable(each) and name not in differing
        )

    def _permit(
        self, found: Found, changes: tuple[Change, ...], signs: Mapping[str, Signs], *, new: bool
    ) -> tuple[tuple[Decision, ...], bool]:
        """Decide what becomes of each change, and ask further only where the answer makes a difference.

        Returns:
            The decisions; and whether something waits for an approval, or would in a pass that may write.
        """
        request, effective = self.task.request, self.task.effective
        situation = Situation(
            mode=effective.mode,
            read_only=request.read_only,
            unmanaged=frozenset(effective.spec.unmanaged),
            permitted=effective.permitted,
            signs=signs,
        )
        if new and effective.mode is Mode.ENFORCE and might_be_spared(decide(changes, situation.writing())):
            situation = replace(situation, contents=found.client.observe(observe_contents()).observation)
        decisions, asks = decide(changes, situation), False
        if self._approved(found, decisions):
            situation = replace(situation, approved=True)
            decisions = decide(changes, situation)
        else:
            asks = any(each.fate is Fate.WAITING for each in decide(changes, situation.writing()))
        follows = {name for name, each in signs.items() if each.rolled_out}
        due = any(each.fate is Fate.MADE and each.change.control in follows for each in decisions)
        if due and not situation.approved and not self._rollout_admitted():
            decisions = decide(changes, replace(situation, held=True))
        return decisions, asks

    def _approved(self, found: Found, decisions: tuple[Decision, ...]) -> bool:
        if all(each.fate is not Fate.WAITING for each in decisions):
            return False
        # The approval of the creation named these changes too, as seen from an empty bucket.
        return names_it(self.task.request.approved, decisions, self.task.request.owner) or (
            found.created and approves_creation(self.tools, self.task, found.bucket)
        )

    def _rollout_admitted(self) -> bool:
        request = self.task.request
        return request.rollout_approved or self.tools.guard.admits(request.identity, request.fleet, self.tools.clock())

    def _apply(
        self, found: Found, context: Context, decisions: tuple[Decision, ...], memory: Memory, now: Moment
    ) -> dict[str, Applied]:
        applied = apply(
            context,
            decisions,
            controls={control.name: control for control in self.tools.controls},
            client=found.client,
            memory=memory,
            now=now,
            may_write=self.tools.writable,
        )
        for name in (name for name, each in applied.items() if each.made):
            memory.note_revert(name, now, self.tools.pace)
            memory.readings.pop(name, None)
        memory.prune(now, self.tools.pace)
        return applied

    def _were_met(self, documents: Documents) -> frozenset[str]:
        """Name what cannot be read now, and was as it should be when it could."""
        unread = [name for name, each in documents.observed.items() if is_unread(each)]
        if not unread:
            return frozenset()
        wishes = Wishes.of(self.task)
        return frozenset(name for name in unread if wishes.were_met(name))

    def _judge(
        self,
        found: Found,
        documents: Documents,
        context: Context,
        decisions: tuple[Decision, ...],
        applied: dict[str, Applied],
        memory: Memory,
        sight: Sight,
    ) -> Outcome:
        request, effective = self.task.request, self.task.effective
        evidence = evidence_of(found.bucket, documents, self.tools.aws, effective, memory.oldest_wanted)
        memory.asks_anew = False
        proposal = proposal_of(decisions, request.owner, read_only=request.read_only)
        progress = Progress(
            context=replace(context, observed=documents.observed),
            declared=effective.declared,
            decisions=decisions,
            proposal=proposal,
            applied=applied,
            changes=request.changes,
            were_met=self._were_met(documents),
            sight=sight,
        )
        controls = standings(progress, self.tools.controls)
        expiry = next_expiry(request.exceptions, request.now)
        fought = [each.change.control for each in decisions if each.fate is Fate.CONTENDED]
        return replace(
            self._begun(),
            bucket=found.bucket,
            created=found.created,
            controls=controls,
            found=sight.found,
            proposal=proposal,
            verdicts=lay_over(judge(evidence.subject), request.exceptions, request.now, effective.longest_exception),
            evidence=evidence,
            # A moment later, so that the exception is over then.
            interval=effective.interval if expiry is None else min(effective.interval, expiry + 1),
            contenders=tuple(sorted({memory.actors.get(each, "") for each in fought} - {""})),
            oldest=max((*documents.ages.values(), *evidence.ages.values()), default=0.0),
            retry_after=5.0 if any(each.retry for each in controls) else None,
        )
