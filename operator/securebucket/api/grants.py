"""Who an access control list names."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName
from securebucket.api.rule import Rule

GROUPS = tuple(
    f"http://acs.amazonaws.com/groups/{name}"
    for name in ("global/AllUsers", "global/AuthenticatedUsers", "s3/LogDelivery")
)
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html"""


class Grantee(ApiModel):
    """Who gets a permission by an ACL."""

    invariants = (
        Rule(
            "has(self.id) == (self.type == 'CanonicalUser')",
            lambda grantee: (grantee.id is not None) == (grantee.type == "CanonicalUser"),
            "type CanonicalUser goes with id, and id with nothing else",
            "id",
        ),
        Rule(
            "has(self.uri) == (self.type == 'Group')",
            lambda grantee: (grantee.uri is not None) == (grantee.type == "Group"),
            "type Group goes with uri, and uri with nothing else",
            "uri",
        ),
        Rule(
            f"!has(self.uri) || self.uri in {list(GROUPS)}",
            lambda grantee: grantee.uri is None or grantee.uri in GROUPS,
            f"S3 knows three groups; write one of {', '.join(GROUPS)}",
            "uri",
            since="0.2.0",
        ),
    )

    type: Literal["CanonicalUser", "Group"] = Field(description="CanonicalUser with id, or Group with uri.")
    id: Annotated[str | None, AwsName("ID")] = Field(
        None, max_length=256, description="Canonical user id, for CanonicalUser."
    )
    uri: Annotated[str | None, AwsName("URI")] = Field(None, max_length=1024, description="Group URI, for Group.")
