"""The law of deletes: none is sent for a configuration that a GET has not just shown. Every stage is held to it."""

from contextlib import suppress

import pytest
from botocore.exceptions import ClientError
from tests.laws.stage import Stage, blind_deletes
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import EVERY_RISK, Tenant

from securebucket_dev.s3.bare import client


@pytest.mark.parametrize(
    ("steps", "blind"),
    [
        (("delete",), 1),
        (("get missing", "delete"), 1),
        (("get", "delete"), 0),
        (("get", "delete", "delete"), 1),
        (("get other", "delete"), 1),
        (("get", "delete bucket"), 0),
    ],
)
def test_a_blind_delete_is_told_from_others(stage: Stage, steps: tuple[str, ...], blind: int) -> None:
    bucket = make_bucket(stage)
    if "get missing" not in steps:
        tags = {"TagSet": [{"Key": "team", "Value": "payments"}]}
        stage.plain().put_bucket_tagging(Bucket=bucket, Tagging=tags)
    s3 = client(stage.recorder.endpoint, account=stage.account)
    for step in steps:
        if step == "get missing":
            with pytest.raises(ClientError, match="NoSuchTagSet"):
                s3.get_bucket_tagging(Bucket=bucket)
        else:
            operations = {
                "get": s3.get_bucket_tagging,
                "get other": s3.get_bucket_versioning,
                "delete": s3.delete_bucket_tagging,
                "delete bucket": s3.delete_bucket,
            }
            operations[step](Bucket=bucket)
    assert len(list(blind_deletes(stage.recorder.calls))) == blind
    stage.recorder.clear()  # these were ours, on purpose


@pytest.mark.parametrize(
    ("deleted", "blind"), [(["daily"], 0), (["daily", "weekly"], 0), (["daily", "daily"], 1), (["elsewhere"], 1)]
)
def test_of_a_list_only_what_was_in_it_may_be_deleted(localstack_stage: Stage, deleted: list[str], blind: int) -> None:
    bucket = make_bucket(localstack_stage)
    s3 = client(localstack_stage.recorder.endpoint, account=localstack_stage.account)
    for name in ("daily", "weekly"):
        s3.put_bucket_metrics_configuration(Bucket=bucket, Id=name, MetricsConfiguration={"Id": name})
    s3.list_bucket_metrics_configurations(Bucket=bucket)
    for name in deleted:
        with suppress(ClientError):  # of what is not there
            s3.delete_bucket_metrics_configuration(Bucket=bucket, Id=name)
    assert len(list(blind_deletes(localstack_stage.recorder.calls))) == blind
    localstack_stage.recorder.clear()  # these were ours, on purpose


DELETED = {
    "policy": ({"policy": {"requireTls": False}}, "DeleteBucketPolicy"),
    "lifecycle": ({"lifecycle": {"abortIncompleteMultipartUploadDays": 0}}, "DeleteBucketLifecycle"),
}


@pytest.mark.parametrize("control", DELETED)
def test_what_is_not_wanted_any_more_is_deleted_once(stage: Stage, control: str) -> None:
    spec, operation = DELETED[control]
    tenant = Tenant(stage, profile={"permit": EVERY_RISK})
    tenant.settle()
    tenant.declare(spec)
    assert tenant.run().writes == (operation,)
    tenant.settle()
    assert [call.operation for call in stage.recorder.deletes] == [operation]


@pytest.mark.parametrize("control", DELETED)
def test_what_was_never_there_is_never_deleted(stage: Stage, control: str) -> None:
    tenant = Tenant(stage, DELETED[control][0])
    tenant.settle()
    assert stage.recorder.deletes == ()
