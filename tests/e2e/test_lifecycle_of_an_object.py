"""From `kubectl apply` to a safe bucket that stays safe, and what the object tells meanwhile."""

import json
import time

import pytest
import yaml
from tests.e2e.api import GROUP
from tests.e2e.audit import Audit, Request
from tests.e2e.polling import until
from tests.e2e.team import Team, condition, state

from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.s3.recorder import Recorder

pytestmark = pytest.mark.usefixtures("operator")

MOST_CALLS = 16
"""To S3, in a pass over a bucket with the default controls that finds nothing to do."""


def test_a_bare_object_makes_a_safe_bucket(team: Team) -> None:
    team.apply()
    team.kubectl("wait", "--for=condition=Ready", "sb/invoices", "--timeout=30s")
    s3, bucket = team.s3, team.bucket()
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert len(block) == 4
    assert all(block.values())
    ownership = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (encryption,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert encryption["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert encryption["BlockedEncryptionTypes"]["EncryptionType"] == ["SSE-C"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    (statement,) = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    assert team.bucket_tags()["securebucket.io/owner"].endswith(f"/{team.namespace}/invoices")


def test_kubectl_shows_where_an_object_stands(team: Team) -> None:
    body = team.apply_ready()
    head, row = team.kubectl("get", "sb").splitlines()
    assert head.split() == ["NAME", "BUCKET", "MODE", "READY", "INSYNC", "COMPLIANT", "SCORE", "AGE"]
    compliance = body["status"]["compliance"]
    shown = ["invoices", team.bucket(), "Enforce", "True", "True", condition(body, "Compliant")["status"]]
    assert row.split()[:-1] == [*shown, str(compliance["score"])]
    head, row = team.kubectl("get", "securebuckets", "-o", "wide").splitlines()
    assert head.split()[-4:] == ["ACCOUNT", "REGION", "PROFILE", "LASTDRIFT"]
    assert "000000000000   us-east-1" in row


def test_events_tell_what_was_done(team: Team) -> None:
    team.apply_ready()
    until(lambda: any(each["reason"] == "Ready" for each in team.events()))
    shown = team.kubectl("events", "--for", "securebucket/invoices")
    assert f"created bucket {team.bucket()} in us-east-1" in shown
    assert {"BucketCreated", "Ready"} <= {each["reason"] for each in team.events()}


def test_the_operator_writes_the_status_and_nothing_else(team: Team, audit: Audit) -> None:
    mark = audit.mark()
    body = team.apply_ready()
    writes = audit.since(mark, lambda each: each.is_write and each.namespace == team.namespace and by_operator(each))
    assert {each.resource for each in writes} <= {"securebuckets/status", "events"}
    assert body["spec"] == {"bucketName": team.bucket()}
    assert body["metadata"]["generation"] == 1
    assert "finalizers" not in body["metadata"]
    owned = json.loads(team.kubectl("get", "sb", "invoices", "-o", "json", "--show-managed-fields"))
    parts = {(each["manager"], each.get("subresource", "")) for each in owned["metadata"]["managedFields"]}
    assert parts == {("kubectl-client-side-apply", ""), ("securebucket-operator", "status")}


def test_the_status_says_which_generation_it_is_about(team: Team) -> None:
    team.apply_ready()
    team.apply(tags={"tagSet": {"team": "payments"}})
    body = team.until_ready()
    assert body["status"]["observedGeneration"] == body["metadata"]["generation"] == 2
    assert {each["observedGeneration"] for each in body["status"]["conditions"]} == {2}
    assert team.bucket_tags()["team"] == "payments"


def test_a_field_that_the_api_server_cannot_judge_stalls_with_its_path(team: Team, recorder: Recorder) -> None:
    """CEL of the oldest API server that we support has no isCIDR: host bits in a range get through."""
    team.apply(policy={"allowedCidrs": ["203.0.113.7/24"]})
    stalled = team.until_stalled()
    assert stalled["reason"] == "InvalidSpec"
    assert stalled["message"].startswith("spec.policy.allowedCidrs[0]: not an address range; write e.g.")
    assert condition(team.read(), "Ready")["status"] == "False"
    assert not [call for call in recorder.calls if call.bucket == team.bucket()]


def test_a_bucket_cannot_be_renamed(team: Team) -> None:
    team.apply()
    renamed = team.document() | {"spec": {"bucketName": team.bucket("other")}}
    said = team.refused("apply", "-f", "-", stdin=yaml.safe_dump(renamed))
    assert "spec.bucketName: Invalid value" in said
    assert "bucketName cannot be changed; make another SecureBucket" in said


def applied_by(team: Team, manager: str, **spec: object) -> tuple[str, ...]:
    """Give the arguments and the document of a server-side apply that declares these fields and no others."""
    document = team.document() | {"spec": spec}
    return ("apply", "--server-side", f"--field-manager={manager}", "-f", "-", yaml.safe_dump(document))


def test_two_managers_each_keep_their_part(team: Team) -> None:
    team.apply_ready()
    for manager, spec in (
        ("security", {"encryption": {"bucketKeyEnabled": False}}),
        ("billing", {"tags": {"tagSet": {"cost-centre": "4711"}}}),
    ):
        *arguments, document = applied_by(team, manager, **spec)
        team.kubectl(*arguments, stdin=document)
    body = team.until_ready()
    assert body["spec"]["encryption"] == {"bucketKeyEnabled": False}
    assert team.bucket_tags()["cost-centre"] == "4711"


def test_two_managers_of_one_field_are_told(team: Team) -> None:
    *arguments, document = applied_by(team, "security", versioning={"status": "Enabled"})
    team.kubectl(*arguments, stdin=document)
    *arguments, document = applied_by(team, "billing", versioning={"status": "Suspended"})
    said = team.refused(*arguments, stdin=document)
    assert 'conflict with "security": .spec.versioning.status' in said


def test_drift_is_put_right_and_counted(team: Team, operator: OperatorProcess) -> None:
    team.apply_ready()
    before = operator.read_metrics()
    team.s3.delete_public_access_block(Bucket=team.bucket())
    body = team.check_now()
    assert state(body, "publicAccessBlock") == "Corrected"
    assert body["status"]["drift"]["count"] == 1
    assert body["status"]["drift"]["lastCorrectedAt"] >= body["status"]["drift"]["lastDetectedAt"]
    block = team.s3.get_public_access_block(Bucket=team.bucket())["PublicAccessBlockConfiguration"]
    assert all(block.values())
    after = operator.read_metrics()
    for counter in ("detected", "corrected"):
        sample = f'securebucket_drift_{counter}_total{{control="publicAccessBlock"}}'
        assert after[sample] - before[sample] == 1
    until(lambda: any(each["reason"] == "PublicAccessBlockCorrected" for each in team.events()))


def test_metrics_are_there_as_long_as_the_object(team: Team, operator: OperatorProcess) -> None:
    team.apply_ready()
    sample = f'securebucket_ready{{name="invoices",namespace="{team.namespace}"}}'
    until(lambda: operator.read_metrics().get(sample) == 1)
    team.delete()
    until(lambda: not any(team.namespace in each for each in operator.read_metrics()))


def by_operator(request: Request) -> bool:
    return request.user == "operator"


def test_a_converged_pass_writes_nothing(team: Team, audit: Audit, recorder: Recorder) -> None:
    """Asked for by a change of the profile that changes nothing for the bucket: no write has to say that it is done."""
    team.make_profile(interval="50m")
    team.apply_ready(profile=team.namespace)
    team.check_now()  # settled: what the first pass told is told
    query = f"limit={time.monotonic_ns()}"  # the log has a request a moment after its effect can be seen
    team.api.do("GET", f"{GROUP}/securebuckets?{query}")
    until(lambda: audit.since(0, lambda each: each.query == query))
    mark = audit.mark()
    passes = []
    for interval in ("51m", "52m"):  # when the second one begins, the first has ended and told
        begun = len(recorder.calls)
        team.make_profile(interval=interval)
        until(lambda begun=begun: any(call.bucket == team.bucket() for call in recorder.calls[begun:]))
        passes.append(begun)
    first = [call for call in recorder.calls[passes[0] : passes[1]] if call.bucket == team.bucket()]
    assert [str(call) for call in first if call.is_write] == []
    assert 0 < len(first) <= MOST_CALLS
    writes = audit.since(mark, lambda each: by_operator(each) and each.is_write and not each.is_election)
    assert writes == []
