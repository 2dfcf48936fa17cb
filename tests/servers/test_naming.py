"""The recorder calls a request what boto3 calls it."""

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError

from securebucket_dev.s3.bare import client
from securebucket_dev.s3.naming import UNKNOWN, name_request
from securebucket_dev.s3.recorder import UNREACHABLE, Recorder

TABLE = [
    ("GET", "/", "", "ListBuckets"),
    ("GET", "/", "max-buckets=100&continuation-token=x", "ListBuckets"),
    ("HEAD", "/b", "", "HeadBucket"),
    ("PUT", "/b", "", "CreateBucket"),
    ("DELETE", "/b", "", "DeleteBucket"),
    ("GET", "/b", "", "ListObjects"),
    ("GET", "/b/", "prefix=a%2F", "ListObjects"),
    ("GET", "/b", "list-type=2", "ListObjectsV2"),
    ("GET", "/b", "versions", "ListObjectVersions"),
    ("GET", "/b", "location", "GetBucketLocation"),
    ("GET", "/b", "policy", "GetBucketPolicy"),
    ("PUT", "/b", "policy", "PutBucketPolicy"),
    ("DELETE", "/b", "policy", "DeleteBucketPolicy"),
    ("GET", "/b", "policyStatus", "GetBucketPolicyStatus"),
    ("GET", "/b", "versioning", "GetBucketVersioning"),
    ("PUT", "/b", "versioning", "PutBucketVersioning"),
    ("GET", "/b", "encryption", "GetBucketEncryption"),
    ("PUT", "/b", "encryption", "PutBucketEncryption"),
    ("GET", "/b", "publicAccessBlock", "GetPublicAccessBlock"),
    ("PUT", "/b", "publicAccessBlock", "PutPublicAccessBlock"),
    ("DELETE", "/b", "publicAccessBlock", "DeletePublicAccessBlock"),
    ("GET", "/b", "ownershipControls", "GetBucketOwnershipControls"),
    ("DELETE", "/b", "ownershipControls", "DeleteBucketOwnershipControls"),
    ("GET", "/b", "object-lock", "GetObjectLockConfiguration"),
    ("PUT", "/b", "object-lock", "PutObjectLockConfiguration"),
    ("GET", "/b", "lifecycle", "GetBucketLifecycleConfiguration"),
    ("PUT", "/b", "lifecycle", "PutBucketLifecycleConfiguration"),
    ("DELETE", "/b", "lifecycle", "DeleteBucketLifecycle"),
    ("PUT", "/b", "notification", "PutBucketNotificationConfiguration"),
    ("GET", "/b", "replication", "GetBucketReplication"),
    ("GET", "/b", "logging", "GetBucketLogging"),
    ("PUT", "/b", "tagging", "PutBucketTagging"),
    ("GET", "/b", "acl", "GetBucketAcl"),
    ("GET", "/b", "inventory", "ListBucketInventoryConfigurations"),
    ("GET", "/b", "inventory&id=daily", "GetBucketInventoryConfiguration"),
    ("PUT", "/b", "inventory&id=daily", "PutBucketInventoryConfiguration"),
    ("GET", "/b", "requestPayment", "GetBucketRequestPayment"),
    ("PUT", "/b", "accelerate", "PutBucketAccelerateConfiguration"),
    ("POST", "/b", "delete", "DeleteObjects"),
    ("PUT", "/b/a/key", "", "PutObject"),
    ("GET", "/b/key", "X-Amz-Signature=0&x-id=GetObject", "GetObject"),
    ("PUT", "/b/key", "partNumber=1&uploadId=2", "UploadPart"),
    ("DELETE", "/b/key", "versionId=1", "DeleteObject"),
    ("PUT", "/b/key", "tagging", "PutObjectTagging"),
    ("DELETE", "/b", "noSuchSubResource", UNKNOWN),
    ("PATCH", "/b", "", UNKNOWN),
]


