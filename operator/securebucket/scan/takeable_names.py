"""Which names of buckets another account could have: those that are free again, and those that it can guess. Pure.

Whoever takes the name of a bucket that is gone gets what is still sent to it. A name that is made of the account and a
region can be taken in advance wherever the account has no bucket yet. Only its own namespace is safe.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/gpbucketnamespaces.html
"""

from collections.abc import Iterable
from dataclasses import dataclass

from securebucket.api.bucket_namespace import regional_suffix
from securebucket.compliance.stored_observation import StoredBucket


@dataclass(frozen=True, slots=True)
class TakeableNames:
    """Names in the namespace that all accounts share, in order.

    Args:
        guessable: those that are made of the account's id: who knows the account can tell what the next one is called.
        others: the rest.
    """

    guessable: tuple[str, ...]
    others: tuple[str, ...]


def takeable_names(buckets: Iterable[StoredBucket]) -> TakeableNames:
    """Tell which names another account could have once they are free; none on a server without accounts."""
    shared = sorted(
        {
            (bucket.name, bucket.account_id)
            for bucket in buckets
            if bucket.account_id and not bucket.name.endswith(regional_suffix(bucket.account_id, bucket.region))
        }
    )
    return TakeableNames(
        guessable=tuple(name for name, account in shared if account in name),
        others=tuple(name for name, account in shared if account not in name),
    )
