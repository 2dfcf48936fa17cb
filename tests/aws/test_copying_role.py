"""What IAM itself says of the role that S3 copies as, on a server that simulates policies."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.loaders import create_loader

from securebucket.aws.sessions import Binding, Sessions
from securebucket.aws.surroundings import Surroundings
from securebucket.controls.replication_role import TRUST, problem_of, query_of
from securebucket.model.bucket import Bucket
from securebucket.model.copying_role import CopyingRole
from securebucket_dev.s3.bare import client
from securebucket_dev.s3.localstack import LocalStack

ACCOUNT = "000000000000"
BUCKET = Bucket("acme-invoices", "us-east-1", ACCOUNT, "aws")
RULES = {"all": {"Status": "Enabled", "Filter": {}, "Destination": {"Bucket": "arn:aws:s3:::acme-copy"}}}
ALL = [
    {
        "Effect": "Allow",
        "Action": ["s3:Get*", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::acme-invoices", "arn:aws:s3:::acme-invoices/*"],
    },
    {"Effect": "Allow", "Action": ["s3:Replicate*"], "Resource": "arn:aws:s3:::acme-copy/*"},
]


@pytest.fixture
def iam(localstack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCOUNT)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "not-a-secret")
    made = client(localstack.endpoint, "iam", "us-east-1", ACCOUNT)
    yield made
    for role in made.list_roles()["Roles"]:
        if role["RoleName"] == "copier":
            made.delete_role_policy(RoleName="copier", PolicyName="copy")
            made.delete_role(RoleName="copier")


def make(iam: Any, statements: list[dict[str, Any]], trust: dict[str, Any] = TRUST) -> str:
    role = iam.create_role(RoleName="copier", Path="/service/", AssumeRolePolicyDocument=json.dumps(trust))
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
    iam.put_role_policy(RoleName="copier", PolicyName="copy", PolicyDocument=policy)
    return str(role["Role"]["Arn"])


def look(localstack: LocalStack, role: str) -> CopyingRole:
    query = query_of(BUCKET, role, RULES)
    assert query is not None
    around = Surroundings(Sessions(lambda _: None, _loader=create_loader()))
    found = around.look(Binding("us-east-1", endpoint=localstack.endpoint), query).observation
    assert isinstance(found, CopyingRole)
    return found


def reason(role: str, found: CopyingRole) -> str:
    problem = problem_of(BUCKET, role, found, RULES)
    return problem.reason if problem else ""


def test_a_role_that_may_copy_is_found_to(localstack: LocalStack, iam: Any) -> None:
    role = make(iam, ALL)
    found = look(localstack, role)
    assert (found.exists, found.lacks, found.unasked) == (True, (), None)
    assert reason(role, found) == ""


def test_what_a_role_lacks_is_told(localstack: LocalStack, iam: Any) -> None:
    role = make(iam, ALL[:1])
    found = look(localstack, role)
    assert {action for action, _ in found.lacks} == {"s3:ReplicateObject", "s3:ReplicateTags"}
    assert reason(role, found) == "ReplicationRoleLacks"


def test_a_role_that_trusts_others_is_told(localstack: LocalStack, iam: Any) -> None:
    trust: dict[str, Any] = json.loads(json.dumps(TRUST).replace("s3.amazonaws.com", "ec2.amazonaws.com"))
    role = make(iam, ALL, trust)
    assert reason(role, look(localstack, role)) == "ReplicationRoleNotTrusting"


def test_a_role_that_is_not_there_is_told(localstack: LocalStack, iam: Any) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/nobody"
    assert reason(role, look(localstack, role)) == "ReplicationRoleMissing"
