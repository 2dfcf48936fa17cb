"""Which requests CloudWatch counts."""

from typing import Annotated

from pydantic import Field

from securebucket.api.configuration_list import MOST, Configuration, ConfigurationList
from securebucket.api.object_filter import ObjectFilter
from securebucket.api.rule import Keyed, fits

AccessPointArn = Annotated[
    str,
    Field(max_length=256),
    fits(
        "arn:[a-z-]+:s3:[a-z0-9-]*:[0-9]{12}:accesspoint/.+",
        "not the ARN of an access point; write e.g. arn:aws:s3:eu-west-1:111122223333:accesspoint/reports",
    ),
]


class MetricsFilter(ObjectFilter):
    """Which requests are counted. Empty: all. More than one field: all of them must hold."""

    access_point_arn: AccessPointArn | None = Field(None, description="Requests that come by this access point.")


class MetricsConfiguration(Configuration):
    """Request metrics of a part of the bucket, in S3's own fields."""

    filter: MetricsFilter = Field(MetricsFilter(), description="Which requests are counted. Default: all.")


class Metrics(ConfigurationList):
    """Request metrics in CloudWatch (PutBucketMetricsConfiguration). Secure default: none that nobody declared."""

    configurations: Annotated[tuple[MetricsConfiguration, ...], Keyed("id")] = Field(
        (), max_length=MOST, description="Request metrics to have. Default: none."
    )
