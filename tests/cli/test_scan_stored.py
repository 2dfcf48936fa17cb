"""A stored scan can be judged, filtered, written and compared again without AWS, and says the same."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import Run
from tests.report.builders import PUBLIC, exception, judged, policy, report, unread

from securebucket.report.audit_report import AuditReport
from securebucket.report.bucket_judgement import without_evidence

OPEN: dict[str, Any] = {"GetBucketPolicy": policy(PUBLIC)}
STORED = report(judged("acme-open", **OPEN), judged("acme-safe"), judged("acme-other"))


def store(folder: Path, given: AuditReport, name: str = "scan.json") -> str:
    """Write a report as `scan -o json` does, and give the file's path."""
    file = folder / name
    file.write_text(given.model_dump_json(by_alias=True, exclude_none=True))
    return str(file)


def test_it_says_the_same_and_asks_nobody(run: Run, tmp_path: Path) -> None:
    """There is neither a region nor a key in the environment."""
    ran = run("scan", "--from", store(tmp_path, STORED), "-o", "json", "--fail-on", "high", "--ignore-unreadable")
    assert (ran.code, ran.err) == (2, "")
    assert AuditReport.model_validate_json(ran.out) == STORED
    assert run("scan", "--from", str(tmp_path / "scan.json"), "-o", "json", "--ignore-unreadable").out == ran.out


def test_standard_input_is_read(run: Run) -> None:
    ran = run("scan", "--from", "-", "--check", "policy-not-public", stdin=STORED.model_dump_json(exclude_none=True))
    assert ran.code == 2
    assert "acme-open  high      policy-not-public" in ran.out


@pytest.mark.parametrize("options", [["acme-safe", "acme-other"], ["--match", "acme-[!o]*", "--match", "acme-other"]])
def test_some_of_its_buckets_can_be_looked_at(options: list[str], run: Run, tmp_path: Path) -> None:
    ran = run("scan", "--from", store(tmp_path, STORED), *options, "-o", "json", "--fail-on", "never")
    assert ran.code == 0
    assert {each["observation"]["bucket"]["name"] for each in ran.json()["buckets"]} == {"acme-safe", "acme-other"}


def test_a_bucket_that_is_not_in_it_is_told(run: Run, tmp_path: Path) -> None:
    ran = run("scan", "--from", store(tmp_path, STORED), "acme-nowhere")
    assert ran.code == 1
    assert ran.errors == ["error: acme-nowhere is not in the stored scan; correct the name."]


def test_a_bucket_that_could_not_be_read_then_is_not_read_now(run: Run, tmp_path: Path) -> None:
    ran = run("scan", "--from", store(tmp_path, report(judged(), unread("acme-lost"))))
    assert ran.code == 1
    assert ran.errors[0] == "error: 1 bucket not read: acme-lost: AccessDenied: it was denied."


def test_without_evidence_there_is_nothing_to_judge(run: Run, tmp_path: Path) -> None:
    file = store(tmp_path, without_evidence(STORED))
    ran = run("scan", "--from", file)
    assert (ran.code, ran.out) == (1, "")
    assert ran.errors == [
        f"error: {file}: it has no evidence, so nothing can be judged again: make it without --no-evidence."
    ]


@pytest.mark.parametrize(("stored", "options"), [(STORED, []), (without_evidence(STORED), [])])
def test_two_stored_scans_are_compared(stored: AuditReport, options: list[str], run: Run, tmp_path: Path) -> None:
    before = store(tmp_path, stored, "before.json")
    after = store(tmp_path, report(judged("acme-open"), judged("acme-safe"), judged("acme-new", **OPEN)), "after.json")
    only = ("--check", "policy-not-public", *options)
    ran = run("scan", "--from", after, "--diff", before, *only)
    assert ran.code == 2
    text = ran.out
    assert text.index("New failures") < text.index("acme-new") < text.index("Fixed") < text.index("acme-open")
    assert "Buckets that appeared\n  acme-new\n" in text
    assert "Buckets that vanished\n  acme-other\n" in text
    if stored is STORED:
        assert "acme-open  policy" in text
    else:
        assert "the documents of 2 buckets could not be compared" in text


def test_an_old_failure_is_not_held_against_anybody_twice(run: Run, tmp_path: Path) -> None:
    file = store(tmp_path, STORED)
    assert run("scan", "--from", file, "--diff", file, "--check", "policy-not-public").code == 0


def test_a_failure_whose_exception_ended_is_new(run: Run, tmp_path: Path) -> None:
    before = store(tmp_path, report(judged("acme-open", exception("policy-not-public"), **OPEN)), "before.json")
    after = store(tmp_path, report(judged("acme-open", **OPEN)), "after.json")
    stored = json.loads(Path(before).read_text())
    stored["exceptions"] = [
        {
            "name": "payments/legacy",
            "check": "policy-not-public",
            "bucketName": "acme-open",
            "reason": "legacy client",
            "approver": "ciso@example.com",
            "grantedAt": "2026-11-25T12:00:00Z",
            "expiresAt": "2026-12-25T12:00:00Z",
        }
    ]
    Path(before).write_text(json.dumps(stored))
    ran = run("scan", "--from", after, "--diff", before, "--check", "policy-not-public")
    assert ran.code == 2
    assert "(excepted before)" in ran.out


def test_an_earlier_verdict_is_not_believed(run: Run, tmp_path: Path) -> None:
    """A later catalogue may judge otherwise: then that is different, and not the bucket."""
    document = json.loads(STORED.model_dump_json(by_alias=True, exclude_none=True))
    for bucket in document["buckets"]:
        bucket["verdicts"] = []
    document["checks"] = []
    before = tmp_path / "before.json"
    before.write_text(json.dumps(document))
    ran = run("scan", "--from", store(tmp_path, STORED), "--diff", str(before), "--ignore-unreadable")
    assert ran.code == 0
    assert "nothing is different" in ran.out


def test_two_accounts_are_not_compared(run: Run, tmp_path: Path) -> None:
    document = STORED.model_dump_json(by_alias=True, exclude_none=True)
    before = tmp_path / "before.json"
    before.write_text(document.replace("111122223333", "444455556666"))
    ran = run("scan", "--from", store(tmp_path, STORED), "--diff", str(before))
    assert (ran.code, ran.out) == (1, "")
    (line,) = ran.errors
    assert "the earlier scan is of account 444455556666, and this one of account 111122223333" in line


def test_what_somebody_accepts_now_is_accepted(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "exceptions.yaml"
    file.write_text(
        "apiVersion: securebucket.io/v1alpha1\nkind: BucketException\nmetadata: {name: legacy}\nspec: {check:"
        " policy-not-public, bucketName: acme-open, reason: legacy client, approver: ciso@example.com, expiresAt:"
        ' "2027-01-01T00:00:00Z"}\n'
    )
    only = ("--check", "policy-not-public", "--exceptions", str(file))
    assert run("scan", "--from", store(tmp_path, STORED), *only).code == 0
