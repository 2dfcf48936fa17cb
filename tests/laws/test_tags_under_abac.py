"""The law of tags that give access, on a real server: with ABAC on they are kept as before, by other calls."""

import pytest
from tests.laws.stage import Stage
from tests.laws.surroundings import make_bucket
from tests.laws.tenant import Tenant

from securebucket_dev.s3.fault import ALWAYS

SPEC = {"abac": {"status": "Enabled"}, "tags": {"tagSet": {"team": "payments", "stage": "test"}, "foreign": "Remove"}}


@pytest.fixture
def tenant(localstack_stage: Stage) -> Tenant:
    """An object whose bucket has ABAC on, as declared."""
    made = Tenant(localstack_stage, SPEC)
    made.settle()
    return made


def tags_of(tenant: Tenant) -> dict[str, str]:
    found = tenant.stage.plain().get_bucket_tagging(Bucket=tenant.bucket)["TagSet"]
    return {tag["Key"]: tag["Value"] for tag in found if not tag["Key"].startswith("securebucket.io/")}


def tag(tenant: Tenant, **tags: str) -> None:
    """Set tags, as somebody else does."""
    tenant.stage.plain("s3control").tag_resource(
        AccountId=tenant.stage.account,
        ResourceArn=f"arn:aws:s3:::{tenant.bucket}",
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


def test_tags_are_written_before_they_decide(localstack_stage: Stage) -> None:
    tenant = Tenant(localstack_stage, SPEC)
    made = tenant.run()
    assert made.writes[-2:] == ("PutBucketTagging", "PutBucketAbac")
    assert tags_of(tenant) == {"team": "payments", "stage": "test"}


def test_a_tag_that_somebody_changes_is_put_back_alone(tenant: Tenant) -> None:
    tag(tenant, team="theirs")
    made = tenant.run()
    assert (made.writes, made.control("tags").state) == (("TagResource",), "Corrected")
    assert tags_of(tenant) == {"team": "payments", "stage": "test"}
    assert tenant.run().writes == ()


def test_a_tag_of_others_is_taken_away_alone(tenant: Tenant) -> None:
    tag(tenant, theirs="1")
    made = tenant.run()
    assert (made.writes, made.control("tags").state) == (("UntagResource",), "Corrected")
    assert tags_of(tenant) == {"team": "payments", "stage": "test"}


def test_a_refusal_names_abac(tenant: Tenant) -> None:
    tenant.stage.recorder.fail("TagResource", 403, "AccessDenied", times=ALWAYS)
    tag(tenant, team="theirs")
    found = tenant.run().control("tags")
    assert (found.state, found.reason) == ("Failed", "AccessDenied")
    assert "The bucket has ABAC on" in found.message


def test_a_bucket_with_abac_on_can_be_adopted_and_stays_so_until_somebody_says_otherwise(
    localstack_stage: Stage,
) -> None:
    bucket = make_bucket(localstack_stage)
    s3 = localstack_stage.plain()
    s3.put_bucket_abac(Bucket=bucket, AbacStatus={"Status": "Enabled"})
    tenant = Tenant(localstack_stage, {"bucketName": bucket, "adoption": "Adopt"})
    made = tenant.run()
    assert "TagResource" in made.writes
    assert made.control("abac").reason == "ApprovalRequired"
    tenant.approve()
    assert "PutBucketAbac" in tenant.run().writes
    assert s3.get_bucket_abac(Bucket=bucket)["AbacStatus"] == {"Status": "Disabled"}


def test_where_abac_is_not_known_nothing_else_suffers(localstack_stage: Stage) -> None:
    for operation in ("GetBucketAbac", "GetBucketMetadataConfiguration"):
        localstack_stage.recorder.fail(operation, 501, "NotImplemented", times=ALWAYS)
    tenant = Tenant(localstack_stage, {"tags": {"tagSet": {"team": "payments"}}})
    made = tenant.settle()
    assert {name for name, state in made.states.items() if state == "Unsupported"} == {"abac", "metadata"}
    assert tenant.condition("Ready") == "True Verified"
    assert tags_of(tenant) == {"team": "payments"}
