"""Metrics of S3 from CloudWatch, up to 500 with each call: they are paid by the metric.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from securebucket.aws.asking import Refused, ask
from securebucket.model.failure import Failure
from securebucket.model.replication_progress import MetricQuery

MOST_QUERIES = 500
MOST_PAGES = 20
PERIOD = 300
"""Seconds that one value stands for; S3 writes one a minute."""

Values = Mapping[MetricQuery, tuple[float, ...]]


def metric_values(
    client: Callable[[], Any], queries: Sequence[MetricQuery], since: dt.datetime, until: dt.datetime
) -> Values | Failure:
    """Ask for metrics of one region, up to `MOST_QUERIES` of them; gives the values of each, the newest first."""
    asked = {f"m{number}": query for number, query in enumerate(queries)}
    parameters: dict[str, Any] = {
        "MetricDataQueries": [_written(name, query) for name, query in asked.items()],
        "StartTime": since,
        "EndTime": until,
        "ScanBy": "TimestampDescending",
    }
    found: dict[str, list[float]] = {}
    for _ in range(MOST_PAGES):
        answer = ask(client, "get_metric_data", parameters)
        if isinstance(answer, Refused):
            return answer.failure
        for each in answer.get("MetricDataResults") or ():
            found.setdefault(str(each.get("Id")), []).extend(map(float, each.get("Values") or ()))
        token = answer.get("NextToken")
        if not token:
            break
        parameters["NextToken"] = token
    return {query: tuple(found.get(name, ())) for name, query in asked.items()}


def _written(name: str, query: MetricQuery) -> dict[str, Any]:
    metric, statistic = query.measure.value
    dimensions = {"SourceBucket": query.source, "DestinationBucket": query.destination, "RuleId": query.rule}
    return {
        "Id": name,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/S3",
                "MetricName": metric,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            },
            "Period": PERIOD,
            "Stat": statistic,
        },
    }
