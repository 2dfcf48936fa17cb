"""What people ask of the operator by annotation, and what waits for them."""

import datetime as dt

import pytest
from botocore.exceptions import ClientError
from tests.e2e.polling import until
from tests.e2e.team import Team, condition, state

from securebucket_dev.s3.recorder import Recorder

pytestmark = pytest.mark.usefixtures("operator")


def test_a_plan_waits_for_its_approval(team: Team, recorder: Recorder) -> None:
    team.apply(mode="Plan")
    body = team.until(lambda body: body.get("status", {}).get("plan"))
    assert condition(body, "Ready")["reason"] == "ApprovalRequired"
    assert team.buckets() == []
    assert not [call for call in recorder.writes if call.bucket == team.bucket()]
    steps = body["status"]["plan"]["steps"]
    assert (steps[0]["control"], steps[0]["call"]) == ("bucket", "CreateBucket")
    team.annotate(approve=body["status"]["plan"]["hash"])
    assert "plan" not in team.until_ready()["status"]
    assert team.buckets() == [team.bucket()]


def test_an_approval_of_another_plan_approves_nothing(team: Team) -> None:
    team.apply(mode="Plan")
    team.until(lambda body: body.get("status", {}).get("plan"))
    team.annotate(approve="0123456789abcdef")
    body = team.check_now()
    assert condition(body, "Ready")["reason"] == "ApprovalRequired"
    assert team.buckets() == []


def test_a_risky_step_waits_even_in_mode_enforce(team: Team) -> None:
    team.apply_ready()
    team.apply(versioning={"status": "Suspended"}, tags={"tagSet": {"a": "b"}})
    body = team.until(lambda body: body.get("status", {}).get("plan"))
    assert {each["risk"] for each in body["status"]["plan"]["steps"]} == {"data-loss"}
    assert state(body, "versioning") == "Pending"
    assert team.bucket_tags()["a"] == "b"  # what has no risk is done
    assert team.s3.get_bucket_versioning(Bucket=team.bucket())["Status"] == "Enabled"
    team.annotate(approve=body["status"]["plan"]["hash"])
    team.until_ready()
    assert team.s3.get_bucket_versioning(Bucket=team.bucket())["Status"] == "Suspended"


def test_a_paused_object_is_looked_at_and_left_alone(team: Team) -> None:
    team.apply_ready()
    team.annotate(paused="true")
    team.s3.delete_public_access_block(Bucket=team.bucket())
    body = team.check_now()
    assert state(body, "publicAccessBlock") == "Drifted"
    assert condition(body, "InSync")["status"] == "False"
    with pytest.raises(ClientError, match="NoSuchPublicAccessBlockConfiguration"):
        team.s3.get_public_access_block(Bucket=team.bucket())
    team.annotate(paused=None)
    team.until(lambda body: state(body, "publicAccessBlock") == "Corrected")


def test_a_pause_ends_by_itself(team: Team) -> None:
    team.apply_ready()
    team.annotate(paused=(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=4)).isoformat())
    team.s3.delete_public_access_block(Bucket=team.bucket())
    assert state(team.check_now(), "publicAccessBlock") == "Drifted"
    team.until(lambda body: state(body, "publicAccessBlock") == "Corrected")
    assert all(team.s3.get_public_access_block(Bucket=team.bucket())["PublicAccessBlockConfiguration"].values())


def test_a_pause_with_an_unreadable_end_pauses_and_says_so(team: Team) -> None:
    team.apply_ready()
    team.annotate(paused="tomorrow")
    until(lambda: any(each["reason"] == "InvalidAnnotation" for each in team.events()))
    team.s3.delete_public_access_block(Bucket=team.bucket())
    assert state(team.check_now(), "publicAccessBlock") == "Drifted"


def test_a_request_for_a_pass_is_echoed(team: Team) -> None:
    team.apply_ready()
    team.annotate(reconcile_at="at once, please")
    body = team.until(lambda body: body["status"].get("lastHandledReconcileAt"))
    assert body["status"]["lastHandledReconcileAt"] == "at once, please"
    assert body["metadata"]["generation"] == 1


def test_observe_tells_and_does_not_touch(team: Team, recorder: Recorder) -> None:
    team.s3.create_bucket(Bucket=team.bucket())
    body = team.apply_ready(mode="Observe")
    assert state(body, "versioning") == "Drifted"
    assert condition(body, "InSync")["status"] == "False"
    assert not [call for call in recorder.writes if call.bucket == team.bucket()]
