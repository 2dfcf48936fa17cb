from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, context, first_read, state_of, subject
from tests.laws.aws_model import problems_of

from securebucket.api.spec import Role
from securebucket.controls.replication import ReplicationControl, ReplicationState
from securebucket.model.bucket import Origin
from securebucket.model.call import Call
from securebucket.model.document import fields_of
from securebucket.model.kms_keys import KeyInUseQuery
from securebucket.model.risk import Risk
from securebucket.model.surroundings import BucketQuery, KmsKeyQuery, OtherBucket
from securebucket.model.verdict import Result

CONTROL = ReplicationControl()
ROLE, OTHER_ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/replication", f"arn:aws:iam::{ACCOUNT}:role/other"
COPY = "arn:aws:s3:::copy"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
ABSENT = ReplicationState()
ON, OFF = {"Status": "Enabled"}, {"Status": "Disabled"}
BASE: dict[str, Any] = {
    "Status": "Enabled",
    "Priority": 0,
    "Filter": {},
    "DeleteMarkerReplication": OFF,
    "Destination": {"Bucket": COPY},
}
FOREIGN = BASE | {"Priority": 7, "Destination": {"Bucket": "arn:aws:s3:::elsewhere"}}
FOREIGN_V1 = {"Status": "Enabled", "Prefix": "old/", "Destination": {"Bucket": "arn:aws:s3:::elsewhere"}}


def state(role: str = ROLE, **rules: Any) -> ReplicationState:
    return ReplicationState(role, rules)


