"""How an object ended on the command line, after all passes that it was given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.cli.output import DIFFERS, FAILED, OK
from securebucket.engine.outcome import ControlOutcome, Outcome
from securebucket.engine.parallel import Crash
from securebucket.engine.request import PassRequest
from securebucket.model.failure import Failure


class Result(StrEnum):
    """What came of an object."""

    AS_DECLARED = "AsDeclared"
    CHANGED = "Changed"
    WOULD_CHANGE = "WouldChange"
    AWAITS_APPROVAL = "AwaitsApproval"
    DIFFERS = "Differs"
    UNFINISHED = "Unfinished"
    FAILED = "Failed"


EXIT_CODES: Mapping[Result, int] = {
    Result.AS_DECLARED: OK,
    Result.CHANGED: OK,
    Result.DIFFERS: OK,
    Result.WOULD_CHANGE: DIFFERS,
    Result.AWAITS_APPROVAL: DIFFERS,
    Result.UNFINISHED: FAILED,
    Result.FAILED: FAILED,
}
"""A bucket that is only observed may differ: nothing would change it."""

BAD = frozenset({ControlState.FAILED, ControlState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Finished:
    """One object after its last pass.

    Args:
        created: one of its passes created the bucket.
        made: the calls of all its passes, by control.
    """

    request: PassRequest
    outcome: Outcome
    created: bool
    made: Mapping[str, tuple[str, ...]]

    @classmethod
    def before(cls, request: PassRequest) -> "Finished":
        """Begin, before the first pass."""
        return cls(request, Outcome(at=request.now, mode=request.spec.mode or Mode.ENFORCE, interval=0), False, {})

    def followed_by(self, outcome: Outcome) -> "Finished":
        """Take in a pass."""
        made = dict(self.made)
        for control in outcome.controls:
            made[control.name] = made.get(control.name, ()) + control.applied
        return replace(self, outcome=outcome, created=self.created or outcome.created, made=made)

    def crashed(self, crash: Crash) -> "Finished":
        """Take in that the command itself failed at it."""
        why = f"the command itself failed on this bucket ({crash}); other buckets are not affected. Please report it."
        return replace(self, outcome=replace(self.outcome, failure=Failure("InternalError", why)))

    @property
    def title(self) -> str:
        """Name object and bucket, e.g. `demo/invoices (bucket acme-invoices)`."""
        return f"{self.request.key} (bucket {self.request.bucket_name})"

    @property
    def observed_only(self) -> bool:
        """Nothing of what differs would ever be changed."""
        return self.outcome.mode is Mode.OBSERVE

    @property
    def result(self) -> Result:
        """What came of it."""
        outcome = self.outcome
        if outcome.failure is not None or any(failed(each) for each in outcome.controls):
            return Result.FAILED
        if outcome.proposal is not None and not self.observed_only:
            return Result.WOULD_CHANGE if self.request.read_only else Result.AWAITS_APPROVAL
        if any(each.state is ControlState.PENDING for each in outcome.controls):
            return Result.UNFINISHED
        if self.created or any(self.made.values()):
            return Result.CHANGED
        differs = any(each.state is ControlState.DRIFTED for each in outcome.controls)
        return Result.DIFFERS if differs else Result.AS_DECLARED


def failed(control: ControlOutcome) -> bool:
    """Tell whether a control is not what was declared, and no approval would make it so."""
    return control.state in BAD or control.reason in {"DeclaredButUnsupported", "Contended"}


def exit_code(finished: Iterable[Finished]) -> int:
    """Return the exit code of the command: a failure counts more than a difference."""
    codes = {EXIT_CODES[each.result] for each in finished}
    return next((code for code in (FAILED, DIFFERS) if code in codes), OK)
