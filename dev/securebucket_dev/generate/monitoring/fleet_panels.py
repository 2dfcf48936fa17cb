"""Panels about the buckets: what is safe, what is not, what changes behind the operator's back."""

from securebucket_dev.generate.monitoring.panel import Panel, Query
from securebucket_dev.generate.monitoring.promql import with_bucket

NAMESPACE = 'namespace=~"$namespace"'
FRAMEWORK = 'framework=~"$framework"'
FAILING = f'max by (namespace, name, check) (securebucket_check_failing{{{NAMESPACE}, severity=~"$severity"}})'
SEEN = f"count by (namespace, name) (securebucket_info{{{NAMESPACE}}})"
OBJECT = {"namespace": "Namespace", "name": "SecureBucket", "bucket": "Bucket", "account": "Account"}


def counted(expr: str) -> str:
    """Count series. No series is 0 as long as there are objects at all: without an operator, nothing is fine."""
    return f"count({expr}) or 0 * count({SEEN})"


def quantiles(histogram: str) -> tuple[Query, ...]:
    """Ask for the median and for what only a few exceed."""
    return tuple(
        Query(f"histogram_quantile({at}, sum by (le) (rate({histogram}_bucket[$__rate_interval])))", name)
        for at, name in ((0.5, "half"), (0.95, "95 %"), (0.99, "99 %"))
    )


GLANCE = (
    Panel(
        "SecureBuckets",
        "Objects that the leading replica has verified. After a start or a change of leader this takes up to an "
        "interval (one hour by default); until then the numbers of this row are too small.",
        "stat",
        "short",
        (Query(f"count({SEEN})"),),
        width=4,
        height=4,
    ),
    Panel(
        "Compliance score",
        "Passed out of passed and failed checks, the whole catalogue over the whole fleet. Exceptions, and checks that "
        "do not apply or could not be judged, do not count. The variables do not change it.",
        "stat",
        "percentunit",
        (Query('max(securebucket_compliance_score_ratio{framework="securebucket"})'),),
        width=4,
        height=4,
        steps=(0.7, 0.9),
        rising=True,
    ),
    Panel(
        "Critical checks failing",
        "A bucket is open to people who must not have its data. Each lasting 15 minutes raises "
        "SecureBucketCriticalCheckFailing. The table of the worst buckets says where.",
        "stat",
        "short",
        (
            Query(
                counted(
                    f'max by (namespace, name, check) (securebucket_check_failing{{{NAMESPACE}, severity="critical"}})'
                )
            ),
        ),
        width=4,
        height=4,
        steps=(1,),
    ),
    Panel(
        "Not compliant",
        "Objects that fail a check at or above their profile's threshold.",
        "stat",
        "short",
        (Query(counted(f"max by (namespace, name) (securebucket_compliant{{{NAMESPACE}}}) == 0")),),
        width=4,
        height=4,
        steps=(1, 10),
    ),
    Panel(
        "Not in sync",
        "Objects of which a control is not as declared now. In mode Enforce that should end within seconds; in Observe "
        "and Plan it stays until a person acts.",
        "stat",
        "short",
        (Query(counted(f"max by (namespace, name) (securebucket_in_sync{{{NAMESPACE}}}) == 0")),),
        width=4,
        height=4,
        steps=(1, 10),
    ),
    Panel(
        "Not ready or unknown",
        "Objects whose condition Ready is False or Unknown: refused, waiting for a person, or not readable.",
        "stat",
        "short",
        (
            Query(
                counted(
                    f"{SEEN} unless on (namespace, name) (securebucket_ready{{{NAMESPACE}}} == 1)",
                )
            ),
        ),
        width=4,
        height=4,
        steps=(1, 10),
    ),
    Panel(
        "Alerts that fire",
        "From the rules that come with the operator; each has a page in docs/runbooks. Empty also where the rules are "
        "not loaded.",
        "table",
        "short",
        (Query('count by (alertname, severity) (ALERTS{alertname=~"SecureBucket.+", alertstate="firing"})'),),
        width=12,
        height=7,
        columns={"alertname": "Alert", "severity": "Severity"},
        value="Firing",
    ),
    Panel(
        "Age of the last verification",
        "How long ago buckets were verified: the oldest, and the middle one. The oldest should stay a little above "
        "the longest interval; above three times that, SecureBucketVerificationStale fires. Documents that let no data "
        "out take turns: the oldest of them should stay below the profile's fullReadInterval.",
        "lines",
        "s",
        (
            Query(f"time() - min(securebucket_last_verified_timestamp_seconds{{{NAMESPACE}}})", "oldest"),
            Query(f"time() - quantile(0.5, securebucket_last_verified_timestamp_seconds{{{NAMESPACE}}})", "middle"),
            Query(
                f"time() - min(securebucket_oldest_reading_timestamp_seconds{{{NAMESPACE}}})", "oldest document in turn"
            ),
        ),
        height=7,
    ),
)

