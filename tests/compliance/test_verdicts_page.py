"""What docs/explanation/verdicts.md promises: its snippet works on its own example, and its tables are true."""

import itertools
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.compliance.golden import cases
from tests.compliance.observations import ACCOUNT_BLOCK, absent_answers, subject_of, verdicts_of

from securebucket.api.check_id import CHECK_IDS
from securebucket.api.spec import Role
from securebucket.compliance.stored_observation import StoredObservation
from securebucket.model.failure import Failure
from securebucket.model.verdict import Result

ROOT = Path(__file__).parents[2]
WRITTEN = (ROOT / "docs" / "explanation" / "verdicts.md").read_text(encoding="utf-8")
PAGE = WRITTEN.partition("<!-- scanners:")[0]
"""What is written by hand; a generated section about scanners may follow."""


def fence(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\b[^\n]*\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def run(observation: str, folder: Path) -> dict[str, str]:
    """Run the page's snippet on an observation; gives the results by check."""
    (folder / "observation.json").write_text(observation, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", fence("python")],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT / "operator"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return dict(re.findall(r"^([a-z-]+): (\w+), because .", ended.stdout, re.MULTILINE))


def test_the_snippet_judges_the_example(tmp_path: Path) -> None:
    found = run(fence("json"), tmp_path)
    assert found["versioning-enabled"] == "pass"
    assert found["mfa-delete-enabled"] == "fail"
    assert found["tls-required"] == "unknown"
    assert found["object-lock-enabled"] == "unknown"
    assert "tagged" not in found


def test_the_snippet_judges_a_stored_bucket_as_the_operator_does(tmp_path: Path) -> None:
    (case,) = (each for each in cases() if each.id == "hardened")
    assert run(case.observation.model_dump_json(by_alias=True), tmp_path) == dict(case.expected)
    assert StoredObservation.model_validate_json(fence("json")).role is Role.DATA


DOORS = ("none", "open", "unreadable")
BUCKET = ("closes", "no", "unreadable")
ACCOUNTS = ("closes", "no", "unreadable")


WORDS = {
    "none is open": {"none"},
    "open": {"open"},
    "unreadable": {"unreadable"},
    "open or unreadable": {"open", "unreadable"},
    "any": {"closes", "no", "unreadable"},
    "not asked": {"closes", "no", "unreadable"},
    "yes": {"closes"},
    "no": {"no"},
    "no, or unreadable": {"no", "unreadable"},
}
"""What the cells of the truth table stand for."""


def by_the_table(*combination: str) -> str:
    """Look a combination up in the page; there is one row for each."""
    section = PAGE.split("## What the public can really do")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "|" in line]
    (verdict,) = (
        row[3] for row in rows[2:] if all(each in WORDS[cell] for each, cell in zip(combination, row[:3], strict=True))
    )
    return verdict


@pytest.mark.parametrize(("door", "of_bucket", "of_account"), list(itertools.product(DOORS, BUCKET, ACCOUNTS)))
def test_the_truth_table_is_true(door: str, of_bucket: str, of_account: str) -> None:
    unreadable = Failure("AccessDenied", "it was denied.", retry=False)
    flags = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    public = '{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}}'
    answers = absent_answers()
    if door != "none":
        answers["GetBucketPolicy"] = unreadable if door == "unreadable" else {"Policy": public}
    if of_bucket != "no":
        closed = {"PublicAccessBlockConfiguration": flags}
        answers["GetPublicAccessBlock"] = unreadable if of_bucket == "unreadable" else closed
    answers["GetBucketOwnershipControls"] = {
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    }
    if of_account == "closes":
        answers[ACCOUNT_BLOCK] = {"PublicAccessBlockConfiguration": flags}
    if of_account == "unreadable":
        answers[ACCOUNT_BLOCK] = Failure("AccessDenied", "it was denied.")
    verdict = verdicts_of(subject_of(answers))["public-read-prevented"]
    assert verdict.result.value == by_the_table(door, of_bucket, of_account)


@pytest.mark.parametrize("role", list(Role))
def test_the_roles_are_those_of_the_page(role: Role) -> None:
    """What does not apply to a bucket of a role, and would to a bucket for data."""
    section = PAGE.split("## Roles")[1].split("## ")[0]
    told: dict[str, set[str]] = {}
    name = ""
    for line in section.splitlines():
        if line.startswith(("| `", "| |")):
            first, second, *_ = (cell.strip() for cell in line.strip("|").split("|"))
            name = first.strip("`") or name
            told.setdefault(name, set()).update(re.findall(r"`([a-z-]+)`", second))
    (base,) = (each.observation.subject() for each in cases() if each.id == "hardened")
    verdicts = {each: verdicts_of(replace(base, role=each)) for each in (Role.DATA, role)}
    changed = {
        check
        for check in CHECK_IDS
        if verdicts[role][check].result is Result.NOT_APPLICABLE
        and verdicts[Role.DATA][check].result is not Result.NOT_APPLICABLE
    }
    assert told[role.value] == changed


def test_the_checks_that_the_page_names_are_there() -> None:
    named = set(re.findall(r"`([a-z]+(?:-[a-z]+)+)`", PAGE))
    assert {"public-read-prevented", "tls-required"} <= named
    assert named <= set(CHECK_IDS)
