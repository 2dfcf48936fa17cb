"""`plan` and `apply` of many objects: side by side, told in order, each with its own faults, left at any moment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest
from tests.cli.manifests import Folder, bucket
from tests.cli.program import SCRIPT, Run
from tests.cli.test_scan_refusals import LISTENING, PATIENCE

from securebucket.aws.account import Identity
from securebucket.aws.bucket_client import BucketClient
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.cli.finished import Finished, Result
from securebucket.cli.manifests import load
from securebucket.cli.passes import Session, uncounted
from securebucket.controls import CONTROLS
from securebucket.model.failure import Failure
from securebucket_dev.s3.recorder import Recorder

NAMES = [f"acme-{number:02}" for number in range(12)]


def told(_done: int, _total: int, _name: str) -> None:
    """Show no progress."""


def titles(out: str) -> list[str]:
    """Give the buckets in the order in which they are told."""
    return [line.split("(bucket ")[1].split(")")[0] for line in out.splitlines() if "(bucket " in line]


def test_nobody_sleeps_between_the_two_looks(s3: Recorder, run: Run, folder: Folder) -> None:
    """Two workers: if each waited for its second look, two buckets at most would be looked at before a creation."""
    ran = run("apply", "--workers=2", "-f", folder.write(*map(bucket, NAMES)))
    assert (ran.code, ran.err) == (0, "")
    operations = [call.operation for call in s3.calls if call.bucket]
    assert operations[: len(NAMES)] == ["HeadBucket"] * len(NAMES)
    for name in NAMES:
        mine = [call.operation for call in s3.calls if call.bucket == name]
        assert mine[:3] == ["HeadBucket", "HeadBucket", "CreateBucket"]
        assert len(mine) == len(CONTROLS) + 11


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_results_stand_in_the_order_of_the_files_whatever_comes_first(
    command: str, s3: Recorder, run: Run, folder: Folder
) -> None:
    for number, name in enumerate(NAMES[:4]):
        s3.delay("HeadBucket", 0.4 - 0.1 * number, bucket=name)
    file = folder.write(*map(bucket, NAMES))
    assert titles(run(command, "-f", file).out) == NAMES
    assert [each["bucket"] for each in run(command, "-f", file, "-o", "json").json()] == NAMES


def test_one_worker_does_the_same(s3: Recorder, run: Run, folder: Folder) -> None:
    ran = run("apply", "--workers=1", "-f", folder.write(*map(bucket, NAMES[:3])))
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "3 buckets: 3 changed")


@pytest.mark.parametrize("workers", ["0", "100", "many"])
def test_so_many_workers_there_are_not(workers: str, run: Run, folder: Folder) -> None:
    ran = run("plan", f"--workers={workers}", "-f", folder.write(bucket()))
    assert ran.code == 1
    assert "'--workers'" in ran.err


def test_of_objects_that_name_one_bucket_the_first_has_it(s3: Recorder, run: Run, folder: Folder) -> None:
    objects = [bucket(name, bucketName="acme-shared") for name in NAMES]
    ran = run("apply", "-f", folder.write(*objects))
    assert ran.code == 1
    assert len(s3.named("CreateBucket")) == 1
    assert ran.out.splitlines()[0] == "payments/acme-00 (bucket acme-shared): created"
    assert len([line for line in ran.errors if "Conflict" in line]) == len(NAMES) - 1


def test_each_of_many_sources_waits_for_the_one_log_target(s3: Recorder, run: Run, folder: Folder) -> None:
    sources = [bucket(name, logging={"targetBucket": "acme-logs", "targetPrefix": name}) for name in NAMES[:5]]
    ran = run("apply", "-f", folder.write(*sources, bucket("acme-logs", role="LogTarget")))
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[-1] == "6 buckets: 6 changed"


class Broken(Aws):
    """A door to AWS with a defect of ours behind it."""

    def bucket(self, binding: Binding, identity: Identity, name: str, region: str) -> BucketClient | Failure:
        if name == NAMES[1]:
            raise ZeroDivisionError("division by zero")
        return super().bucket(binding, identity, name, region)


def results_of(aws: Aws, file: str) -> list[Finished]:
    requests = load([Path(file)], cluster="local", read_only=False)
    return Session(aws, frozenset(), 4, told).run_all(requests)


def test_a_crash_spoils_one_bucket_and_is_told(s3: Recorder, folder: Folder) -> None:
    finished = results_of(Broken(uncounted), folder.write(*map(bucket, NAMES[:3])))
    assert [each.result for each in finished] == [Result.CHANGED, Result.FAILED, Result.CHANGED]
    failure = finished[1].outcome.failure
    assert failure is not None
    assert failure.reason == "InternalError"
    assert "ZeroDivisionError: division by zero" in failure.message


def interrupt(s3: Recorder, file: str, command: str = "apply", calls: int = 23) -> subprocess.CompletedProcess[str]:
    """Interrupt a command once the first bucket has had its calls and is done, and the other one is stuck."""
    child = subprocess.Popen(
        [sys.executable, "-c", LISTENING, str(SCRIPT), command, "-f", file],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=dict(os.environ),
    )
    deadline = time.monotonic() + PATIENCE
    while len([call for call in s3.calls if call.bucket == NAMES[0]]) < calls:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)  # the last answer has left the recorder and is on its way to the program
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=PATIENCE / 2)
    return subprocess.CompletedProcess([], child.returncode, out, err)


def test_whoever_interrupts_has_the_prompt_at_once_and_what_was_done(s3: Recorder, folder: Folder) -> None:
    """Although a server does not answer; and nothing more is written after that."""
    s3.delay("GetBucket*", PATIENCE, bucket=NAMES[1], times=100)
    ended = interrupt(s3, folder.write(*map(bucket, NAMES[:2])))
    s3.heal()
    assert ended.returncode == 130
    assert titles(ended.stdout) == [NAMES[0]]
    assert ended.stderr.splitlines() == [
        "error: interrupted: 1 of 2 objects are finished. Run it again: it resumes where it stopped."
    ]
    assert [call.operation for call in s3.writes if call.bucket == NAMES[1]] == ["CreateBucket"]


def test_an_interrupted_plan_promises_nothing(s3: Recorder, folder: Folder) -> None:
    """It reads all of them again the next time."""
    s3.delay("HeadBucket", PATIENCE, bucket=NAMES[1], times=100)
    ended = interrupt(s3, folder.write(*map(bucket, NAMES[:2])), "plan", calls=1)
    s3.heal()
    assert (ended.returncode, titles(ended.stdout)) == (130, [NAMES[0]])
    told = "error: interrupted: 1 of 2 objects are finished. Run it again: nothing was changed."
    assert ended.stderr.splitlines() == [told]


def test_what_was_interrupted_goes_on_with_the_next_run(s3: Recorder, run: Run, folder: Folder) -> None:
    file = folder.write(*map(bucket, NAMES[:2]))
    s3.delay("GetBucket*", PATIENCE, bucket=NAMES[1], times=100)
    interrupt(s3, file)
    s3.heal()
    ran = run("apply", "-f", file)
    assert (ran.code, ran.err) == (0, "")
    assert boto3.client("s3").get_bucket_versioning(Bucket=NAMES[1])["Status"] == "Enabled"
    assert len([call for call in s3.named("CreateBucket") if call.bucket == NAMES[1]]) == 1


def test_a_person_at_a_terminal_sees_how_far_it_is(s3: Recorder, folder: Folder) -> None:
    master, slave = os.openpty()
    child = subprocess.Popen(
        [str(SCRIPT), "apply", "-f", folder.write(*map(bucket, NAMES[:3]))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=slave,
        env=os.environ | {"COLUMNS": "100", "TERM": "xterm-256color"},
    )
    os.close(slave)
    shown = b""
    try:
        while piece := os.read(master, 65536):
            shown += piece
    except OSError:  # that is how a terminal says that the other side is gone
        pass
    os.close(master)
    assert child.wait(PATIENCE) == 0
    text = shown.decode()
    assert "applying" in text
    assert "0/3" in text
