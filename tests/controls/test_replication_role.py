"""The role that S3 copies as: what it takes, and what is told where it cannot copy."""

from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, bucket, context, subject

from securebucket.controls.replication import ReplicationControl, ReplicationState
from securebucket.controls.replication_role import TRUST, needs_of, query_of
from securebucket.model.copying_role import CopyingRole
from securebucket.model.failure import Failure
from securebucket.model.flow import Answer, NeverConfigured, Read, drive
from securebucket.model.verdict import Result

CONTROL = ReplicationControl()
ROLE = f"arn:aws:iam::{ACCOUNT}:role/service/copier"
KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"
ON = {"Status": "Enabled"}
PLAIN: dict[str, Any] = {"Status": "Enabled", "Filter": {}, "Destination": {"Bucket": "arn:aws:s3:::copy"}}
GOOD = CopyingRole(exists=True, trust=TRUST, lacks=())
SPEC = {"replication": {"role": ROLE, "rules": [{"id": "all", "destination": {"bucket": "arn:aws:s3:::copy"}}]}}
ABSENT = ReplicationState()


def actions(rule: dict[str, Any], resource: str = "arn:aws:s3:::copy/*") -> set[str]:
    return {action for action, of in needs_of(bucket(), [rule]) if of == resource}


@pytest.mark.parametrize(
    ("more", "needed"),
    [
        ({}, {"s3:ReplicateObject", "s3:ReplicateTags"}),
        (
            {"DeleteMarkerReplication": ON},
            {"s3:ReplicateObject", "s3:ReplicateTags", "s3:ReplicateDelete"},
        ),
        (
            {"Destination": {**PLAIN["Destination"], "AccessControlTranslation": {"Owner": "Destination"}}},
            {"s3:ReplicateObject", "s3:ReplicateTags", "s3:ObjectOwnerOverrideToBucketOwner"},
        ),
        ({"Status": "Disabled"}, set()),
    ],
    ids=["plain", "deletes", "another owner", "off"],
)
def test_what_a_rule_takes_at_its_destination(more: dict[str, Any], needed: set[str]) -> None:
    assert actions(PLAIN | more) == needed


