"""Who an access control list names."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName
from securebucket.api.rule import Rule


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
    )

    type: Literal["CanonicalUser", "Group"] = Field(description="CanonicalUser with id, or Group with uri.")
    id: Annotated[str | None, AwsName("ID")] = Field(
        None, max_length=256, description="Canonical user id, for CanonicalUser."
    )
    uri: Annotated[str | None, AwsName("URI")] = Field(None, max_length=1024, description="Group URI, for Group.")
