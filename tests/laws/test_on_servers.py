"""Laws on real servers: a bare SecureBucket makes a bucket safe, and a converged bucket costs reads only."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from tests.laws.register import SUBJECTS
from tests.laws.stage import Stage
from tests.laws.subject import Limit
from tests.laws.surroundings import localised
from tests.laws.tenant import Pass, Tenant

from securebucket.aws.edge import Aws
from securebucket.controls import CONTROLS

Sample = tuple[str, int]

SERVERS = ("localstack", "moto")

SAMPLES: tuple[Sample, ...] = tuple(
    (name, index) for name, subject in SUBJECTS.items() for index in range(len(subject.specs))
)


CANNOT: Mapping[str, Mapping[Sample, Limit]] = {
    server: {
        (name, index): limit
        for name, subject in SUBJECTS.items()
        for index, limit in subject.limits.get(server, {}).items()
    }
    for server in SERVERS
}
"""Samples that a server cannot hold."""


def loses_a_part(server: str, control: str, spec: Mapping[str, Any]) -> bool:
    """Tell whether a server, whatever else is declared, keeps a part at most of what a spec makes of a control."""
    whole = SUBJECTS[control].kept_whole_with.get(server)
    return whole is not None and not whole.items() <= spec.get(control, {}).items()


def expected_ends(stage: Stage, sample: Sample) -> dict[str, str]:
    """Say which controls do not end in sync on this server, and in which state."""
    spec = SUBJECTS[sample[0]].specs[sample[1]]
    always = [name for name in SUBJECTS if loses_a_part(stage.name, name, spec)]
    limit = CANNOT[stage.name].get(sample)
    return dict.fromkeys(always, "Unsupported") | ({sample[0]: limit.state} if limit else {})


def ends_of(made: Pass) -> dict[str, str]:
    """Say which controls are not in sync after a pass."""
    return {name: state.value for name, state in made.states.items() if state.value not in {"InSync", "Corrected"}}


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_a_bare_bucket_ends_safe(stage: Stage, region: str) -> None:
    tenant = Tenant(stage, {"region": region})
    tenant.settle()

    s3, bucket = stage.plain(region=region), {"Bucket": tenant.bucket}
    block = s3.get_public_access_block(**bucket)["PublicAccessBlockConfiguration"]
    assert block == dict.fromkeys(
        ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
    )
    ownership = s3.get_bucket_ownership_controls(**bucket)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    rule = s3.get_bucket_encryption(**bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    if not loses_a_part(stage.name, "encryption", {}):
        assert rule["BlockedEncryptionTypes"] == {"EncryptionType": ["SSE-C"]}
    assert s3.get_bucket_versioning(**bucket)["Status"] == "Enabled"
    (statement,) = json.loads(s3.get_bucket_policy(**bucket)["Policy"])["Statement"]
    arn = f"arn:aws:s3:::{tenant.bucket}"
    assert {**statement, "Resource": sorted(statement["Resource"])} == {
        "Sid": "SecureBucketRequireTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [arn, f"{arn}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    (rule,) = s3.get_bucket_lifecycle_configuration(**bucket)["Rules"]
    assert (rule["Status"], rule["Filter"]) == ("Enabled", {"Prefix": ""})
    assert rule["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 7}
    tags = {tag["Key"]: tag["Value"] for tag in s3.get_bucket_tagging(**bucket)["TagSet"]}
    assert tags == {"securebucket.io/owner": tenant.owner, "securebucket.io/origin": "Created"}


def test_a_bare_bucket_is_ready(stage: Stage) -> None:
    """What `kubectl wait --for=condition=Ready` and kstatus look at."""
    tenant = Tenant(stage)
    tenant.settle()
    assert tenant.condition("Ready") == "True Verified"
    assert tenant.condition("InSync") == "True AsDeclared"
    assert tenant.condition("Compliant") == "True ChecksPass"
    assert tenant.condition("Reconciling") == tenant.condition("Stalled") == ""
    assert tenant.status.bucket is not None
    assert tenant.status.bucket.account_id == stage.account


def test_a_bare_bucket_needs_one_pass_where_the_server_keeps_everything(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    assert set(tenant.run().states.values()) == {"InSync"}
    assert (tenant.run().writes, tenant.condition("Ready")) == ((), "True Verified")


def test_a_steady_pass_reads_each_document_once_and_nothing_else(stage: Stage) -> None:
    """The tags say that the bucket is there and whose it is: nobody looks for it (HeadBucket) any more."""
    tenant = Tenant(stage)
    tenant.settle()
    made = tenant.run()
    assert len(made.calls) == len(CONTROLS)
    assert len(set(made.s3_calls)) == len(made.s3_calls)
    assert made.s3_calls[0] == "GetBucketTagging"


def test_a_server_that_does_not_answer_is_asked_once(localstack_stage: Stage) -> None:
    """Three times, as any call: what hangs at the first one would hang at the next."""
    tenant = Tenant(localstack_stage)
    tenant.settle()
    localstack_stage.recorder.drop("GetBucketTagging", bucket=tenant.bucket, times=3)
    made = tenant.run()
    assert (made.reason, made.s3_calls) == ("EndpointUnreachable", ("GetBucketTagging",) * 3)
    assert set(tenant.run().states.values()) == {"InSync"}


def test_a_bucket_that_is_not_where_it_was_is_looked_for(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    localstack_stage.plain().delete_bucket(Bucket=tenant.bucket)
    made = tenant.run()
    assert (made.reason, made.s3_calls) == ("BucketGone", ("GetBucketTagging", "HeadBucket"))


def test_reading_one_by_one_sees_the_same_as_side_by_side(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage)
    tenant.settle()
    tenant.engine.aws = Aws(lambda *_: None, readers=0)
    made = tenant.run()
    assert (made.writes, made.changed) == ((), False)
    assert list(made.states) == [control.name for control in CONTROLS]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample[0]}-{sample[1]}")
def test_a_converged_bucket_is_never_written_again(stage: Stage, sample: Sample) -> None:
    """Neither to S3 nor to Kubernetes: whatever is declared, a further pass only reads, also of a new process."""
    name, index = sample
    tried = CANNOT[stage.name].get(sample, Limit("")).tried
    tenant = Tenant(stage, localised(stage, SUBJECTS[name].specs[index]))
    ends = ends_of(tenant.settle(tried=tried))
    assert ends == expected_ends(stage, sample)

    if not ends:
        tenant.restart()
    again = tenant.run()
    assert (again.writes, again.changed) == (tried, False)


def test_every_limit_names_a_sample() -> None:
    assert {sample for limits in CANNOT.values() for sample in limits} <= set(SAMPLES)
    assert {server for subject in SUBJECTS.values() for server in subject.limits} <= set(SERVERS)