def sample(shape: Any) -> Any:
    """The least value of a botocore shape that boto3 accepts."""
    match shape.type_name:
        case "structure":
            needed = list(shape.members)[:1] if shape.is_tagged_union else shape.required_members
            return {name: sample(shape.members[name]) for name in needed}
        case "boolean":
            return True
        case "list":
            return [sample(shape.member)]
        case "integer" | "long":
            return 1
        case "blob":
            return b"x"
    return shape.enum[0] if shape.enum else "sample-of-twenty-letters"


@pytest.fixture(scope="module")
def unserved() -> Iterator[Recorder]:
    """A recorder with nothing behind it: it names what it is asked, and answers 502."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Recorder(f"http://127.0.0.1:{port}") as recorder:
        yield recorder


@pytest.fixture(scope="module")
def s3(unserved: Recorder) -> Any:
    return client(unserved.endpoint)


def operations() -> list[str]:
    """Every operation of S3 but those in another host, those of another API at the same URL, and deprecated ones."""
    elsewhere = {"WriteGetObjectResponse", "ListDirectoryBuckets", "SelectObjectContent"}
    model = boto3.Session().client("s3", region_name="us-east-1").meta.service_model
    named = (model.operation_model(name) for name in model.operation_names)
    return [found.name for found in named if not found.deprecated and found.name not in elsewhere]


@pytest.mark.parametrize(("method", "path", "query", "operation"), TABLE)
def test_a_request_has_its_name(method: str, path: str, query: str, operation: str) -> None:
    assert name_request(method, path, query, {}).operation == operation


@pytest.mark.parametrize("operation", operations())
def test_what_boto3_sends_is_named_as_boto3_names_it(operation: str, unserved: Recorder, s3: Any) -> None:
    """For every operation of the service model, whatever boto3 makes of its least arguments."""
    unserved.clear()
    model = s3.meta.service_model.operation_model(operation)
    arguments = sample(model.input_shape) if model.input_shape else {}
    with pytest.raises(ClientError, match=f"502|{UNREACHABLE}"):
        getattr(s3, xform_name(operation))(**arguments)
    assert [call.operation for call in unserved.calls] == [operation]


def test_the_signature_tells_who_asks_and_where() -> None:
    scope = (
        "AWS4-HMAC-SHA256 Credential=111111111111/20261123/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0"
    )
    name = name_request("GET", "/b", "policy", {"authorization": scope})
    assert (name.account, name.region, name.service) == ("111111111111", "eu-west-1", "s3")


def test_bucket_and_key_are_told_apart() -> None:
    name = name_request("GET", "/b/a%20folder/key", "", {})
    assert (name.bucket, name.key) == ("b", "a folder/key")


@pytest.mark.parametrize(
    ("service", "headers", "body", "operation"),
    [
        ("kms", {"x-amz-target": "TrentService.DescribeKey"}, b"{}", "DescribeKey"),
        ("sqs", {"x-amz-target": "AmazonSQS.ReceiveMessage"}, b"{}", "ReceiveMessage"),
        ("events", {"x-amz-target": "AWSEvents.PutRule"}, b"{}", "PutRule"),
        ("sts", {}, b"Action=GetCallerIdentity&Version=2011-06-15", "GetCallerIdentity"),
        ("iam", {}, b"Action=GetRole&RoleName=x", "GetRole"),
        ("lambda", {}, b"", UNKNOWN),
    ],
)
def test_other_services_are_no_s3(service: str, headers: dict[str, str], body: bytes, operation: str) -> None:
    scope = {"authorization": f"AWS4-HMAC-SHA256 Credential=a/20261123/us-east-1/{service}/aws4_request"}
    name = name_request("POST", "/", "", headers | scope, body)
    assert (name.service, name.operation, name.bucket) == (service, operation, "")


def test_the_account_wide_block_is_s3_controls() -> None:
    headers = {"x-amz-account-id": "123456789012"}
    name = name_request("PUT", "/v20180820/configuration/publicAccessBlock", "", headers)
    assert (name.service, name.operation, name.bucket) == ("s3control", "PutPublicAccessBlock", "")


def test_an_emulators_own_paths_are_nobodys() -> None:
    assert name_request("POST", "/_localstack/state/reset", "", {}).service == ""
