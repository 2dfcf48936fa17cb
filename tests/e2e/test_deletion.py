"""What deleting an object does to its bucket, and what holds it up."""

import pytest
from tests.e2e.polling import until
from tests.e2e.team import Team, condition

pytestmark = pytest.mark.usefixtures("operator")

FINALIZER = "securebucket.io/bucket"


def finalizers(team: Team) -> list[str]:
    found: list[str] = team.read()["metadata"].get("finalizers", [])
    return found


def test_the_bucket_stays_and_nothing_holds_the_object_up(team: Team) -> None:
    team.apply_ready()
    assert finalizers(team) == []
    team.kubectl("delete", "sb", "invoices", "--timeout=10s")
    assert not team.exists()
    assert team.buckets() == [team.bucket()]


def test_an_empty_bucket_goes_with_its_object(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete")
    assert finalizers(team) == [FINALIZER]
    team.kubectl("delete", "sb", "invoices", "--timeout=30s")
    assert team.buckets() == []


def test_a_bucket_with_data_stays_and_says_why(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete")
    team.s3.put_object(Bucket=team.bucket(), Key="kept", Body=b"data")
    team.delete()
    stalled = condition(team.until(lambda body: condition(body, "Stalled")), "Stalled")
    assert stalled["reason"] == "BucketNotEmpty"
    assert 'annotate the object with securebucket.io/abandon: "true"' in stalled["message"]
    assert finalizers(team) == [FINALIZER]
    assert team.buckets() == [team.bucket()]


def test_an_abandoned_object_goes_and_its_bucket_stays(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete")
    team.s3.put_object(Bucket=team.bucket(), Key="kept", Body=b"data")
    team.delete()
    team.until(lambda body: condition(body, "Stalled"))
    team.annotate(abandon="true")
    team.until_gone()
    assert team.s3.get_object(Bucket=team.bucket(), Key="kept")["Body"].read() == b"data"


def test_an_emptied_bucket_is_deleted_at_last(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete", versioning={"status": "Enabled"})
    version = team.s3.put_object(Bucket=team.bucket(), Key="a", Body=b"data")["VersionId"]
    team.delete()
    team.until(lambda body: condition(body, "Stalled"))
    team.s3.delete_object(Bucket=team.bucket(), Key="a", VersionId=version)
    team.annotate(reconcile_at="now")
    team.until_gone()
    assert team.buckets() == []


def test_a_change_of_mind_takes_the_finalizer_away(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete")
    team.apply_ready(deletionPolicy="Retain")
    assert finalizers(team) == []


def test_a_finalizer_of_somebody_else_is_left_alone(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete")
    team.patch({"metadata": {"finalizers": [FINALIZER, "example.com/theirs"]}})
    team.delete()
    body = team.until(lambda body: FINALIZER not in body["metadata"]["finalizers"])
    assert body["metadata"]["finalizers"] == ["example.com/theirs"]
    team.patch({"metadata": {"finalizers": None}})
    assert not team.exists()


def test_a_pause_does_not_hold_up_the_deletion(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete")
    team.annotate(paused="true")
    team.kubectl("delete", "sb", "invoices", "--timeout=30s")
    assert team.buckets() == []


def test_a_mode_that_does_not_write_does_not_delete_either(team: Team) -> None:
    team.apply_ready(deletionPolicy="Delete")
    team.apply_ready(deletionPolicy="Delete", mode="Observe")
    team.kubectl("delete", "sb", "invoices", "--timeout=30s")
    assert team.buckets() == [team.bucket()]
    (released,) = until(lambda: [each for each in team.events() if each["reason"] == "Released"])
    assert "the mode is not Enforce" in released["note"]


def test_a_bucket_that_was_deleted_by_hand_is_not_made_again(team: Team) -> None:
    """Its data is gone: an empty bucket of the same name would hide that."""
    team.apply_ready()
    team.s3.delete_bucket(Bucket=team.bucket())
    team.annotate(reconcile_at="now")
    assert team.until_stalled()["reason"] == "BucketGone"
    assert team.buckets() == []
    assert team.read()["status"]["bucket"]["name"] == team.bucket()
