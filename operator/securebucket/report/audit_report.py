"""The audit report as a document: verdicts, what they were made from, and the catalogue that they speak of.

Scan, operator and report command all make this one document; every format is written from it, and a stored one can be
read back. It is whole: whoever reads it in a year needs no catalogue of that day.
"""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from securebucket.compliance.framework import Kind
from securebucket.compliance.stored_observation import StoredAnswer, StoredObservation, StoredReason
from securebucket.model.verdict import Remedy, Result, Severity


class ReportModel(BaseModel):
    """A part of the report. What a newer release wrote there is passed over."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class ReportedException(ReportModel):
    """An exception as it stood when the report was made.

    Args:
        name: of the BucketException, `<namespace>/<name>`, or of the file that it was read from.
        check: id of the check.
        bucket_name: the bucket that it is for; empty for one that selects several.
        granted_at: in UTC.
        expires_at: in UTC.
        standing: whether it counted.
    """

    name: str
    check: str
    bucket_name: str = ""
    reason: str
    approver: str
    granted_at: dt.datetime
    expires_at: dt.datetime
    standing: Literal["InForce", "Expired", "TooLong"] = "InForce"


class CheckVerdict(ReportModel):
    """The answer to one check.

    Args:
        check: id of the check.
        result: the answer.
        because: what was seen.
        exception: name of the exception in force; empty without one.
    """

    check: str
    result: Result
    because: str
    exception: str = ""


class DriftEvent(ReportModel):
    """One change by somebody else.

    Args:
        at: when it was found, in UTC.
        control: whose document.
        fields: what differed.
        corrected: whether it was corrected in the same pass.
        actor: who made it; empty while unknown.
    """

    at: dt.datetime
    control: str
    fields: tuple[str, ...] = ()
    corrected: bool = False
    actor: str = ""


class DriftHistory(ReportModel):
    """What is known of changes by others.

    Args:
        count: how many were found since the object was created.
        last_detected_at: absent when none was found.
        last_corrected_at: absent when none was corrected.
        events: the last ones, the newest first; the operator remembers them since it started.
    """

    count: int = 0
    last_detected_at: dt.datetime | None = None
    last_corrected_at: dt.datetime | None = None
    events: tuple[DriftEvent, ...] = ()


class Declaration(ReportModel):
    """The SecureBucket that declares a bucket."""

    namespace: str
    name: str
    profile: str = ""
    mode: str = ""


class ReplicatedRule(ReportModel):
    """How far one replication rule is; what is absent nobody told.

    Args:
        rule: its id.
        destination: name of the bucket that it copies to.
        measured: whether S3 measures it: the rule has metrics or Replication Time Control on.
        pending_operations: that wait.
        failed_operations: that failed within the last interval.
        pending_bytes: of objects that wait.
        latency_seconds: by which the destination is behind.
        unread: why some of it could not be asked; empty else.
    """

    rule: str
    destination: str
    measured: bool
    pending_operations: float | None = None
    failed_operations: float | None = None
    pending_bytes: float | None = None
    latency_seconds: float | None = None
    unread: str = ""


class BucketAudit(ReportModel):
    """One bucket.

    Args:
        observation: which bucket, when it was read, and what was read.
        declaration: its SecureBucket; absent where none covers it, or none is known, as in a scan.
        verdicts: one per check; empty where the bucket could not be reached.
        failure: why it could not be reached.
        drift: changes by others.
        role_because: what tells its role, where nobody declares it; empty else.
        replication: how far its replication rules are, where the profile asks for that.
    """

    observation: StoredObservation
    declaration: Declaration | None = None
    verdicts: tuple[CheckVerdict, ...] = ()
    failure: StoredReason | None = None
    drift: DriftHistory = DriftHistory()
    role_because: str = ""
    replication: tuple[ReplicatedRule, ...] = ()


class AccountAudit(ReportModel):
    """One account.

    Args:
        account_id: twelve digits.
        read_at: when it was read, in UTC.
        answers: what was read, by service and API name, e.g. `s3control:GetPublicAccessBlock`.
        verdicts: one per check of the account.
        buckets: how many buckets the account has; absent where they could not be listed.
        uncovered: those that no SecureBucket covers; empty in a scan, which knows of none.
    """

    account_id: str
    read_at: dt.datetime
    answers: dict[str, StoredAnswer] = Field(default_factory=dict)
    verdicts: tuple[CheckVerdict, ...] = ()
    buckets: int | None = None
    uncovered: tuple[str, ...] = ()


class ReportedCheck(ReportModel):
    """A check as the catalogue had it when the report was made.

    Args:
        subject: whether it is asked of a bucket or of an account.
        reads: the controls or account documents that it reads.
    """

    id: str
    title: str
    severity: Severity
    rationale: str
    remediation: str
    remedy: Remedy
    references: tuple[str, ...]
    subject: Literal["bucket", "account"] = "bucket"
    reads: tuple[str, ...] = ()


class ReportedItem(ReportModel):
    """A framework's item with the checks that answer it."""

    id: str
    title: str
    checks: tuple[str, ...] = ()
    account_checks: tuple[str, ...] = ()
    note: str = ""

    @property
    def all_checks(self) -> tuple[str, ...]:
        """Those of buckets and those of accounts."""
        return (*self.checks, *self.account_checks)


class ReportedFramework(ReportModel):
    """A framework as it was known when the report was made."""

    id: str
    name: str
    version: str
    publisher: str
    kind: Kind
    url: str
    items: tuple[ReportedItem, ...]

    @property
    def checks(self) -> frozenset[str]:
        """All that answer one of its items."""
        return frozenset(check for item in self.items for check in item.all_checks)


class AuditReport(ReportModel):
    """The whole report.

    Args:
        format: names the shape of the document; changes when a reader of the old one would be misled.
        generated_at: in UTC.
        generator: program and version, e.g. `securebucket 0.1.0`.
        catalogue: version of the catalogue of checks.
        scope: what was looked at, in words, e.g. `account 111122223333, all buckets`.
        buckets: by name.
        accounts: by id.
        exceptions: all that were known, in force or not.
        checks: the catalogue.
        frameworks: standards and scanners.
    """

    format: Literal["securebucket.io/audit-report/v1"] = "securebucket.io/audit-report/v1"
    generated_at: dt.datetime
    generator: str
    catalogue: str
    scope: str
    buckets: tuple[BucketAudit, ...] = ()
    accounts: tuple[AccountAudit, ...] = ()
    exceptions: tuple[ReportedException, ...] = ()
    checks: tuple[ReportedCheck, ...] = ()
    frameworks: tuple[ReportedFramework, ...] = ()
