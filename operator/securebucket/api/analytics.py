"""What S3 learns about how objects are used, and where it delivers that."""

from typing import Annotated, Literal

from pydantic import Field

from securebucket.api.base import ApiModel, AwsName
from securebucket.api.configuration_list import MOST, Configuration, ConfigurationList, ReportBucket
from securebucket.api.names import AccountId
from securebucket.api.object_filter import ObjectFilter
from securebucket.api.rule import Keyed


class AnalyticsDestination(ApiModel):
    """Where the results go."""

    bucket: ReportBucket = Field(description="Name or ARN of a bucket in the same region, whose policy lets S3 write.")
    account_id: Annotated[AccountId | None, AwsName("BucketAccountId")] = Field(
        None, description="Account that owns it; S3 delivers to no other. Default: S3 does not look who owns it."
    )
    format: Literal["CSV"] = Field("CSV", description="CSV, the only one. Default: CSV.")
    prefix: str | None = Field(None, max_length=512, description="What the results' keys begin with. Default: nothing.")


class DataExport(ApiModel):
    """How the results are delivered, once a day."""

    output_schema_version: Literal["V_1"] = Field("V_1", description="V_1, the only one. Default: V_1.")
    destination: AnalyticsDestination = Field(description="Where the results go.")


class StorageClassAnalysis(ApiModel):
    """What becomes of the results."""

    data_export: DataExport | None = Field(None, description="Where they are delivered. Default: nowhere.")


class AnalyticsConfiguration(Configuration):
    """One storage class analysis, in S3's own fields."""

    filter: ObjectFilter = Field(ObjectFilter(), description="Which objects it is about. Default: all.")
    storage_class_analysis: StorageClassAnalysis = Field(
        StorageClassAnalysis(), description="What becomes of the results. Default: they stay in the console."
    )


class Analytics(ConfigurationList):
    """Storage class analysis (PutBucketAnalyticsConfiguration). Secure default: none that nobody declared."""

    configurations: Annotated[tuple[AnalyticsConfiguration, ...], Keyed("id")] = Field(
        (), max_length=MOST, description="Analyses to have. Default: none."
    )
