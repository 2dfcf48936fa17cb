import threading

import pytest
from tests.dispatch.clock import Clock
from tests.fleet.bodies import profile_body
from tests.kube.polling import until

from securebucket.engine.request import Profile
from securebucket.fleet.profiles import NoProfile, Profiles
from securebucket.model.api_error import ApiError, ForbiddenError
from securebucket.model.failure import Failure


class Reader:
    """Gives profiles, and counts how often it is asked."""

    def __init__(self, **bodies):
        self.bodies = bodies
        self.asked = 0
        self.fails = None
        self.held = threading.Event()
        self.held.set()

    def get_profile(self, name):
        self.asked += 1
        self.held.wait(10)
        if self.fails:
            raise self.fails
        return self.bodies.get(name)


@pytest.fixture
def clock():
    return Clock()


def test_a_profile_is_read_once_a_minute(clock):
    reader = Reader(production=profile_body(region="eu-west-1"))
    profiles = Profiles(reader.get_profile, clock)
    for _ in range(10):
        found = profiles.find("production")
        clock.advance(5)
    assert isinstance(found, Profile)
    assert (found.name, found.spec.region) == ("production", "eu-west-1")
    assert reader.asked == 1
    clock.advance(15)
    profiles.find("production")
    assert reader.asked == 2


def test_a_dropped_profile_is_read_anew(clock):
    reader = Reader(production=profile_body(region="eu-west-1"))
    profiles = Profiles(reader.get_profile, clock)
    profiles.find("production")
    reader.bodies["production"] = profile_body(region="eu-west-2")
    profiles.drop("production")
    assert profiles.find("production").spec.region == "eu-west-2"


def test_a_profile_that_changes_while_it_is_read_is_not_kept(clock):
    """Else a revoked profile could be used for another minute."""
    reader = Reader(production=profile_body())
    profiles = Profiles(reader.get_profile, clock)
    reader.held.clear()
    asking = threading.Thread(target=profiles.find, args=("production",))
    asking.start()
    until(lambda: reader.asked == 1)
    profiles.drop("production")
    reader.held.set()
    asking.join(5)
    profiles.find("production")
    assert reader.asked == 2


def test_many_passes_ask_one_question(clock):
    reader = Reader(production=profile_body())
    profiles = Profiles(reader.get_profile, clock)
    reader.held.clear()
    threads = [threading.Thread(target=profiles.find, args=("production",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    until(lambda: reader.asked == 1)
    reader.held.set()
    for thread in threads:
        thread.join(5)
    assert reader.asked == 1


def test_an_absent_profile_is_said_to_be_absent(clock):
    assert Profiles(Reader().get_profile, clock).find("production") == NoProfile("production")


def test_an_invalid_profile_is_a_failure_that_names_the_field(clock):
    found = Profiles(Reader(production=profile_body(regoin="eu-west-1")).get_profile, clock).find("production")
    assert isinstance(found, Failure)
    assert found.reason == "InvalidProfile"
    assert "regoin" in found.message
    assert not found.retry


def test_a_profile_that_was_stored_before_a_rule_came_is_found(clock):
    reader = Reader(production=profile_body(defaults={"tags": {"tagSet": {"r&d": "yes"}}}))
    found = Profiles(reader.get_profile, clock).find("production")
    assert isinstance(found, Profile)
    assert found.spec.defaults.tags.tag_set == {"r&d": "yes"}


def test_a_profile_that_may_not_be_read_is_a_failure_that_names_the_right(clock):
    reader = Reader()
    reader.fails = ForbiddenError(403, "Forbidden", "no", "get")
    found = Profiles(reader.get_profile, clock).find("production")
    assert isinstance(found, Failure)
    assert "get on bucketprofiles.securebucket.io" in found.message


def test_a_silent_api_server_ends_the_pass(clock):
    """Going on without the profile would act with the operator's own identity."""
    reader = Reader()
    reader.fails = ApiError(503, "ServiceUnavailable", "", "get")
    with pytest.raises(ApiError):
        Profiles(reader.get_profile, clock).find("production")
