"""The election against a Lease in memory, with a clock that moves only when told; test_operator has the API's own."""

import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.dispatch.clock import Clock

from securebucket.model.api_error import ApiError, ConflictError, MissingError
from securebucket.process.lease import Elector, Terms, own_identity


@dataclass
class LeaseInMemory:
    """One Lease with the API server's conflicts; `fails` is raised by every request, `takes` is its time."""

    clock: Clock
    lease: dict[str, Any] = field(default_factory=dict)
    version: int = 0
    fails: ApiError | None = None
    takes: float = 0.0
    timeouts: list[float] = field(default_factory=list)

    def get(self, *, timeout):
        self._meet(timeout)
        return self.lease or None

    def create(self, spec, *, timeout):
        self._meet(timeout)
        if self.lease:
            raise ConflictError(409, "AlreadyExists", "", "create")
        return self._store(spec)

    def update(self, lease, *, timeout):
        self._meet(timeout)
        if not self.lease:
            raise MissingError(404, "NotFound", "", "update")
        if lease["metadata"] != self.lease["metadata"]:
            raise ConflictError(409, "Conflict", "", "update")
        return self._store(lease["spec"])

    def _meet(self, timeout):
        self.timeouts.append(timeout)
        self.clock.advance(min(self.takes, timeout))
        if self.takes > timeout:
            raise ApiError(0, "ReadTimeoutError", "", "")
        if self.fails:
            raise self.fails

    def _store(self, spec):
        self.version += 1
        self.lease = {"metadata": {"resourceVersion": str(self.version)}, "spec": dict(spec)}
        return self.lease

    @property
    def holder(self):
        return self.lease["spec"].get("holderIdentity")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def lease(clock):
    return LeaseInMemory(clock)


def elector(lease, name="a"):
    return Elector(lease, name, lambda: None, lambda: None, clock=lease.clock)


DOWN = ApiError(503, "ServiceUnavailable", "", "")


def test_the_first_gets_the_lease(lease, clock):
    a = elector(lease)
    assert a.step()
    assert a.leading()
    assert a.expires_at() == clock() + 15
    assert lease.holder == "a"


def test_the_second_does_not(lease):
    a, b = elector(lease, "a"), elector(lease, "b")
    a.step()
    assert not b.step()
    assert not b.leading()
    assert not b.may_write()


def test_a_holder_that_renews_is_never_overtaken(lease, clock):
    a, b = elector(lease, "a"), elector(lease, "b")
    for _ in range(30):
        a.step()
        b.step()
        clock.advance(2)
        assert a.leading()
        assert not b.leading()


def test_a_holder_that_is_gone_is_followed_after_the_duration(lease, clock):
    a, b = elector(lease, "a"), elector(lease, "b")
    a.step()
    b.step()
    clock.advance(14.9)
    assert not b.step()
    clock.advance(0.1)
    assert b.step()
    assert lease.lease["spec"]["leaseTransitions"] == 1


def test_only_what_is_seen_locally_counts_not_the_times_in_the_lease(lease, clock):
    """Clocks differ between nodes: a holder whose clock is an hour slow must not lose its Lease."""
    a, b = elector(lease, "a"), elector(lease, "b")
    a.step()
    lease.lease["spec"]["renewTime"] = "2000-01-01T00:00:00.000000Z"
    assert not b.step()


def test_nothing_is_written_in_the_last_two_seconds(lease, clock):
    a = elector(lease)
    a.step()
    clock.advance(12.9)
    assert a.may_write()
    clock.advance(0.1)
    assert not a.may_write()
    assert a.leading()


def test_the_lease_counts_from_before_the_request(lease, clock):
    """The server may have stored it at the beginning of a slow request."""
    lease.takes = 1.0
    a = elector(lease)
    began = clock()
    a.step()
    assert clock() > began
    assert a.expires_at() == began + 15


def test_what_others_hold_counts_from_after_the_request(lease, clock):
    """The holder may have renewed while we asked."""
    a, b = elector(lease, "a"), elector(lease, "b")
    a.step()
    lease.takes = 4.0
    b.step()
    lease.takes = 0.0
    clock.advance(14.9)
    assert not b.step()


def test_a_released_lease_is_free_at_once(lease):
    a, b = elector(lease, "a"), elector(lease, "b")
    a.step()
    a.stop(release=True)
    assert not a.leading()
    assert "holderIdentity" not in lease.lease["spec"]
    assert b.step()


