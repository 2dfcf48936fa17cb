"""The conditions of an object, as kstatus and `kubectl wait` read them.

Ready, InSync and Compliant are always there; Reconciling, Stalled and Contended only while they are True
(https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from securebucket.api.moment import in_utc
from securebucket.api.spec import Mode
from securebucket.api.status import ControlState
from securebucket.engine.outcome import ControlOutcome, Fate, Outcome
from securebucket.model.verdict import Judged, Result, Severity

SETTLED = frozenset({ControlState.IN_SYNC, ControlState.CORRECTED, ControlState.UNMANAGED})
UNSEEN = frozenset({"AccessDenied", "CredentialsInvalid", "CredentialsMissing", "RoleNotAssumed"})
"""Failures that say nothing about the bucket, though they stay until somebody acts."""


@dataclass(frozen=True, slots=True)
class Stated:
    """A condition before it is given a time."""

    type: str
    status: str
    reason: str
    message: str


def conditions_of(outcome: Outcome) -> tuple[Stated, ...]:
    """Return the conditions of an outcome, in the order of the status."""
    outcome = _sighted(outcome)
    ready = _ready(outcome)
    stated = [ready, _in_sync(outcome), _compliant(outcome)]
    if outcome.failure is not None and not outcome.failure.retry:
        stated.append(Stated("Stalled", "True", outcome.failure.reason, outcome.failure.message))
    elif ready.status != "True":  # waiting for an approval alone is neither: `kubectl wait` goes on, nothing is stuck
        if outcome.failure is not None or any(each.retry for each in outcome.controls):
            stated.append(Stated("Reconciling", "True", ready.reason, ready.message))
        elif any(_stuck(each) for each in outcome.controls):
            stated.append(Stated("Stalled", "True", ready.reason, ready.message))
    fought = [each.name for each in outcome.controls if each.fate is Fate.CONTENDED]
    if fought:
        who = f"by {', '.join(outcome.contenders)} as far as is known" if outcome.contenders else "by somebody else"
        message = (
            f"{', '.join(fought)}: changed back again and again {who}; correction is paused, but for one try per hour,"
            " or when you ask (securebucket.io/reconcile-at)"
        )
        stated.append(Stated("Contended", "True", "ChangedBackRepeatedly", message))
    return tuple(stated)


def _sighted(outcome: Outcome) -> Outcome:
    """Leave out what this release has not seen yet: an older one, which did not need the right, could not either."""
    unseen = {each.name for each in outcome.controls if each.unsighted}
    return replace(
        outcome,
        controls=tuple(each for each in outcome.controls if each.name not in unseen),
        verdicts=tuple(
            each
            for each in outcome.verdicts
            if each.verdict.result is not Result.UNKNOWN or not (each.control in unseen or each.check.further_right)
        ),
    )


def _stuck(control: ControlOutcome) -> bool:
    """Tell whether only a person can bring a control further, and by more than an approval."""
    if control.state is ControlState.UNSUPPORTED:
        return control.reason == "DeclaredButUnsupported"
    return control.state in {ControlState.FAILED, ControlState.UNKNOWN} and not control.retry


def _ready(outcome: Outcome) -> Stated:
    failure = outcome.failure
    if failure is not None:
        unseen = failure.retry or failure.reason in UNSEEN
        return Stated(
            "Ready", "Unknown" if unseen and outcome.bucket is None else "False", failure.reason, failure.message
        )
    if outcome.missing:
        return _awaiting(outcome, "the bucket does not exist yet; ")
    open_ends = [each for each in outcome.controls if _open(each, outcome)]
    if not open_ends:
        left_out = [each for each in outcome.controls if each.state is ControlState.UNSUPPORTED]
        note = "; not on this server: " + ", ".join(each.name for each in left_out) if left_out else ""
        how = "observed" if outcome.mode is Mode.OBSERVE else "as declared"
        return Stated("Ready", "True", "Verified", f"{how}{note}{_held_back(outcome, start='; ')}")
    if all(each.reason == "ApprovalRequired" for each in open_ends):
        return _awaiting(outcome, "")
    worst = next((each for each in open_ends if each.state is ControlState.FAILED), open_ends[0])
    message = "; ".join(f"{each.name}: {each.message}" for each in open_ends)
    unknown = all(each.state is ControlState.UNKNOWN for each in open_ends)
    return Stated("Ready", "Unknown" if unknown else "False", worst.reason, message)


def _awaiting(outcome: Outcome, start: str) -> Stated:
    if outcome.paused:
        return Stated("Ready", "False", "Paused", f"{start}the object is paused (annotation securebucket.io/paused)")
    digest = outcome.proposal.hash if outcome.proposal else ""
    text = f"{start}status.plan waits for approval: annotate the object with securebucket.io/approve: {digest}"
    text += next((f". {each.unseen}" for each in outcome.controls if each.unseen), "")
    text += "".join(f". {each.warning}" for each in outcome.controls if each.warning)
    return Stated("Ready", "False", "ApprovalRequired", text)


def _held_back(outcome: Outcome, *, start: str = "", end: str = "") -> str:
    """Say that the operator does not do what is asked for, so that nobody waits for it; empty where it does."""
    effective = outcome.effective
    if effective is None or effective.asked is effective.mode:
        return ""
    return (
        f"{start}this operator only observes (--observe-only): nothing is created, corrected or deleted, though mode"
        f" {effective.asked} is asked for{end}"
    )


def _open(control: ControlOutcome, outcome: Outcome) -> bool:
    """Tell whether a control keeps the object from being ready. In mode Observe a difference does not."""
    if control.state is ControlState.UNSUPPORTED:
        return control.reason == "DeclaredButUnsupported"
    if control.state is ControlState.DRIFTED and outcome.mode is Mode.OBSERVE:
        return False
    return control.state not in SETTLED


def _in_sync(outcome: Outcome) -> Stated:
    if outcome.failure is not None:
        return Stated("InSync", "Unknown", outcome.failure.reason, outcome.failure.message)
    if outcome.missing:
        return Stated("InSync", "False", "BucketMissing", "the bucket does not exist yet")
    differs = [
        each
        for each in outcome.controls
        if each.state in {ControlState.DRIFTED, ControlState.PENDING, ControlState.FAILED}
    ]
    if differs:
        text = "; ".join(f"{each.name}: {each.message}" for each in differs)
        return Stated("InSync", "False", "Differs", f"{_held_back(outcome, end='; ')}{text}")
    unknown = [each for each in outcome.controls if each.state is ControlState.UNKNOWN]
    if unknown:
        text = "; ".join(f"{each.name}: {each.message}" for each in unknown)
        return Stated("InSync", "Unknown", unknown[0].reason, text)
    return Stated("InSync", "True", "AsDeclared", "every managed control is as declared")


def _compliant(outcome: Outcome) -> Stated:
    threshold = Severity(outcome.effective.compliance_severity if outcome.effective else "high")
    if outcome.failure is not None or not outcome.verdicts:
        reason = outcome.failure.reason if outcome.failure else "BucketMissing"
        return Stated("Compliant", "Unknown", reason, "the bucket could not be judged")
    failing = [each for each in outcome.verdicts if each.verdict.result is Result.FAIL]
    unknown = [each for each in outcome.verdicts if each.verdict.result is Result.UNKNOWN]
    serious = [each for each in failing if each.check.severity.at_least(threshold)]
    accepted = _accepted(outcome.verdicts)
    if serious:
        return Stated("Compliant", "False", "ChecksFail", f"failing: {_named(failing)}{accepted}")
    if any(each.check.severity.at_least(threshold) for each in unknown):
        return Stated("Compliant", "Unknown", "ChecksUnknown", f"could not be judged: {_named(unknown)}{accepted}")
    minor = f"; failing below {threshold}: {_named(failing)}" if failing else ""
    text = f"no check of severity {threshold} or above fails{minor}{accepted}"
    return Stated("Compliant", "True", "ChecksPass", text)


def _accepted(judged: Iterable[Judged]) -> str:
    """Name the failing checks that somebody accepts, each with the exception and its end."""
    texts = [
        f"{each.check.id} ({each.check.severity}) until {in_utc(exception.expires_at)} by exception {exception.name}"
        for each in judged
        if (exception := each.verdict.exception) is not None and each.verdict.result is Result.EXCEPTED
    ]
    return f"; failing but accepted: {', '.join(texts)}" if texts else ""


def _named(judged: list[Judged]) -> str:
    return ", ".join(f"{each.check.id} ({each.check.severity})" for each in judged)
