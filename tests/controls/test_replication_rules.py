from typing import Any

import pytest

from securebucket.controls.replication_rules import canonical_rule, in_one_version, write_rule

BUCKET = {"Bucket": "arn:aws:s3:::copy"}
ON, OFF = {"Status": "Enabled"}, {"Status": "Disabled"}
RTC = {"Status": "Enabled", "Time": {"Minutes": 15}}
KEY = {"ReplicaKmsKeyID": "arn:aws:kms:eu-west-1:111122223333:key/1"}
V1 = {"Status": "Enabled", "Prefix": "", "Destination": BUCKET}
V2 = {
    "Status": "Enabled",
    "Priority": 0,
    "Filter": {},
    "DeleteMarkerReplication": OFF,
    "Destination": BUCKET,
}


def destination(**members: Any) -> dict[str, Any]:
    return {"Destination": BUCKET | members}


@pytest.mark.parametrize(
    ("answered", "canonical"),
    [
        pytest.param({"Filter": {}}, V2, id="empty filter"),
        pytest.param({"Filter": {"Prefix": ""}}, V2, id="empty prefix"),
        pytest.param({"Filter": {"Prefix": "x/"}}, V2 | {"Filter": {"Prefix": "x/"}}, id="prefix"),
        pytest.param(
            {"Filter": {"And": {"Prefix": "x/", "Tags": [{"Key": "a", "Value": "b"}]}}},
            V2 | {"Filter": {"Prefix": "x/", "Tags": {"a": "b"}}},
            id="prefix and tag",
        ),
        pytest.param({"Filter": {}, "Priority": 3}, V2 | {"Priority": 3}, id="priority"),
        pytest.param(
            {"Filter": {}, "DeleteMarkerReplication": ON}, V2 | {"DeleteMarkerReplication": ON}, id="delete markers"
        ),
        pytest.param({"Prefix": "x/"}, V1 | {"Prefix": "x/"}, id="version 1"),
        pytest.param({"Prefix": ""}, V1, id="version 1 without prefix"),
        pytest.param({}, V1, id="neither is version 1 as well"),
        pytest.param({"Filter": {}, "SourceSelectionCriteria": {}}, V2, id="empty criteria"),
        pytest.param(
            {"Filter": {}, "SourceSelectionCriteria": {"SseKmsEncryptedObjects": OFF, "ReplicaModifications": OFF}},
            V2,
            id="criteria that are off",
        ),
        pytest.param(
            {"Filter": {}, "SourceSelectionCriteria": {"SseKmsEncryptedObjects": ON, "ReplicaModifications": OFF}},
            V2 | {"SourceSelectionCriteria": {"SseKmsEncryptedObjects": ON}},
            id="one criterion is on",
        ),
        pytest.param({"Filter": {}, "ExistingObjectReplication": OFF}, V2, id="existing objects off"),
        pytest.param(
            {"Filter": {}, "ExistingObjectReplication": ON},
            V2 | {"ExistingObjectReplication": ON},
            id="existing objects on",
        ),
        pytest.param(
            {"Filter": {}} | destination(ReplicationTime=RTC | OFF, Metrics=OFF), V2, id="time control and metrics off"
        ),
        pytest.param(
            {"Filter": {}} | destination(ReplicationTime=RTC, Metrics=ON | {"EventThreshold": {"Minutes": 15}}),
            V2 | destination(ReplicationTime=RTC, Metrics=ON | {"EventThreshold": {"Minutes": 15}}),
            id="time control on",
        ),
        pytest.param({"Filter": {}} | destination(Metrics=ON), V2 | destination(Metrics=ON), id="metrics alone"),
        pytest.param(
            {"Filter": {}} | destination(EncryptionConfiguration={"ReplicaKmsKeyID": ""}, StorageClass="", Account=""),
            V2,
            id="empty members of the destination",
        ),
        pytest.param({"Filter": {}, "Future": {"Days": 3}}, V2 | {"Future": {"Days": 3}}, id="a member not known here"),
    ],
)
def test_one_meaning_has_one_form(answered: dict[str, Any], canonical: dict[str, Any]) -> None:
    assert canonical_rule({"ID": "a", "Status": "Enabled", "Destination": BUCKET} | answered) == canonical


def test_version_2_is_written_with_everything_that_it_must_have() -> None:
    """S3 answers MalformedXML to a filter without Priority and DeleteMarkerReplication."""
    assert write_rule("a", V2) == V2 | {"ID": "a", "Filter": {"Prefix": ""}}


def test_version_1_is_written_as_it_was() -> None:
    """S3 refuses a priority in it: "Priority cannot be used for this version of … configuration schema"."""
    assert write_rule("a", V1) == V1 | {"ID": "a"}


@pytest.mark.parametrize(
    ("criteria", "written"),
    [
        ({}, {"SseKmsEncryptedObjects": OFF}),
        ({"SseKmsEncryptedObjects": ON}, {"SseKmsEncryptedObjects": ON}),
        ({"ReplicaModifications": ON}, {"SseKmsEncryptedObjects": OFF, "ReplicaModifications": ON}),
    ],
)
def test_a_key_for_copies_never_goes_without_saying_whether_kms_objects_are_copied(
    criteria: dict[str, Any], written: dict[str, Any]
) -> None:
    """S3 refuses it else: "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present"."""
    rule = V2 | destination(EncryptionConfiguration=KEY) | ({"SourceSelectionCriteria": criteria} if criteria else {})
    document = write_rule("a", rule)
    assert document["SourceSelectionCriteria"] == written
    assert canonical_rule(document) == rule


@pytest.mark.parametrize("rules", [{}, {"a": V1, "b": V1 | {"Prefix": "x/"}}, {"a": V2}])
def test_rules_of_one_version_stay_as_they_are(rules: dict[str, Any]) -> None:
    assert in_one_version(rules) == rules


def test_version_1_beside_version_2_is_said_in_version_2_with_the_same_meaning() -> None:
    """One rule of version 1 makes S3 refuse all of version 2; version 1 copies the delete markers that users make."""
    mixed = {"old": V1, "new": V2 | {"Priority": 1}, "older": V1 | {"Prefix": "x/"}}
    assert in_one_version(mixed) == {
        "new": V2 | {"Priority": 1},
        "old": V2 | {"Priority": 0, "DeleteMarkerReplication": ON},
        "older": V2 | {"Priority": 2, "DeleteMarkerReplication": ON, "Filter": {"Prefix": "x/"}},
    }
