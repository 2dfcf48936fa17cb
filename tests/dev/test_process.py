"""A child process: its life and its end, and the control plane that is made of two."""

import signal
import subprocess
import sys
import time

import psutil
import pytest

from securebucket_dev.kube.assets import Assets
from securebucket_dev.kube.controlplane import ControlPlane, ControlPlaneError
from securebucket_dev.kube.identity import User
from securebucket_dev.process import ChildProcess, ServerError

PARENT = """
import pathlib, sys, time
from securebucket_dev.process import ChildProcess
child = ChildProcess("sleeper", ["sleep", "60"], pathlib.Path(sys.argv[1]))
child.start()
print(child.pid, flush=True)
time.sleep(60)
"""


def await_disappearance(pid: int) -> None:
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def test_a_paused_child_ends_without_force(tmp_path):
    child = ChildProcess("sleeper", ["sleep", "60"], tmp_path / "log")
    child.start()
    pid = child.pid
    child.pause()
    started = time.monotonic()
    child.stop(seconds=30)
    assert time.monotonic() - started < 20
    assert not psutil.pid_exists(pid)


def test_a_child_that_ignores_the_signal_ends_by_force(tmp_path):
    child = ChildProcess("stubborn", ["sh", "-c", "trap '' TERM; echo deaf; sleep 60 & wait; wait"], tmp_path / "log")
    child.start()
    pid = child.pid
    deadline = time.monotonic() + 20
    while "deaf" not in child.tail():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (sleeper,) = psutil.Process(pid).children()
    child.stop(seconds=0.1)
    assert not psutil.pid_exists(pid)
    sleeper.kill()


def test_a_child_dies_with_its_parent_even_if_that_was_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, tmp_path / "log"], stdout=subprocess.PIPE, text=True)
    with parent:
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    await_disappearance(pid)


def test_a_child_that_ended_by_itself_is_reported_with_the_end_of_its_log(tmp_path):
    child = ChildProcess("faulty", ["sh", "-c", "echo no room left; exit 3"], tmp_path / "log")
    child.start()
    await_disappearance(child.pid)
    with pytest.raises(ServerError, match=r"faulty ended with code 3\. Its log ends:\nno room left"):
        child.check()
    child.stop()


def test_a_running_child_is_not_started_twice(tmp_path):
    child = ChildProcess("sleeper", ["sleep", "60"], tmp_path / "log")
    child.start()
    with pytest.raises(RuntimeError, match="Stop it first"):
        child.start()
    child.stop()


def test_a_program_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(ServerError, match="Is no-such-program installed"):
        ChildProcess("missing", ["no-such-program"], tmp_path / "log").start()


def test_a_child_that_does_not_answer_in_time_is_an_error(tmp_path):
    child = ChildProcess("silent", ["sleep", "60"], tmp_path / "log")
    child.start()
    try:
        with pytest.raises(ServerError, match=r"silent did not answer within 0.1 s"):
            child.await_answer(lambda: False, 0.1)
    finally:
        child.stop()


def test_a_child_that_ends_instead_of_answering_is_an_error_at_once(tmp_path):
    child = ChildProcess("broken", ["sh", "-c", "echo no such port; exit 3"], tmp_path / "log")
    child.start()
    with pytest.raises(ServerError, match=r"ended with code 3. Its log ends:\nno such port"):
        child.await_answer(lambda: False, 20)
    child.stop()


def test_the_exit_code_is_known_after_the_end_and_not_before(tmp_path):
    child = ChildProcess("killed", ["sleep", "60"], tmp_path / "log")
    child.start()
    assert child.exit_code is None
    with pytest.raises(ServerError, match=r"killed has not ended within 0\.1 s"):
        child.await_end(0.1)
    child.signal(signal.SIGKILL)
    assert child.await_end(20) == child.exit_code == -signal.SIGKILL
    child.stop()


def test_a_child_has_the_environment_and_the_folder_that_it_is_given(tmp_path):
    child = ChildProcess(
        "telling", ["sh", "-c", "pwd; env"], tmp_path / "log", folder=tmp_path, environment={"ONLY": "this"}
    )
    child.start()
    child.await_end(20)
    child.stop()
    folder, *variables = child.tail().splitlines()
    assert folder == str(tmp_path)
    assert {each.partition("=")[0] for each in variables} <= {"ONLY", "PWD", "SHLVL", "_", "OLDPWD"}


def test_a_stopped_child_cannot_be_paused(tmp_path):
    with pytest.raises(RuntimeError, match="Start it first"):
        ChildProcess("sleeper", ["sleep", "60"], tmp_path / "log").pause()


def test_a_control_plane_that_fails_to_start_says_why_and_leaves_nothing(tmp_path):
    (tmp_path / "etcd").write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
    (tmp_path / "kube-apiserver").write_text("#!/bin/sh\nexec sleep 60\n")
    for program in ("etcd", "kube-apiserver"):
        (tmp_path / program).chmod(0o755)
    before = psutil.Process().children()
    control_plane = ControlPlane(Assets(tmp_path))
    with pytest.raises(ServerError, match=r"etcd ended with code 1\. Its log ends:\nthe disk is full"):
        control_plane.__enter__()
    assert not control_plane.authority.parent.exists()
    assert psutil.Process().children() == before


@pytest.mark.parametrize("names", [("jane", "jane"), ("admin",)])
def test_users_with_one_name_are_refused(tmp_path, names):
    with pytest.raises(ControlPlaneError, match="a name of its own"):
        ControlPlane(Assets(tmp_path), users=[User(name) for name in names])
