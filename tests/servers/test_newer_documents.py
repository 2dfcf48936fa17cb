"""What stands in for documents that no emulator has: it keeps what is put, of buckets that are there, until they go."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from securebucket_dev.s3 import bare
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.loopback import LoopbackServer
from securebucket_dev.s3.moto import MotoServer

BUCKET = "acme-newer"
JOURNAL = {"JournalTableConfiguration": {"RecordExpiration": {"Expiration": "DISABLED"}}}
TAGS = {"TagSet": [{"Key": "team", "Value": "payments"}]}


@pytest.fixture(params=["localstack_process", "moto_process"])
def server(request: pytest.FixtureRequest) -> LoopbackServer:
    found: LocalStack | MotoServer = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def s3(server: LoopbackServer) -> Iterator[Any]:
    client = bare.client(server.endpoint)
    client.create_bucket(Bucket=BUCKET)
    yield client
    client.delete_bucket(Bucket=BUCKET)


def code(call: Callable[..., Any], **parameters: Any) -> str:
    """Give the code with which a call fails."""
    with pytest.raises(ClientError) as raised:
        call(**{"Bucket": BUCKET, **parameters})
    return str(raised.value.response["Error"]["Code"])


def test_abac_is_off_until_it_is_put(s3: Any) -> None:
    assert s3.get_bucket_abac(Bucket=BUCKET)["AbacStatus"] == {"Status": "Disabled"}
    s3.put_bucket_abac(Bucket=BUCKET, AbacStatus={"Status": "Enabled"})
    assert s3.get_bucket_abac(Bucket=BUCKET)["AbacStatus"] == {"Status": "Enabled"}


def test_with_abac_on_tags_are_taken_one_by_one_only(server: LoopbackServer, s3: Any) -> None:
    s3.put_bucket_tagging(Bucket=BUCKET, Tagging=TAGS)
    s3.put_bucket_abac(Bucket=BUCKET, AbacStatus={"Status": "Enabled"})
    assert code(s3.put_bucket_tagging, Tagging=TAGS) == "AccessDenied"
    assert code(s3.delete_bucket_tagging) == "AccessDenied"
    account, arn = "000000000000", f"arn:aws:s3:::{BUCKET}"
    if server.name == "LocalStack":
        control = bare.client(server.endpoint, "s3control")
        control.tag_resource(AccountId=account, ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
        control.untag_resource(AccountId=account, ResourceArn=arn, TagKeys=["team"])
        assert s3.get_bucket_tagging(Bucket=BUCKET)["TagSet"] == [{"Key": "stage", "Value": "test"}]


def test_a_metadata_configuration_is_made_once_updated_and_deleted(s3: Any) -> None:
    assert code(s3.get_bucket_metadata_configuration) == "MetadataConfigurationNotFound"
    s3.create_bucket_metadata_configuration(Bucket=BUCKET, MetadataConfiguration=JOURNAL)
    assert code(s3.create_bucket_metadata_configuration, MetadataConfiguration=JOURNAL).endswith("AlreadyExists")
    s3.update_bucket_metadata_inventory_table_configuration(
        Bucket=BUCKET, InventoryTableConfiguration={"ConfigurationState": "ENABLED"}
    )
    answer = s3.get_bucket_metadata_configuration(Bucket=BUCKET)["GetBucketMetadataConfigurationResult"]
    found = answer["MetadataConfigurationResult"]
    assert found["DestinationResult"]["TableBucketType"] == "aws"
    assert found["JournalTableConfigurationResult"]["RecordExpiration"] == {"Expiration": "DISABLED"}
    assert found["InventoryTableConfigurationResult"]["ConfigurationState"] == "ENABLED"
    s3.delete_bucket_metadata_configuration(Bucket=BUCKET)
    assert code(s3.delete_bucket_metadata_configuration) == "MetadataConfigurationNotFound"


def test_a_configuration_of_the_older_kind_is_told_by_the_newer_read(s3: Any) -> None:
    arn = "arn:aws:s3tables:us-east-1:000000000000:bucket/theirs"
    destination = {"S3TablesDestination": {"TableBucketArn": arn, "TableName": "t"}}
    s3.create_bucket_metadata_table_configuration(Bucket=BUCKET, MetadataTableConfiguration=destination)
    answer = s3.get_bucket_metadata_configuration(Bucket=BUCKET)["GetBucketMetadataConfigurationResult"]
    assert answer["MetadataConfigurationResult"]["DestinationResult"]["TableBucketType"] == "customer"


def test_a_bucket_that_is_made_anew_has_none_of_it(s3: Any) -> None:
    s3.put_bucket_abac(Bucket=BUCKET, AbacStatus={"Status": "Enabled"})
    s3.create_bucket_metadata_configuration(Bucket=BUCKET, MetadataConfiguration=JOURNAL)
    s3.delete_bucket(Bucket=BUCKET)
    assert code(s3.get_bucket_abac) == "NoSuchBucket"
    s3.create_bucket(Bucket=BUCKET)
    assert s3.get_bucket_abac(Bucket=BUCKET)["AbacStatus"] == {"Status": "Disabled"}
    assert code(s3.get_bucket_metadata_configuration) == "MetadataConfigurationNotFound"
