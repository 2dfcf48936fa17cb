"""Block Public Access: the four flags that a bucket, its account and each of its access points have.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

FLAGS = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}
"""AWS's names, and ours."""


@dataclass(frozen=True, slots=True)
class PublicAccessBlock:
    """The flags at one level, never compared with those of another; all off where they were never configured."""

    block_public_acls: bool = False
    ignore_public_acls: bool = False
    block_public_policy: bool = False
    restrict_public_buckets: bool = False

    @classmethod
    def of(cls, document: Mapping[str, Any] | None) -> Self:
        """Read the flags of AWS's document; what is left out is off."""
        return cls(**{name: bool((document or {}).get(given)) for given, name in FLAGS.items()})

    @property
    def document(self) -> dict[str, bool]:
        """All flags by AWS's names."""
        return {given: getattr(self, name) for given, name in FLAGS.items()}

    @property
    def off(self) -> tuple[str, ...]:
        """AWS's names of the flags that are off."""
        return tuple(given for given, on in self.document.items() if not on)
