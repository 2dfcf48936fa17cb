"""The IAM role that the example of replication names: on AWS somebody has made it."""

import json
from contextlib import suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from securebucket.controls.replication_role import TRUST
from securebucket_dev.s3.bare import client

EVERYTHING: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:*", "kms:*"], "Resource": "*"}],
}


def make_copying_role(endpoint: str, company: str = "acme") -> None:
    """Make it where it is not there; a server without IAM has no use for it.

    Args:
        endpoint: of the server.
        company: that the names in the example begin with.
    """
    with suppress(ClientError, BotoCoreError):
        make_role(client(endpoint, "iam"), f"{company}-demo-ledger-copier", _rights(company))


def make_role(iam: Any, name: str, rights: dict[str, Any] = EVERYTHING) -> str:
    """Make a role that S3 may copy as; gives its ARN.

    Args:
        iam: a boto3 client.
        name: of the role.
        rights: a policy.
    """
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.put_role_policy(RoleName=name, PolicyName="copy", PolicyDocument=json.dumps(rights))
    return str(made["Role"]["Arn"])


def _rights(company: str) -> dict[str, Any]:
    """See https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html."""
    source = f"arn:aws:s3:::{company}-demo-ledger"
    given = {
        source: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
        f"{source}/*": [
            "s3:GetObjectVersionForReplication",
            "s3:GetObjectVersionAcl",
            "s3:GetObjectVersionTagging",
        ],
        f"{source}-copy/*": ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
    }
    statements = [{"Effect": "Allow", "Action": actions, "Resource": on} for on, actions in given.items()]
    return {"Version": "2012-10-17", "Statement": statements}
