"""The partitions of AWS: the second part of every ARN."""

from botocore.session import Session


def partitions() -> list[str]:
    """Give those that the SDK knows, e.g. `aws`, `aws-cn`, `aws-us-gov`.

    https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
    """
    return list(Session().get_available_partitions())
