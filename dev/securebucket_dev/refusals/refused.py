"""One rule of S3 by which it refuses a document as a whole, and how it is seen that we refuse it before."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

FOLDER = Path(__file__).parent
AWS = "https://docs.aws.amazon.com/AmazonS3/latest/"

Body = dict[str, Any]


class Refused(BaseModel):
    """A rule, with a spec that breaks it and the nearest one that does not.

    Args:
        rule: what S3 refuses.
        field: of the spec, where we say it; in the plan, what to change.
        page: of AWS, that says so; below `AWS`, if it is not whole.
        refused: spec of a SecureBucket for the bucket acme-invoices in eu-central-1, which breaks the rule.
        taken: the nearest spec that S3 takes.
        says: part of our message at apply.
        server: part of the API server's, where that words it itself.
        reason: of the refusal in the plan: where what is in the bucket decides, or where the API server cannot look.
        found: what the reads of the bucket are answered with, by control, where there is a reason.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str
    field: str
    page: str
    refused: Body
    taken: Body
    says: str = ""
    server: str = ""
    reason: str = ""
    found: Mapping[str, tuple[Body, ...]] = Field({})

    @property
    def url(self) -> str:
        """The address of AWS's page."""
        return self.page if self.page.startswith("https:") else AWS + self.page


def read(name: str) -> tuple[Refused, ...]:
    """Read the rules of one file of this folder."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return tuple(Refused.model_validate(each) for each in yaml.safe_load(text))
