"""What the demonstration hands on to the operator and to boto3: nothing of a user's account that was not asked for."""

import os
from collections.abc import MutableMapping

REGION = "us-east-1"


def set_credentials(variables: MutableMapping[str, str] = os.environ) -> None:
    """Give the embedded S3 server something to sign with; leave everything to a user who named a server.

    Without AWS_ENDPOINT_URL, every AWS variable goes: an AWS_PROFILE or an AWS_ENDPOINT_URL_S3 of the user's would
    lead the operator to real buckets.
    """
    if not variables.get("AWS_ENDPOINT_URL"):
        for name in [name for name in variables if name.startswith("AWS_")]:
            del variables[name]
        variables["AWS_ACCESS_KEY_ID"] = "000000000000"
        variables["AWS_SECRET_ACCESS_KEY"] = "demo"
    variables.setdefault("AWS_REGION", variables.get("AWS_DEFAULT_REGION", REGION))
    variables.setdefault("AWS_DEFAULT_REGION", variables["AWS_REGION"])
