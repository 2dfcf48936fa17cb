"""Whose bucket it is, when more than one could think it is theirs."""

import pytest
from tests.e2e.team import Team

from securebucket_dev.s3.recorder import Recorder

pytestmark = pytest.mark.usefixtures("operator")


def test_a_bucket_of_somebody_else_is_left_alone(team: Team, recorder: Recorder) -> None:
    team.s3.create_bucket(Bucket=team.bucket())
    team.apply()
    stalled = team.until_stalled()
    assert stalled["reason"] == "AdoptionRequired"
    assert "set spec.adoption: Adopt" in stalled["message"]
    assert not [call for call in recorder.writes if call.bucket == team.bucket()]


def test_a_bucket_is_adopted_where_the_object_says_so(team: Team) -> None:
    team.s3.create_bucket(Bucket=team.bucket())
    body = team.apply_ready(adoption="Adopt")
    assert body["status"]["bucket"]["createdByOperator"] is False
    assert team.bucket_tags()["securebucket.io/origin"] == "Adopted"


def test_of_two_objects_the_older_has_the_bucket(team: Team) -> None:
    team.apply_ready("first")
    team.apply("second", bucketName=team.bucket("first"))
    stalled = team.until_stalled("second")
    assert stalled["reason"] == "Conflict"
    assert f"belongs to the older object {team.namespace}/first" in stalled["message"]


def test_the_younger_has_its_turn_when_the_older_is_gone(team: Team) -> None:
    team.apply_ready("first")
    team.apply("second", bucketName=team.bucket("first"))
    team.until_stalled("second")
    team.delete("first")
    team.until_ready("second")
    assert team.bucket_tags("first")["securebucket.io/owner"].endswith(f"/{team.namespace}/second")
