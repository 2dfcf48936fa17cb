"""The IAM role that the example of replication names: on AWS somebody has made it."""

import json

from botocore.exceptions import BotoCoreError, ClientError

from securebucket.controls.replication_role import TRUST
from securebucket_dev.s3.bare import client

NAME = "acme-demo-ledger-copier"
SOURCE, COPY = "arn:aws:s3:::acme-demo-ledger", "arn:aws:s3:::acme-demo-ledger-copy"
RIGHTS = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": ["s3:GetReplicationConfiguration", "s3:ListBucket"], "Resource": SOURCE},
        {
            "Effect": "Allow",
            "Action": [
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionTagging",
            ],
            "Resource": f"{SOURCE}/*",
        },
        {
            "Effect": "Allow",
            "Action": ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
            "Resource": f"{COPY}/*",
        },
    ],
}
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html"""


def make_copying_role(endpoint: str) -> None:
    """Make it where it is not there; a server without IAM has no use for it."""
    iam = client(endpoint, "iam")
    try:
        iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=NAME, PolicyName="copy", PolicyDocument=json.dumps(RIGHTS))
    except (ClientError, BotoCoreError):
        return
