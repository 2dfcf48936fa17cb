"""The workflows: pinned, with the fewest rights, no stranger's words in a shell. zizmor knows more (`make check`)."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / ".github" / "workflows").glob("*.y*ml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
WRITES = {
    ("docs.yaml", "publish"): {"pages", "id-token"},
    ("release.yaml", "image"): {"packages", "id-token", "attestations"},
    ("release.yaml", "chart"): {"packages", "id-token", "attestations"},
    ("release.yaml", "announce"): {"contents"},
}
"""Every right to write that a job has; all others read."""
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)


def load(file: Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(file.read_text())
    return loaded


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in load(file)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows() -> None:
    assert {"ci.yaml", "release.yaml", "docs.yaml", "audit.yaml"} == {file.name for file in FILES}


@every_file
def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it(file: Path) -> None:
    used = re.findall(r"^\s*(?:- )?uses: (.+)$", file.read_text(), re.MULTILINE)
    assert len(used) == len([step for step in steps(file) if "uses" in step])
    assert [each for each in used if not PINNED.fullmatch(each)] == []


def test_one_action_has_one_pin() -> None:
    used = {line for file in FILES for line in re.findall(r"uses: (.+)$", file.read_text(), re.MULTILINE)}
    assert len(used) == len({each.split("@")[0] for each in used})


def test_the_pins_are_told_with_how_they_were_found() -> None:
    page = (ROOT / "docs" / "design" / "2026-11-25-release.md").read_text()
    for file in FILES:
        for action, version in re.findall(r"uses: ([\w./-]+)@[0-9a-f]{40} # (v[\d.]+)", file.read_text()):
            (row,) = (line for line in page.splitlines() if f"`{action}`" in line and line.startswith("|"))
            assert version in row


@every_file
def test_nobody_has_a_right_that_no_job_asked_for(file: Path) -> None:
    assert load(file)["permissions"] == {}


@every_file
def test_a_job_may_write_only_what_is_listed_here(file: Path) -> None:
    for name, job in load(file)["jobs"].items():
        writes = {right for right, level in job["permissions"].items() if level != "read"}
        assert writes == WRITES.get((file.name, name), set()), name


@every_file
def test_no_expression_is_put_into_a_shell(file: Path) -> None:
    """A branch or a title may hold shell code; an environment variable is only text."""
    assert [step["run"] for step in steps(file) if "${{" in step.get("run", "")] == []


@every_file
def test_a_checkout_leaves_no_token_behind(file: Path) -> None:
    for step in steps(file):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@every_file
def test_no_workflow_runs_a_strangers_change_with_rights(file: Path) -> None:
    triggers = load(file)[True]  # YAML 1.1 reads `on` as true
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(triggers)


@every_file
def test_every_job_ends_in_time(file: Path) -> None:
    assert all(job["timeout-minutes"] <= 120 for job in load(file)["jobs"].values())


def test_a_release_signs_everything_that_it_pushes() -> None:
    jobs = load(ROOT / ".github" / "workflows" / "release.yaml")["jobs"]
    for name in ("image", "chart"):
        text = yaml.safe_dump(jobs[name])
        assert "cosign sign --yes" in text
        assert "actions/attest-build-provenance@" in text
    assert "cosign attest --yes --type spdxjson" in yaml.safe_dump(jobs["image"])
    assert "linux/amd64,linux/arm64" in yaml.safe_dump(jobs["image"])


def test_a_release_comes_after_everything_that_can_say_no() -> None:
    jobs = load(ROOT / ".github" / "workflows" / "release.yaml")["jobs"]
    runs = [step.get("run") for step in jobs["verify"]["steps"]]
    assert {".ci/run", "make audit", ".venv/bin/python -m securebucket_dev.releases --released"} <= set(runs)
    assert (jobs["image"]["needs"], jobs["chart"]["needs"]) == ("verify", "image")


def test_renewals_wait_a_week() -> None:
    updates = load(ROOT / ".github" / "dependabot.yml")["updates"]
    assert {each["package-ecosystem"] for each in updates} == {"github-actions", "docker", "pip"}
    assert all(each["cooldown"]["default-days"] >= 7 for each in updates)


def test_the_release_finds_what_it_sets_in_the_chart() -> None:
    """Sed says nothing about a line that it does not find."""
    values = (ROOT / "charts" / "securebucket" / "values.yaml").read_text().splitlines()
    release = (ROOT / ".github" / "workflows" / "release.yaml").read_text()
    for line in ("  repository: securebucket", '  digest: ""'):
        assert values.count(line) == 1
        assert "s|^" + line.replace('"', '\\"') in release
