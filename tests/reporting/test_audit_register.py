"""What the operator keeps of each pass for the report."""

import datetime as dt
from dataclasses import replace
from typing import Any

from tests.controls.builders import bucket
from tests.engine.builders import NOW
from tests.status.builders import DIFFERENCE, control, corrected, failed, judged, missing, outcome, status_after

from securebucket.api.status import SecureBucketStatus
from securebucket.engine.outcome import Evidence, Outcome
from securebucket.model.bucket import ObjectKey
from securebucket.model.failure import Failure
from securebucket.model.flow import NeverConfigured
from securebucket.model.replication_progress import CopyingRule, Progress
from securebucket.model.verdict import Subject
from securebucket.process.observers import Observers
from securebucket.report.audit_report import AccountAudit, AuditReport, BucketAudit, ReplicatedRule
from securebucket.reporting.audit_register import REMEMBERED, AuditRegister
from securebucket.scan.replication_register import RuleProgress

KEY = ObjectKey("payments", "invoices")
BUCKET = bucket().name
VERSIONING = {"Status": "Enabled"}


def seen(*controls: Any, after: float = 0.0, **options: Any) -> Outcome:
    """Give a pass that reached the bucket, and what it read."""
    evidence = Evidence(
        Subject(bucket(), "Data"), {"GetBucketVersioning": VERSIONING, "GetBucketPolicy": NeverConfigured()}
    )
    made = outcome(*controls, evidence=evidence, verdicts=(judged("fail"),), **options)
    return replace(made, at=NOW + dt.timedelta(seconds=after))


def register() -> AuditRegister:
    return AuditRegister(lambda count: f"{count} objects", wall=lambda: NOW)


def take(kept: AuditRegister, *passes: Outcome, key: ObjectKey = KEY, name: str = BUCKET) -> AuditReport:
    """Take passes in, each with the status after it, and give the report."""
    status = SecureBucketStatus()
    for each in passes:
        status = status_after(each, status)
        kept.observed(key, name, each, status, 0.1)
    return kept.report().whole()


def only(report: AuditReport) -> BucketAudit:
    (audit,) = report.buckets
    return audit


def test_a_pass_becomes_verdicts_evidence_and_declaration() -> None:
    report = take(register(), seen())
    audit = only(report)
    assert (report.scope, report.generated_at) == ("1 objects", NOW)
    assert audit.observation.read_at == NOW
    assert audit.observation.bucket.name == BUCKET
    assert audit.observation.answers["GetBucketVersioning"].response == VERSIONING
    assert audit.observation.answers["GetBucketPolicy"].absent
    assert [(each.check, each.result.value) for each in audit.verdicts] == [("tls-required", "fail")]
    assert audit.declaration is not None
    assert (audit.declaration.namespace, audit.declaration.name, audit.declaration.mode) == (
        "payments",
        "invoices",
        "Enforce",
    )
    assert audit.failure is None


def test_an_answer_that_was_read_before_says_when() -> None:
    made = seen()
    assert made.evidence is not None
    aged = replace(made, evidence=replace(made.evidence, ages={"GetBucketVersioning": 3600.0}))
    answers = only(take(register(), aged)).observation.answers
    found = {name: each.read_at for name, each in answers.items()}
    assert found == {"GetBucketVersioning": NOW - dt.timedelta(hours=1), "GetBucketPolicy": None}


def test_a_pass_that_fails_leaves_what_was_read_before() -> None:
    audit = only(take(register(), seen(), failed(Failure("Throttled", "S3 is busy.", retry=True))))
    assert audit.failure is not None
    assert (audit.failure.reason, audit.failure.message) == ("Throttled", "S3 is busy.")
    assert audit.observation.read_at == NOW
    assert [each.check for each in audit.verdicts] == ["tls-required"]


def test_a_failure_ends_with_the_next_pass_that_reaches_the_bucket() -> None:
    later = seen(after=60)
    audit = only(take(register(), failed(Failure("Throttled", "S3 is busy.", retry=True)), later))
    assert audit.failure is None
    assert audit.observation.read_at == later.at


