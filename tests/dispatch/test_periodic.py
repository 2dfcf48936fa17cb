"""Something that is done again and again goes on, whatever happens, and sooner when it is woken or asks for it."""

import math
import threading

import pytest
from tests.kube.polling import until

from securebucket.dispatch.periodic import Periodic
from securebucket.model.api_error import ApiError


@pytest.fixture
def start():
    started = []

    def begin(action, interval=3600.0, **options):
        started.append(Periodic("test", interval, action, calm=0.01, **options))
        started[-1].start()
        return started[-1]

    yield begin
    for each in started:
        each.stop()


def test_it_is_called_again_and_again(start):
    calls = []
    start(lambda: calls.append(1), interval=0.01)
    until(lambda: len(calls) >= 3)


def test_it_is_called_when_it_is_woken(start):
    called = threading.Event()
    task = start(called.set)
    assert not called.wait(0.05)
    task.wake()
    assert called.wait(10)


def test_it_is_called_when_it_asks_for_it(start):
    calls = []
    task = start(lambda: calls.append(1), sooner=lambda: 0.01 if len(calls) < 3 else math.inf)
    task.wake()
    until(lambda: len(calls) == 3)


@pytest.mark.parametrize(
    "failure", [ApiError(503, "Unavailable", "", "list"), ValueError("a bug")], ids=lambda error: type(error).__name__
)
def test_it_goes_on_after_a_failure(start, failure, caplog):
    calls = []

    def fail():
        calls.append(1)
        raise failure

    start(fail, interval=0.01)
    until(lambda: len(calls) >= 2)
    assert "trying again" in caplog.text


def test_it_ends_at_once(start):
    calls = []
    task = start(lambda: calls.append(1))
    task.stop()
    until(lambda: not any(each.name == "test" for each in threading.enumerate()))
    assert calls == []


def test_a_call_that_crashed_does_not_lose_the_time_of_the_next():
    calls = []

    def crash():
        calls.append(1)
        raise RuntimeError("no")

    task = Periodic("crashing", 3600.0, crash, sooner=lambda: 0.0, first=0.0, calm=0.01)
    task.start()
    until(lambda: len(calls) >= 2)
    task.stop()


def test_a_time_that_cannot_be_told_is_no_end(caplog):
    calls = []
    task = Periodic("timeless", 3600.0, lambda: calls.append(1), sooner=lambda: 1 / 0, first=0.0, calm=0.01)
    task.start()
    until(lambda: "timeless crashed" in caplog.text)
    task.wake()
    until(lambda: len(calls) >= 2)
    task.stop()
