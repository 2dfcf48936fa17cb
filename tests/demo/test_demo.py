"""The whole demonstration, as a process of its own, as `make demo` starts it."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from securebucket_dev.demo.tampering import ACTS

PATIENCE = 90
"""Seconds; it takes ten, and twice that on a machine that is busy with other tests."""
COMMAND = (sys.executable, "-m", "securebucket_dev.demo")
NOBODY = "http://127.0.0.1:9"
SET_BY_PEOPLE = ("AWS_", "KUBE", "SECUREBUCKET_", "KEEP")


@pytest.fixture
def environment() -> dict[str, str]:
    """No setting of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith(SET_BY_PEOPLE)}


@pytest.fixture
def started(tmp_path: Path, environment: dict[str, str]) -> Iterator["subprocess.Popen[str]"]:
    """A demonstration that has just begun; it is ended with the test."""
    child = subprocess.Popen(
        [*COMMAND, str(tmp_path)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    yield child
    child.kill()
    child.communicate()


def await_child(parent: int, text: str) -> psutil.Process:
    """Wait until a process has a child whose command has the text, and give it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for each in psutil.Process(parent).children():
            if text in " ".join(each.cmdline()):
                return each
        time.sleep(0.02)
    raise AssertionError(f"no {text} was started")


def test_it_shows_what_it_promises_and_leaves_nothing(tmp_path: Path, environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [*COMMAND, str(tmp_path)], env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    out = ended.stdout
    assert (ended.returncode, ended.stderr) == (0, ""), out
    for promise in (
        "S3          LocalStack at http://127.0.0.1:",
        "Kubernetes  the embedded API",
        "metrics     http://127.0.0.1:",
        f"kubectl     KUBECONFIG={tmp_path}/kubeconfig kubectl get sb -A -w",
        "acme-demo-archive waits for a person",
        "kubectl -n demo annotate sb archive securebucket.io/approve=",
        "found and corrected in ",
        *(each.text for each in ACTS),
    ):
        assert promise in out
    for each in ACTS:
        assert re.search(rf"^  {each.control} +corrected: ", out, re.MULTILINE)
    counted = re.findall(r"^  securebucket_drift_(?:detected|corrected)_total +(\d+) ", out, re.MULTILINE)
    assert counted == [str(len(ACTS))] * 2
    assert re.search(r"^done after \d+ s$", out, re.MULTILINE)
    assert "\x1b" not in out
    (pid,) = re.findall(r"pid (\d+), log ", out)
    assert not psutil.pid_exists(int(pid))


def test_what_was_started_ends_with_it(started: "subprocess.Popen[str]") -> None:
    await_child(started.pid, "securebucket run")
    children = psutil.Process(started.pid).children(recursive=True)
    started.send_signal(signal.SIGTERM)
    out, _ = started.communicate(timeout=PATIENCE)
    assert started.returncode == 128 + signal.SIGINT
    assert out.splitlines()[-1] == "stopped; everything that the demo had started is ended"
    assert [each for each in children if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []


def test_an_operator_that_dies_is_told_with_its_log(started: "subprocess.Popen[str]") -> None:
    await_child(started.pid, "securebucket run").kill()
    out, _ = started.communicate(timeout=PATIENCE)
    assert started.returncode == 1
    assert "error: the operator ended with code -9. Its log ends:" in out
    assert "Traceback" not in out


def test_a_server_that_does_not_answer_is_told(tmp_path: Path, environment: dict[str, str]) -> None:
    given = {"AWS_ENDPOINT_URL": NOBODY, "AWS_ACCESS_KEY_ID": "1", "AWS_SECRET_ACCESS_KEY": "2"}
    ended = subprocess.run(
        [*COMMAND, str(tmp_path)],
        env=environment | given | {"AWS_MAX_ATTEMPTS": "1"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    assert f'error: Could not connect to the endpoint URL: "{NOBODY}' in ended.stdout
