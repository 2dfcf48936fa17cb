"""The law of the first pass, on a real server: interrupted anywhere, it goes on by itself as if nothing had been.

Nothing is permitted and nothing is approved here: a step that could lose data or lock people out needs nobody's word in
a bucket that is new and empty. What cannot be taken back always waits.
"""

from pathlib import Path
from typing import Any

import pytest
from tests.api.test_examples import FILES
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import Pass, Tenant
from tests.laws.test_crashes import MOST_WRITES, stop_after
from tests.laws.test_examples import tenants_of

from securebucket.api.status import SecureBucketStatus
from securebucket_dev.s3.fault import ALWAYS

RISKY: dict[str, Any] = {
    "policy": {"allowedVpcs": ["vpc-0123456789abcdef0"]},
    "versioning": {"status": "Suspended"},
    "lifecycle": {"rules": [{"id": "expire", "expiration": {"days": 400}}]},
    "tags": {"tagSet": {"team": "payments"}},
}
"""The first three have a risk on a bucket that is in use; what was never versioned can be suspended without any."""
CREATED = 2
"""How often the right to write is asked for until the bucket is there: at each of the two looks."""
LOOKS = ("ListObjectVersions", "ListMultipartUploads")


def looks(made: Pass) -> list[str]:
    """Give the looks into the bucket."""
    return [call for call in made.s3_calls if call in LOOKS]


def waiting(made: Pass) -> set[str]:
    """Name what waits for an approval."""
    return {each.name for each in made.outcome.controls if each.reason == "ApprovalRequired"}


def go_on(tenant: Tenant, most: int = 6) -> Pass:
    """Make passes until one changes nothing; nobody approves anything."""
    for _ in range(most):
        made = tenant.run()
        if not made.writes and not made.changed:
            return made
    raise AssertionError(f"not settled: {made.writes}, {tenant.open_ends()}")


# crashes


@pytest.mark.parametrize("told", [False, True], ids=["before the status was written", "after"])
def test_a_first_pass_that_is_killed_goes_on_without_a_person(localstack_stage: Stage, *, told: bool) -> None:
    for writes in range(MOST_WRITES):
        tenant = Tenant(localstack_stage, RISKY)
        stopped = stop_after(tenant, writes)
        if not told:
            tenant.status = SecureBucketStatus()
        tenant.restart()
        go_on(tenant)
        assert (tenant.condition("Ready"), tenant.status.drift) == ("True Verified", None), f"stopped after {writes}"
        if not stopped:
            assert writes >= 6
            return
    raise AssertionError("the pass never ends")


# faults


Ends = list[dict[str, str]]
"""The state of each control of each object of an example."""


def faulty(stage: Stage, path: Path, operation: str = "", wanted: Ends | None = None) -> tuple[Ends, list[str]]:
    """Give where an example ends without a person, and what its first passes call.

    Args:
        stage: where.
        path: of the example.
        operation: the call that fails at first, on each of its buckets.
        wanted: where it should end; there are some passes until it does.
    """
    tenants = [each for each in tenants_of(stage, path) if each.spec.get("mode") != "Observe"]
    for tenant in tenants:
        for bucket in stage.plain().list_buckets(Prefix=tenant.bucket)["Buckets"]:
            stage.plain().delete_bucket(Bucket=bucket["Name"])
        if operation:
            stage.recorder.fail(operation, 503, "SlowDown", bucket=tenant.bucket, times=3)
    ends: Ends = []
    calls: dict[str, None] = {}
    for _ in range(4):
        for tenant in tenants:
            made = tenant.run().s3_calls
            calls |= dict.fromkeys(made if not ends else ())
        ends = [{each.name: each.state.value for each in tenant.status.controls} for tenant in tenants]
        if ends == wanted:
            break
    stage.recorder.heal()
    return ends, list(calls)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_call_that_fails_changes_nothing_of_where_an_example_ends(localstack_stage: Stage, path: Path) -> None:
    undisturbed, calls = faulty(localstack_stage, path)
    for call in calls:
        ends, _ = faulty(localstack_stage, path, call, undisturbed)
        assert ends == undisturbed, call


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_that_fails_for_now_is_tried_again(localstack_stage: Stage, look: str) -> None:
    tenant = Tenant(localstack_stage, RISKY)
    localstack_stage.recorder.fail(look, 503, "SlowDown", bucket=tenant.bucket, times=3)
    made = tenant.run()
    assert waiting(made) == {"policy", "lifecycle"}
    assert made.outcome.retry_after is not None
    assert tenant.condition("Reconciling") != ""
    go_on(tenant)
    assert tenant.condition("Ready") == "True Verified"


# what the bucket must be


@pytest.mark.parametrize("look", LOOKS)
def test_what_may_not_look_waits_and_says_why(localstack_stage: Stage, look: str) -> None:
    tenant = Tenant(localstack_stage, RISKY)
    localstack_stage.recorder.fail(look, 403, "AccessDenied", bucket=tenant.bucket, times=ALWAYS)
    for _ in range(2):
        made = tenant.run()
        assert waiting(made) == {"policy", "lifecycle"}
        assert look in made.control("policy").message
        assert look in next(each.message for each in tenant.status.conditions if each.type == "Ready")
    assert tenant.condition("Reconciling") == ""
    localstack_stage.recorder.heal()
    go_on(tenant)
    assert tenant.condition("Ready") == "True Verified"


