from typing import Any

import pytest
from tests.controls.builders import context, state_of, subject
from tests.laws.aws_model import problems_of

from securebucket.controls.lifecycle import OWN_RULE, LifecycleControl, LifecycleState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.document import fields_of
from securebucket.model.failure import Failure
from securebucket.model.risk import Risk
from securebucket.model.verdict import Result

CONTROL = LifecycleControl()
SIZE_128K, SIZE_VARIES = "all_storage_classes_128K", "varies_by_storage_class"
ABSENT = LifecycleState()
OWN = {"Status": "Enabled", "Filter": {}, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}
EXPIRE_30 = {"Status": "Enabled", "Filter": {}, "Expiration": {"Days": 30}}
FOREIGN = {"Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 1}}


def read(*rules: dict[str, Any], size: str = SIZE_128K) -> LifecycleState:
    """Parse an answer with these rules."""
    return state_of(
        CONTROL,
        {"Rules": [{"Status": "Enabled", **rule} for rule in rules]}
        | ({"TransitionDefaultMinimumObjectSize": size} if size else {}),
    )


def state(size: str = SIZE_128K, **rules: Any) -> LifecycleState:
    return LifecycleState(size, rules)


def spec(*rules: dict[str, Any], days: int = 0, **block: Any) -> dict[str, Any]:
    return {"lifecycle": {"abortIncompleteMultipartUploadDays": days, "rules": list(rules), **block}}


def test_a_bucket_without_configuration_has_no_rules() -> None:
    assert state_of(CONTROL) == ABSENT


def test_the_order_of_rules_means_nothing() -> None:
    one, two = {"ID": "a", "Expiration": {"Days": 1}}, {"ID": "b", "Expiration": {"Days": 2}}
    assert read(one, two) == read(two, one)


def test_a_rule_without_id_gets_a_name_that_stays_and_is_put_back_with_it() -> None:
    """Some servers give no ID; LocalStack answers MalformedXML to a rule without one."""
    first, second = (
        read({"Expiration": {"Days": 5}}),
        read({"Expiration": {"Days": 5}}, {"ID": "b", "Expiration": {"Days": 9}}),
    )
    (name,) = first.rules
    assert name in second.rules
    (call,) = CONTROL.calls(context(), first, second)
    assert name in [rule["ID"] for rule in call.parameters["LifecycleConfiguration"]["Rules"]]
    assert state_of(CONTROL, call.parameters["LifecycleConfiguration"]).rules == second.rules


def test_a_new_bucket_gets_our_rule_and_nothing_else() -> None:
    assert CONTROL.desired(context(), ABSENT) == state(**{OWN_RULE: OWN})


def test_zero_days_means_no_rule_of_ours() -> None:
    assert CONTROL.desired(context(spec()), state(**{OWN_RULE: OWN})) == ABSENT


@pytest.mark.parametrize("origin", list(Origin))
def test_our_rule_is_never_taken_for_foreign(origin: Origin) -> None:
    asked = context(spec(), origin=origin)
    assert CONTROL.kept(asked, state(**{OWN_RULE: OWN})) == ()


DECLARED = [
    pytest.param({"expiration": {"days": 30}}, {"Expiration": {"Days": 30}}, id="expiration in days"),
    pytest.param(
        {"expiration": {"date": "2030-01-02"}}, {"Expiration": {"Date": "2030-01-02"}}, id="expiration on a date"
    ),
    pytest.param(
        {"expiration": {"expiredObjectDeleteMarker": True}},
        {"Expiration": {"ExpiredObjectDeleteMarker": True}},
        id="expired delete markers",
    ),
    pytest.param(
        {
            "transitions": [
                {"days": 30, "storageClass": "STANDARD_IA"},
                {"date": "2031-05-06", "storageClass": "GLACIER"},
            ]
        },
        {
            "Transitions": [
                {"Days": 30, "StorageClass": "STANDARD_IA"},
                {"Date": "2031-05-06", "StorageClass": "GLACIER"},
            ]
        },
        id="transitions",
    ),
    pytest.param(
        {"noncurrentVersionExpiration": {"noncurrentDays": 9, "newerNoncurrentVersions": 3}},
        {"NoncurrentVersionExpiration": {"NoncurrentDays": 9, "NewerNoncurrentVersions": 3}},
        id="noncurrent expiration that keeps newer versions",
    ),
    pytest.param(
        {
            "noncurrentVersionTransitions": [
                {"noncurrentDays": 30, "newerNoncurrentVersions": 2, "storageClass": "DEEP_ARCHIVE"}
            ]
        },
        {
            "NoncurrentVersionTransitions": [
                {"NoncurrentDays": 30, "NewerNoncurrentVersions": 2, "StorageClass": "DEEP_ARCHIVE"}
            ]
        },
        id="noncurrent transitions",
    ),
    pytest.param(
        {"abortIncompleteMultipartUpload": {"daysAfterInitiation": 2}},
        {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 2}},
        id="unfinished uploads",
    ),
    pytest.param(
        {"status": "Disabled", "filter": {"prefix": "x/"}, "expiration": {"days": 3}},
        {"Status": "Disabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 3}},
        id="disabled, one predicate",
    ),
    pytest.param(
        {"filter": {"tags": {"a": "b"}}, "expiration": {"days": 3}},
        {"Filter": {"Tags": {"a": "b"}}, "Expiration": {"Days": 3}},
        id="one tag",
    ),
    pytest.param(
        {
            "filter": {
                "prefix": "x/",
                "tags": {"a": "b", "c": "d"},
                "objectSizeGreaterThan": 0,
                "objectSizeLessThan": 9,
            },
            "expiration": {"days": 3},
        },
        {
            "Filter": {
                "Prefix": "x/",
                "Tags": {"a": "b", "c": "d"},
                "ObjectSizeGreaterThan": 0,
                "ObjectSizeLessThan": 9,
            },
            "Expiration": {"Days": 3},
        },
        id="every predicate",
    ),
]


@pytest.mark.parametrize(("declared", "canonical"), DECLARED)
def test_every_field_is_taken_over(declared: dict[str, Any], canonical: dict[str, Any]) -> None:
    desired = CONTROL.desired(context(spec({"id": "a", **declared})), ABSENT)
    assert desired == state(a={"Status": "Enabled", "Filter": {}} | canonical)


@pytest.mark.parametrize(("declared", "canonical"), DECLARED)
def test_what_is_put_reads_back_as_it_was_meant_and_nothing_is_left_to_do(
    declared: dict[str, Any], canonical: dict[str, Any]
) -> None:
    asked = context(spec({"id": "a", **declared}, days=3))
    desired = CONTROL.desired(asked, ABSENT)
    (call,) = CONTROL.calls(asked, ABSENT, desired)
    assert problems_of(call) == []
    answer = state_of(
        CONTROL, {**call.parameters["LifecycleConfiguration"], "TransitionDefaultMinimumObjectSize": SIZE_128K}
    )
    assert answer == desired
    assert CONTROL.desired(asked, answer) == answer


def test_a_declared_rule_replaces_the_one_of_its_id_on_an_adopted_bucket() -> None:
    asked = context(spec({"id": "a", "expiration": {"days": 30}}), origin=Origin.ADOPTED)
    observed = state(a=FOREIGN, b=FOREIGN)
    assert CONTROL.desired(asked, observed) == state(a=EXPIRE_30, b=FOREIGN)
    assert CONTROL.kept(asked, observed) == ("b",)


@pytest.mark.parametrize(
    ("declared", "observed", "wanted"),
    [
        pytest.param(None, ABSENT, SIZE_128K, id="a new configuration gets what S3 would give it"),
        pytest.param(None, state(SIZE_VARIES, a=FOREIGN), SIZE_VARIES, id="an old configuration keeps its own"),
        pytest.param(None, state("", a=FOREIGN), "", id="a server that does not know it"),
        pytest.param(SIZE_VARIES, ABSENT, SIZE_VARIES, id="declared, new"),
        pytest.param(SIZE_128K, state(SIZE_VARIES, a=FOREIGN), SIZE_128K, id="declared, other"),
    ],
)
def test_the_minimum_size_of_transitions(declared: str | None, observed: LifecycleState, wanted: str) -> None:
    """An edit that leaves the field out silently switches a configuration from before September 2024."""
    asked = context(spec(days=7, **({"transitionDefaultMinimumObjectSize": declared} if declared else {})))
    desired = CONTROL.desired(asked, observed)
    assert desired.transition_default_minimum_object_size == wanted
    (call,) = CONTROL.calls(asked, observed, desired)
    assert call.parameters.get("TransitionDefaultMinimumObjectSize", "") == wanted
    assert problems_of(call) == []


def test_a_configuration_of_which_nothing_is_left_is_deleted() -> None:
    asked, observed = context(spec()), state(theirs=FOREIGN)
    assert CONTROL.calls(asked, observed, CONTROL.desired(asked, observed)) == (Call("delete_bucket_lifecycle"),)


def test_a_configuration_that_is_not_there_is_never_deleted() -> None:
    assert CONTROL.desired(context(spec(transitionDefaultMinimumObjectSize=SIZE_VARIES)), ABSENT) == ABSENT


def test_a_difference_names_the_one_rule() -> None:
    assert fields_of(state(a=EXPIRE_30))["rules[a]"] == EXPIRE_30


class Versioning:
    """Stands for the state of the versioning control, of which this control reads two fields."""

    def __init__(self, *, mfa_delete: bool = False, status: str = "Enabled") -> None:
        self.mfa_delete, self.status = mfa_delete, status


@pytest.mark.parametrize(
    ("versioning", "spec_", "refused"),
    [
        pytest.param(Versioning(mfa_delete=True), {}, True, id="MFA delete is on"),
        pytest.param(Versioning(mfa_delete=True), spec(), False, id="MFA delete is on, and no rule is wanted"),
        pytest.param(Versioning(), {}, False, id="MFA delete is off"),
        pytest.param(Failure("AccessDenied", "no"), {}, False, id="versioning could not be read"),
        pytest.param(None, {}, False, id="versioning was not looked at"),
    ],
)
def test_mfa_delete_and_lifecycle_exclude_each_other(versioning: Any, spec_: dict[str, Any], refused: bool) -> None:
    asked = context(spec_, {"versioning": versioning} if versioning else {})
    failure = CONTROL.refuse(asked, ABSENT, CONTROL.desired(asked, ABSENT))
    assert (failure is not None) is refused
    if failure:
        assert failure.reason == "MfaDeleteForbidsLifecycle"
        assert "abortIncompleteMultipartUploadDays to 0" in failure.message


@pytest.mark.parametrize(
    ("before", "after", "risk"),
    [
        pytest.param({}, {OWN_RULE: OWN}, Risk.NONE, id="our own rule"),
        pytest.param({}, {"a": EXPIRE_30}, Risk.DATA_LOSS, id="an expiration is added"),
        pytest.param({"theirs": FOREIGN}, {"a": EXPIRE_30}, Risk.DATA_LOSS, id="another rule deletes other objects"),
        pytest.param({"a": EXPIRE_30}, {}, Risk.NONE, id="removed"),
        pytest.param({"theirs": FOREIGN}, {OWN_RULE: OWN}, Risk.NONE, id="a rule of others is removed"),
        pytest.param({"theirs": FOREIGN}, {"theirs": FOREIGN, OWN_RULE: OWN}, Risk.NONE, id="a rule of others is kept"),
        pytest.param({"a": EXPIRE_30}, {"b": EXPIRE_30}, Risk.NONE, id="renamed"),
        pytest.param({"a": EXPIRE_30}, {"a": EXPIRE_30 | {"Expiration": {"Days": 29}}}, Risk.DATA_LOSS, id="shortened"),
        pytest.param({"a": EXPIRE_30}, {"a": EXPIRE_30 | {"Expiration": {"Days": 31}}}, Risk.NONE, id="extended"),
    ],
)
def test_risk_is_what_is_deleted_more_or_sooner(before: dict[str, Any], after: dict[str, Any], risk: Risk) -> None:
    assert CONTROL.risk(context(), state(**before), state(**after)) is risk


def verdict(check: str, observed: LifecycleState, versioning: Any = None) -> Result:
    (judge,) = [each.judge for each in CONTROL.checks if each.id == check]
    return judge(subject(observed={"versioning": versioning} if versioning else {}), observed).result


@pytest.mark.parametrize(
    ("observed", "result"),
    [
        (ABSENT, Result.FAIL),
        (state(a=OWN), Result.PASS),
        (state(a=OWN | {"Status": "Disabled"}), Result.FAIL),
    ],
)
def test_lifecycle_active(observed: LifecycleState, result: Result) -> None:
    assert verdict("lifecycle-active", observed) is result


@pytest.mark.parametrize(
    ("observed", "versioning", "result"),
    [
        (state(a=OWN), Versioning(), Result.PASS),
        (ABSENT, Versioning(), Result.FAIL),
        (state(a=OWN | {"Status": "Disabled"}), Versioning(), Result.FAIL),
        (ABSENT, Versioning(status="Suspended"), Result.NOT_APPLICABLE),
        (ABSENT, Versioning(status=""), Result.NOT_APPLICABLE),
        (ABSENT, Failure("AccessDenied", "no"), Result.UNKNOWN),
        (state(a=OWN), Failure("AccessDenied", "no"), Result.PASS),
        (ABSENT, None, Result.UNKNOWN),
    ],
)
def test_versions_have_lifecycle(observed: LifecycleState, versioning: Any, result: Result) -> None:
    assert verdict("versions-have-lifecycle", observed, versioning) is result


@pytest.mark.parametrize(
    ("observed", "result"),
    [
        (state(a=OWN), Result.PASS),
        (ABSENT, Result.FAIL),
        (state(a=OWN | {"Status": "Disabled"}), Result.FAIL),
        (state(a=OWN | {"Filter": {"Prefix": "x/"}}), Result.FAIL),
        (state(a=EXPIRE_30), Result.FAIL),
        (state(a=EXPIRE_30, b=OWN), Result.PASS),
    ],
)
def test_unfinished_uploads_removed(observed: LifecycleState, result: Result) -> None:
    assert verdict("unfinished-uploads-removed", observed) is result
