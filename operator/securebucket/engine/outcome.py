"""What one pass found and did: everything that status, Events and metrics are made from."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.engine.effective import Effective
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call
from securebucket.model.document import Json
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.observation import Observation
from securebucket.model.reported_change import ReportedChange
from securebucket.model.risk import Risk
from securebucket.model.verdict import Judged, Subject


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one control that is not as it should be."""

    field: str
    observed: Json
    desired: Json


@dataclass(frozen=True, slots=True)
class Change:
    """What one control would do about its differences.

    Args:
        refusal: why it must not be sent; what differs is told all the same. None where it may be.
        warning: what a person should know of it before it is made; empty for nothing.
    """

    control: str
    differences: tuple[Difference, ...]
    calls: tuple[Call, ...]
    risk: Risk
    observed: Any
    desired: Any
    refusal: Failure | None = None
    warning: str = ""


class Fate(StrEnum):
    """What becomes of a change in a pass; why, and in which order it is asked, is in `engine.decision`."""

    UNMANAGED = "unmanaged"
    REFUSED = "refused"
    DROPPED = "dropped"
    CONTENDED = "contended"
    SETTLING = "settling"
    SEEN = "seen"
    WAITING = "waiting"
    HELD = "held"
    MADE = "made"


@dataclass(frozen=True, slots=True)
class Decision:
    """A change and what becomes of it.

    Args:
        drifted: somebody else changed the bucket, and this pass found it.
        restoring: what it corrects was in force with this very spec.
        unseen: why nobody could tell whether the new bucket is empty; the change waits because of it. None where that
            has nothing to do with it.
    """

    change: Change
    fate: Fate
    drifted: bool = False
    restoring: bool = False
    unseen: Failure | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a plan, for status and for people."""

    control: str
    field: str
    observed: Json
    desired: Json
    risk: Risk
    call: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Steps that wait for approval, and the hash that approves exactly them."""

    hash: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class ControlOutcome:
    """Where one control stands after the pass.

    Args:
        state: as in status.
        reason: CamelCase, for conditions and Events; empty when in sync.
        message: for people; empty when there is nothing to say.
        observation: the last that was read.
        differences: what differed at the beginning of the pass.
        drifted: the difference is somebody else's change, not a new spec or profile.
        change: what AWS told of that change; absent where it told of none, or nothing drifted.
        applied: the API names of the calls that were made and succeeded.
        kept: entries of others that stay.
        retry: time may mend what is not done.
        fate: what became of the change; None where nothing differed, or nothing could be compared.
        in_force: it is not seen to be as declared, and was when it was last seen so, with this very spec.
        unseen: why a new bucket was not seen to be empty, where the change waits because of it; else empty.
        warning: what a person should know before the change is made, where it is not made yet; else empty.
        unsighted: it could not be read, and this release has not seen it yet on an object that an older one has
            verified. That says nothing about the object, whose conditions do not change.
    """

    name: str
    state: ControlState
    observation: Observation
    reason: str = ""
    message: str = ""
    differences: tuple[Difference, ...] = ()
    drifted: bool = False
    change: ReportedChange | None = None
    applied: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    retry: bool = False
    fate: Fate | None = None
    in_force: bool = False
    unsighted: bool = False
    unseen: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the verdicts of a pass were made from.

    Args:
        subject: the bucket, with everything that the checks looked at.
        answers: the documents as AWS wrote them, after the pass.
        ages: seconds since it was read of each answer that was not read in this pass.
    """

    subject: Subject
    answers: Answers
    ages: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one pass.

    Args:
        at: when the pass ended, in UTC.
        mode: the mode that was in force.
        interval: seconds until the next sweep of this bucket.
        oldest: age in seconds of the oldest reading that the pass rests on; 0 where it read everything.
        effective: what was in force; None when that could not be resolved.
        bucket: the bucket; None when it was not reached.
        failure: why the pass ended before the controls; None when it did not. `retry` tells Stalled from Reconciling.
        missing: the bucket is not there, and this pass could not create it yet; `proposal` says what it would do.
        created: this pass created the bucket.
        new: the operator created the bucket, in whichever pass, and it was never ready before this one.
        controls: one for each control that was looked at, in the registry's order.
        found: what is kept as it was found at the first sight, as blocks of the spec by control (`engine.first_sight`).
        proposal: what waits for approval, or would be done by a pass that may write; None when nothing does.
        asks: a part of the proposal takes an approval; the rest is done without one.
        verdicts: every check of every control that was looked at.
        evidence: what the verdicts were made from; absent when the bucket was not reached.
        contenders: who keeps changing back what is `Contended`, as far as AWS told.
        retry_after: seconds after which another pass can help; None when the interval is soon enough.
        paused: the object is paused; nothing was written.
        look_again: the bucket is not there by one look, and this is no end yet: seconds until a second look, which may
            create it. Nobody is told of such a pass. None for every other one.
    """

    at: dt.datetime
    mode: Mode
    interval: float
    effective: Effective | None = None
    bucket: Bucket | None = None
    failure: Failure | None = None
    missing: bool = False
    created: bool = False
    new: bool = False
    controls: tuple[ControlOutcome, ...] = ()
    found: Mapping[str, Any] = field(default_factory=dict)
    proposal: Proposal | None = None
    asks: bool = False
    verdicts: tuple[Judged, ...] = ()
    evidence: Evidence | None = None
    contenders: tuple[str, ...] = ()
    retry_after: float | None = None
    oldest: float = 0.0
    paused: bool = False
    look_again: float | None = None