@pytest.mark.parametrize("look", LOOKS)
def test_on_a_server_without_versions_or_uploads_an_interrupted_pass_goes_on_too(
    localstack_stage: Stage, look: str
) -> None:
    tenant = Tenant(localstack_stage, RISKY)
    localstack_stage.recorder.fail(look, 501, "NotImplemented", bucket=tenant.bucket, times=ALWAYS)
    localstack_stage.recorder.fail("GetBucketTagging", 503, "SlowDown", bucket=tenant.bucket, times=3)
    tenant.run()
    go_on(tenant)
    assert tenant.condition("Ready") == "True Verified"


@pytest.mark.parametrize(("code", "status"), [("NotImplemented", 501), ("MethodNotAllowed", 405)])
def test_on_a_server_without_versions_an_object_counts(localstack_stage: Stage, code: str, status: int) -> None:
    tenant = Tenant(localstack_stage, RISKY)
    localstack_stage.recorder.fail("ListObjectVersions", status, code, bucket=tenant.bucket, times=ALWAYS)
    localstack_stage.recorder.fail("GetBucketTagging", 503, "SlowDown", bucket=tenant.bucket, times=3)
    tenant.run()
    put_object(localstack_stage, tenant.bucket)
    assert waiting(tenant.run()) == {"policy", "lifecycle"}


def put_object(stage: Stage, bucket: str) -> None:
    stage.plain().put_object(Bucket=bucket, Key="a", Body=b"1")


def leave_a_delete_marker(stage: Stage, bucket: str) -> None:
    s3 = stage.plain()
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    s3.delete_object(Bucket=bucket, Key="a")


def begin_an_upload(stage: Stage, bucket: str) -> None:
    stage.plain().create_multipart_upload(Bucket=bucket, Key="a")


@pytest.mark.parametrize("fill", [put_object, leave_a_delete_marker, begin_an_upload])
def test_what_is_in_the_bucket_by_now_is_not_put_at_risk(localstack_stage: Stage, fill: Any) -> None:
    tenant = Tenant(localstack_stage, RISKY)
    stop_after(tenant, CREATED)
    fill(localstack_stage, tenant.bucket)
    tenant.restart()
    made = tenant.run()
    assert {"policy", "lifecycle"} <= waiting(made)
    assert tenant.condition("Ready") == "False ApprovalRequired"


def test_what_was_ready_once_is_not_new(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.run()
    assert tenant.condition("Ready") == "True Verified"
    tenant.declare(RISKY)
    made = tenant.run()
    assert (waiting(made), looks(made)) == ({"policy", "versioning", "lifecycle"}, [])


def test_another_spec_before_it_was_ever_ready_needs_nobody_either(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    localstack_stage.recorder.fail("GetBucketTagging", 503, "SlowDown", bucket=tenant.bucket, times=3)
    localstack_stage.recorder.fail("PutBucketVersioning", 403, "AccessDenied", bucket=tenant.bucket)
    tenant.run()
    tenant.run()
    assert tenant.status.bucket is not None
    assert tenant.status.bucket.never_ready
    tenant.declare(RISKY)
    go_on(tenant)
    assert tenant.condition("Ready") == "True Verified"
    assert tenant.status.bucket.never_ready is None


def test_what_an_older_release_left_not_ready_is_not_new(localstack_stage: Stage) -> None:
    """It wrote no marker, and may have been ready before."""
    tenant = Tenant(localstack_stage, RISKY)
    stop_after(tenant, 2)
    assert tenant.status.bucket is not None
    known = tenant.status.bucket.model_copy(update={"never_ready": None})
    tenant.status = tenant.status.model_copy(update={"bucket": known})
    made = tenant.run()
    assert "lifecycle" in waiting(made)
    assert looks(made) == []


def test_a_new_object_that_inherits_a_bucket_does_not_find_it_new(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    tenant.status, tenant.spec = SecureBucketStatus(), {**RISKY, "bucketName": tenant.bucket}
    tenant.restart()
    made = tenant.run()
    assert (waiting(made), looks(made)) == ({"policy", "versioning", "lifecycle"}, [])
    assert tenant.status.bucket is not None
    assert tenant.status.bucket.never_ready is None


def test_an_adopted_bucket_is_never_new(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {**RISKY, "bucketName": make_bucket(localstack_stage), "adoption": "Adopt"})
    made = tenant.run()
    assert (waiting(made), looks(made)) == ({"policy", "lifecycle"}, [])


@pytest.mark.parametrize("mode", ["Plan", "Observe"])
def test_no_other_mode_than_enforce_spares_an_approval(localstack_stage: Stage, mode: str) -> None:
    tenant = Tenant(localstack_stage, RISKY)
    stop_after(tenant, CREATED)
    tenant.declare({**RISKY, "mode": mode})
    made = tenant.run()
    assert (made.writes, looks(made)) == ((), [])


def test_what_is_for_good_waits_in_an_empty_bucket_too(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, {**RISKY, "versioning": {}, "objectLock": {"enabled": True}})
    assert waiting(go_on(tenant)) == {"objectLock"}


# what it costs


def test_nobody_looks_into_a_bucket_without_need(localstack_stage: Stage) -> None:
    assert looks(Tenant(localstack_stage).run()) == []


def test_the_looks_come_before_the_first_write_and_name_the_owner(localstack_stage: Stage) -> None:
    made = Tenant(localstack_stage, RISKY).run()
    assert looks(made) == list(LOOKS)
    calls = [call for call in made.calls if call.operation in LOOKS]
    assert {call.expected_owner for call in calls} == {localstack_stage.account}
    names = [call for call in made.s3_calls if call in {*LOOKS, *made.writes} and call != "CreateBucket"]
    assert names[:2] == list(LOOKS)
