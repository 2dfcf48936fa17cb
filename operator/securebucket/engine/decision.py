"""What becomes of each change: a chain of small rules, of which the first that speaks wins. Pure.

The order of `RULES` is the order of the reasons for leaving a change alone, the most lasting first: what people are
told should be what they have to know, and not what would be true as well.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from securebucket.api.spec import Mode
from securebucket.engine.outcome import Change, Decision, Fate, Proposal
from securebucket.engine.plan import propose
from securebucket.engine.signs import Signs
from securebucket.model.contents import Contents
from securebucket.model.failure import Failure
from securebucket.model.risk import Risk

SPARED = frozenset({Risk.DATA_LOSS, Risk.LOCKOUT})
"""Risks that an empty bucket which was never ready cannot run: there is no data to lose, and nobody uses it yet."""


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything that the rules look at besides the change.

    Args:
        mode: the mode in force.
        read_only: nothing is written at all: `securebucket plan`, a paused object.
        unmanaged: controls that are never written.
        permitted: risks that the profile lets pass without an approval.
        signs: what is known of each difference, by control.
        approved: a person said yes to just these changes.
        contents: what is in the bucket, where that may spare an approval: see `SPARED`.
        held: the fleet's guard holds what is due to a new profile or release.
    """

    mode: Mode
    read_only: bool
    unmanaged: frozenset[str]
    permitted: frozenset[Risk]
    signs: Mapping[str, Signs]
    approved: bool = False
    contents: Contents | Failure = Contents.NOT_LOOKED_AT
    held: bool = False

    @property
    def writes(self) -> bool:
        """Whether anything may be written in this pass at all."""
        return self.mode is not Mode.OBSERVE and not self.read_only

    def writing(self) -> "Situation":
        """Give the situation of a pass that may write."""
        return replace(self, read_only=False)


Rule: TypeAlias = Callable[[Change, Situation], Fate | None]


def leave_unmanaged(change: Change, situation: Situation) -> Fate | None:
    """Leave what the users keep for themselves."""
    return Fate.UNMANAGED if change.control in situation.unmanaged else None


def refuse(change: Change, _: Situation) -> Fate | None:
    """Refuse what its control says must not be sent."""
    return Fate.REFUSED if change.refusal is not None else None


def drop(change: Change, situation: Situation) -> Fate | None:
    """Leave what the server accepts and does not keep."""
    return Fate.DROPPED if situation.signs[change.control].dropped else None


def give_up(change: Change, situation: Situation) -> Fate | None:
    """Leave what somebody keeps changing back; only who writes can be in a fight."""
    enforces = situation.mode is Mode.ENFORCE and not situation.read_only
    return Fate.CONTENDED if enforces and situation.signs[change.control].contended else None


def let_settle(change: Change, situation: Situation) -> Fate | None:
    """Leave what shows no more than our own write not having arrived yet."""
    return Fate.SETTLING if situation.signs[change.control].stale else None


def look_only(_: Change, situation: Situation) -> Fate | None:
    """Write nothing in mode Observe, or where this pass only looks."""
    return None if situation.writes else Fate.SEEN


def wait(change: Change, situation: Situation) -> Fate | None:
    """Let everything in mode Plan, and what has a risk in mode Enforce, wait for a person."""
    if situation.approved:
        return None
    if situation.mode is Mode.PLAN:
        return Fate.WAITING
    needless = (
        change.risk is Risk.NONE
        or change.risk in situation.permitted
        or situation.signs[change.control].restoring
        or (situation.contents is Contents.NOTHING and change.risk in SPARED)
    )
    return None if needless else Fate.WAITING


def hold(change: Change, situation: Situation) -> Fate | None:
    """Hold what follows a new profile or release while the guard of the fleet says so; an approval goes before it."""
    due_to_rollout = situation.held and not situation.approved and situation.signs[change.control].rolled_out
    return Fate.HELD if due_to_rollout else None


def make(_: Change, __: Situation) -> Fate | None:
    """Make what nobody has a reason to leave alone."""
    return Fate.MADE


RULES: tuple[Rule, ...] = (
    leave_unmanaged,  # first: what is not ours has no other story
    refuse,  # before any memory: it is as true in the next pass, and a person has to act
    drop,  # before the fight and the wait: writing again is no use, whoever asks for it
    give_up,  # before settling: while somebody fights, the read of an old value is his and not S3's
    let_settle,  # before the modes: who only looks shall not see a difference either that is gone in a moment
    look_only,  # before the approvals: nobody is asked for what this pass would not do
    wait,  # before the guard, which counts the buckets that change: what waits for a person does not
    hold,
    make,  # last: it always speaks
)


def decide(changes: Iterable[Change], situation: Situation) -> tuple[Decision, ...]:
    """Say what becomes of each change, in the order of the changes, which is the registry's."""
    return tuple(_decision(change, situation) for change in changes)


def _decision(change: Change, situation: Situation) -> Decision:
    fate = next(fate for rule in RULES if (fate := rule(change, situation)) is not None)
    signs, contents = situation.signs[change.control], situation.contents
    unseen = contents if isinstance(contents, Failure) and fate is Fate.WAITING and change.risk in SPARED else None
    return Decision(change, fate, drifted=signs.drifted, restoring=signs.restoring, unseen=unseen)


def might_be_spared(decisions: Iterable[Decision]) -> bool:
    """Tell whether a look into a new bucket can make a difference: something waits that an empty one would spare."""
    return any(each.fate is Fate.WAITING and each.change.risk in SPARED for each in decisions)


def proposal_of(decisions: Iterable[Decision], owner: str, *, read_only: bool) -> Proposal | None:
    """Write down what a person may approve: what waits, or all that a pass which only looks has seen."""
    shown = {Fate.WAITING, Fate.SEEN} if read_only else {Fate.WAITING}
    return propose(owner, (each.change for each in decisions if each.fate in shown))


def names_it(approved: str, decisions: tuple[Decision, ...], owner: str) -> bool:
    """Tell whether a hash approves what waits, alone or with all that would be done.

    `securebucket plan` and a paused object show the whole plan: its hash names what waits, and more.
    """
    whole = propose(owner, (each.change for each in decisions if each.fate in {Fate.WAITING, Fate.MADE}))
    waiting = proposal_of(decisions, owner, read_only=False)
    return waiting is not None and approved in {each.hash for each in (waiting, whole) if each is not None}
