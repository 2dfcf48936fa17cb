"""Laws of bad luck and bad input, on a real server: each has its reason and a remedy, and holds up nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.laws.register import SUBJECTS
from tests.laws.stage import Stage
from tests.laws.surroundings import localised, make_bucket
from tests.laws.tenant import Tenant

from securebucket.aws.edge import Aws
from securebucket.controls import CONTROLS
from securebucket_dev.s3.fault import ALWAYS

READS = {control.name: control.documents()[0] for control in CONTROLS if control.name != "tags"}
DEFAULT_WRITES = {name: subject.written_at_first for name, subject in SUBJECTS.items() if subject.written_at_first}
"""What a new bucket on LocalStack needs."""


def others(made: Any, control: str) -> set[str]:
    """Give the states of all controls but one."""
    return {state for name, state in made.states.items() if name != control}


def told(tenant: Tenant, condition: str) -> str:
    return next(each.message for each in tenant.status.conditions if each.type == condition)


# reads


@pytest.mark.parametrize("control", READS)
def test_what_may_not_be_read_is_unknown_and_not_written(localstack_stage: Stage, control: str) -> None:
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.fail(READS[control], 403, "AccessDenied", bucket=tenant.bucket, times=ALWAYS)
    made = tenant.run()
    assert (made.control(control).state, made.control(control).reason) == ("Unknown", "AccessDenied")
    assert others(made, control) == {"InSync"}
    assert set(made.writes) == {"CreateBucket", *DEFAULT_WRITES.values()} - {DEFAULT_WRITES.get(control)}
    assert tenant.condition("Ready") == "Unknown AccessDenied"
    assert tenant.condition("Stalled") == "True AccessDenied"
    assert "securebucket iam-policy" in told(tenant, "Ready")
    assert tenant.run().changed is False

    localstack_stage.recorder.heal()
    assert set(tenant.run().states.values()) == {"InSync"}
    assert tenant.condition("Ready") == "True Verified"


@pytest.mark.parametrize("control", READS)
def test_a_read_that_drops_is_tried_again_and_nothing_is_written_meanwhile(
    localstack_stage: Stage, control: str
) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    localstack_stage.recorder.drop(READS[control], bucket=tenant.bucket, times=3)
    made = tenant.run()
    assert (made.writes, others(made, control)) == ((), {"InSync"})
    if next(each for each in CONTROLS if each.name == control).read_in_turn:
        assert made.control(control).state == "InSync"  # the reading before holds for a while
    else:
        assert (made.control(control).state, made.control(control).reason) == ("Unknown", "EndpointUnreachable")
        assert tenant.condition("Reconciling") == "True EndpointUnreachable"
    assert tenant.run().states[control] == "InSync"


def test_the_verdicts_of_what_was_not_read_are_unknown(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    before = tenant.status.compliance
    localstack_stage.recorder.fail("GetPublicAccessBlock", 403, "AccessDenied", bucket=tenant.bucket)
    tenant.run()
    assert before is not None
    assert tenant.status.compliance is not None
    assert (before.unknown, tenant.status.compliance.unknown) == (0, 1)
    assert tenant.condition("Compliant") == "Unknown ChecksUnknown"


# writes

WRITE_FAULTS = {
    "throttled": ((503, "SlowDown"), "Throttled", "Reconciling"),
    "busy": ((409, "OperationAborted"), "OperationAborted", "Reconciling"),
    "broken": ((500, "InternalError"), "ServerError", "Reconciling"),
    "denied": ((403, "AccessDenied"), "AccessDenied", "Stalled"),
    "refused": ((400, "MalformedXML"), "Rejected", "Stalled"),
}


@pytest.mark.parametrize(
    ("control", "fault"),
    [("policy", fault) for fault in WRITE_FAULTS] + [(control, "throttled") for control in DEFAULT_WRITES],
)
def test_a_write_that_fails_stops_no_other(localstack_stage: Stage, control: str, fault: str) -> None:
    (status, code), reason, condition = WRITE_FAULTS[fault]
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.fail(DEFAULT_WRITES[control], status, code, bucket=tenant.bucket, times=ALWAYS)
    made = tenant.run()
    assert (made.control(control).state, made.control(control).reason) == ("Failed", reason)
    assert others(made, control) == {"InSync"}
    assert tenant.condition(condition) == f"True {reason}"
    assert tenant.condition("Ready") == f"False {reason}"
    localstack_stage.recorder.heal()
    assert set(tenant.run().states.values()) == {"InSync"}


def test_one_throttled_answer_is_nobodys_business(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.fail("*", 503, "SlowDown", bucket=tenant.bucket, times=2)
    assert set(tenant.run().states.values()) == {"InSync"}


def test_a_write_whose_answer_is_lost_is_found_done(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.drop("PutBucketPolicy", bucket=tenant.bucket, times=3, executed=True)
    assert tenant.run().control("policy").reason == "EndpointUnreachable"
    made = tenant.run()
    assert (made.writes, set(made.states.values())) == ((), {"InSync"})


def test_a_creation_whose_answer_is_lost_is_found_done_and_ours(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.drop("CreateBucket", bucket=tenant.bucket, times=3, executed=True)
    assert tenant.run().reason == "EndpointUnreachable"
    made = tenant.run()
    assert "CreateBucket" not in made.writes
    assert set(made.states.values()) == {"InSync"}


def test_a_write_that_is_lost_on_the_way_is_made_again(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.drop("CreateBucket", bucket=tenant.bucket, times=3)
    assert tenant.run().reason == "EndpointUnreachable"
    assert set(tenant.run().states.values()) == {"InSync"}


# the whole pass


def endpoint_down(stage: Stage, tenant: Tenant) -> None:
    tenant.profile = {"endpoint": {"url": "http://127.0.0.1:9"}}


def expired(stage: Stage, tenant: Tenant) -> None:
    stage.recorder.fail("*", 400, "ExpiredToken", bucket=tenant.bucket, times=ALWAYS)


def unknown_key(stage: Stage, tenant: Tenant) -> None:
    stage.recorder.fail("*", 403, "InvalidAccessKeyId", bucket=tenant.bucket, times=ALWAYS)


def wrong_clock(stage: Stage, tenant: Tenant) -> None:
    stage.recorder.fail("*", 403, "RequestTimeTooSkewed", bucket=tenant.bucket, times=ALWAYS)


def somebody_elses(stage: Stage, tenant: Tenant) -> None:
    stage.recorder.fail("*", 403, "AccessDenied", bucket=tenant.bucket, times=ALWAYS)


def throttled(stage: Stage, tenant: Tenant) -> None:
    stage.recorder.fail("*", 503, "SlowDown", bucket=tenant.bucket, times=ALWAYS)


def other_account(stage: Stage, tenant: Tenant) -> None:
    tenant.profile = {"accountId": "999988887777"}


ENDINGS: dict[Callable[[Stage, Tenant], None], tuple[str, str, str]] = {
    endpoint_down: ("EndpointUnreachable", "Reconciling", "check the endpoint"),
    expired: ("CredentialsExpired", "Reconciling", "renew them"),
    unknown_key: ("CredentialsInvalid", "Stalled", "replace them"),
    wrong_clock: ("ClockSkewed", "Reconciling", "correct it"),
    somebody_elses: ("BucketForbidden", "Stalled", "Choose another bucketName, or grant the right"),
    throttled: ("Throttled", "Reconciling", "it is tried again"),
    other_account: ("WrongAccount", "Stalled", "correct the profile's accountId or its assumeRole"),
}


@pytest.mark.parametrize("known", [False, True], ids=["new", "converged"])
@pytest.mark.parametrize("happen", ENDINGS, ids=lambda happen: happen.__name__)
def test_each_way_to_fail_has_its_reason_and_its_remedy(
    localstack_stage: Stage, happen: Callable[[Stage, Tenant], None], *, known: bool
) -> None:
    reason, condition, remedy = ENDINGS[happen]
    tenant = Tenant(localstack_stage)
    if known:
        tenant.settle()
    before = tenant.status
    happen(localstack_stage, tenant)
    made = tenant.run()
    assert (made.reason, made.writes) == (reason, ())
    assert tenant.condition(condition) == f"True {reason}"
    assert remedy in told(tenant, "Ready")
    assert (tenant.status.bucket, tenant.status.controls) == (before.bucket, before.controls)
    assert not tenant.run().changed

    localstack_stage.recorder.heal()
    tenant.profile = {}
    assert set(tenant.run().states.values()) == {"InSync"}
    assert tenant.condition("Ready") == "True Verified"


def test_one_bucket_that_fails_holds_up_no_other(localstack_stage: Stage) -> None:
    good, bad = Tenant(localstack_stage), Tenant(localstack_stage, name="bad")
    bad.engine = good.engine
    localstack_stage.recorder.drop("*", bucket=bad.bucket, times=ALWAYS)
    assert bad.run().reason == "EndpointUnreachable"
    assert set(good.run().states.values()) == {"InSync"}


def test_a_bucket_in_another_region(localstack_stage: Stage) -> None:
    bucket = make_bucket(localstack_stage, region="eu-west-1")
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt", "region": "eu-central-1"})
    made = tenant.run()
    assert (made.reason, made.writes) == ("WrongRegion", ())
    assert "spec.region: eu-west-1" in told(tenant, "Ready")


def test_a_bucket_in_another_region_is_followed_where_none_is_declared(localstack_stage: Stage) -> None:
    bucket = make_bucket(localstack_stage, region="eu-west-1")
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt"})
    tenant.settle()
    assert tenant.status.bucket is not None
    assert tenant.status.bucket.region == "eu-west-1"


def test_every_call_demands_its_owner(localstack_stage: Stage) -> None:
    """All samples in one fleet: whatever is called, another account's bucket of the name would refuse it."""
    localstack_stage.recorder.enforce_expected_owner(localstack_stage.account)
    for control, index in (("encryption", 0), ("logging", 3), ("replication", 0), ("notifications", 0)):
        Tenant(localstack_stage, localised(localstack_stage, SUBJECTS[control].specs[index])).settle()
    missing = {
        call.operation
        for call in (*localstack_stage.recorder.reads, *localstack_stage.recorder.writes)
        if call.name.service == "s3" and call.expected_owner != localstack_stage.account
    }
    assert missing == {"CreateBucket"}, "it has no such parameter"


def test_a_bucket_that_is_another_accounts_by_now(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    localstack_stage.recorder.enforce_expected_owner("999988887777", bucket=tenant.bucket)
    made = tenant.run()
    assert (made.reason, made.writes) == ("BucketForbidden", ())


def test_an_engine_without_credentials_says_so(localstack_stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    tenant = Tenant(localstack_stage)
    tenant.engine.aws = Aws(lambda *_: None)
    made = tenant.run()
    assert (made.reason, made.calls) == ("CredentialsMissing", ())
    assert "AWS_PROFILE" in told(tenant, "Ready")