def test_a_bucket_that_was_never_reached_is_there_with_the_reason() -> None:
    audit = only(take(register(), failed(Failure("AccessDenied", "HeadBucket was denied."))))
    assert (audit.verdicts, audit.observation.answers) == ((), {})
    assert audit.failure is not None
    assert audit.failure.reason == "AccessDenied"


def test_a_bucket_that_is_not_there_says_so() -> None:
    audit = only(take(register(), missing()))
    assert audit.failure is not None
    assert audit.failure.reason == "BucketMissing"


def test_a_new_process_knows_where_the_bucket_lies_from_the_status() -> None:
    status = status_after(seen())
    kept = register()
    kept.observed(KEY, BUCKET, failed(Failure("Throttled", "S3 is busy.", retry=True)), status, 0.1)
    place = only(kept.report().whole()).observation.bucket
    assert (place.account_id, place.region, place.partition) == ("111122223333", "eu-central-1", "aws")


def test_an_object_that_is_gone_is_gone_from_the_report() -> None:
    kept = register()
    take(kept, seen())
    kept.gone(KEY)
    kept.gone(ObjectKey("payments", "never-seen"))
    assert kept.report().records == ()


def test_changes_by_others_are_kept_the_newest_first() -> None:
    audit = only(take(register(), seen(corrected()), seen(corrected("tags"), after=60)))
    assert audit.drift.count == 2
    assert [(each.control, each.corrected, each.fields) for each in audit.drift.events] == [
        ("tags", True, (DIFFERENCE.field,)),
        ("versioning", True, (DIFFERENCE.field,)),
    ]
    assert audit.drift.last_detected_at == NOW + dt.timedelta(seconds=60)


def test_a_change_that_is_put_right_by_a_later_pass_is_marked() -> None:
    found = seen(control("Drifted", drifted=True, differences=(DIFFERENCE,)))
    mended = seen(control("Corrected", applied=("PutBucketVersioning",)), after=60)
    kept = register()
    assert [each.corrected for each in only(take(kept, found)).drift.events] == [False]
    assert [each.corrected for each in only(take(kept, mended)).drift.events] == [True]


def test_only_the_last_changes_are_kept() -> None:
    passes = [seen(corrected(), after=number) for number in range(REMEMBERED + 5)]
    audit = only(take(register(), *passes))
    assert len(audit.drift.events) == REMEMBERED
    assert audit.drift.count == REMEMBERED + 5
    assert audit.drift.events[0].at == passes[-1].at


def test_accounts_and_exceptions_come_from_their_suppliers() -> None:
    account = AccountAudit(account_id="111122223333", read_at=NOW)
    kept = AuditRegister(lambda _: "", accounts=lambda: [account], wall=lambda: NOW)
    report = take(kept, seen())
    assert report.accounts == (account,)
    assert report.exceptions == ()


def test_each_observer_gets_each_pass() -> None:
    kept = [register(), register()]
    both = Observers(tuple(kept))
    made = seen()
    both.observed(KEY, BUCKET, made, status_after(made), 0.1)
    assert [len(each.report().records) for each in kept] == [1, 1]
    both.gone(KEY)
    assert [each.report().records for each in kept] == [(), ()]


def test_the_report_has_how_far_the_replication_rules_of_the_bucket_are() -> None:
    measured = CopyingRule("all", "acme-copy", "eu-west-1", measured=True)
    silent = CopyingRule("some", "acme-copy", "eu-west-1", measured=False)
    told = (RuleProgress(measured, Progress(5.0, 0.0, 70.0, 12.0)), RuleProgress(silent, None))
    kept = AuditRegister(str, wall=lambda: NOW, progress=lambda key: told if key == KEY else ())
    take(kept, seen())
    report = take(kept, seen(), key=ObjectKey("payments", "orders"))
    assert [each.replication for each in report.buckets] == [
        (
            ReplicatedRule(
                rule="all",
                destination="acme-copy",
                measured=True,
                pending_operations=5.0,
                failed_operations=0.0,
                pending_bytes=70.0,
                latency_seconds=12.0,
            ),
            ReplicatedRule(rule="some", destination="acme-copy", measured=False),
        ),
        (),
    ]
