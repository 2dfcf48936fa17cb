"""How the bucket's data goes over the network: who pays for it, and whether it goes by CloudFront's edge locations."""

from typing import Literal

from pydantic import Field

from securebucket.api.base import ApiModel


class RequestPayment(ApiModel):
    """Who pays for requests and transfer (PutBucketRequestPayment). Secure default: the bucket's owner."""

    payer: Literal["BucketOwner", "Requester"] = Field(
        "BucketOwner",
        description="Requester refuses anonymous requests, and those without x-amz-request-payer. Default: BucketOwner.",
    )


class Acceleration(ApiModel):
    """Transfer Acceleration (PutBucketAccelerateConfiguration). Secure default: off."""

    status: Literal["Enabled", "Suspended"] = Field(
        "Suspended",
        description="Enabled opens an endpoint at edge locations; the bucket's name must have no dots. Default: Suspended.",
    )
