"""Which accounts the operator looks at, when, and as whom."""

import threading
from dataclasses import dataclass, field

import pytest
from tests.kube.polling import until
from tests.process.running import RunningOperator, settings_for

from securebucket.aws.sessions import Binding
from securebucket.dispatch.periodic import Periodic
from securebucket.process.vitals import Parts
from securebucket.scan.account_survey import AccountUse

ROLE = "arn:aws:iam::111122223333:role/securebucket"


@dataclass
class FakeSurvey:
    """Remembers what it was told to look at."""

    rounds: list[tuple[AccountUse, ...]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.gate.set()

    def run(self, uses, going):
        self.rounds.append(tuple(uses))
        while not self.gate.wait(0.05) and going():
            pass
        self.ended.set()


class Surveying(RunningOperator):
    """A running operator with a survey."""

    def __init__(self, settings, survey):
        self.survey = survey
        super().__init__(settings)

    def _assemble(self, vitals):
        parts = super()._assemble(vitals)
        return Parts(parts.engine, parts.observer, parts.requested, parts.close, self.survey)


@pytest.fixture
def start(kubeconfig):
    started = []

    def begin(*namespaces, survey=None, leading=True, **settings):
        quick = {"account_delay": 0.05, "account_interval": 0.1, **settings}
        running = Surveying(settings_for(kubeconfig, namespaces, **quick), survey or FakeSurvey())
        started.append(running)
        if leading:
            until(running.leads)
        return running

    yield begin
    for running in started:
        running.stop()


def last(running):
    """Give the bindings of the last round with what they cover."""
    rounds = list(running.survey.rounds)
    return {each.binding: each.covered for each in rounds[-1]} if rounds else {}


def test_the_accounts_of_the_profiles_in_use_are_looked_at(start, admin):
    admin.create_profile("production", region="eu-west-1", assumeRole={"arn": ROLE})
    admin.create_profile("idle", region="eu-west-2")
    admin.create_bucket("ours", spec={"profile": "production"})
    running = start()
    expected = {Binding(region="eu-west-1", role_arn=ROLE): frozenset({"ours"})}
    until(lambda: last(running) == expected)


def test_objects_without_a_profile_use_the_ambient_account(start, admin):
    admin.create_bucket("ours")
    running = start()
    until(lambda: last(running) == {Binding(): frozenset({"ours"})})


def test_buckets_of_another_server_do_not_cover(start, admin):
    admin.create_profile("ceph", region="eu-west-1", endpoint={"url": "http://ceph.example:8080"})
    admin.create_bucket("on-aws")
    admin.create_bucket("on-ceph", spec={"profile": "ceph"})
    running = start()
    ceph = Binding(region="eu-west-1", endpoint="http://ceph.example:8080")
    until(lambda: last(running) == {Binding(): frozenset({"on-aws"}), ceph: frozenset({"on-ceph"})})


def test_an_operator_of_some_namespaces_does_not_know_what_is_covered(start, admin):
    admin.create_bucket("ours")
    running = start("payments")
    until(lambda: last(running) == {Binding(): None})


def test_a_profile_that_is_missing_is_left_out(start, admin):
    admin.create_bucket("ours", spec={"profile": "no-such"})
    running = start()
    until(lambda: len(running.survey.rounds) > 1)
    assert last(running) == {}


def test_a_standby_looks_at_nothing(start, admin):
    admin.create_bucket("ours")
    leader = start()
    standby = start(leading=False)
    until(lambda: standby.operator.pulse().synced)
    until(lambda: len(leader.survey.rounds) > 2)
    assert standby.survey.rounds == []


def test_a_survey_that_hangs_delays_no_pass(start, admin):
    survey = FakeSurvey()
    survey.gate.clear()
    running = start(survey=survey)
    until(lambda: survey.rounds)
    key = admin.create_bucket("ours")
    until(lambda: running.engine.passes(key) == 1)
    survey.gate.set()


def test_a_survey_ends_with_the_process(start):
    survey = FakeSurvey()
    survey.gate.clear()
    running = start(survey=survey)
    until(lambda: survey.rounds)
    assert running.stop() == 0
    assert survey.ended.wait(5)


def test_without_account_checks_nothing_is_looked_at(kubeconfig, admin):
    key = admin.create_bucket("ours")
    running = RunningOperator(settings_for(kubeconfig, account_delay=0.01))
    until(lambda: running.engine.passes(key) == 1)
    assert not [each for each in threading.enumerate() if each.name == "accounts"]
    running.stop()


def test_a_task_can_come_sooner_the_first_time():
    calls = []
    called = threading.Event()

    def act():
        calls.append(1)
        called.set()

    task = Periodic("soon", 3600.0, act, first=0.01)
    task.start()
    assert called.wait(10)
    task.stop()
    assert calls == [1]
