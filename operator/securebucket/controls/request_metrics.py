"""Request metrics: which requests CloudWatch counts, minute by minute.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketMetricsConfiguration.html
"""

from securebucket.api.request_metrics import Metrics
from securebucket.controls.configuration_list import ConfigurationList
from securebucket.model.call import Permissions


class MetricsControl(ConfigurationList):
    """Keeps the declared metrics, and says what becomes of the others. No check asks: nobody else sees them."""

    name = "metrics"
    kind = "metrics"
    block = Metrics
    read_in_turn = True
    permissions = Permissions(read=("s3:GetMetricsConfiguration",), write=("s3:PutMetricsConfiguration",))
    written_by = ("PutBucketMetricsConfiguration", "DeleteBucketMetricsConfiguration")