COMPLIANCE = (
    Panel(
        "Score by framework",
        "The same for each standard: only the checks that the standard asks for.",
        "bars",
        "percentunit",
        (Query("max by (framework) (securebucket_compliance_score_ratio)", "{{framework}}"),),
        width=8,
        steps=(0.7, 0.9),
        rising=True,
    ),
    Panel(
        "Score over time",
        "A dip of up to an interval after a change of leader is normal: objects that were not in order are verified "
        "first.",
        "lines",
        "percentunit",
        (Query(f"max by (framework) (securebucket_compliance_score_ratio{{{FRAMEWORK}}})", "{{framework}}"),),
        width=8,
    ),
    Panel(
        "Verdicts",
        "All verdicts by result. Choose one framework: one verdict counts once in each of them. What grows under "
        "unknown could not be read.",
        "areas",
        "short",
        (
            Query(
                f"sum by (result) (max by (framework, check, result) (securebucket_checks{{{FRAMEWORK}}}))",
                "{{result}}",
            ),
        ),
        width=8,
    ),
    Panel(
        "Failing checks by namespace",
        "Buckets of a namespace that fail a check, for the chosen severities. A whole row is a gap in a profile or in "
        "the account; a whole column is a team that needs help.",
        "table",
        "short",
        (Query(f"count by (check, namespace) ({FAILING})"),),
        height=10,
        steps=(1, 10),
        matrix=("check", "namespace"),
    ),
    Panel(
        "Worst buckets",
        "Most failing checks of the chosen severities. kubectl describe on the object says what to set.",
        "table",
        "short",
        (Query(f"topk(20,\n{with_bucket(f'count by (namespace, name) ({FAILING})')}\n)"),),
        height=10,
        columns=OBJECT,
        value="Failing checks",
    ),
    Panel(
        "Exceptions that end soon",
        "Time left of BucketExceptions that end within 30 days. Afterwards the check fails again.",
        "table",
        "s",
        (
            Query(
                "min by (namespace, name, bucket, check) "
                f"(securebucket_exception_expiry_timestamp_seconds{{{NAMESPACE}}}) - time() < 30 * 86400"
            ),
        ),
        width=8,
        rising=True,
        columns={"namespace": "Namespace", "name": "Exception", "bucket": "Bucket", "check": "Check"},
        value="Time left",
    ),
    Panel(
        "Failing checks of accounts",
        "Settings of a whole AWS account, such as its own public access block, which protect buckets without a "
        "SecureBucket too.",
        "table",
        "short",
        (Query('max by (account, check, severity) (securebucket_account_check_failing{severity=~"$severity"})'),),
        width=8,
        columns={"account": "Account", "check": "Check", "severity": "Severity"},
        value="Failing",
    ),
    Panel(
        "Buckets without a SecureBucket",
        "Buckets of each account that nothing here looks after. Steps upwards are buckets made past the operator; "
        "docs/how-to/adopt-existing-buckets.md takes them over.",
        "lines",
        "short",
        (Query("max by (account) (securebucket_unmanaged_buckets)", "{{account}}"),),
        width=8,
    ),
)

DRIFT = (
    Panel(
        "Drift detected",
        "Changes by others that were found, within an hour, by control. They should be rare: a steady line is a tool "
        "that fights the operator.",
        "areas",
        "short",
        (Query("sum by (control) (increase(securebucket_drift_detected_total[1h])) > 0", "{{control}}"),),
    ),
    Panel(
        "Drift corrected",
        "Of these, what was corrected within the hour. Less than found: modes Observe and Plan, or a refused change.",
        "areas",
        "short",
        (Query("sum by (control) (increase(securebucket_drift_corrected_total[1h])) > 0", "{{control}}"),),
    ),
    Panel(
        "Change to detection",
        "Longest time that a change can have been there before it was seen: the time since the verification before. It "
        "is about the interval.",
        "lines",
        "s",
        quantiles("securebucket_drift_detection_seconds"),
        width=8,
    ),
    Panel(
        "Detection to repair",
        "From seeing a change to its correction. Seconds in mode Enforce; as long as an approval takes elsewhere.",
        "lines",
        "s",
        quantiles("securebucket_drift_repair_seconds"),
        width=8,
    ),
    Panel(
        "What differs now",
        "Controls that are not as declared. In mode Enforce: refused, contended, or waiting for an approval.",
        "table",
        "short",
        (
            Query(
                with_bucket(
                    f"max by (namespace, name, control) (securebucket_control_drifted{{{NAMESPACE}}})",
                    labels="bucket, account, mode",
                )
            ),
        ),
        width=8,
        columns={"control": "Control", **OBJECT, "mode": "Mode"},
        value="Differs",
    ),
)

RULE = f"max by (namespace, name, rule) (securebucket_replication_{{}}{{{{{NAMESPACE}}}}}) > 0"
REPLICATION = (
    Panel(
        "Operations that wait",
        "What replication rules still have to copy, where a profile has replicationMetrics and the rule metrics. "
        "It comes and goes; what only grows is not copied.",
        "lines",
        "short",
        (Query(RULE.format("pending_operations"), "{{namespace}}/{{name}} {{rule}}"),),
        width=6,
    ),
    Panel(
        "Operations that failed",
        "Within the last interval of the measurement. S3 does not try them again.",
        "lines",
        "short",
        (Query(RULE.format("failed_operations"), "{{namespace}}/{{name}} {{rule}}"),),
        width=6,
    ),
    Panel(
        "Bytes that wait",
        "Of objects that replication rules still have to copy.",
        "lines",
        "bytes",
        (Query(RULE.format("pending_bytes"), "{{namespace}}/{{name}} {{rule}}"),),
        width=6,
    ),
    Panel(
        "Behind",
        "Seconds by which the destination is behind. With Replication Time Control, S3 promises 15 minutes.",
        "lines",
        "s",
        (Query(RULE.format("latency_seconds"), "{{namespace}}/{{name}} {{rule}}"),),
        width=6,
    ),
)
