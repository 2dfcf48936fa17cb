"""The conditions, as kstatus, `kubectl wait` and people read them."""

from dataclasses import replace
from typing import Any

import pytest
from tests.engine.builders import effective
from tests.status.builders import LATER, NEVER, PROPOSAL, control, failed, granted, held_back, judged, missing, outcome

from securebucket.api.moment import in_utc
from securebucket.api.spec import Mode
from securebucket.engine.outcome import Fate, Outcome
from securebucket.model.failure import Failure
from securebucket.status.conditions import Stated, conditions_of

WAITING = control("Pending", reason="ApprovalRequired", message="status waits")
DENIED = control("Failed", reason="AccessDenied", message="denied")
THROTTLED = control("Failed", "policy", reason="Throttled", message="busy", retry=True)
UNREAD = control("Unknown", "tags", reason="AccessDenied", message="unread")
UNREAD_NOW = control("Unknown", "tags", reason="Throttled", message="busy", retry=True)
DRIFTED = control("Drifted", reason="Differs", message="status differs")
SETTLING = control("Pending", reason="Settling", message="soon", retry=True)
HELD = control("Pending", reason="RolloutHeld", message="held")
LACKING = control("Unsupported", "objectLock", reason="Unsupported", message="unknown here")
LACKING_DECLARED = control("Unsupported", "objectLock", reason="DeclaredButUnsupported", message="unknown here")
CONTENDED = control("Drifted", reason="Contended", message="a fight", fate=Fate.CONTENDED)


def told(made: Outcome) -> dict[str, str]:
    """Give every condition as `status reason`."""
    return {each.type: f"{each.status} {each.reason}" for each in conditions_of(made)}


def finding(made: Outcome, kind: str) -> Stated:
    return next(each for each in conditions_of(made) if each.type == kind)


# Every kind of end of a pass. Compliant is told apart below.


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(outcome(), {"Ready": "True Verified", "InSync": "True AsDeclared"}, id="as declared"),
        pytest.param(
            outcome(control("Corrected")), {"Ready": "True Verified", "InSync": "True AsDeclared"}, id="put back"
        ),
        pytest.param(
            outcome(control("Unmanaged", reason="Unmanaged")),
            {"Ready": "True Verified", "InSync": "True AsDeclared"},
            id="a difference that is nobody's business",
        ),
        pytest.param(
            outcome(LACKING), {"Ready": "True Verified", "InSync": "True AsDeclared"}, id="a default that is not here"
        ),
        pytest.param(
            outcome(LACKING_DECLARED),
            {
                "Ready": "False DeclaredButUnsupported",
                "InSync": "True AsDeclared",
                "Stalled": "True DeclaredButUnsupported",
            },
            id="a declared control that is not here",
        ),
        pytest.param(
            outcome(DRIFTED, mode=Mode.OBSERVE),
            {"Ready": "True Verified", "InSync": "False Differs"},
            id="a difference in mode Observe",
        ),
        pytest.param(
            held_back(DRIFTED),
            {"Ready": "True Verified", "InSync": "False Differs"},
            id="a difference under an operator that only observes",
        ),
        pytest.param(
            outcome(DRIFTED, paused=True, proposal=PROPOSAL),
            {"Ready": "False Differs", "InSync": "False Differs"},
            id="a difference of a paused object",
        ),
        pytest.param(
            outcome(WAITING, proposal=PROPOSAL),
            {"Ready": "False ApprovalRequired", "InSync": "False Differs"},
            id="waiting for people is neither stalled nor reconciling",
        ),
        pytest.param(
            outcome(WAITING, SETTLING, proposal=PROPOSAL),
            {"Ready": "False ApprovalRequired", "InSync": "False Differs", "Reconciling": "True ApprovalRequired"},
            id="something waits, something moves",
        ),
        pytest.param(
            outcome(WAITING, DENIED, proposal=PROPOSAL),
            {"Ready": "False AccessDenied", "InSync": "False Differs", "Stalled": "True AccessDenied"},
            id="something waits, something is stuck",
        ),
        pytest.param(
            outcome(HELD), {"Ready": "False RolloutHeld", "InSync": "False Differs"}, id="the guard of the fleet"
        ),
        pytest.param(
            outcome(SETTLING),
            {"Ready": "False Settling", "InSync": "False Differs", "Reconciling": "True Settling"},
            id="our own write is on its way",
        ),
        pytest.param(
            outcome(DENIED),
            {"Ready": "False AccessDenied", "InSync": "False Differs", "Stalled": "True AccessDenied"},
            id="a write was denied",
        ),
        pytest.param(
            outcome(THROTTLED),
            {"Ready": "False Throttled", "InSync": "False Differs", "Reconciling": "True Throttled"},
            id="a write was throttled",
        ),
        pytest.param(
            outcome(DENIED, THROTTLED),
            {"Ready": "False AccessDenied", "InSync": "False Differs", "Reconciling": "True AccessDenied"},
            id="as long as one thing may mend itself, it is not stalled",
        ),
        pytest.param(
            outcome(UNREAD),
            {"Ready": "Unknown AccessDenied", "InSync": "Unknown AccessDenied", "Stalled": "True AccessDenied"},
            id="a read was denied",
        ),
        pytest.param(
            outcome(UNREAD_NOW),
            {"Ready": "Unknown Throttled", "InSync": "Unknown Throttled", "Reconciling": "True Throttled"},
            id="a read was throttled",
        ),
        pytest.param(
            outcome(UNREAD, DRIFTED),
            {"Ready": "False AccessDenied", "InSync": "False Differs", "Stalled": "True AccessDenied"},
            id="a known difference goes before an unknown state",
        ),
        pytest.param(
            outcome(CONTENDED),
            {"Ready": "False Contended", "InSync": "False Differs", "Contended": "True ChangedBackRepeatedly"},
            id="a fight",
        ),
        pytest.param(
            missing(),
            {"Ready": "False ApprovalRequired", "InSync": "False BucketMissing"},
            id="the creation waits for approval",
        ),
        pytest.param(
            missing(paused=True),
            {"Ready": "False Paused", "InSync": "False BucketMissing"},
            id="the creation waits for the end of a pause",
        ),
        pytest.param(
            failed(NEVER),
            {
                "Ready": "False AdoptionRequired",
                "InSync": "Unknown AdoptionRequired",
                "Stalled": "True AdoptionRequired",
            },
            id="a person has to act",
        ),
        pytest.param(
            failed(LATER),
            {"Ready": "Unknown Throttled", "InSync": "Unknown Throttled", "Reconciling": "True Throttled"},
            id="the bucket was not reached, and time may mend it",
        ),
        *(
            pytest.param(
                failed(Failure(reason, "m")),
                {"Ready": f"Unknown {reason}", "InSync": f"Unknown {reason}", "Stalled": f"True {reason}"},
                id=f"nobody knows how it is: {reason}",
            )
            for reason in ("AccessDenied", "CredentialsInvalid", "CredentialsMissing")
        ),
        pytest.param(
            failed(LATER, effective=None),
            {"Ready": "Unknown Throttled", "InSync": "Unknown Throttled", "Reconciling": "True Throttled"},
            id="not even what is in force is known",
        ),
    ],
)
def test_conditions(made: Outcome, expected: dict[str, str]) -> None:
    found = told(made)
    del found["Compliant"]
    assert found == expected


