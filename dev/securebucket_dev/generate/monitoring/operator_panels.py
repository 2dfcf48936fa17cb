"""Panels about the operator: what it costs, and whether it keeps up."""

from securebucket_dev.generate.monitoring.fleet_panels import quantiles
from securebucket_dev.generate.monitoring.panel import Panel, Query

AWS = (
    Panel(
        "Requests to AWS a day",
        "At the rate of the last hour. A bucket costs one request for each document, each interval.",
        "stat",
        "short",
        (Query("sum(rate(securebucket_aws_requests_total[1h])) * 86400"),),
        width=4,
        height=8,
    ),
    Panel(
        "Requests per pass",
        "About as many as there are documents to read. More means retries, or writes in every pass.",
        "stat",
        "short",
        (
            Query(
                "sum(rate(securebucket_aws_requests_total[1h])) / sum(rate(securebucket_reconcile_total[1h]))",
            ),
        ),
        width=4,
        height=8,
    ),
    Panel(
        "Writes to S3 within an hour",
        "Calls that change something; the very first of its kind is not counted. A fleet that is in order gets none.",
        "stat",
        "short",
        (
            Query(
                'sum(increase(securebucket_aws_requests_total{operation=~"(Put|Create|Delete|Tag|Untag).*"}[1h]))'
                " or 0 * sum(rate(securebucket_reconcile_total[1h]))"
            ),
        ),
        width=4,
        height=8,
    ),
    Panel(
        "AWS latency",
        "How long a request takes, retries counted one by one.",
        "lines",
        "s",
        quantiles("securebucket_aws_request_duration_seconds"),
    ),
    Panel(
        "Requests to AWS by operation",
        "Reads of every pass, and writes where something was corrected.",
        "areas",
        "reqps",
        (Query("sum by (operation) (rate(securebucket_aws_requests_total[$__rate_interval]))", "{{operation}}"),),
    ),
    Panel(
        "Answers of AWS other than success",
        "NoSuch… codes are ordinary answers: a document is not there. AccessDenied, SlowDown, 5xx and names of errors "
        "are not.",
        "lines",
        "reqps",
        (
            Query(
                'sum by (code) (rate(securebucket_aws_requests_total{code!~"2.."}[$__rate_interval]))',
                "{{code}}",
            ),
        ),
    ),
)

OPERATOR = (
    Panel(
        "Leader",
        "Which replica works. Exactly one leads; only it exports series about objects.",
        "states",
        "short",
        (Query("max by (instance) (securebucket_leader)", "{{instance}}"),),
        width=8,
    ),
    Panel(
        "Queue",
        "Objects that are due and wait, by the reason why. It should be empty mostly, and drain after a start.",
        "areas",
        "short",
        (Query("sum by (priority) (securebucket_queue_depth)", "{{priority}}"),),
        width=8,
    ),
    Panel(
        "Workers in a pass",
        "At most as many as there are workers (16 by default). All of them always: raise workers, or the interval.",
        "lines",
        "short",
        (Query("sum(securebucket_workers_busy)", "busy"),),
        width=8,
    ),
    Panel(
        "Passes by result",
        "success and observed are good; waiting needs an approval; retry needs only time; stalled needs a person.",
        "areas",
        "ops",
        (Query("sum by (result) (rate(securebucket_reconcile_total[$__rate_interval]))", "{{result}}"),),
        width=8,
    ),
    Panel(
        "Duration of a pass",
        "From reading the object to writing its status. Nearly all of it is waiting for AWS.",
        "lines",
        "s",
        quantiles("securebucket_reconcile_duration_seconds"),
        width=8,
    ),
    Panel(
        "Requests to Kubernetes",
        "An operator with nothing to do sends only the renewals of its Lease. Code 0 means that no answer came.",
        "areas",
        "reqps",
        (
            Query(
                "sum by (verb, code) (rate(securebucket_kubernetes_requests_total[$__rate_interval]))",
                "{{verb}} {{code}}",
            ),
        ),
        width=8,
    ),
    Panel(
        "Messages of the queues of events",
        "Changes that CloudTrail reported, by what came of them; matched had a bucket verified. None without a queue.",
        "areas",
        "ops",
        (Query("sum by (result) (rate(securebucket_event_messages_total[$__rate_interval]))", "{{result}}"),),
        width=24,
        height=6,
    ),
    Panel(
        "Replicas",
        "What runs. Two versions for long mean a rollout that hangs.",
        "table",
        "short",
        (Query("count by (instance, version) (securebucket_build_info)"),),
        width=24,
        height=5,
        columns={"instance": "Instance", "version": "Version"},
        value="Replicas",
    ),
)
