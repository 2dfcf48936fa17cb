"""Argo CD's scripts say of every recorded object what we mean, in Debian's Lua and in the one that Argo CD has."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.e2e.lua import INTERPRETERS
from tests.e2e.recorded import BUCKETS, CUSTOMIZATIONS, EXCEPTIONS, file_of, read

RunScript = Callable[[Path, dict[str, Any]], Any]

STATES = [
    (kind, state, shown) for kind, table in (("SecureBucket", BUCKETS), ("BucketException", EXCEPTIONS))
    for state, shown in table.items()
]  # fmt: skip


def upstream_tests(kind: str, name: str = "health_test.yaml") -> dict[str, Any]:
    """Read tests in the form of Argo CD's repository."""
    found: dict[str, Any] = yaml.safe_load((CUSTOMIZATIONS / kind / name).read_text())
    return found


@pytest.fixture(params=INTERPRETERS)
def run(request: pytest.FixtureRequest, tmp_path: Path) -> RunScript:
    """Run a script over an object, and give its answer."""
    interpret = INTERPRETERS[request.param]
    return lambda script, body: interpret(script, body, tmp_path)


@pytest.mark.parametrize(("kind", "state"), [(kind, state) for kind, state, _ in STATES])
def test_health_of_a_recorded_object(kind: str, state: str, run: RunScript) -> None:
    """What Argo CD's own test of its scripts would ask."""
    tests = {each["inputPath"]: each["healthStatus"] for each in upstream_tests(kind)["tests"]}
    answer = run(CUSTOMIZATIONS / kind / "health.lua", read(kind, state))
    assert answer == tests[f"testdata/{state}.yaml"]


@pytest.mark.parametrize("kind", ["SecureBucket", "BucketException"])
def test_every_state_shows_the_health_that_it_means(kind: str) -> None:
    meant = {f"testdata/{state}.yaml": shown.argo for each, state, shown in STATES if each == kind}
    assert {each["inputPath"]: each["healthStatus"]["status"] for each in upstream_tests(kind)["tests"]} == meant


@pytest.mark.parametrize(
    ("written", "health"),
    [
        ("true", "Suspended"),
        ("2999-01-31T18:00:00Z", "Suspended"),
        ("2999-01-31T18:00:00+02:00", "Suspended"),
        ("yes", "Suspended"),
        ("2020-01-31T18:00:00Z", "Healthy"),
        ("false", "Healthy"),
        ("", "Healthy"),
    ],
)
def test_a_pause_ends_when_it_says_so(written: str, health: str, run: RunScript) -> None:
    body = read("SecureBucket", "ready")
    body["metadata"]["annotations"] = {"securebucket.io/paused": written}
    assert run(CUSTOMIZATIONS / "SecureBucket" / "health.lua", body)["status"] == health


@pytest.mark.parametrize(
    ("status", "reason", "health"),
    [
        ("False", "Contended", "Degraded"),
        ("False", "RolloutHeld", "Suspended"),
        ("Unknown", "AccessDenied", "Progressing"),
    ],
)
def test_ready_for_a_reason_that_is_hard_to_play(status: str, reason: str, health: str, run: RunScript) -> None:
    body = read("SecureBucket", "ready")
    body["status"]["conditions"][0] |= {"status": status, "reason": reason, "message": "because"}
    answer = run(CUSTOMIZATIONS / "SecureBucket" / "health.lua", body)
    assert answer == {"status": health, "message": f"{reason}: because"}


def test_an_exception_that_changed_was_not_looked_at_yet(run: RunScript) -> None:
    body = read("BucketException", "in-force")
    body["metadata"]["generation"] = 2
    assert run(CUSTOMIZATIONS / "BucketException" / "health.lua", body)["status"] == "Progressing"


@pytest.mark.parametrize("test", upstream_tests("SecureBucket", "actions/action_test.yaml")["discoveryTests"], ids=str)
def test_actions_that_are_offered(test: dict[str, Any], run: RunScript) -> None:
    folder = CUSTOMIZATIONS / "SecureBucket" / "actions"
    body = yaml.safe_load((folder / test["inputPath"]).read_text())
    offered = run(folder / "discovery.lua", body)
    assert offered == {each["name"]: {"disabled": each["disabled"]} for each in test["result"]}


@pytest.mark.parametrize(
    ("action", "state", "annotation", "value"),
    [
        ("pause", "ready", "paused", "true"),
        ("resume", "paused", "paused", None),
        ("approve-plan", "approval-pending", "approve", "0123456789ab"),
    ],
)
def test_an_action_writes_its_annotation_and_nothing_else(
    action: str, state: str, annotation: str, value: str | None, run: RunScript
) -> None:
    before = read("SecureBucket", state)
    after = run(CUSTOMIZATIONS / "SecureBucket" / "actions" / action / "action.lua", before)
    annotations = dict(after["metadata"].pop("annotations", {}))
    assert annotations.pop(f"securebucket.io/{annotation}", None) == value
    kept = before["metadata"].pop("annotations", {})
    kept.pop(f"securebucket.io/{annotation}", None)
    assert (annotations, after["metadata"]) == (kept, before["metadata"])
    assert json.dumps(after["spec"], sort_keys=True) == json.dumps(before["spec"], sort_keys=True)


def test_checking_now_asks_with_the_time(run: RunScript) -> None:
    script = CUSTOMIZATIONS / "SecureBucket" / "actions" / "check-now" / "action.lua"
    asked = run(script, read("SecureBucket", "ready"))
    assert asked["metadata"]["annotations"]["securebucket.io/reconcile-at"].endswith("Z")


@pytest.mark.parametrize("text", ['return ("a"):upper()', "return string.upper('a')", "return os.getenv('HOME')"])
def test_a_script_gets_no_more_than_argo_cd_gives(text: str, run: RunScript, tmp_path: Path) -> None:
    """Else what passes here could fail there."""
    script = tmp_path / "script.lua"
    script.write_text(text)
    with pytest.raises(AssertionError, match="attempt to"):
        run(script, {})


def test_files_of_states_that_are_no_longer_played_are_gone() -> None:
    there = {
        each for kind in ("SecureBucket", "BucketException") for each in (CUSTOMIZATIONS / kind / "testdata").iterdir()
    }
    assert there == {file_of(kind, state) for kind, state, _ in STATES}
