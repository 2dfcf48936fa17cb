"""Access logging: many ways to write one setting, and targets that S3 accepts and never delivers to."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.controls.builders import ACCOUNT, REGION, context, state_of, subject

from securebucket.controls.access_logging import OFF, LoggingControl, LoggingState
from securebucket.model.acl import AclGrant
from securebucket.model.failure import Failure
from securebucket.model.log_target import LogTarget, LogTargetQuery
from securebucket.model.verdict import Result

CONTROL = LoggingControl()
QUERY = LogTargetQuery("acme-logs", ACCOUNT)
SIMPLE = LoggingState("acme-logs", "", "SimplePrefix")
BY_EVENT = LoggingState("acme-logs", "", "PartitionedPrefix", "EventTime")
BY_DELIVERY = LoggingState("acme-logs", "", "PartitionedPrefix", "DeliveryTime")
GRANTS = frozenset(
    {AclGrant("partner-id", "READ"), AclGrant("http://acs.amazonaws.com/groups/s3/LogDelivery", "WRITE")}
)
TARGET = {"logging": {"targetBucket": "acme-logs"}}
LETS_IN = {
    "Sid": "Logs",
    "Effect": "Allow",
    "Principal": {"Service": "logging.s3.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::acme-logs/*",
    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
}


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


GOOD = LogTarget(
    "acme-logs",
    REGION,
    "AES256",
    object_lock=False,
    requester_pays=False,
    acls_off=True,
    group_writes=False,
    policy=policy(LETS_IN),
)


def _answer(**members: Any) -> dict[str, Any]:
    return {"LoggingEnabled": {"TargetBucket": "acme-logs", "TargetPrefix": "", **members}}


@pytest.mark.parametrize(
    ("response", "state"),
    [
        pytest.param(None, OFF, id="never configured"),
        pytest.param({}, OFF, id="off is 200 with nothing in it"),
        pytest.param({"LoggingEnabled": {}}, OFF, id="an empty target is off"),
        pytest.param(_answer(), SIMPLE, id="no key format is the simple one"),
        pytest.param(_answer(TargetObjectKeyFormat={}), SIMPLE, id="an empty key format is the simple one"),
        pytest.param(_answer(TargetObjectKeyFormat={"SimplePrefix": {}}), SIMPLE, id="the simple key format, said"),
        pytest.param(
            _answer(TargetObjectKeyFormat={"PartitionedPrefix": {}}), BY_EVENT, id="no date source is the event's time"
        ),
        pytest.param(
            _answer(TargetObjectKeyFormat={"PartitionedPrefix": None}), BY_EVENT, id="no structure at all, as it may be"
        ),
        pytest.param(
            _answer(TargetObjectKeyFormat={"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}),
            BY_EVENT,
            id="the event's time, said",
        ),
        pytest.param(
            _answer(TargetObjectKeyFormat={"PartitionedPrefix": {"PartitionDateSource": "DeliveryTime"}}),
            BY_DELIVERY,
            id="the delivery's time",
        ),
        pytest.param({"LoggingEnabled": {"TargetBucket": "acme-logs"}}, SIMPLE, id="no prefix is an empty one"),
        pytest.param(
            _answer(
                TargetPrefix="a/",
                TargetGrants=[
                    {
                        "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                        "Permission": "WRITE",
                    },
                    {
                        "Grantee": {"Type": "CanonicalUser", "ID": "partner-id", "DisplayName": "partner"},
                        "Permission": "READ",
                    },
                ],
            ),
            replace(SIMPLE, target_prefix="a/", target_grants=GRANTS),
            id="grants",
        ),
    ],
)
def test_parse(response: Any, state: LoggingState) -> None:
    assert state_of(CONTROL, response) == state


@pytest.mark.parametrize(
    ("spec", "observed", "desired"),
    [
        pytest.param({}, OFF, OFF, id="undeclared stays off"),
        pytest.param({}, BY_EVENT, BY_EVENT, id="undeclared stays as it is"),
        pytest.param({"logging": {"enabled": False}}, BY_EVENT, OFF, id="declared off"),
        pytest.param({"logging": {"enabled": False}}, OFF, OFF, id="declared off where it is off"),
        pytest.param(TARGET, OFF, SIMPLE, id="a target alone"),
        pytest.param(TARGET, replace(BY_EVENT, target_grants=GRANTS), SIMPLE, id="what was declared is all there is"),
        pytest.param(
            {"logging": {"targetBucket": "acme-logs", "targetObjectKeyFormat": {"partitionedPrefix": {}}}},
            OFF,
            BY_EVENT,
            id="partitioned",
        ),
        pytest.param(
            {
                "logging": {
                    "enabled": True,
                    "targetBucket": "acme-logs",
                    "targetPrefix": "a/",
                    "targetGrants": [
                        {"grantee": {"type": "CanonicalUser", "id": "partner-id"}, "permission": "READ"},
                        {
                            "grantee": {"type": "Group", "uri": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                            "permission": "WRITE",
                        },
                    ],
                }
            },
            OFF,
            replace(SIMPLE, target_prefix="a/", target_grants=GRANTS),
            id="everything",
        ),
    ],
)
def test_desired(spec: dict[str, Any], observed: LoggingState, desired: LoggingState) -> None:
    assert CONTROL.desired(context(spec), observed) == desired


def test_off_is_an_empty_status_since_there_is_no_delete() -> None:
    (call,) = CONTROL.calls(context(), SIMPLE, OFF)
    assert (call.operation, call.parameters) == ("put_bucket_logging", {"BucketLoggingStatus": {}})


@pytest.mark.parametrize(
    ("desired", "target"),
    [
        pytest.param(SIMPLE, {"TargetBucket": "acme-logs", "TargetPrefix": ""}, id="an empty prefix is sent"),
        pytest.param(
            BY_DELIVERY,
            {
                "TargetBucket": "acme-logs",
                "TargetPrefix": "",
                "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "DeliveryTime"}},
            },
            id="partitioned",
        ),
        pytest.param(
            replace(SIMPLE, target_grants=GRANTS),
            {
                "TargetBucket": "acme-logs",
                "TargetPrefix": "",
                "TargetGrants": [
                    {
                        "Grantee": {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/s3/LogDelivery"},
                        "Permission": "WRITE",
                    },
                    {"Grantee": {"Type": "CanonicalUser", "ID": "partner-id"}, "Permission": "READ"},
                ],
            },
            id="grants",
        ),
    ],
)
def test_calls(desired: LoggingState, target: dict[str, Any]) -> None:
    (call,) = CONTROL.calls(context(), OFF, desired)
    assert call.parameters == {"BucketLoggingStatus": {"LoggingEnabled": target}}


@pytest.mark.parametrize(
    ("spec", "observed", "asked"),
    [
        pytest.param(TARGET, OFF, (QUERY,), id="a change is due"),
        pytest.param(TARGET, SIMPLE, (), id="nothing to do"),
        pytest.param({}, SIMPLE, (), id="undeclared"),
        pytest.param({"logging": {"enabled": False}}, SIMPLE, (), id="turning off needs no target"),
        pytest.param({"logging": {"targetBucket": "acme-invoices"}}, OFF, (), id="itself needs no look"),
    ],
)
def test_the_target_is_looked_at_only_when_it_is_about_to_be_used(
    spec: dict[str, Any], observed: LoggingState, asked: tuple[LogTargetQuery, ...]
) -> None:
    assert CONTROL.facts(context(spec), observed) == asked


@pytest.mark.parametrize(
    ("fact", "reason", "retry"),
    [
        pytest.param(GOOD, None, False, id="a good target"),
        pytest.param(replace(GOOD, region=""), None, False, id="a server that tells no region"),
        pytest.param(replace(GOOD, sse_algorithm=""), None, False, id="encryption that could not be read"),
        pytest.param(None, None, False, id="not looked at: S3 itself decides"),
        pytest.param(replace(GOOD, region="us-east-1"), "LogTargetInOtherRegion", False, id="other region"),
        pytest.param(replace(GOOD, sse_algorithm="aws:kms"), "LogTargetEncryptedWithKms", False, id="KMS"),
        pytest.param(replace(GOOD, sse_algorithm="aws:kms:dsse"), "LogTargetEncryptedWithKms", False, id="DSSE"),
        pytest.param(replace(GOOD, object_lock=True), "LogTargetObjectLock", False, id="Object Lock"),
        pytest.param(replace(GOOD, requester_pays=True), "LogTargetRequesterPays", False, id="Requester Pays"),
        pytest.param(replace(GOOD, policy=""), "LogTargetClosed", True, id="no policy"),
        pytest.param(replace(GOOD, policy="", acls_off=False, group_writes=True), None, False, id="let in by the ACL"),
        pytest.param(replace(GOOD, policy=Failure("AccessDenied", "denied")), None, False, id="a policy not readable"),
        pytest.param(
            Failure("BucketMissing", "there is none", retry=True), "LogTargetMissing", True, id="not there yet"
        ),
        pytest.param(Failure("AccessDenied", "denied"), "AccessDenied", False, id="somebody else's"),
        pytest.param(Failure("Throttled", "throttled", retry=True), "Throttled", True, id="throttled"),
    ],
)
def test_refusals(fact: Any, reason: str | None, retry: bool) -> None:
    situation = context(TARGET, facts={} if fact is None else {QUERY: fact})
    failure = CONTROL.refuse(situation, OFF, SIMPLE)
    assert (failure.reason if failure else None) == reason
    assert (failure.retry if failure else False) is retry
    assert failure is None or failure.message.startswith("spec.logging.targetBucket")


GRANTEES = {
    "logging": {
        "targetBucket": "acme-logs",
        "targetGrants": [{"grantee": {"type": "CanonicalUser", "id": "partner-id"}, "permission": "READ"}],
    }
}


def test_grants_on_logs_are_refused_where_the_target_has_no_acls() -> None:
    situation = context(GRANTEES, facts={QUERY: GOOD})
    failure = CONTROL.refuse(situation, OFF, CONTROL.desired(situation, OFF))
    assert failure is not None
    assert failure.reason == "LogTargetWithoutAcls"


def test_a_closed_target_is_told_the_statement_that_opens_it() -> None:
    failure = CONTROL.refuse(context(TARGET, facts={QUERY: replace(GOOD, policy="")}), OFF, SIMPLE)
    assert failure is not None
    statement = json.loads(failure.message[failure.message.index("{") :])
    opened = replace(GOOD, policy=policy(statement))
    assert CONTROL.refuse(context(TARGET, facts={QUERY: opened}), OFF, SIMPLE) is None


def test_a_target_whose_own_pass_opens_it_is_not_waited_for() -> None:
    """S3 itself says whether it is open already, and is asked again."""
    closed = {QUERY: replace(GOOD, policy="")}
    promised = replace(context(TARGET, facts=closed), promised=frozenset({"acme-logs"}))
    assert CONTROL.refuse(promised, OFF, SIMPLE) is None
    denied = replace(promised, facts={QUERY: replace(GOOD, policy=policy(DENY_UNSIGNED))})
    failure = CONTROL.refuse(denied, OFF, SIMPLE)
    assert failure is not None
    assert failure.reason == "LogTargetDenies"


DENY_UNSIGNED = {
    "Sid": "DenyUnencryptedUploads",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:PutObject",
    "Resource": "arn:aws:s3:::acme-logs/*",
    "Condition": {"Null": {"s3:x-amz-server-side-encryption": "true"}},
}
DENY_OLD_TLS = DENY_UNSIGNED | {"Sid": "OldTls", "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.3"}}}
REFERENCE = {"logging": {"targetBucketRef": {"name": "logs", "namespace": "platform"}}}


def test_a_reference_to_an_object_without_a_bucket_is_tried_again() -> None:
    situation = context(REFERENCE)
    desired = CONTROL.desired(situation, OFF)
    assert CONTROL.facts(situation, OFF) == ()
    failure = CONTROL.refuse(situation, OFF, desired)
    assert failure is not None
    assert (failure.reason, failure.retry) == ("LogTargetNotFound", True)
    assert "platform/logs" in failure.message


def test_a_bucket_does_not_log_into_itself() -> None:
    situation = context({"logging": {"targetBucket": "acme-invoices"}})
    failure = CONTROL.refuse(situation, OFF, CONTROL.desired(situation, OFF))
    assert failure is not None
    assert failure.reason == "LogTargetIsItself"


def test_turning_off_is_never_refused() -> None:
    """Not even when the target is gone, which may be why it is turned off."""
    gone = Failure("BucketMissing", "there is none", retry=True)
    assert CONTROL.refuse(context({"logging": {"enabled": False}}, facts={QUERY: gone}), SIMPLE, OFF) is None


@pytest.mark.parametrize(
    ("role", "state", "result"),
    [
        ("Data", SIMPLE, Result.PASS),
        ("Data", OFF, Result.FAIL),
        ("ReplicaTarget", OFF, Result.FAIL),
        ("LogTarget", OFF, Result.NOT_APPLICABLE),
    ],
)
def test_verdict(role: str, state: LoggingState, result: Result) -> None:
    (check,) = CONTROL.checks
    assert check.judge(replace(subject(role), facts={QUERY: GOOD}), state).result is result


@pytest.mark.parametrize(
    ("fact", "result", "says"),
    [
        (GOOD, Result.PASS, "is logged to acme-logs"),
        (replace(GOOD, policy=""), Result.FAIL, "do not arrive"),
        (replace(GOOD, policy=policy(LETS_IN, DENY_UNSIGNED)), Result.FAIL, "DenyUnencryptedUploads"),
        (replace(GOOD, sse_algorithm="aws:kms"), Result.FAIL, "encrypts with aws:kms"),
        (replace(GOOD, policy=Failure("AccessDenied", "denied")), Result.UNKNOWN, "not known"),
        (replace(GOOD, policy="", group_writes=Failure("Throttled", "busy", True)), Result.UNKNOWN, "busy"),
        (replace(GOOD, policy=policy(LETS_IN, DENY_OLD_TLS)), Result.UNKNOWN, "cannot be judged here"),
        (Failure("BucketMissing", "there is none"), Result.FAIL, "does not exist"),
        (Failure("AccessDenied", "denied"), Result.UNKNOWN, "could not be looked at"),
    ],
    ids=["good", "closed", "denied", "KMS", "unreadable policy", "unreadable ACL", "doubt", "gone", "unreadable"],
)
def test_the_verdict_looks_at_the_other_end(fact: Any, result: Result, says: str) -> None:
    (check,) = CONTROL.checks
    looked = replace(subject(), observed={"logging": SIMPLE}, facts={QUERY: fact})
    assert check.asks(looked) == (QUERY,)
    verdict = check.judge(looked, SIMPLE)
    assert verdict.result is result
    assert says in verdict.because
