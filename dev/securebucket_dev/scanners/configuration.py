"""Bucket configurations as data: a name, a sentence, and the calls of plain boto3 that make them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OPEN_ACCOUNT = "111122223333"
"""Without a public access block of the account's."""

BLOCKED_ACCOUNT = "222233334444"
"""With all four settings of the account's public access block."""

HALF_BLOCKED_ACCOUNT = "333344445555"
"""With the account's settings that make what is public ineffective, and without those that refuse it."""

OTHER_ACCOUNT = "444455556666"
"""Somebody else."""

HOME, AWAY = "us-east-1", "eu-west-1"
BUCKET = "{bucket}"
"""Stands for the bucket's name, everywhere in the parameters of a step; so do the names of the surroundings."""


@dataclass(frozen=True, slots=True)
class Step:
    """One call of an S3 client; `Bucket` is added.

    Args:
        operation: boto3's name, e.g. `put_bucket_policy`.
        parameters: what it takes, with placeholders in braces.
    """

    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def filled(self, names: Mapping[str, str]) -> dict[str, Any]:
        """Give the parameters with names in place of the placeholders."""
        text = json.dumps(dict(self.parameters))
        for placeholder, name in names.items():
            text = text.replace(f"{{{placeholder}}}", name)
        filled: dict[str, Any] = json.loads(text)
        return filled


@dataclass(frozen=True, slots=True)
class Configuration:
    """One bucket that all are asked about.

    Args:
        name: kebab-case; the bucket's name is made of it.
        says: one sentence for people.
        steps: the calls that make it, after CreateBucket. A new bucket has what AWS gives it since 2023: all four
            settings of the public access block, ACLs off, SSE-S3.
        account: whose bucket it is.
        region: where it lies.
        creation: further parameters of CreateBucket.
    """

    name: str
    says: str
    steps: tuple[Step, ...] = ()
    account: str = OPEN_ACCOUNT
    region: str = HOME
    creation: Mapping[str, Any] = field(default_factory=dict)

    @property
    def bucket(self) -> str:
        """The bucket's name."""
        return f"scanned-{self.name}"
