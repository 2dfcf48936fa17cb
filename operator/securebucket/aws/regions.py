"""The regions of AWS that the SDK knows; a region is told by people, by ARNs and by servers."""

from functools import cache

from botocore.exceptions import BotoCoreError
from botocore.loaders import create_loader


class UnknownRegionError(BotoCoreError):
    """AWS has no such region, as far as the SDK knows: no client is made for it."""

    fmt = "AWS has no region {region}"


@cache
def known_regions() -> frozenset[str]:
    """Give every region of every partition.

    https://docs.aws.amazon.com/general/latest/gr/rande.html
    """
    partitions = create_loader().load_data("partitions")["partitions"]
    return frozenset(region for partition in partitions for region in partition["regions"])
