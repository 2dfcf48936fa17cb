"""Alerts about the operator itself, and about AWS and Kubernetes as it meets them."""

from collections.abc import Iterable

from botocore import exceptions as boto

from securebucket.aws.failures import MEANINGS
from securebucket_dev.generate.monitoring.rule import MEMORY, Alert, Group, Recording

QUEUE = "namespace_job:securebucket_queue_depth:leader"
AWS = f"service_operation_code:securebucket_aws_requests:rate{MEMORY}"
KUBERNETES = f"verb_code:securebucket_kubernetes_requests:rate{MEMORY}"
"""Rates over more than an interval: a small fleet asks only once an hour, and that hour must not look like silence."""


def codes_of(*reasons: str) -> tuple[str, ...]:
    """Give the error codes that the operator takes for one of its reasons, such as `Throttled`."""
    return tuple(sorted(code for code, meaning in MEANINGS.items() if meaning.reason in reasons))


def network_codes() -> tuple[str, ...]:
    """Give the names of botocore's exceptions for a server that does not answer: they stand in for a code."""
    unanswered = (boto.HTTPClientError, boto.ConnectionError, boto.IncompleteReadError)
    kinds = (each for each in vars(boto).values() if isinstance(each, type))
    return tuple(sorted(each.__name__ for each in kinds if issubclass(each, unanswered)))


def share(record: str, codes: Iterable[str], by: str) -> str:
    """Give the share of requests with one of the codes."""
    return f'sum by ({by}) ({record}{{code=~"{"|".join(codes)}"}})\n/ sum by ({by}) ({record})'


OPERATOR = Group(
    "securebucket-operator",
    (
        Alert(
            "SecureBucketOperatorAbsent",
            # Over 5 minutes, so that neither a handover nor a pod that crashes again and again hides it.
            "sum by (namespace, job) (max_over_time(securebucket_leader[5m])) == 0\n"
            "or on () absent_over_time(securebucket_leader[5m])",
            "critical",
            "5m",
            "No SecureBucket operator is at work",
            "For 10 minutes no replica of the SecureBucket operator has led, or none could be scraped. Buckets keep "
            "their settings, but nobody sees or corrects what others change.",
        ),
        Recording(
            QUEUE,
            "sum by (namespace, job) (\n"
            "  securebucket_queue_depth and on (namespace, job, instance) securebucket_leader == 1\n"
            ")",
        ),
        Alert(
            "SecureBucketQueueNotDraining",
            f"min_over_time({QUEUE}[30m]) > 0\nand deriv({QUEUE}[30m]) >= 0",
            "warning",
            "15m",
            "{{ $value }} SecureBuckets or more wait for a pass, and they do not get fewer",
            "For 45 minutes at least {{ $value }} objects have been due and waiting, and the queue has not become "
            "shorter. Changes are applied late, and buckets are verified late.",
        ),
        Recording(KUBERNETES, f"sum by (verb, code) (rate(securebucket_kubernetes_requests_total[{MEMORY}]))"),
        Alert(
            "SecureBucketKubernetesRequestsFailing",
            f"{share(KUBERNETES, ('0', '401', '403', '5..'), 'verb')} > 0.1",
            "warning",
            "15m",
            "{{ $value | humanizePercentage }} of the requests to Kubernetes (verb {{ $labels.verb }}) fail",
            "{{ $value | humanizePercentage }} of the operator's requests to the Kubernetes API with verb "
            "{{ $labels.verb }} are refused or get no answer. Status and Events may be old, while buckets are still "
            "looked after.",
        ),
        Alert(
            "SecureBucketEventQueueUnread",
            "time() - max by (account, region, queue) (securebucket_event_queue_last_read_timestamp_seconds) > 600",
            "warning",
            "5m",
            "The queue of events {{ $labels.queue }} has not been read for {{ $value | humanizeDuration }}",
            "The operator has not been able to read {{ $labels.queue }} of account {{ $labels.account }} for "
            "{{ $value | humanizeDuration }}. Changes to buckets are seen at the interval only, and nobody is named "
            "for them.",
        ),
    ),
)

REQUESTS = Group(
    "securebucket-aws",
    (
        Recording(AWS, f"sum by (service, operation, code) (rate(securebucket_aws_requests_total[{MEMORY}]))"),
        Alert(
            "SecureBucketAwsCredentialsFailing",
            share(AWS, codes_of("CredentialsExpired", "CredentialsInvalid", "ClockSkewed"), "service") + " > 0.1",
            "critical",
            "10m",
            "AWS does not accept the operator's credentials",
            "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} are refused for their "
            "credentials or their time. Buckets of that identity are neither verified nor corrected.",
        ),
        Alert(
            "SecureBucketAwsAccessDenied",
            share(AWS, codes_of("AccessDenied"), "service, operation") + " > 0.2",
            "warning",
            "15m",
            "AWS denies {{ $labels.service }} {{ $labels.operation }} to the operator",
            "{{ $value | humanizePercentage }} of the requests {{ $labels.operation }} to {{ $labels.service }} are "
            "denied. What that call reads or writes is unknown or not corrected on the buckets concerned.",
        ),
        Alert(
            "SecureBucketAwsThrottled",
            share(AWS, codes_of("Throttled"), "service") + " > 0.05",
            "warning",
            "15m",
            "AWS throttles {{ $value | humanizePercentage }} of the requests to {{ $labels.service }}",
            "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} are throttled. They are tried "
            "again, so buckets are verified later than they should be, and others in the account may be slowed down.",
        ),
        Alert(
            "SecureBucketAwsUnavailable",
            share(AWS, (*codes_of("ServerError"), *network_codes()), "service") + " > 0.2",
            "warning",
            "15m",
            "{{ $labels.service }} does not answer {{ $value | humanizePercentage }} of the requests",
            "{{ $value | humanizePercentage }} of the requests to {{ $labels.service }} fail with a server error or "
            "get no answer. Buckets keep their settings; those concerned are not verified meanwhile.",
        ),
    ),
)
