"""The table of the demonstration says where every bucket is, and cuts no name off."""

from typing import Any

import pytest
from rich.console import Console

from securebucket_dev.demo.screen import STATES, controls_text, standing, table_of

READY = {"type": "Ready", "status": "True", "reason": "Verified", "message": "as declared"}
WAITS = {"type": "Ready", "status": "False", "reason": "ApprovalRequired", "message": "status.plan waits for approval"}
RETRIES = {"type": "Ready", "status": "False", "reason": "Throttled", "message": "GetBucketPolicy was throttled"}
STALLED = {"type": "Stalled", "status": "True", "reason": "AdoptionRequired", "message": "the bucket exists"}


def body(name: str = "invoices", conditions: tuple[Any, ...] = (READY,), **status: Any) -> dict[str, Any]:
    return {
        "metadata": {"namespace": "demo", "name": name},
        "spec": {"bucketName": f"acme-demo-{name}"},
        "status": {"conditions": list(conditions), **status},
    }


def controls(**states: str) -> list[dict[str, str]]:
    return [{"name": name, "state": state} for name, state in states.items()]


def drawn(*bodies: dict[str, Any], width: int) -> list[str]:
    console = Console(width=width, color_system=None)
    with console.capture() as capture:
        console.print(table_of(bodies))
    return capture.get().splitlines()


@pytest.mark.parametrize(
    ("conditions", "word"),
    [
        ((), "new"),
        ((READY,), "ready"),
        ((WAITS,), "waits"),
        ((RETRIES,), "working"),
        (({**RETRIES, "reason": "AdoptionRequired"}, STALLED), "stalled"),
    ],
)
def test_the_standing_in_a_word(conditions: tuple[Any, ...], word: str) -> None:
    assert standing(body(conditions=conditions)) == word


def test_an_object_without_a_status_is_new() -> None:
    assert standing({"metadata": {"namespace": "demo", "name": "a"}, "spec": {}}) == "new"


def test_controls_that_are_not_in_sync_are_named() -> None:
    listed = controls(policy="Corrected", versioning="Corrected", tags="InSync", logging="Pending", lifecycle="InSync")
    text = controls_text(body(controls=listed))
    assert "2 in sync" in text
    assert "2 corrected: policy, versioning" in text
    assert "1 pending: logging" in text


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_words(state: str) -> None:
    assert f"1 {STATES[state][1]}: policy" in controls_text(body(controls=controls(policy=state)))


def test_why_there_are_no_controls_is_told() -> None:
    assert controls_text(body(conditions=(RETRIES,))) == "GetBucketPolicy was throttled"
    assert controls_text(body(conditions=(WAITS,))) == "not there yet; waits for approval of its plan"


@pytest.mark.parametrize("width", [80, 100, 150])
def test_it_fits_and_cuts_nothing_off(width: int) -> None:
    listed = controls(publicAccessBlock="Corrected", policy="Corrected", encryption="Corrected", tags="InSync")
    lines = drawn(body("access-logs", controls=listed, compliance={"score": 89}, drift={"count": 3}), width=width)
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    for word in ("acme-demo-access-logs", "ready", "89", "publicAccessBlock,", "policy,", "encryption"):
        assert word in text
    assert "…" not in text


def test_rows_are_sorted_by_namespace_and_name() -> None:
    lines = drawn(body("uploads"), body("archive"), width=100)
    assert [line.split()[0] for line in lines[1:]] == ["acme-demo-archive", "acme-demo-uploads"]


def test_without_a_bucket_name_the_objects_name_is_shown() -> None:
    (_, line) = drawn({"metadata": {"namespace": "demo", "name": "bare"}, "spec": {}}, width=100)
    assert line.split() == ["bare", "new", "-", "-", "0"]
