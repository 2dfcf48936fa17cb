"""Event notifications: who is told when objects change.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from securebucket.controls.entries import foreign_stay
from securebucket.controls.key_filter import doubtful, encoded
from securebucket.controls.notification_conflicts import refuse_targets
from securebucket.controls.notification_targets import KINDS, declared_targets, read_targets, targets_of, write_targets
from securebucket.model.bucket import Bucket
from securebucket.model.call import Call, Permissions
from securebucket.model.control import Context, Control
from securebucket.model.failure import Failure
from securebucket.model.flow import Flow, Read
from securebucket.model.understanding import laid_over
from securebucket.model.verdict import Check, Remedy, Severity, Subject, Verdict, failed, passed

EVENT_BRIDGE = "EventBridgeConfiguration"


@dataclass(frozen=True, slots=True)
class NotificationsState:
    """The whole notification configuration.

    Args:
        event_bridge: whether all events go to Amazon EventBridge.
        targets: canonical targets (see `notification_targets`) by kind and Id.
    """

    event_bridge: bool = False
    targets: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def judge_notified(_: Subject, state: NotificationsState) -> Verdict:
    """Pass when somebody gets the bucket's events; EventBridge gets them all."""
    if state.event_bridge:
        return passed("all events go to EventBridge")
    if state.targets:
        return passed(f"events go to {', '.join(sorted(state.targets))}")
    return failed("no event notification is configured")


class NotificationsControl(Control[NotificationsState]):
    """Keeps the declared targets and EventBridge, and says what becomes of other targets."""

    name = "notifications"
    permissions = Permissions(read=("s3:GetBucketNotification",), write=("s3:PutBucketNotification",))
    written_by = ("PutBucketNotification", "PutBucketNotificationConfiguration")
    checks = (
        Check(
            id="events-notified",
            title="Event notifications are configured",
            severity=Severity.MEDIUM,
            rationale="Nobody and nothing hears of objects that appear or vanish.",
            remediation="Set spec.notifications.eventBridge to true, or declare topics, queues or lambdaFunctions.",
            remedy=Remedy.BUCKET,
            references=(
                "https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html",
                "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-11",
            ),
            judge=judge_notified,
        ),
    )

    def observe(self, bucket: Bucket) -> Flow[NotificationsState]:
        """Read the targets. EventBridge is on when its member is there: the member itself is always empty."""
        lists = tuple(kind.member for kind in KINDS)
        answer = (yield Read("get_bucket_notification_configuration", entries=lists)) or {}
        return NotificationsState(event_bridge=EVENT_BRIDGE in answer, targets=read_targets(answer))

    def desired(self, context: Context, observed: NotificationsState) -> NotificationsState:
        """Lay the declared targets over those that stay; EventBridge stays as it is unless it is declared.

        A filter that is there as 0.1.0 put it stays until something else is written: an upgrade writes nothing. Other
        stores than AWS compare the key itself.
        """
        block = context.spec.notifications
        kept = {name: observed.targets[name] for name in self.kept(context, observed)}
        event_bridge = observed.event_bridge if block.event_bridge is None else block.event_bridge
        declared = laid_over(
            observed.targets, declared_targets(block, spell=str if context.bucket.compatible else encoded)
        )
        as_before = laid_over(observed.targets, declared_targets(block, spell=str))
        there = {
            name: as_before[name] if observed.targets.get(name) == as_before[name] else declared[name]
            for name in declared
        }
        unchanged = NotificationsState(event_bridge, kept | there)
        return unchanged if unchanged == observed else NotificationsState(event_bridge, kept | declared)

    def refuse(self, context: Context, observed: NotificationsState, desired: NotificationsState) -> Failure | None:
        """Refuse what S3 would not take as a whole, kept targets included, and filters that would never fire.

        Not where such a filter is there already: another target must still be corrected.
        """
        for name, (_, target) in targets_of(context.spec.notifications).items():
            why = "" if context.bucket.compatible else doubtful(target)
            if why and observed.targets.get(name) != desired.targets[name]:
                return Failure("NotificationFilterUnclear", f"target {name} of spec.notifications: {why}.")
        kept = self.kept(context, observed)
        return refuse_targets(observed.targets, desired.targets, kept, context.bucket.region)

    def calls(self, context: Context, observed: NotificationsState, desired: NotificationsState) -> tuple[Call, ...]:
        """Put the whole document, which is replaced at once; an empty one turns everything off, there is no DELETE.

        Unless it is told not to, S3 sends a test message to every target, kept ones included, and takes nothing if one
        of them fails.
        """
        document = write_targets(desired.targets) | ({EVENT_BRIDGE: {}} if desired.event_bridge else {})
        skip = {"SkipDestinationValidation": True} if context.spec.notifications.skip_destination_validation else {}
        return (Call("put_bucket_notification_configuration", {"NotificationConfiguration": document} | skip),)

    def kept(self, context: Context, state: NotificationsState) -> tuple[str, ...]:
        """Name the targets that are not declared and stay."""
        block = context.spec.notifications
        if not foreign_stay(block.foreign, context.bucket):
            return ()
        return tuple(sorted(state.targets.keys() - declared_targets(block).keys()))
