"""The role of an account that the operator looks after, as a CloudFormation template, for a StackSet."""

from typing import Any

from securebucket.cli.iam_policy import Purpose, policy_document


def member_account_template() -> dict[str, Any]:
    """Write the template: a role that the operator's may assume with an external id, and its rights in the account."""
    rights = policy_document(purpose=Purpose.ENFORCE, bucket="${BucketNames}", partition="${AWS::Partition}")
    trust = {
        "Sid": "SecureBucketOperator",
        "Effect": "Allow",
        "Principal": {"AWS": {"Ref": "OperatorRoleArn"}},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}},
    }
    role = {
        "RoleName": {"Ref": "RoleName"},
        "Description": "Assumed by the SecureBucket operator, to keep the buckets of this account safe.",
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": "securebucket", "PolicyDocument": _substituted(rights)}],
    }
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Role that the SecureBucket operator assumes in this account.",
        "Parameters": {
            "OperatorRoleArn": _parameter("ARN of the operator's own role.", AllowedPattern="arn:.+:role/.+"),
            "ExternalId": _parameter(
                "External id, as in assumeRole.externalId of the BucketProfile.", MinLength=2, MaxLength=1224
            ),
            "BucketNames": _parameter("Name or pattern of the buckets that it may write.", Default="*"),
            "RoleName": _parameter("Name of the role.", Default="securebucket"),
        },
        "Resources": {"Role": {"Type": "AWS::IAM::Role", "Properties": role}},
        "Outputs": {
            "RoleArn": {
                "Description": "For assumeRole.arn of the BucketProfile.",
                "Value": {"Fn::GetAtt": ["Role", "Arn"]},
            }
        },
    }


def _parameter(description: str, **more: Any) -> dict[str, Any]:
    return {"Type": "String", "Description": description, **more}


def _substituted(value: Any) -> Any:
    """Let CloudFormation fill in what stands in `${}`."""
    if isinstance(value, dict):
        return {key: _substituted(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_substituted(item) for item in value]
    return {"Fn::Sub": value} if isinstance(value, str) and "${" in value else value