# Compliant


@pytest.mark.parametrize(
    ("verdicts", "profile", "expected"),
    [
        pytest.param([judged("pass")], {}, "True ChecksPass", id="all pass"),
        pytest.param([judged("notApplicable")], {}, "True ChecksPass", id="does not apply"),
        pytest.param([judged("fail", severity="critical")], {}, "False ChecksFail", id="worse than the threshold"),
        pytest.param([judged("fail", severity="high")], {}, "False ChecksFail", id="at the threshold"),
        pytest.param([judged("fail", severity="medium")], {}, "True ChecksPass", id="below the threshold"),
        pytest.param(
            [judged("fail", severity="medium")],
            {"complianceSeverity": "low"},
            "False ChecksFail",
            id="the profile is stricter",
        ),
        pytest.param(
            [judged("fail", severity="high")],
            {"complianceSeverity": "critical"},
            "True ChecksPass",
            id="the profile is milder",
        ),
        pytest.param([judged("unknown", severity="high")], {}, "Unknown ChecksUnknown", id="unknown is no pass"),
        pytest.param([judged("unknown", severity="low")], {}, "True ChecksPass", id="a minor unknown"),
        pytest.param(
            [judged("unknown"), judged("fail", "other")], {}, "False ChecksFail", id="a failure goes before an unknown"
        ),
    ],
)
def test_compliant(verdicts: list[Any], profile: dict[str, Any], expected: str) -> None:
    assert told(outcome(profile=profile, verdicts=tuple(verdicts)))["Compliant"] == expected


@pytest.mark.parametrize(
    ("made", "expected"),
    [(failed(NEVER), "Unknown AdoptionRequired"), (missing(), "Unknown BucketMissing")],
)
def test_what_was_not_reached_is_not_judged(made: Outcome, expected: str) -> None:
    assert told(made)["Compliant"] == expected


def test_failing_checks_are_named_with_their_severity() -> None:
    made = outcome(verdicts=(judged("fail", "tls-required"), judged("fail", "mfa-delete", "low")))
    assert finding(made, "Compliant").message == "failing: tls-required (high), mfa-delete (low)"


ACCEPTED = judged("excepted", "tagged", "low", exception=granted("tagged"))


@pytest.mark.parametrize("others", [(), (judged("fail"),), (judged("unknown"),)], ids=["pass", "fail", "unknown"])
def test_accepted_failures_are_named_with_their_end(others: tuple[Any, ...]) -> None:
    message = finding(outcome(verdicts=(*others, ACCEPTED)), "Compliant").message
    assert message.endswith(
        f"; failing but accepted: tagged (low) until {in_utc(granted().expires_at)} by exception payments/accepted"
    )