def rule(rule_id: str = "a", destination: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    return {"id": rule_id, "destination": {"bucket": COPY, **(destination or {})}, **fields}


def spec(*rules: dict[str, Any], **block: Any) -> dict[str, Any]:
    return {"replication": {"role": ROLE, "rules": list(rules), **block}}


def test_a_bucket_without_configuration_has_no_rules() -> None:
    assert state_of(CONTROL) == ABSENT


def test_an_answer_without_rules_comes_from_a_server_that_does_not_replicate() -> None:
    """Ceph RGW answers 200 with nothing but `{Role: ""}`."""
    assert first_read(CONTROL).required == "ReplicationConfiguration.Rules"


def test_the_order_of_rules_means_nothing() -> None:
    rules = [{"ID": name, "Status": "Enabled", "Filter": {}, "Destination": {"Bucket": COPY}} for name in ("a", "b")]
    assert state_of(CONTROL, {"ReplicationConfiguration": {"Role": ROLE, "Rules": rules}}) == state_of(
        CONTROL, {"ReplicationConfiguration": {"Role": ROLE, "Rules": rules[::-1]}}
    )


DECLARED = [
    pytest.param({}, {}, id="the least"),
    pytest.param({"status": "Disabled", "priority": 5}, {"Status": "Disabled", "Priority": 5}, id="status, priority"),
    pytest.param({"filter": {"prefix": "x/"}}, {"Filter": {"Prefix": "x/"}}, id="prefix"),
    pytest.param({"filter": {"tags": {"a": "b"}}}, {"Filter": {"Tags": {"a": "b"}}}, id="tag"),
    pytest.param(
        {"filter": {"prefix": "x/", "tags": {"a": "b", "c": "d"}}},
        {"Filter": {"Prefix": "x/", "Tags": {"a": "b", "c": "d"}}},
        id="prefix and tags",
    ),
    pytest.param({"deleteMarkerReplication": "Enabled"}, {"DeleteMarkerReplication": ON}, id="delete markers"),
    pytest.param(
        {"replicaModifications": "Enabled"},
        {"SourceSelectionCriteria": {"ReplicaModifications": ON}},
        id="replica modifications",
    ),
    pytest.param({"replicaModifications": "Disabled", "sseKmsEncryptedObjects": "Disabled"}, {}, id="criteria off"),
    pytest.param(
        {"sseKmsEncryptedObjects": "Enabled", "destination": {"replicaKmsKeyId": KEY}},
        {
            "SourceSelectionCriteria": {"SseKmsEncryptedObjects": ON},
            "Destination": {"Bucket": COPY, "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}},
        },
        id="KMS",
    ),
    pytest.param(
        {"destination": {"replicaKmsKeyId": KEY}},
        {"Destination": {"Bucket": COPY, "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}}},
        id="key without KMS objects",
    ),
    pytest.param({"existingObjectReplication": "Enabled"}, {"ExistingObjectReplication": ON}, id="existing objects"),
    pytest.param(
        {"destination": {"account": "444455556666", "ownerOverride": "Destination", "storageClass": "GLACIER_IR"}},
        {
            "Destination": {
                "Bucket": COPY,
                "Account": "444455556666",
                "AccessControlTranslation": {"Owner": "Destination"},
                "StorageClass": "GLACIER_IR",
            }
        },
        id="another owner and class",
    ),
    pytest.param(
        {"destination": {"replicationTime": True}},
        {
            "Destination": {
                "Bucket": COPY,
                "ReplicationTime": ON | {"Time": {"Minutes": 15}},
                "Metrics": ON | {"EventThreshold": {"Minutes": 15}},
            }
        },
        id="time control brings metrics, both with 15 minutes",
    ),
    pytest.param(
        {"destination": {"metrics": True}},
        {"Destination": {"Bucket": COPY, "Metrics": ON}},
        id="metrics alone have no threshold",
    ),
    pytest.param({"destination": {"replicationTime": False, "metrics": False}}, {}, id="neither"),
    pytest.param(
        {"filter": {"not": {"prefixes": ["tmp/"]}}}, {"Filter": {"Not": {"Prefixes": ["tmp/"]}}}, id="all but a prefix"
    ),
    pytest.param(
        {"filter": {"not": {"tags": [{"key": "a", "value": "b"}]}}},
        {"Filter": {"Not": {"Tags": [{"Key": "a", "Value": "b"}]}}},
        id="all but a tag",
    ),
    pytest.param(
        {
            "filter": {
                "prefix": "x/",
                "not": {"prefixes": ["x/b", "x/a"], "tags": [{"key": "a", "value": "c"}, {"key": "a"}]},
            }
        },
        {
            "Filter": {
                "Prefix": "x/",
                "Not": {
                    "Prefixes": ["x/a", "x/b"],
                    "Tags": [{"Key": "a", "Value": ""}, {"Key": "a", "Value": "c"}],
                },
            }
        },
        id="a prefix but several parts and tags of it",
    ),
    pytest.param(
        {"destination": {"useSourceMultiRegionKey": "Enabled"}, "sseKmsEncryptedObjects": "Enabled"},
        {
            "SourceSelectionCriteria": {"SseKmsEncryptedObjects": ON},
            "Destination": {"Bucket": COPY, "EncryptionConfiguration": {"UseSourceMultiRegionKey": ON}},
        },
        id="the related key of the destination's region",
    ),
    pytest.param({"destination": {"useSourceMultiRegionKey": "Disabled"}}, {}, id="no related key"),
]


@pytest.mark.parametrize(("declared", "canonical"), DECLARED)
def test_every_field_is_taken_over(declared: dict[str, Any], canonical: dict[str, Any]) -> None:
    assert CONTROL.desired(context(spec(rule(**declared))), ABSENT) == state(a=BASE | canonical)


@pytest.mark.parametrize(("declared", "canonical"), DECLARED)
def test_what_is_put_reads_back_as_it_was_meant_and_nothing_is_left_to_do(
    declared: dict[str, Any], canonical: dict[str, Any]
) -> None:
    asked = context(spec(rule(**declared), rule("b", priority=9)))
    desired = CONTROL.desired(asked, ABSENT)
    (call,) = CONTROL.calls(asked, ABSENT, desired)
    assert problems_of(call) == []
    answer = state_of(CONTROL, call.parameters)
    assert answer == desired
    assert CONTROL.desired(asked, answer) == answer


def test_a_declared_rule_goes_beside_kept_ones_under_the_declared_role() -> None:
    """A configuration has one role for all its rules."""
    asked = context(spec(rule()), origin=Origin.ADOPTED)
    observed = state(OTHER_ROLE, theirs=FOREIGN, a=FOREIGN)
    assert CONTROL.desired(asked, observed) == state(ROLE, theirs=FOREIGN, a=BASE)
    assert CONTROL.kept(asked, observed) == ("theirs",)


def test_kept_rules_of_version_1_stay_in_version_1_while_they_are_alone() -> None:
    observed = state(theirs=FOREIGN_V1)
    assert CONTROL.desired(context(origin=Origin.ADOPTED), observed) == observed


def test_kept_rules_of_version_1_are_said_in_version_2_beside_a_declared_one() -> None:
    asked = context(spec(rule()), origin=Origin.ADOPTED)
    desired = CONTROL.desired(asked, state(theirs=FOREIGN_V1))
    assert desired.rules["theirs"] == {
        "Status": "Enabled",
        "Priority": 1,
        "Filter": {"Prefix": "old/"},
        "DeleteMarkerReplication": ON,
        "Destination": FOREIGN_V1["Destination"],
    }
    assert CONTROL.desired(asked, desired) == desired


def test_a_replica_target_has_no_replication_of_its_own() -> None:
    """The rules of the API forbid it, so only a spec that never passed them gets here."""
    asked = context(spec(rule()))
    target = replace(asked, spec=asked.spec.model_copy(update={"role": Role.REPLICA_TARGET}))
    assert CONTROL.desired(target, ABSENT) == ABSENT
    assert CONTROL.facts(target, state(a=BASE)) == ()


def test_a_configuration_of_which_nothing_is_left_is_deleted() -> None:
    assert CONTROL.calls(context(), state(a=BASE), ABSENT) == (Call("delete_bucket_replication"),)


def test_a_role_without_rules_is_no_configuration() -> None:
    """So nothing that is not there is ever deleted."""
    assert CONTROL.desired(context(spec()), ABSENT) == ABSENT


def test_a_difference_names_the_one_rule() -> None:
    assert fields_of(state(a=BASE)) == {"role": ROLE, "rules[a]": BASE}


def test_destination_and_key_are_asked_for_once_when_a_change_is_due() -> None:
    declared = [rule(destination={"replicaKmsKeyId": KEY}), rule("b", {"replicaKmsKeyId": KEY}, priority=1)]
    assert CONTROL.facts(context(spec(*declared)), ABSENT)[:3] == (
        BucketQuery("copy", ACCOUNT),
        KmsKeyQuery(KEY, "eu-west-1"),
        KeyInUseQuery(KEY, "", ACCOUNT, rotation=False, policy=True),
    )


def test_nothing_is_asked_when_nothing_is_to_be_changed() -> None:
    asked = context(spec(rule(destination={"replicaKmsKeyId": KEY})))
    assert CONTROL.facts(asked, CONTROL.desired(asked, ABSENT)) == ()


def test_one_priority_for_two_rules_is_refused_kept_ones_included() -> None:
    asked = context(spec(rule(priority=7)), origin=Origin.ADOPTED)
    observed = state(theirs=FOREIGN)
    failure = CONTROL.refuse(asked, observed, CONTROL.desired(asked, observed))
    assert failure is not None
    assert failure.reason == "ReplicationPriorityTaken"
    assert "rules a and theirs both have priority 7" in failure.message


def test_rules_of_version_1_have_no_priority_to_collide() -> None:
    observed = state(one=FOREIGN_V1, two=FOREIGN_V1)
    assert CONTROL.refuse(context(origin=Origin.ADOPTED), observed, observed) is None


def test_a_destination_without_versioning_is_refused() -> None:
    unversioned = OtherBucket("copy", "eu-west-1", object_lock=False, versioning="")
    asked = context(spec(rule()), facts={BucketQuery("copy", ACCOUNT): unversioned})
    failure = CONTROL.refuse(asked, ABSENT, CONTROL.desired(asked, ABSENT))
    assert failure is not None
    assert failure.reason == "ReplicationDestinationNotVersioned"


def test_versioning_comes_first() -> None:
    assert "versioning" in CONTROL.requires


def test_replication_itself_deletes_nothing() -> None:
    assert CONTROL.risk(context(), state(a=BASE), ABSENT) is Risk.NONE


@pytest.mark.parametrize(
    ("role", "observed", "result"),
    [
        ("Data", state(a=BASE), Result.PASS),
        ("Data", state(a=FOREIGN_V1), Result.PASS),
        ("Data", state(a=BASE | {"Status": "Disabled"}), Result.FAIL),
        ("Data", ABSENT, Result.FAIL),
        ("LogTarget", ABSENT, Result.FAIL),
        ("ReplicaTarget", ABSENT, Result.NOT_APPLICABLE),
    ],
)
def test_replicated(role: str, observed: ReplicationState, result: Result) -> None:
    (check,) = CONTROL.checks
    assert check.judge(subject(role), observed).result is result
