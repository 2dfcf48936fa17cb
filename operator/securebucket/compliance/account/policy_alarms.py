"""Whether somebody is told when a bucket's policy changes (CIS 4.8): trail, log group, metric filter, alarm.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    items_of,
    problem,
)
from securebucket.compliance.account.metric_pattern import takes_in_policy_changes
from securebucket.compliance.account.trails import is_logging, list_trails, status_of, trails_in
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.region import region_of
from securebucket.model.verdict import Severity, Verdict, failed, passed, unknown


@dataclass(frozen=True, slots=True)
class AlarmsState:
    """How far the way from an event to an alarm leads.

    Args:
        alarms: names of the alarms at its end that do something.
        broken: the last thing that is missing, in words.
        unread: why some of it could not be looked at.
    """

    alarms: tuple[str, ...]
    broken: str
    unread: tuple[str, ...] = ()


def judge_alarmed(state: AlarmsState) -> Verdict:
    """Pass when a logging multi-Region trail leads to an alarm that does something."""
    if state.alarms:
        return passed(f"alarm {', '.join(state.alarms)} tells of changes")
    if state.unread:
        return unknown("; ".join(state.unread))
    return failed(state.broken)


class PolicyAlarmsDocument(AccountDocument[AlarmsState]):
    """Metric filters of the trails' log groups, and the alarms on their metrics."""

    name = "policyAlarms"
    title = "Alarms on changes of bucket policies"
    actions = (
        "cloudtrail:DescribeTrails",
        "cloudtrail:GetTrailStatus",
        "logs:DescribeMetricFilters",
        "cloudwatch:DescribeAlarmsForMetric",
    )
    checks = (
        AccountCheck(
            id="policy-changes-alarmed",
            title="Changes of bucket policies raise an alarm",
            severity=Severity.LOW,
            rationale="A policy that lets the wrong people in is noticed late.",
            remediation=(
                "Send a multi-Region trail to a CloudWatch log group, and give it a metric filter on the S3 policy"
                " events with an alarm that tells somebody."
            ),
            references=(
                "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-8",
            ),
            judge=judge_alarmed,
        ),
    )

    def observe(self, place: AccountPlace) -> Flow[AlarmsState | Failure]:
        """Follow the way from the trails to the alarms."""
        listed = yield from list_trails(place)
        if isinstance(listed, Failure):
            return listed
        missing: list[str] = []
        broken = "no multi-Region trail that logs sends its events to a CloudWatch log group"
        alarms: list[str] = []
        for trail in trails_in(listed):
            if not trail.multi_region or not trail.log_group:
                continue
            status = yield status_of(trail)
            if not is_logging(status) and not problem(status):
                continue
            found = yield from _follow(place, trail.log_group)
            missing.extend((problem(status), *found.unread))
            broken = found.broken or broken
            alarms.extend(found.alarms if is_logging(status) else ())
        return AlarmsState(tuple(sorted(set(alarms))), broken, tuple(dict.fromkeys(each for each in missing if each)))


def _follow(place: AccountPlace, group: str) -> Flow[AlarmsState]:
    """Give the alarms behind a log group, or what is missing on the way to them."""
    if _account_of(group) != place.account_id:
        return AlarmsState((), "", (f"log group {group} belongs to another account; look at its metric filters there",))
    filters = yield Read(
        "describe_metric_filters",
        service="logs",
        region=_region_of(group),
        item=group,
        parameters={"logGroupName": group.split(":")[6]},
        pages="metricFilters",
        optional=True,
    )
    if isinstance(filters, Failure):
        return AlarmsState((), "", (filters.message,))
    metrics = [
        metric
        for each in items_of(filters, "metricFilters")
        if takes_in_policy_changes(str(each.get("filterPattern") or ""))
        for metric in each.get("metricTransformations") or ()
    ]
    if not metrics:
        text = f"no metric filter of log group {group} takes in every event that changes a bucket's policy"
        return AlarmsState((), text)
    missing: list[str] = []
    alarms: list[str] = []
    for metric in metrics:
        answer = yield _alarms_of(group, metric)
        missing.append(problem(answer))
        alarms.extend(
            str(each["AlarmName"])
            for each in items_of(answer, "MetricAlarms")
            if each.get("ActionsEnabled") and each.get("AlarmActions")
        )
    names = ", ".join(str(each["metricName"]) for each in metrics)
    return AlarmsState(
        tuple(alarms), "" if alarms else f"no alarm with an action watches metric {names}", tuple(missing)
    )


def _alarms_of(group: str, metric: Mapping[str, Any]) -> Read:
    region, space, name = _region_of(group), metric["metricNamespace"], metric["metricName"]
    return Read(
        "describe_alarms_for_metric",
        service="cloudwatch",
        region=region,
        item=f"{region}/{space}/{name}",
        parameters={"Namespace": space, "MetricName": name},
        required="MetricAlarms",
        optional=True,
    )


def _region_of(arn: str) -> str:
    return region_of(arn.split(":")[3])


def _account_of(arn: str) -> str:
    return arn.split(":")[4]
