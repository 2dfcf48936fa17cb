"""A server process of the control plane: its life and its end."""

import signal
import subprocess
import sys
import time

import psutil
import pytest

from securebucket_dev.kube.assets import Assets
from securebucket_dev.kube.controlplane import ControlPlane, ControlPlaneError
from securebucket_dev.kube.daemon import Daemon, DaemonExitedError
from securebucket_dev.kube.identity import User

PARENT = """
import pathlib, sys, time
from securebucket_dev.kube.daemon import Daemon
daemon = Daemon("sleeper", ["sleep", "60"], pathlib.Path(sys.argv[1]))
daemon.start()
print(daemon.pid, flush=True)
time.sleep(60)
"""


def await_end(pid: int) -> None:
    deadline = time.monotonic() + 20
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline, f"process {pid} is still there"
        time.sleep(0.02)


def test_a_paused_daemon_ends_without_force(tmp_path):
    daemon = Daemon("sleeper", ["sleep", "60"], tmp_path / "log")
    daemon.start()
    pid = daemon.pid
    daemon.pause()
    started = time.monotonic()
    daemon.stop(seconds=30)
    assert time.monotonic() - started < 20
    assert not psutil.pid_exists(pid)


def test_a_daemon_that_ignores_the_signal_ends_by_force(tmp_path):
    daemon = Daemon("stubborn", ["sh", "-c", "trap '' TERM; echo deaf; sleep 60 & wait; wait"], tmp_path / "log")
    daemon.start()
    pid = daemon.pid
    deadline = time.monotonic() + 20
    while "deaf" not in daemon.tail():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    (sleeper,) = psutil.Process(pid).children()
    daemon.stop(seconds=0.1)
    assert not psutil.pid_exists(pid)
    sleeper.kill()


def test_a_daemon_dies_with_its_parent_even_if_that_was_killed(tmp_path):
    parent = subprocess.Popen([sys.executable, "-c", PARENT, tmp_path / "log"], stdout=subprocess.PIPE, text=True)
    with parent:
        pid = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)
    await_end(pid)


def test_a_daemon_that_ended_by_itself_is_reported_with_the_end_of_its_log(tmp_path):
    daemon = Daemon("faulty", ["sh", "-c", "echo no room left; exit 3"], tmp_path / "log")
    daemon.start()
    await_end(daemon.pid)
    with pytest.raises(DaemonExitedError, match=r"faulty ended with code 3\. Its log ends:\nno room left"):
        daemon.check()
    daemon.stop()


def test_a_running_daemon_is_not_started_twice(tmp_path):
    daemon = Daemon("sleeper", ["sleep", "60"], tmp_path / "log")
    daemon.start()
    with pytest.raises(RuntimeError, match="Stop it first"):
        daemon.start()
    daemon.stop()


def test_a_stopped_daemon_cannot_be_paused(tmp_path):
    with pytest.raises(RuntimeError, match="Start it first"):
        Daemon("sleeper", ["sleep", "60"], tmp_path / "log").pause()


def test_a_control_plane_that_fails_to_start_says_why_and_leaves_nothing(tmp_path):
    (tmp_path / "etcd").write_text("#!/bin/sh\necho the disk is full\nexit 1\n")
    (tmp_path / "kube-apiserver").write_text("#!/bin/sh\nexec sleep 60\n")
    for program in ("etcd", "kube-apiserver"):
        (tmp_path / program).chmod(0o755)
    before = psutil.Process().children()
    control_plane = ControlPlane(Assets(tmp_path))
    with pytest.raises(DaemonExitedError, match=r"etcd ended with code 1\. Its log ends:\nthe disk is full"):
        control_plane.__enter__()
    assert not control_plane.authority.parent.exists()
    assert psutil.Process().children() == before


@pytest.mark.parametrize("names", [("jane", "jane"), ("admin",)])
def test_users_with_one_name_are_refused(tmp_path, names):
    with pytest.raises(ControlPlaneError, match="a name of its own"):
        ControlPlane(Assets(tmp_path), users=[User(name) for name in names])
