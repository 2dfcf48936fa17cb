"""What a scan prints for people, and what it says of two scans."""

from pathlib import Path

import boto3
import pytest
from tests.cli.accounts import (
    close_to_public,
    make_buckets,
    open_to_public,
)
from tests.cli.program import CONTROL_CHARACTERS, Run, spawn, spawn_on_terminal

from securebucket_dev.s3.recorder import Recorder

ANY = ("--fail-on", "low")


def test_a_pipe_gets_one_line_for_each_finding(s3: Recorder) -> None:
    make_buckets("acme-one", "acme-" + "x" * 58)
    ran = spawn("scan")
    assert (ran.code, ran.err) == (0, "")
    assert not CONTROL_CHARACTERS.search(ran.out)
    assert all(line == line.rstrip() for line in ran.out.splitlines())
    assert next(line.split()[1:3] for line in ran.out.splitlines() if line.startswith("acme-one")) == [
        "medium",
        "tls-required",
    ]


@pytest.mark.parametrize("columns", [80, 160])
def test_a_terminal_shows_everything_in_its_width(columns: int, s3: Recorder) -> None:
    make_buckets("acme-one", "acme-two", "acme-" + "x" * 58)
    open_to_public("acme-two")
    ran = spawn_on_terminal("scan", columns=columns)
    assert ran.code == 2
    assert max(map(len, ran.out.splitlines())) <= columns
    assert "…" not in ran.out
    words = " ".join(ran.out.split())
    assert words.startswith("acme-two us-east-1 critical public-read-prevented the public can read: the policy lets")
    assert "Leave spec.policy.requireTls out, or set it to true." in words


def test_names_that_another_account_could_take_are_told(s3: Recorder, run: Run) -> None:
    make_buckets("acme-one", "acme-two", "assets-000000000000-us-east-1", "acme-000000000000-us-east-1-an")
    told = [line.split()[:3] for line in run("scan").out.splitlines() if line.startswith(("guessable", "shared"))]
    assert told == [["guessable", "assets-000000000000-us-east-1", "it"], ["shared", "2", "other"]]


def test_nothing_is_different_then_something_is(s3: Recorder, run: Run, tmp_path: Path) -> None:
    make_buckets("acme-one", "acme-old")
    earlier = tmp_path / "earlier.json"
    earlier.write_text(run("scan", "-o", "json").out)
    ran = run("scan", "--diff", str(earlier), *ANY)
    assert ran.code == 0
    assert "nothing is different" in ran.out
    open_to_public("acme-one")
    boto3.client("s3").delete_bucket(Bucket="acme-old")
    make_buckets("acme-new")
    ran = run("scan", "--diff", str(earlier))
    assert ran.code == 2
    assert ran.out.splitlines()[-1].startswith("exit 2: 4 new failing checks of severity high or above")
    ran = run("scan", "--diff", str(earlier), "-o", "json")
    difference = ran.json()
    assert (difference["appeared"], difference["vanished"]) == (["acme-new"], ["acme-old"])
    assert {"acme-one", "acme-new"} == {each["subject"] for each in difference["newFailures"]}
    assert {(each["bucket"], each["control"]) for each in difference["changedDocuments"]} == {
        ("acme-one", "publicAccessBlock"),
        ("acme-one", "policy"),
    }
    earlier.write_text(run("scan", "-o", "json").out)
    close_to_public("acme-one")
    ran = run("scan", "--diff", str(earlier))
    assert ran.code == 0
    assert "Fixed" in ran.out
    assert "failing" in run("scan", "--severity", "high", "--fail-on", "never").out
