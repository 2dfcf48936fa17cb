"""One bucket's trouble is its own: it is told with its reason, the others go on, and it ends by itself."""

import json
from collections.abc import Iterator

import pytest
from tests.e2e.conftest import CRDS, StartOperator
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import SECONDS, until
from tests.e2e.team import Team, condition

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.s3.fault import ALWAYS
from securebucket_dev.s3.recorder import Recorder

DEFINITION = "crd/securebuckets.securebucket.io"


@pytest.fixture
def newer_definition(kubectl: Kubectl, definitions: None) -> Iterator[None]:
    """The CRD of a newer release, which knows a field that this one does not."""
    path = "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/fromTheFuture"
    patch = [{"op": "add", "path": path, "value": {"type": "string"}}]
    patched = kubectl("patch", DEFINITION, "--type=json", "-p", json.dumps(patch))
    assert patched.returncode == 0, patched.stderr
    yield
    restored = kubectl("apply", "--server-side", "--force-conflicts", "-k", str(CRDS))
    assert restored.returncode == 0, restored.stderr


def applied_at_last(team: Team, name: str, **spec: object) -> None:
    """Apply what the API server takes only when it serves the new schema, which it does some moments later."""
    body = team.document(name, **spec)
    folder = team.path(name).rpartition("/")[0]
    until(lambda: team.api.ask("POST", f"{folder}?fieldValidation=Strict", body).status == 201)


def test_an_object_that_this_release_does_not_understand_stops_only_itself(
    team: Team, newer_definition: None, operator: OperatorProcess
) -> None:
    applied_at_last(team, "broken", fromTheFuture="yes")
    team.apply_ready("sound")
    stalled = team.until_stalled("broken")
    assert stalled["reason"] == "InvalidSpec"
    assert stalled["message"].startswith("spec.fromTheFuture: ")
    assert team.buckets() == [team.bucket("sound")]


def test_an_object_that_cannot_be_understood_can_still_be_deleted(
    team: Team, newer_definition: None, operator: OperatorProcess
) -> None:
    applied_at_last(team, "broken", fromTheFuture="yes")
    team.until_stalled("broken")
    team.kubectl("delete", "sb", "broken", "--timeout=10s")
    assert not team.exists("broken")


def test_an_object_that_is_not_understood_any_more_keeps_its_bucket_until_it_is_abandoned(
    team: Team, newer_definition: None, operator: OperatorProcess
) -> None:
    team.apply_ready(deletionPolicy="Delete")
    until(lambda: team.patch({"spec": {"fromTheFuture": "yes"}})["spec"].get("fromTheFuture"))
    team.until_stalled()
    team.delete()
    team.until(lambda body: "securebucket.io/abandon" in condition(body, "Stalled").get("message", ""))
    team.annotate(abandon="true")
    team.until_gone()
    assert team.buckets() == [team.bucket()]


TROUBLES = [
    pytest.param(400, "ExpiredToken", "Unknown", "CredentialsExpired", id="expired credentials"),
    pytest.param(403, "InvalidAccessKeyId", "Unknown", "CredentialsInvalid", id="revoked credentials"),
    pytest.param(403, "AccessDenied", "False", "BucketForbidden", id="somebody else's bucket"),
    pytest.param(503, "SlowDown", "Unknown", "Throttled", id="throttled"),
    pytest.param(500, "InternalError", "Unknown", "ServerError", id="a server that fails"),
]


@pytest.mark.parametrize(("status", "code", "ready", "reason"), TROUBLES)
def test_trouble_with_s3_is_told_with_its_reason(
    team: Team, recorder: Recorder, operator: OperatorProcess, status: int, code: str, ready: str, reason: str
) -> None:
    recorder.fail("*", status, code, bucket=team.bucket("troubled"), times=ALWAYS)
    team.apply("troubled")
    body = team.until(lambda body: condition(body, "Ready"), "troubled")
    found = condition(body, "Ready")
    assert (found["status"], found["reason"]) == (ready, reason)
    assert not [call for call in recorder.writes if call.bucket == team.bucket("troubled")]