def test_encrypted_copies_take_their_key() -> None:
    rule = PLAIN | {
        "SourceSelectionCriteria": {"SseKmsEncryptedObjects": ON},
        "Destination": {**PLAIN["Destination"], "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}},
    }
    assert actions(rule, KEY) == {"kms:Encrypt"}


def test_the_source_is_read() -> None:
    assert actions(PLAIN, "arn:aws:s3:::acme-invoices") == {"s3:GetReplicationConfiguration", "s3:ListBucket"}
    assert "s3:GetObjectVersionForReplication" in actions(PLAIN, "arn:aws:s3:::acme-invoices/*")


@pytest.mark.parametrize(
    ("role", "options"),
    [
        ("arn:aws:iam::444455556666:role/theirs", {}),
        ("", {}),
        (ROLE, {"account_id": ""}),
        (ROLE, {"compatible": True}),
    ],
    ids=["of another account", "none", "a server without accounts", "a store that is not AWS"],
)
def test_a_role_that_cannot_be_read_is_not_asked_for(role: str, options: dict[str, Any]) -> None:
    assert query_of(bucket(**options), role, {"all": PLAIN}) is None


def refused(found: Any, observed: ReplicationState = ABSENT) -> Failure | None:
    situation = context(SPEC)
    desired = CONTROL.desired(situation, observed)
    query = query_of(situation.bucket, desired.role, desired.rules)
    assert query is not None
    assert query in CONTROL.facts(situation, observed)
    return CONTROL.refuse(replace(situation, facts={query: found}), observed, desired)


def trusting(**elements: Any) -> CopyingRole:
    (statement,) = TRUST["Statement"]
    return replace(GOOD, trust={**TRUST, "Statement": [{**statement, **elements}]})


@pytest.mark.parametrize(
    ("found", "reason", "says"),
    [
        (CopyingRole(exists=False, trust={}, lacks=()), "ReplicationRoleMissing", "there is no role"),
        (replace(GOOD, trust={}), "ReplicationRoleNotTrusting", "s3.amazonaws.com"),
        (trusting(Principal={"Service": "ec2.amazonaws.com"}), "ReplicationRoleNotTrusting", "trust policy"),
        (trusting(Action="sts:TagSession"), "ReplicationRoleNotTrusting", "trust policy"),
        (
            trusting(Condition={"StringEquals": {"aws:SourceAccount": "444455556666"}}),
            "ReplicationRoleNotTrusting",
            "trust policy",
        ),
        (
            replace(GOOD, lacks=(("s3:ReplicateObject", "arn:aws:s3:::copy/*"), ("kms:Encrypt", KEY))),
            "ReplicationRoleLacks",
            "s3:ReplicateObject on arn:aws:s3:::copy/* (rule all); kms:Encrypt on",
        ),
    ],
    ids=["missing", "no trust", "trusts another service", "another action", "for another account", "rights"],
)
def test_what_keeps_a_role_from_copying_is_named_and_tried_again(found: CopyingRole, reason: str, says: str) -> None:
    failure = refused(found)
    assert failure is not None
    assert (failure.reason, failure.retry) == (reason, True)
    assert says in failure.message


@pytest.mark.parametrize(
    "found",
    [
        GOOD,
        trusting(Condition={"ArnLike": {"aws:SourceArn": "arn:aws:s3:::acme-*"}}),
        trusting(Principal={"Service": ["s3.amazonaws.com", "batchoperations.s3.amazonaws.com"]}),
        replace(GOOD, unasked=Failure("AccessDenied", "denied")),
        Failure("AccessDenied", "denied"),
    ],
    ids=["all is well", "for these buckets", "one of two services", "rights not readable", "not readable"],
)
def test_what_is_not_known_to_be_wrong_is_no_reason(found: Any) -> None:
    assert refused(found) is None


@pytest.mark.parametrize(
    "there",
    [
        {"theirs": PLAIN},
        {"all": PLAIN | {"Destination": {"Bucket": "arn:aws:s3:::evil"}}},
        {"all": PLAIN | {"Filter": {"Prefix": "other/"}}},
    ],
    ids=["a rule of others", "our rule, copying elsewhere", "our rule, copying something else"],
)
def test_what_copies_already_is_corrected_whatever_the_role_can_do(there: dict[str, Any]) -> None:
    """Else whoever takes a right from the role could keep a way out open."""
    assert refused(CopyingRole(exists=False, trust={}, lacks=()), ReplicationState(ROLE, there)) is None


def test_rules_that_copy_nothing_yet_wait_for_the_role() -> None:
    off = ReplicationState(ROLE, {"all": PLAIN | {"Status": "Disabled"}})
    assert refused(CopyingRole(exists=False, trust={}, lacks=()), off) is not None


def test_the_verdict_looks_at_the_role_each_time() -> None:
    (check,) = CONTROL.checks
    state = ReplicationState(ROLE, {"all": PLAIN})
    looked = subject(observed={"replication": state})
    (query,) = check.asks(looked)
    missing = CopyingRole(exists=False, trust={}, lacks=())
    assert check.judge(replace(looked, facts={query: GOOD}), state).result is Result.PASS
    assert check.judge(replace(looked, facts={query: missing}), state).result is Result.FAIL
    assert check.judge(looked, state).result is Result.PASS


ROLE_ANSWER = {"Role": {"Arn": ROLE, "AssumeRolePolicyDocument": TRUST}}


def told(role: Answer, simulated: Answer) -> Any:
    query = query_of(bucket(), ROLE, {"all": PLAIN})
    assert query is not None

    def ask(read: Read) -> Answer:
        return role if read.operation == "get_role" else simulated

    return drive(query.observe(), ask).observation


def result(action: str, resource: str, decision: str, missing: list[str] | None = None) -> dict[str, Any]:
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": decision,
        "MissingContextValues": missing or [],
    }


def test_a_role_that_is_gone_is_told() -> None:
    assert told(NeverConfigured(), {}).exists is False


def test_what_iam_denies_and_copying_takes_is_lacking() -> None:
    copy = ("s3:ReplicateObject", "arn:aws:s3:::copy/*")
    answers = [
        result(*copy, "implicitDeny"),
        result("s3:ReplicateTags", "arn:aws:s3:::copy/*", "allowed"),
        result("s3:ReplicateObject", "arn:aws:s3:::acme-invoices", "implicitDeny"),
        result("s3:ListBucket", "arn:aws:s3:::acme-invoices", "implicitDeny", ["aws:SourceVpc"]),
        result("s3:GetReplicationConfiguration", "arn:aws:s3:::acme-invoices", "explicitDeny"),
    ]
    assert told(ROLE_ANSWER, {"EvaluationResults": answers}).lacks == (copy,)


def test_a_deny_names_its_statement() -> None:
    """A server that knows no wildcards says explicitDeny to all that it does not find, as LocalStack does."""
    action = ("s3:ListBucket", "arn:aws:s3:::acme-invoices")
    denied = {**result(*action, "explicitDeny"), "MatchedStatements": [{"SourcePolicyId": "deny"}]}
    assert told(ROLE_ANSWER, {"EvaluationResults": [denied]}).lacks == (action,)


def test_a_simulation_that_is_denied_says_nothing_against_the_role() -> None:
    denied = Failure("AccessDenied", "denied")
    assert told(ROLE_ANSWER, denied) == CopyingRole(exists=True, trust=TRUST, lacks=(), unasked=denied)
