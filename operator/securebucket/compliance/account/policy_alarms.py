"""Whether somebody is told when a bucket's policy changes (CIS 4.8): trail, log group, metric filter, alarm.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from securebucket.compliance.account.account_document import (
    AccountCheck,
    AccountDocument,
    AccountPlace,
    AccountSubject,
    Ask,
    document,
    problem,
    unread,
)
from securebucket.compliance.account.metric_pattern import takes_in_policy_changes
from securebucket.compliance.account.trails import TRAILS, Trail, recordings_in, trails_in
from securebucket.model.failure import Failure
from securebucket.model.flow import Answers
from securebucket.model.observation import Unsupported
from securebucket.model.region import region_of
from securebucket.model.verdict import Remedy, Severity, Verdict, failed, passed, unknown

FILTERS = "logs:DescribeMetricFilters"
ALARMS = "cloudwatch:DescribeAlarmsForMetric"


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
            remedy=Remedy.OUTSIDE,
            references=(
                "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudwatch-controls.html#cloudwatch-8",
            ),
            judge=judge_alarmed,
        ),
    )

    def ask(self, place: AccountPlace, answers: Answers) -> tuple[Ask, ...]:
        """Ask for the filters of each log group of the account, then for the alarms on those that match."""
        groups = {each.log_group for each in trails_in(answers) if each.multi_region and each.log_group}
        own = sorted(each for each in groups if _account_of(each) == place.account_id)
        filters = [
            Ask(
                "logs",
                "describe_metric_filters",
                _region_of(each),
                item=each,
                parameters={"logGroupName": each.split(":")[6]},
                member="metricFilters",
                paged=True,
            )
            for each in own
        ]
        alarms = [
            Ask(
                "cloudwatch",
                "describe_alarms_for_metric",
                _region_of(group),
                item=_metric_item(group, metric),
                parameters={"Namespace": metric["metricNamespace"], "MetricName": metric["metricName"]},
                member="MetricAlarms",
            )
            for group in own
            for metric in _metrics(answers, group)
        ]
        return (*filters, *alarms)

    def parse(self, subject: AccountSubject) -> AlarmsState | Failure | Unsupported:
        """Follow the way from the trails to the alarms."""
        nothing = unread(subject.items(TRAILS))
        if nothing:
            return nothing
        missing: list[str] = []
        broken = "no multi-Region trail that logs sends its events to a CloudWatch log group"
        alarms: list[str] = []
        for each in recordings_in(subject):
            status = subject.answer(f"cloudtrail:GetTrailStatus/{each.trail.arn}")
            if not each.trail.log_group or not (each.logging or problem(status)):
                continue
            missing.append(problem(status))
            found, reason = _follow(subject, each.trail, missing)
            broken = reason or broken
            alarms.extend(found if each.logging else ())
        return AlarmsState(tuple(sorted(set(alarms))), broken, tuple(dict.fromkeys(each for each in missing if each)))


def _follow(subject: AccountSubject, trail: Trail, missing: list[str]) -> tuple[list[str], str]:
    """Give the alarms behind a trail's log group, or what is missing on the way to them."""
    group = trail.log_group
    if _account_of(group) != subject.account_id:
        missing.append(f"log group {group} belongs to another account; look at its metric filters there")
        return [], ""
    filters = subject.answer(f"{FILTERS}/{group}")
    if problem(filters):
        missing.append(problem(filters))
        return [], ""
    metrics = list(_metrics(subject.answers, group))
    if not metrics:
        return [], f"no metric filter of log group {group} takes in every event that changes a bucket's policy"
    alarms: list[str] = []
    for metric in metrics:
        answer = subject.answer(f"{ALARMS}/{_metric_item(group, metric)}")
        missing.append(problem(answer))
        alarms.extend(
            str(each["AlarmName"])
            for each in document(answer).get("MetricAlarms") or ()
            if each.get("ActionsEnabled") and each.get("AlarmActions")
        )
    names = ", ".join(str(each["metricName"]) for each in metrics)
    return alarms, "" if alarms else f"no alarm with an action watches metric {names}"


def _metrics(answers: Answers, group: str) -> Iterator[dict[str, Any]]:
    for each in document(answers.get(f"{FILTERS}/{group}", {})).get("metricFilters") or ():
        if takes_in_policy_changes(str(each.get("filterPattern") or "")):
            yield from each.get("metricTransformations") or ()


def _metric_item(group: str, metric: dict[str, Any]) -> str:
    return f"{_region_of(group)}/{metric['metricNamespace']}/{metric['metricName']}"


def _region_of(arn: str) -> str:
    return region_of(arn.split(":")[3])


def _account_of(arn: str) -> str:
    return arn.split(":")[4]