def test_an_endpoint_that_does_not_answer_is_told(team: Team, recorder: Recorder, operator: OperatorProcess) -> None:
    recorder.drop("*", bucket=team.bucket(), times=ALWAYS)
    team.apply()
    found = condition(team.until(lambda body: condition(body, "Ready")), "Ready")
    assert (found["status"], found["reason"]) == ("Unknown", "EndpointUnreachable")
    assert condition(team.read(), "Reconciling")["status"] == "True"
    assert not condition(team.read(), "Stalled")


def test_what_was_true_is_not_said_any_more_when_it_cannot_be_seen(
    team: Team, recorder: Recorder, operator: OperatorProcess
) -> None:
    before = team.apply_ready()
    recorder.drop("*", bucket=team.bucket(), times=ALWAYS)
    body = team.check_now()
    assert condition(body, "Ready")["status"] == "Unknown"
    assert condition(body, "Compliant")["status"] == "Unknown"
    assert body["status"]["controls"] == before["status"]["controls"]  # the last that is known
    assert body["status"]["bucket"] == before["status"]["bucket"]


def test_a_document_that_may_not_be_read_is_never_written(
    team: Team, recorder: Recorder, operator: OperatorProcess
) -> None:
    recorder.fail("GetBucketPolicy", 403, "AccessDenied", bucket=team.bucket(), times=ALWAYS)
    team.apply()
    body = team.until(lambda body: body.get("status", {}).get("controls"))
    states = {each["name"]: each["state"] for each in body["status"]["controls"]}
    assert states.pop("policy") == "Unknown"
    assert set(states.values()) == {"InSync"}
    assert not [call for call in recorder.named("PutBucketPolicy") if call.bucket == team.bucket()]
    assert condition(body, "Ready")["status"] == "Unknown"


def test_it_recovers_without_help(team: Team, recorder: Recorder, operator: OperatorProcess) -> None:
    recorder.drop("*", bucket=team.bucket(), times=ALWAYS)
    team.apply()
    team.until(lambda body: condition(body, "Ready"))
    recorder.heal()
    team.until_ready()


def test_a_failed_write_does_not_stop_the_others(team: Team, recorder: Recorder, operator: OperatorProcess) -> None:
    recorder.fail("PutBucketEncryption", 400, "KMS.DisabledException", bucket=team.bucket(), times=ALWAYS)
    team.apply()
    body = team.until(lambda body: body.get("status", {}).get("controls"))
    states = {each["name"]: each["state"] for each in body["status"]["controls"]}
    assert states.pop("encryption") == "Failed"
    assert set(states.values()) == {"InSync"}


def test_throttled_buckets_do_not_delay_others(team: Team, recorder: Recorder, start_operator: StartOperator) -> None:
    """More of them than workers."""
    start_operator("--workers=2", f"--namespace={team.namespace}", f"--lease-name={team.namespace}")
    recorder.fail("*", 503, "SlowDown", bucket=team.bucket("throttled*"), times=ALWAYS)
    for number in range(4):
        team.apply(f"throttled-{number}")
    team.apply("sound")
    team.until_ready("sound")
    for number in range(4):
        team.until(lambda body: condition(body, "Ready").get("reason") == "Throttled", f"throttled-{number}")


def test_credentials_that_come_late_are_found(team: Team, recorder: Recorder, start_operator: StartOperator) -> None:
    recorder.fail("GetCallerIdentity", 403, "InvalidClientTokenId", times=ALWAYS)
    start_operator(f"--namespace={team.namespace}", f"--lease-name={team.namespace}")
    team.apply()
    found = condition(team.until(lambda body: condition(body, "Ready")), "Ready")
    assert (found["status"], found["reason"]) == ("Unknown", "CredentialsInvalid")
    recorder.heal()
    team.until_ready(seconds=2 * SECONDS)