def test_an_accepted_failure_leaves_the_bucket_compliant() -> None:
    made = outcome(verdicts=(judged("excepted", severity="critical", exception=granted()),))
    assert finding(made, "Compliant").status == "True"


def test_a_minor_failure_is_named_though_the_bucket_is_compliant() -> None:
    assert "mfa-delete (low)" in finding(outcome(verdicts=(judged("fail", "mfa-delete", "low"),)), "Compliant").message


@pytest.mark.parametrize("kind", ["Ready", "InSync"])
def test_who_asks_for_enforce_reads_why_nothing_is_corrected(kind: str) -> None:
    message = finding(held_back(DRIFTED), kind).message
    assert "this operator only observes (--observe-only): nothing is created, corrected or deleted" in message
    assert "though mode Enforce is asked for" in message


def test_who_asks_for_observe_reads_nothing_of_it() -> None:
    made = outcome(DRIFTED, mode=Mode.OBSERVE, effective=effective({"mode": "Observe"}, observe_only=True))
    assert (finding(made, "Ready").message, finding(made, "InSync").message) == (
        "observed",
        "versioning: status differs",
    )


# What is always so

EVERY_END = [
    outcome(),
    outcome(WAITING, proposal=PROPOSAL),
    outcome(DENIED),
    outcome(SETTLING),
    outcome(UNREAD),
    outcome(CONTENDED),
    missing(),
    failed(NEVER),
    failed(LATER),
    held_back(DRIFTED),
]


@pytest.mark.parametrize("made", EVERY_END)
def test_ready_insync_and_compliant_are_always_there_and_the_others_only_while_true(made: Outcome) -> None:
    found = conditions_of(made)
    assert [each.type for each in found[:3]] == ["Ready", "InSync", "Compliant"]
    assert {each.status for each in found[3:]} <= {"True"}
    assert {each.type for each in found[3:]} <= {"Reconciling", "Stalled", "Contended"}


@pytest.mark.parametrize("made", EVERY_END)
def test_stalled_and_reconciling_exclude_each_other_and_ready(made: Outcome) -> None:
    """Stalled stops `kubectl wait` and GitOps health checks; Reconciling makes them wait on."""
    found = told(made)
    assert len({"Stalled", "Reconciling"} & found.keys()) <= (0 if found["Ready"].startswith("True") else 1)


@pytest.mark.parametrize("made", EVERY_END)
def test_every_condition_has_a_reason_and_a_message(made: Outcome) -> None:
    assert all(each.reason.isalnum() and each.message for each in conditions_of(made))


@pytest.mark.parametrize("retry", [False, True])
@pytest.mark.parametrize("others", [(), (DENIED,), (UNREAD,)])
def test_what_was_never_seen_on_a_verified_object_changes_no_condition(others: tuple[Any, ...], *, retry: bool) -> None:
    """The role of the release before was enough for it; see `engine.first_sight`."""
    unsighted = control("Unknown", "policy", message="denied", unsighted=True, retry=retry)
    verdicts = (judged("pass"), judged("unknown", "other"))  # both about the policy
    made = outcome(control(), unsighted, *others, verdicts=verdicts)
    assert conditions_of(made) == conditions_of(outcome(control(), *others))


@pytest.mark.parametrize("result", ["unknown", "fail"])
def test_what_needs_a_further_right_is_heard_of_only_where_it_is_known(result: str) -> None:
    """The role of the release before had no such right; a failure was seen with it."""
    made = outcome(control(), verdicts=(judged("pass"), judged(result, "other", further_right=True)))
    assert told(made)["Compliant"] == ("True ChecksPass" if result == "unknown" else "False ChecksFail")


# What people read


def test_ready_names_every_open_end_with_its_control() -> None:
    assert finding(outcome(DENIED, UNREAD), "Ready").message == "versioning: denied; tags: unread"


def test_ready_names_the_hash_to_approve() -> None:
    assert f"securebucket.io/approve: {PROPOSAL.hash}" in finding(outcome(WAITING, proposal=PROPOSAL), "Ready").message


def test_ready_names_what_this_server_does_not_have() -> None:
    assert finding(outcome(control(), LACKING), "Ready").message == "as declared; not on this server: objectLock"


def test_contended_names_the_controls() -> None:
    made = outcome(replace(CONTENDED, name="policy"), CONTENDED)
    assert "policy, versioning" in finding(made, "Contended").message


def test_contended_names_who_does_it_where_that_is_known() -> None:
    made = outcome(replace(CONTENDED, name="policy"), contenders=("jane", "joe"))
    assert "policy: changed back again and again by jane, joe as far as is known" in finding(made, "Contended").message


def test_what_a_person_should_know_before_they_approve_is_in_ready() -> None:
    made = outcome(replace(WAITING, warning="CloudFront writes by the ACL"), proposal=PROPOSAL)
    ready = finding(made, "Ready").message
    assert ready.endswith(f"securebucket.io/approve: {PROPOSAL.hash}. CloudFront writes by the ACL")
