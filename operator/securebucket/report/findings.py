"""Every verdict of a report as a finding of its own, with all that another tool has to be told. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from securebucket.api.moment import in_utc
from securebucket.compliance.framework import Kind
from securebucket.compliance.stored_observation import StoredBucket, StoredObservation
from securebucket.controls import CONTROLS
from securebucket.model.verdict import Remedy, Result, Severity
from securebucket.report.audit_report import (
    AccountAudit,
    BucketAudit,
    CheckVerdict,
    Declaration,
    ReportedCheck,
    ReportedException,
    ReportedFramework,
    ReportedItem,
)
from securebucket.report.recorded_report import BucketSummary, Pattern, RecordedReport


@dataclass(frozen=True, slots=True)
class Requirement:
    """One item of a framework that a check answers."""

    framework: ReportedFramework
    item: ReportedItem


@dataclass(frozen=True)
class Requirements:
    """All that one check answers, in the frameworks' order; one object for all findings of the check.

    Args:
        of: what it answers.
    """

    of: tuple[Requirement, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Each in a few characters, e.g. `aws-fsbp-1.0.0 S3.5`."""
        return tuple(f"{each.framework.id} {each.item.id}" for each in self.of)

    @cached_property
    def standards(self) -> tuple[str, ...]:
        """The frameworks, each once, by name and version."""
        return tuple(dict.fromkeys(f"{each.framework.name} {each.framework.version}" for each in self.of))


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's verdict on one bucket, or on one account.

    Args:
        bucket: which; for an account its name and region are empty.
        declaration: the SecureBucket; absent without one, and for an account.
        read_at: when what was judged was read, as RFC 3339 in UTC.
        exception: the one in force, as far as the report knows it.
        requirements: what it answers.
    """

    bucket: StoredBucket
    declaration: Declaration | None
    check: ReportedCheck
    verdict: CheckVerdict
    read_at: str
    exception: ReportedException | None
    requirements: Requirements

    @property
    def of_account(self) -> bool:
        """It is about an account, and not about one bucket."""
        return not self.bucket.name

    @property
    def arn(self) -> str:
        """The bucket's ARN, or that of the account's root."""
        place = self.bucket
        if self.of_account:
            return f"arn:{place.partition}:iam::{place.account_id}:root"
        return f"arn:{place.partition}:s3:::{place.name}"


@dataclass(frozen=True)
class ReportIndex:
    """A report, looked up by id.

    Args:
        report: which.
    """

    report: RecordedReport

    @cached_property
    def checks(self) -> Mapping[str, ReportedCheck]:
        """The catalogue by id, with what verdicts name beyond it: a report by hand, or merged from two releases."""
        known = {each.id: each for each in self.report.head.checks}
        judged = dict.fromkeys(check for each in self.patterns for check, _ in each)
        judged |= dict.fromkeys(each.check for account in self.report.head.accounts for each in account.verdicts)
        return known | {check: _unlisted(check) for check in judged if check not in known}

    @cached_property
    def patterns(self) -> Mapping[Pattern, int]:
        """Which sets of results the buckets have, and how many have each: a fleet has some dozens."""
        return Counter(each.results for each in self.report.summaries)

    @cached_property
    def bucket_checks(self) -> tuple[ReportedCheck, ...]:
        """What is asked of a bucket."""
        asked = {verdict.check for account in self.report.head.accounts for verdict in account.verdicts}
        return tuple(each for each in self.checks.values() if each.subject == "bucket" and each.id not in asked)

    @cached_property
    def exceptions(self) -> Mapping[tuple[str, str], ReportedException]:
        """Exceptions by name and check."""
        return {(each.name, each.check): each for each in self.report.head.exceptions}

    @cached_property
    def requirements(self) -> Mapping[str, Requirements]:
        """What each check answers."""
        found: dict[str, list[Requirement]] = {}
        for framework in self.report.head.frameworks:
            for item in framework.items:
                for check in dict.fromkeys(item.all_checks):
                    found.setdefault(check, []).append(Requirement(framework, item))
        return {check: Requirements(tuple(found.get(check, ()))) for check in self.checks}

    @cached_property
    def documents(self) -> Mapping[str, tuple[str, ...]]:
        """The bucket's documents that each check reads, by the names of their reads."""
        by_control = {control.name: control.documents() for control in CONTROLS}
        return {
            check: tuple(document for name in each.reads for document in by_control.get(name, ()))
            for check, each in self.checks.items()
        }

    @cached_property
    def unread(self) -> Pattern:
        """The results of a bucket that could never be read: each check is unknown; silence would read as well."""
        return tuple((each.id, Result.UNKNOWN) for each in self.bucket_checks)

    def results_of(self, bucket: BucketSummary) -> Pattern:
        """Return a bucket's results, also where it has no verdicts because it could not be read."""
        return bucket.results if bucket.results or bucket.failure is None else self.unread

    def told(self, check: str, *, scanners: bool = False) -> list[str]:
        """Say what a check answers, one line a framework, e.g. `cis-aws-5.0.0 2.1.1, 2.1.4`; scanners if wanted."""
        lines: dict[str, list[str]] = {}
        for each in self.requirements[check].of:
            if scanners or each.framework.kind is Kind.STANDARD:
                lines.setdefault(each.framework.id, []).append(each.item.id)
        return [f"{framework} {', '.join(items)}" for framework, items in lines.items()]

    def verdicts_of(self, audit: BucketAudit) -> tuple[CheckVerdict, ...]:
        """Return a bucket's verdicts, also where it has none because it could not be read."""
        if audit.verdicts or audit.failure is None:
            return audit.verdicts
        because = f"the bucket could not be read: {audit.failure.message}"
        return tuple(CheckVerdict(check=each.id, result=Result.UNKNOWN, because=because) for each in self.bucket_checks)

    def findings(self) -> Iterator[Finding]:
        """Return every finding: the accounts' first, then the buckets', each in the report's order."""
        for account in self.report.head.accounts:
            place = StoredBucket(name="", region="", account_id=account.account_id, partition=self._partition(account))
            read_at = in_utc(account.read_at)
            for verdict in account.verdicts:
                yield self._finding(place, None, verdict, read_at)
        for audit in self.report.audits():
            for verdict in self.verdicts_of(audit):
                read_at = in_utc(self._read_at(audit.observation, verdict.check))
                yield self._finding(audit.observation.bucket, audit.declaration, verdict, read_at)

    def _read_at(self, observation: StoredObservation, check: str) -> dt.datetime:
        """Tell when what a verdict rests on was read: the document of it that was read longest ago."""
        asked = (observation.answers.get(document) for document in self.documents[check])
        return min([each.read_at for each in asked if each and each.read_at], default=observation.read_at)

    def _finding(
        self, place: StoredBucket, declaration: Declaration | None, verdict: CheckVerdict, read_at: str
    ) -> Finding:
        return Finding(
            bucket=place,
            declaration=declaration,
            check=self.checks[verdict.check],
            verdict=verdict,
            read_at=read_at,
            exception=self.exceptions.get((verdict.exception, verdict.check)),
            requirements=self.requirements[verdict.check],
        )

    def _partition(self, account: AccountAudit) -> str:
        """Take the partition of the account's buckets: an account is in one only."""
        buckets = self.report.summaries
        return next((each.partition for each in buckets if each.account_id == account.account_id), "aws")


def _unlisted(check: str) -> ReportedCheck:
    return ReportedCheck(
        id=check,
        title=check,
        severity=Severity.MEDIUM,
        rationale="The report does not describe this check.",
        remediation="See the catalogue of the release that made the report.",
        remedy=Remedy.OUTSIDE,
        references=(),
    )
