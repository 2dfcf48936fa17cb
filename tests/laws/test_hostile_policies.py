"""Laws of what a bucket user writes into the policy to stop the operator: the pass ends, and all else is put right."""

import json
from typing import Any

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Tenant

on_moto = pytest.mark.parametrize("stage", ["moto"], indirect=True)
OUTSIDER = {"AWS": "arn:aws:iam::999999999999:root"}


def grant(bucket: str, **changed: Any) -> dict[str, Any]:
    return {
        "Sid": "Theirs",
        "Effect": "Allow",
        "Principal": OUTSIDER,
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        **changed,
    }


HOSTILE: dict[str, dict[str, Any]] = {
    "half characters": {"Sid": "P\ud800", "Condition": {"StringNotEquals": {"aws:UserAgent": "\ud800"}}},
    "a pile of stars": {"Action": "s3:" + "*" * 25 + "Acl"},
    "stars and gaps": {"Action": "s3:" + "*?" * 14 + "Acl"},
    "a star before each letter": {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::" + "*a" * 500 + "*b"},
    "variables without an end": {"Resource": "arn:aws:s3:::" + "${" * 3000},
}


@on_moto
@pytest.mark.parametrize("kind", HOSTILE)
def test_the_rest_of_the_bucket_is_put_right_and_theirs_stays_to_the_letter(stage: Stage, kind: str) -> None:
    tenant, s3 = Tenant(stage), stage.plain()
    tenant.settle()
    theirs = grant(tenant.bucket, **HOSTILE[kind])
    s3.put_bucket_policy(Bucket=tenant.bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [theirs]}))
    s3.delete_public_access_block(Bucket=tenant.bucket)
    s3.put_bucket_versioning(Bucket=tenant.bucket, VersioningConfiguration={"Status": "Suspended"})
    made = tenant.run()
    assert {"PutPublicAccessBlock", "PutBucketPolicy", "PutBucketVersioning"} <= set(made.writes)
    assert s3.get_public_access_block(Bucket=tenant.bucket)["PublicAccessBlockConfiguration"]["BlockPublicPolicy"]
    assert s3.get_bucket_versioning(Bucket=tenant.bucket)["Status"] == "Enabled"
    statements = json.loads(s3.get_bucket_policy(Bucket=tenant.bucket)["Policy"])["Statement"]
    assert theirs in statements
    assert "SecureBucketRequireTls" in {each["Sid"] for each in statements}
    json.dumps(tenant.status.model_dump(mode="json"), ensure_ascii=False).encode()


@on_moto
@pytest.mark.parametrize(
    "text",
    [
        pytest.param('{"Version": "2012-10-17", "Id": "\\ud800", "Statement": []}', id="an id of half a character"),
        pytest.param(
            '{"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Effect": "Allow"}]}', id="a key twice"
        ),
    ],
)
def test_where_theirs_cannot_be_kept_as_it_is_nothing_is_written_over_it(stage: Stage, text: str) -> None:
    tenant, s3 = Tenant(stage), stage.plain()
    tenant.settle()
    s3.put_bucket_policy(Bucket=tenant.bucket, Policy=text)
    s3.delete_public_access_block(Bucket=tenant.bucket)
    made = tenant.run()
    assert made.writes == ("PutPublicAccessBlock",)
    assert s3.get_bucket_policy(Bucket=tenant.bucket)["Policy"] == text
    assert tenant.condition("Ready").startswith("False")
