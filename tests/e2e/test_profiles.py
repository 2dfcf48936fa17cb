"""Profiles: what platform teams say reaches the buckets of those whom they admit, and of nobody else."""

import pytest
from tests.e2e.team import Team, condition

pytestmark = pytest.mark.usefixtures("operator")


def test_a_changed_profile_reaches_its_buckets(team: Team) -> None:
    team.make_profile(defaults={"tags": {"tagSet": {"cost-centre": "1"}}})
    team.apply_ready(profile=team.namespace)
    team.make_profile(defaults={"tags": {"tagSet": {"cost-centre": "2"}}})
    team.until(lambda body: body["status"]["effective"]["tags"]["tagSet"] == {"cost-centre": "2"})
    assert team.bucket_tags()["cost-centre"] == "2"
    assert "drift" not in team.read()["status"]


def test_an_object_waits_for_its_profile(team: Team) -> None:
    team.apply(profile=team.namespace)
    body = team.until(lambda body: condition(body, "Ready"))
    assert condition(body, "Ready")["reason"] == "ProfileNotFound"
    assert team.buckets() == []
    team.make_profile()
    team.until_ready()


def test_a_namespace_that_is_not_admitted_gets_nothing(team: Team) -> None:
    team.make_profile(namespaces=["another-team"])
    team.apply(profile=team.namespace)
    stalled = team.until_stalled()
    assert stalled["reason"] == "ProfileForbidden"
    assert f"does not admit namespace {team.namespace}" in stalled["message"]
    assert team.buckets() == []


def test_a_bucket_below_the_floor_is_refused_by_the_name_of_its_field(team: Team) -> None:
    team.make_profile(floor={"requireTls": True})
    team.apply(profile=team.namespace, policy={"requireTls": False})
    stalled = team.until_stalled()
    assert stalled["reason"] == "BelowFloor"
    assert stalled["message"].startswith("spec.policy.requireTls is below the floor")
    assert team.buckets() == []
