"""Alerts about single SecureBuckets, as each was last seen."""

from securebucket_dev.generate.monitoring.promql import held, with_bucket
from securebucket_dev.generate.monitoring.rule import STALE_SECONDS, Alert, Group, Recording

CRITICAL = "namespace_name_check:securebucket_check_failing:critical"
NON_COMPLIANT = "namespace_name:securebucket_compliant:false"
UNREPAIRED = "namespace_name_control:securebucket_control_drifted:enforce"
OBSERVED = "namespace_name:securebucket_control_drifted:observe"
NOT_READY = "namespace_name:securebucket_ready:false"
AWAITING = "namespace_name:securebucket_ready:awaiting"
UNKNOWN = "namespace_name:securebucket_ready:unknown"
NOT_COPIED = "namespace_name_rule:securebucket_replication_failed_operations:some"

SUBJECT = (
    "SecureBucket {{ $labels.namespace }}/{{ $labels.name }}, bucket {{ $labels.bucket }}"
    "{{ with $labels.account }} in account {{ . }}{{ end }}, "
)
DRIFTED = "max by (namespace, name, control) (securebucket_control_drifted)"
FALSE = "max by (namespace, name) (securebucket_ready) == 0"

COMPLIANCE = Group(
    "securebucket-compliance",
    (
        Recording(
            CRITICAL,
            with_bucket('max by (namespace, name, check) (securebucket_check_failing{severity="critical"})'),
        ),
        Alert(
            "SecureBucketCriticalCheckFailing",
            held("SecureBucketCriticalCheckFailing", CRITICAL),
            "critical",
            "15m",
            "Bucket {{ $labels.bucket }} fails the critical check {{ $labels.check }}",
            SUBJECT + "has failed the critical check {{ $labels.check }} for 15 minutes: its data may be open to "
            "people who must not have it. In mode Enforce the operator has tried to correct it.",
        ),
        Recording(
            NON_COMPLIANT,
            with_bucket(
                "(\n"
                "  max by (namespace, name) (securebucket_compliant) == 0\n"
                '  unless on (namespace, name) securebucket_check_failing{severity="critical"}\n'
                ")"
            ),
        ),
        Alert(
            "SecureBucketNonCompliant",
            held("SecureBucketNonCompliant", NON_COMPLIANT),
            "warning",
            "1h",
            "Bucket {{ $labels.bucket }} is not compliant",
            SUBJECT + "has failed a check at or above its profile's threshold for an hour, though no critical one. "
            "status.compliance.failing names the checks.",
        ),
    ),
)

DRIFT = Group(
    "securebucket-drift",
    (
        Recording(UNREPAIRED, with_bucket(DRIFTED, 'mode="Enforce"')),
        Alert(
            "SecureBucketDriftNotRepaired",
            held("SecureBucketDriftNotRepaired", UNREPAIRED),
            "warning",
            "30m",
            "{{ $labels.control }} of bucket {{ $labels.bucket }} differs and is not corrected",
            SUBJECT + "is in mode Enforce, and {{ $labels.control }} has not been as declared for 30 minutes: the "
            "change was refused, waits for an approval, or is undone again and again.",
        ),
        Recording(OBSERVED, with_bucket(f"count by (namespace, name) (\n  {DRIFTED}\n)", 'mode="Observe"')),
        Alert(
            "SecureBucketDriftObserved",
            held("SecureBucketDriftObserved", OBSERVED),
            "info",
            "1h",
            "{{ $value }} controls of bucket {{ $labels.bucket }} differ; mode Observe leaves them so",
            SUBJECT + "is in mode Observe, and {{ $value }} of its controls have not been as declared for an hour. "
            "Nothing is corrected in this mode.",
        ),
        Alert(
            "SecureBucketDriftSurge",
            "sum by (control) (increase(securebucket_drift_detected_total[1h]))\n"
            "> scalar(clamp_min(0.01 * count(count by (namespace, name) (securebucket_info)), 10))",
            "warning",
            "5m",
            '{{ $value | printf "%.0f" }} changes of {{ $labels.control }} by others within an hour',
            'Others have changed {{ $labels.control }} {{ $value | printf "%.0f" }} times within an hour: more than '
            "10 times, and more than once for every hundred SecureBuckets. It may be an attack, or a tool that fights "
            "the operator.",
        ),
    ),
)

REPLICATION = Group(
    "securebucket-replication",
    (
        Recording(
            NOT_COPIED,
            with_bucket("(\n  max by (namespace, name, rule) (securebucket_replication_failed_operations) > 0\n)"),
        ),
        Alert(
            "SecureBucketReplicationFailing",
            held("SecureBucketReplicationFailing", NOT_COPIED),
            "warning",
            "5m",
            "Replication rule {{ $labels.rule }} of bucket {{ $labels.bucket }} fails to copy",
            SUBJECT + "has objects that replication rule {{ $labels.rule }} failed to copy: {{ $value }} "
            "operations within the last interval of the measurement. S3 does not try them again.",
        ),
    ),
)

VERIFICATION = Group(
    "securebucket-verification",
    (
        Alert(
            "SecureBucketVerificationStale",
            with_bucket(
                "(\n"
                "  time() - max by (namespace, name) (securebucket_last_verified_timestamp_seconds)\n"
                f"  > {STALE_SECONDS}\n"
                ")"
            ),
            "warning",
            "10m",
            "Bucket {{ $labels.bucket }} was last verified {{ $value | humanizeDuration }} ago",
            SUBJECT + "was last verified {{ $value | humanizeDuration }} ago: more than three intervals. What its "
            "status says may not be true any more.",
        ),
        Recording(
            UNKNOWN,
            "max by (namespace, name, bucket, account) (\n"
            "  securebucket_info unless on (namespace, name) securebucket_ready\n"
            ")",
        ),
        Alert(
            "SecureBucketStateUnknown",
            held("SecureBucketStateUnknown", UNKNOWN),
            "warning",
            "30m",
            "What bucket {{ $labels.bucket }} is like has been unknown for 30 minutes",
            SUBJECT + "could not be read for 30 minutes, so nobody knows whether it is safe. Condition Ready says why: "
            "rights, credentials, or an endpoint that does not answer.",
        ),
        Recording(
            NOT_READY,
            with_bucket(f"(\n  {FALSE}\n  unless on (namespace, name) securebucket_control_drifted\n)"),
        ),
        Alert(
            "SecureBucketNotReady",
            held("SecureBucketNotReady", NOT_READY),
            "warning",
            "1h",
            "Bucket {{ $labels.bucket }} has not been ready for an hour",
            SUBJECT + "has not been ready for an hour, and no single control is to blame: another object or account "
            "may own the bucket, it may be gone, or its creation waits for an approval. Condition Ready says which.",
        ),
        Recording(
            AWAITING,
            with_bucket(f"(\n  {FALSE}\n  and on (namespace, name) securebucket_control_drifted\n)", 'mode="Plan"'),
        ),
        Alert(
            "SecureBucketAwaitingApproval",
            held("SecureBucketAwaitingApproval", AWAITING),
            "info",
            "12h",
            "The plan for bucket {{ $labels.bucket }} has waited for approval for 12 hours",
            SUBJECT + "is in mode Plan and differs from what is declared. status.plan has waited for 12 hours for "
            "somebody to approve it.",
        ),
    ),
)
