"""Alerts about the fleet as a whole and its accounts."""

from securebucket_dev.generate.monitoring.promql import held
from securebucket_dev.generate.monitoring.rule import Alert, Group, Recording

SCORE = "framework:securebucket_compliance_score_ratio:max"
WHOLE = f'{SCORE}{{framework="securebucket"}}'
EXPIRY = "min by (namespace, name, bucket, check) (securebucket_exception_expiry_timestamp_seconds) - time()"
ACCOUNT_CHECK = "account_check:securebucket_account_check_failing:serious"
ACCOUNT_VERIFIED = "securebucket_account_last_verified_timestamp_seconds"
DAY = 86400
WEEK = 7 * DAY

FLEET = Group(
    "securebucket-fleet",
    (
        Recording(SCORE, "max by (framework) (securebucket_compliance_score_ratio)"),
        Alert(
            "SecureBucketComplianceScoreFalling",
            # The best of two hours: for an hour after a change of leader, only a part of the fleet is in the score.
            f"max_over_time({WHOLE}[2h])\n< max_over_time({WHOLE}[2h] offset 1d) - 0.05",
            "warning",
            "30m",
            "The compliance score has fallen to {{ $value | humanizePercentage }}",
            "The share of checks that pass is {{ $value | humanizePercentage }}, more than 5 points below that of "
            "this time yesterday. Many buckets have changed, or many worse ones have come under management.",
        ),
        Recording(
            ACCOUNT_CHECK, 'max by (account, check) (securebucket_account_check_failing{severity=~"critical|high"})'
        ),
        Alert(
            "SecureBucketAccountCheckFailing",
            held("SecureBucketAccountCheckFailing", ACCOUNT_CHECK, known=ACCOUNT_VERIFIED, of="account", memory="1d"),
            "warning",
            "1h",
            "Account {{ $labels.account }} fails the check {{ $labels.check }}",
            "AWS account {{ $labels.account }} has failed the check {{ $labels.check }} for an hour. It is about every "
            "bucket of the account, whether a SecureBucket looks after it or not.",
        ),
        Alert(
            "SecureBucketAccountVerificationStale",
            f"time() - max by (account) ({ACCOUNT_VERIFIED}) > {DAY}",
            "warning",
            "10m",
            "Account {{ $labels.account }} was last verified {{ $value | humanizeDuration }} ago",
            "The settings of AWS account {{ $labels.account }} were last verified {{ $value | humanizeDuration }} ago. "
            "Its account checks and the count of its unmanaged buckets may not be true any more.",
        ),
        Alert(
            "SecureBucketUnmanagedBucketsGrowing",
            "max by (account) (securebucket_unmanaged_buckets)\n"
            "> min by (account) (min_over_time(securebucket_unmanaged_buckets[1d]))",
            "warning",
            "1h",
            "Buckets without a SecureBucket in account {{ $labels.account }}: {{ $value }}, and growing",
            "The number of buckets in AWS account {{ $labels.account }} that no SecureBucket looks after has grown to "
            "{{ $value }} within a day. Somebody makes buckets past the operator.",
        ),
        Alert(
            "SecureBucketExceptionExpiresWithinWeek",
            f"{EXPIRY}\n> {DAY} <= {WEEK}",
            "info",
            "1h",
            "The exception from {{ $labels.check }} for bucket {{ $labels.bucket }} ends within a week",
            "BucketException {{ $labels.namespace }}/{{ $labels.name }}, check {{ $labels.check }} on bucket "
            "{{ $labels.bucket }}, ends in {{ $value | humanizeDuration }}. From then on the check fails again.",
        ),
        Alert(
            "SecureBucketExceptionExpiresWithinDay",
            f"{EXPIRY}\n> 0 <= {DAY}",
            "warning",
            "10m",
            "The exception from {{ $labels.check }} for bucket {{ $labels.bucket }} ends within a day",
            "BucketException {{ $labels.namespace }}/{{ $labels.name }}, check {{ $labels.check }} on bucket "
            "{{ $labels.bucket }}, ends in {{ $value | humanizeDuration }}. From then on the check fails again.",
        ),
    ),
)
