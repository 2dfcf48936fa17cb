"""CloudTrail's events as EventBridge sends them, differing from the usual one only in what is named."""

import json
from typing import Any

ACCOUNT = "111122223333"
JANE = f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/jane@acme.example"
SECRET = "ASIAEXAMPLESECRET"
Body = dict[str, Any]


def detail(event: str = "PutBucketPolicy", bucket: str = "acme-invoices", **other: Any) -> Body:
    """Write CloudTrail's record of a call by Jane; what is None is left out."""
    record = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:jane@acme.example",
            "arn": JANE,
            "accountId": ACCOUNT,
            "accessKeyId": SECRET,
            "sessionContext": {"attributes": {"mfaAuthenticated": "false"}},
        },
        "eventTime": "2026-06-01T12:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": event,
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "[aws-cli/2.31.0 md/awscrt#0.28]",
        "requestParameters": {"bucketName": bucket, "Host": "s3.eu-central-1.amazonaws.com"},
        "responseElements": None,
        "eventID": "5d7c1f2e-0000-4000-8000-000000000000",
        "readOnly": False,
        "resources": [{"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}"}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        **other,
    }
    return {name: value for name, value in record.items() if value is not None}


def envelope(inside: Body | None = None, **other: Any) -> Body:
    """Write what EventBridge makes of it."""
    return {
        "version": "0",
        "id": "0e9c6b1a-0000-4000-8000-000000000000",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": "2026-06-01T12:00:01Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": detail() if inside is None else inside,
        **other,
    }


def message(event: str = "PutBucketPolicy", bucket: str = "acme-invoices", **other: Any) -> str:
    """Write the text of a message."""
    return json.dumps(envelope(detail(event, bucket, **other)))
