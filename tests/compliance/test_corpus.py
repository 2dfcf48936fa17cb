"""The golden corpus: each bucket gets exactly the verdicts that a person has written down for it."""

import json
from collections import Counter, defaultdict

import pytest
from tests.compliance.golden import Case, cases
from tests.laws.register import TRIED
from tests.laws.worlds import in_place

from securebucket.api.check_id import CHECK_IDS
from securebucket.compliance.catalogue import BY_ID
from securebucket.compliance.judgement import judge
from securebucket.compliance.stored_observation import StoredObservation
from securebucket.controls import CONTROLS
from securebucket.model.bucket import Origin
from securebucket.model.verdict import Result
from securebucket.policy.exposure import REQUESTERS, RESTRICTING

CASES = cases()
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.topic}/{case.id}")


@every_case
def test_every_check_has_the_result_that_is_written_down(case: Case) -> None:
    verdicts = {each.check.id: each.verdict for each in judge(case.observation.subject())}
    found = {check: verdict.result.value for check, verdict in verdicts.items()}
    reasons = {check: verdict.because for check, verdict in verdicts.items()}
    assert found == dict(case.expected), {
        check: reasons.get(check) for check in found.keys() | case.expected if found.get(check) != case.expected[check]
    }
    assert all(reasons.values())
    for check, words in case.says.items():
        assert words in reasons[check]


def test_the_corpus_is_large() -> None:
    assert len(CASES) >= 350


def test_no_id_is_used_twice() -> None:
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []


def test_no_case_repeats_another() -> None:
    alike = defaultdict(list)
    for case in CASES:
        alike[json.dumps(case.observation.model_dump(mode="json"), sort_keys=True)].append(case.id)
    assert [ids for ids in alike.values() if len(ids) > 1] == []


def test_a_case_says_what_it_is_and_names_the_results_that_matter() -> None:
    assert [case.id for case in CASES if not case.sentence.endswith(".")] == []
    assert [case.id for case in CASES if not case.named or not case.named.keys() <= set(CHECK_IDS)] == []


DOORS = {
    "access-point-policies-not-public",
    "access-point-policies-to-trusted-accounts",
    "bucket-access-points-blocked",
}
"""The checks that ask about what leads to the bucket, and not about a document of its own."""

NOT_APPLICABLE = DOORS | {
    "access-logged",
    "encrypted-with-kms",
    "kms-keys-healthy",
    "kms-keys-rotated",
    "log-target-owner-pays",
    "mfa-delete-enabled",
    "object-lock-enabled",
    "replicated",
    "replicated-across-regions",
    "tagging-not-shared",
    "versions-have-lifecycle",
}
"""The checks that know a bucket to which they do not apply."""


@pytest.mark.parametrize("check", CHECK_IDS)
def test_every_result_of_a_check_is_named_by_a_case(check: str) -> None:
    named = {case.named[check] for case in CASES if check in case.named}
    wanted = {Result.PASS, Result.FAIL, Result.UNKNOWN} | (
        {Result.NOT_APPLICABLE} if check in NOT_APPLICABLE else set()
    )
    assert named == {result.value for result in wanted}


@pytest.mark.parametrize("reason", ["unknown", "unsupported"])
@pytest.mark.parametrize("check", CHECK_IDS)
def test_a_check_is_unknown_where_its_document_is_denied_and_where_the_server_does_not_know_it(
    check: str, reason: str
) -> None:
    """A server that does not know access points has no further door, which is known."""
    (control,) = (each for each in CONTROLS if each.name == BY_ID[check].reads[0])
    document = "s3control:ListAccessPoints" if check in DOORS else control.documents()[0]
    result = "notApplicable" if check in DOORS and reason == "unsupported" else "unknown"
    assert any(
        case.named.get(check) == result
        and document in case.observation.answers
        and getattr(case.observation.answers[document], reason) is not None
        for case in CASES
    )


@pytest.mark.parametrize("key", sorted(RESTRICTING | REQUESTERS))
def test_every_condition_key_that_says_who_comes_is_in_a_case(key: str) -> None:
    assert any(f'"{key}"' in _policy(case).lower() for case in CASES)


def _policy(case: Case) -> str:
    answer = case.observation.answers.get("GetBucketPolicy")
    return answer.response["Policy"] if answer and answer.response else ""


def test_a_case_is_the_same_after_it_was_a_document() -> None:
    for case in CASES:
        text = case.observation.model_dump_json(by_alias=True)
        assert StoredObservation.model_validate_json(text) == case.observation


def test_the_managed_base_is_what_the_operator_leaves() -> None:
    """Else the corpus would speak of a bucket that nobody has."""
    (managed,) = (case for case in CASES if case.id == "managed")
    observed = managed.observation.subject().observed
    situation = in_place({}, Origin.CREATED)
    for control in TRIED:
        assert observed[control.name] == control.desired(situation, situation.observed[control.name]), control.name
