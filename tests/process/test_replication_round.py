"""A replica that leads has replication measured, and a standby does not."""

from dataclasses import dataclass, field

import pytest
from tests.kube.polling import until
from tests.process.running import RunningOperator, settings_for

from securebucket.process.vitals import Parts


@dataclass
class FakeSurvey:
    """Notes whether it might go on, each time that it is to measure."""

    rounds: list[bool] = field(default_factory=list)

    def run(self, going):
        self.rounds.append(going())


class Measuring(RunningOperator):
    """A running operator that has replication measured."""

    def __init__(self, settings):
        self.survey = FakeSurvey()
        super().__init__(settings)

    def _assemble(self, vitals):
        parts = super()._assemble(vitals)
        return Parts(parts.engine, parts.observer, parts.requested, parts.close, replication=self.survey)


@pytest.fixture
def start(kubeconfig):
    started = []

    def begin():
        started.append(Measuring(settings_for(kubeconfig, account_delay=0.05)))
        return started[-1]

    yield begin
    for running in started:
        running.stop()


def test_the_leader_measures_and_a_standby_does_not(start):
    leader = start()
    until(leader.leads)
    standby = start()
    until(lambda: leader.survey.rounds == [True])
    assert standby.survey.rounds == []
    leader.stop()
    until(lambda: standby.survey.rounds == [True])
