"""Which Events a change of a BucketException's status is worth. Pure: where no condition changed, there is none."""

from securebucket.api.bucket_exception import BucketExceptionStatus, ExceptionCondition
from securebucket.report.events import EventRecord


def build(previous: BucketExceptionStatus, status: BucketExceptionStatus) -> tuple[EventRecord, ...]:
    """Give the Events of a change: it counts now, it ends in seven days or in one, it has ended, it does not count."""
    before = {each.type: (each.status, each.reason) for each in previous.conditions}
    return tuple(
        _event(each) for each in status.conditions if (each.status, each.reason) != before.get(each.type, ("", ""))
    )


def _event(condition: ExceptionCondition) -> EventRecord:
    if condition.type == "ExpiringSoon":
        return EventRecord("Warning", f"Expires{condition.reason}", "Remind", condition.message)
    if condition.status == "True":
        return EventRecord("Normal", condition.reason, "Accept", condition.message)
    return EventRecord("Warning", condition.reason, "Rearm", condition.message)
