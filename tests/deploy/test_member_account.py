"""The role of a member account, as CloudFormation makes it from the template."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from tests.deploy.manifests import DEPLOY

from securebucket.cli.iam_policy import Purpose, policy_document
from securebucket_dev.s3 import bare
from securebucket_dev.s3.moto import MotoServer

TEMPLATE = DEPLOY / "iam" / "member-account.json"
OPERATOR = "arn:aws:iam::111122223333:role/securebucket"
LONGEST = 10240
"""Characters of all inline policies of a role, without white space.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""


@pytest.fixture(scope="module")
def iam() -> Iterator[Any]:
    """IAM of an account in which the template was deployed."""
    given = {"OperatorRoleArn": OPERATOR, "ExternalId": "acme-cluster-eu", "BucketNames": "acme-*"}
    parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    with MotoServer() as server:
        bare.client(server.endpoint, "cloudformation").create_stack(
            StackName="securebucket",
            TemplateBody=TEMPLATE.read_text(),
            Parameters=parameters,
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        yield bare.client(server.endpoint, "iam")


def test_only_the_operator_with_the_external_id_may_assume_the_role(iam: Any) -> None:
    (statement,) = iam.get_role(RoleName="securebucket")["Role"]["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"AWS": OPERATOR}
    assert statement["Action"] == "sts:AssumeRole"
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "acme-cluster-eu"}}


def test_its_rights_are_those_of_the_command(iam: Any) -> None:
    written = iam.get_role_policy(RoleName="securebucket", PolicyName="securebucket")["PolicyDocument"]
    made = yaml.safe_load(str(written))  # moto hands out what CloudFormation made as Python writes it, which is YAML
    assert made == policy_document(purpose=Purpose.ENFORCE, bucket="acme-*")
    assert len(json.dumps(made, separators=(",", ":"))) < LONGEST
