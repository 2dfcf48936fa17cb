"""When the demonstration goes on, and what it hands to the operator."""

from typing import Any

import pytest

from securebucket_dev.demo.environment import set_credentials
from securebucket_dev.demo.interruption import Interruption
from securebucket_dev.demo.story import VICTIM, repaired, settled
from securebucket_dev.demo.tampering import ACTS


def body(name: str, *, ready: str = "True", reason: str = "Verified", in_sync: str = "True", drift: int = 0) -> Any:
    return {
        "metadata": {"namespace": "demo", "name": name},
        "status": {
            "conditions": [
                {"type": "Ready", "status": ready, "reason": reason},
                {"type": "InSync", "status": in_sync},
            ],
            "drift": {"count": drift},
        },
    }


NAMES = {("demo", "archive"), ("demo", "uploads")}


@pytest.mark.parametrize(
    ("bodies", "done"),
    [
        ([body("archive"), body("uploads")], True),
        ([body("archive", ready="False", reason="ApprovalRequired"), body("uploads")], True),
        ([body("archive", ready="False", reason="Throttled"), body("uploads")], False),
        ([body("uploads")], False),
        ([body("archive"), {"metadata": {"namespace": "demo", "name": "uploads"}}], False),
    ],
)
def test_the_fleet_is_settled_when_nothing_is_left_but_approvals(bodies: list[Any], done: bool) -> None:
    assert settled(bodies, NAMES) is done


@pytest.mark.parametrize(
    ("drift", "in_sync", "done"),
    [
        (2 + len(ACTS), "True", True),
        (1 + len(ACTS), "True", False),
        (2 + len(ACTS), "False", False),
        (2, "True", False),
    ],
)
def test_the_victim_is_repaired_when_every_act_was_found_and_undone(drift: int, in_sync: str, done: bool) -> None:
    bodies = [body("uploads", drift=99), body(VICTIM[1], drift=drift, in_sync=in_sync)]
    assert repaired(bodies, 2) is done


def test_a_users_account_is_never_touched_unasked() -> None:
    variables = {"AWS_PROFILE": "production", "AWS_ENDPOINT_URL_S3": "https://s3.example.com", "AWS_SESSION_TOKEN": "t"}
    set_credentials(variables)
    assert variables == {
        "AWS_ACCESS_KEY_ID": "000000000000",
        "AWS_SECRET_ACCESS_KEY": "demo",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def test_a_server_that_was_named_is_used_as_it_is() -> None:
    given = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_PROFILE": "local", "AWS_DEFAULT_REGION": "eu-west-1"}
    variables = dict(given)
    set_credentials(variables)
    assert variables == given | {"AWS_REGION": "eu-west-1"}


def test_an_interruption_is_not_forgotten() -> None:
    interruption = Interruption()
    interruption.check()
    with pytest.raises(KeyboardInterrupt):
        interruption._take(2, None)
    with pytest.raises(KeyboardInterrupt):
        interruption.check()
