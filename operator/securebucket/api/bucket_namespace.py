"""In which of S3's namespaces a bucket's name is, and what its whole name is there.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
"""

from enum import StrEnum

END = "an"
LENGTHS = (5, 6)
"""Parts of a suffix: the account, three or four of the region (`us-gov-west-1`), and the end."""


class BucketNamespace(StrEnum):
    """Who else could have a bucket of the name."""

    GLOBAL = "Global"
    """Any account, whenever nobody has it."""
    ACCOUNT_REGIONAL = "AccountRegional"
    """No other account, ever."""


def regional_suffix(account_id: str, region: str) -> str:
    """Give what S3 wants at the end of a name in the namespace of an account in a region."""
    return f"-{account_id}-{region}-{END}"


def suffix_of(name: str) -> str:
    """Give the end of a name that is as in some account's regional namespace; empty where there is none."""
    parts = name.split("-")
    for length in LENGTHS:
        account, *region, end = parts[-length:] if len(parts) > length else ("", "", "")
        if end == END and len(account) == 12 and _is_number(account) and _is_number(region[-1]):
            return regional_suffix(account, "-".join(region))
    return ""


def is_whole_name(whole: str, declared: str) -> bool:
    """Tell whether a name is a declared one with the suffix of some account and region."""
    suffix = suffix_of(whole)
    return bool(suffix) and whole == declared + suffix


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