def test_without_a_release_the_lease_stays(lease):
    a = elector(lease)
    a.step()
    a.stop(release=False)
    assert not a.may_write()
    assert lease.holder == "a"


def test_a_standby_does_not_release_what_it_does_not_hold(lease):
    a, b = elector(lease, "a"), elector(lease, "b")
    a.step()
    b.step()
    b.stop(release=True)
    assert lease.holder == "a"


def test_a_deleted_lease_is_lost_at_once(lease):
    """Another replica may create its own in the next moment."""
    a = elector(lease)
    a.step()
    lease.lease = {}
    a.step()
    assert not a.leading()


def test_a_stolen_lease_is_lost_at_once(lease):
    a = elector(lease)
    a.step()
    lease._store({"holderIdentity": "b"})
    a.step()  # the write conflicts
    a.step()  # the look says whose it is
    assert not a.leading()


def test_a_conflict_of_a_write_by_somebody_else_is_survived(lease, clock):
    a = elector(lease)
    a.step()
    lease._store({**lease.lease["spec"], "renewTime": "edited"})
    assert not a.step()
    assert a.step()
    assert a.leading()


def test_a_hung_renewal_does_not_outlive_the_deadline(lease, clock):
    a = elector(lease)
    a.step()
    lease.takes = 60.0
    began = clock()
    while not a._overdue():
        a.step()
        clock.advance(2.0)
    assert clock() - began <= 12.0  # the deadline, and one pause
    assert min(lease.timeouts[2:]) < 5.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["a", "b", "c", "wait", "pause", "down", "up", "release"]), max_size=60))
def test_two_never_may_write_at_once(steps):
    """Whatever fails in whatever order; the pause is a process that stands still, such as a suspended machine."""
    clock = Clock()
    lease = LeaseInMemory(clock)
    replicas = {name: elector(lease, name) for name in "abc"}
    for step in steps:
        if step in replicas:
            replicas[step].step()
        elif step == "wait":
            clock.advance(2.0)
        elif step == "pause":
            clock.advance(11.0)
        elif step == "release":
            for each in replicas.values():
                if each.leading():
                    each.stop(release=True)
        else:
            lease.fails = DOWN if step == "down" else None
        assert sum(each.may_write() for each in replicas.values()) <= 1


def test_the_thread_tells_of_winning_and_of_losing_once(lease):
    won, lost = threading.Event(), threading.Event()
    quick = Terms(duration=0.6, deadline=0.4, period=0.05, call=0.1, margin=0.1)
    a = Elector(LeaseInMemory(Clock()), "a", won.set, lost.set, quick)
    a.start()
    assert won.wait(5)
    a.leases.fails = DOWN
    assert lost.wait(5)
    assert not a.leading()
    a.stop(release=True)


def test_a_lease_that_somebody_emptied_is_taken_and_renewed_as_any_other(lease):
    lease.lease = {"metadata": {"resourceVersion": "0"}}
    a = elector(lease)
    assert a.step()
    lease.lease = {"metadata": lease.lease["metadata"], "spec": None}
    a._lease = {}
    assert not a.step()
    assert not a.leading()


def test_a_replica_that_cannot_take_over_says_so_and_ends():
    """It would hold the Lease for good, and work never."""
    clock = Clock(0.0)
    lost = threading.Event()
    elector = Elector(LeaseInMemory(clock), "a", lambda: 1 // 0, lost.set, clock=clock)
    elector.start()
    assert lost.wait(10)
    elector.stop(release=False)


def test_one_that_is_stopped_tries_no_more():
    won = threading.Event()
    quick = Terms(period=0.01)
    lease = LeaseInMemory(Clock())
    a = Elector(lease, "a", won.set, lambda: None, quick)
    before = set(threading.enumerate())
    a.start()
    assert won.wait(10)
    a.stop(release=True)
    assert "elector" not in {each.name for each in set(threading.enumerate()) - before}
    assert "holderIdentity" not in lease.lease["spec"]


def test_who_leads_is_known_to_all_who_look(lease, clock):
    a, b = elector(lease, "a"), elector(lease, "b")
    assert (a.leader(), b.leader()) == ("", "")
    a.step()
    b.step()
    assert (a.leader(), b.leader()) == ("a", "a")


def test_each_process_has_a_name_of_its_own_that_says_which_pod_it_is(monkeypatch):
    monkeypatch.setenv("POD_NAME", "operator-0")
    first, second = own_identity(), own_identity()
    assert first != second
    assert {each.rpartition("_")[0] for each in (first, second)} == {"operator-0"}
