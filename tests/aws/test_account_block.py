"""The account's Block Public Access is read from a server that is not AWS, as its checks need it."""

import pytest

from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.model.public_access_block import PublicAccessBlock
from securebucket.model.surroundings import AccountBlockQuery
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.localstack import LocalStack

ACCOUNT = "111122223333"
BLOCK = {"BlockPublicAcls": False, "IgnorePublicAcls": True, "BlockPublicPolicy": False, "RestrictPublicBuckets": True}


@pytest.fixture(params=["profile", "environment"])
def binding(request: pytest.FixtureRequest, localstack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Binding:
    """The server's endpoint, from either place."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    if request.param == "profile":
        return Binding(region="us-east-1", endpoint=localstack.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", localstack.endpoint)
    return Binding(region="us-east-1")


def test_what_the_account_blocks_is_read(binding: Binding, localstack: LocalStack) -> None:
    control = client(localstack.endpoint, "s3control", account=ACCOUNT)
    control.put_public_access_block(AccountId=ACCOUNT, PublicAccessBlockConfiguration=BLOCK)
    found = Aws(lambda *_: None).look(binding, AccountBlockQuery(ACCOUNT)).observation
    assert found == PublicAccessBlock(ignore_public_acls=True, restrict_public_buckets=True)


def test_an_account_without_a_block_blocks_nothing(binding: Binding) -> None:
    assert Aws(lambda *_: None).look(binding, AccountBlockQuery(ACCOUNT)).observation == PublicAccessBlock()
