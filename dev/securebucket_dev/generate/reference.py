"""Reference pages, made from the controls and the metrics themselves."""

import datetime as dt

from securebucket.aws.sessions import Binding
from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.compliance.framework import standards
from securebucket.controls import CONTROLS
from securebucket.metrics.account_collector import AccountCollector
from securebucket.metrics.aggregates import CATALOGUE
from securebucket.metrics.exception_collector import ExceptionCollector, Expiry
from securebucket.metrics.fleet import Sighting
from securebucket.metrics.instruments import Instruments, QueueCollector
from securebucket.metrics.replication_collector import ReplicationCollector
from securebucket.model.bucket import ObjectKey
from securebucket.model.event_message import QueuePlace
from securebucket.model.replication_progress import CopyingRule, Progress
from securebucket.model.verdict import Result
from securebucket.report.audit_report import AccountAudit, CheckVerdict
from securebucket.scan.account_register import AccountKey, AccountRegister, AccountSighting
from securebucket.scan.replication_register import Copying, ReplicationRegister
from securebucket_dev.generate.items import items_of
from securebucket_dev.generate.markdown import NOTICE, table


def controls_page() -> str:
    """Write the page of controls: what is read, what is written, with which rights."""
    rows = [
        (
            f"`{control.name}`",
            (type(control).__doc__ or "").strip().split("\n")[0],
            ", ".join(f"`{each}`" for each in control.documents()),
            "in its turn" if control.read_in_turn else "every pass",
            ", ".join(f"`{each}`" for each in control.permissions.read),
            ", ".join(f"`{each}`" for each in control.permissions.write),
        )
        for control in CONTROLS
    ]
    text = (
        "# Controls\n\nIn the order in which changes are made. Documents that do not by"
        " themselves let data out, lose or expose it are read in their turn, each within `fullReadInterval` of the"
        " profile ([how](../design/2026-11-30-turns.md)); the others in every pass.\n\n"
    )
    columns = ("Control", "What it does", "Read by", "Read", "Rights to read", "Rights to write")
    return text + NOTICE + table(columns, rows)


ANSWERED = ("aws-config", "aws-security-hub", "cis", "pci", "prowler")
"""Frameworks in which people look a check of an account up; the long ones follow from Security Hub's."""


def account_page() -> str:
    """Write the page of what is asked of an account: its documents with the rights to read them, and the checks."""
    documents = [
        (f"`{each.name}`", each.title, ", ".join(f"`{action}`" for action in each.actions))
        for each in ACCOUNT_DOCUMENTS
    ]
    checks = [
        (
            f"`{check.id}`",
            check.title,
            check.severity.value,
            f"`{document.name}`",
            check.remediation,
        )
        for document in ACCOUNT_DOCUMENTS
        for check in document.checks
    ]
    answers = [
        (
            f"`{check.id}`",
            ", ".join(
                f"{framework.name} {framework.version} {item.id}"
                for framework, item in items_of(check.id)
                if framework.id.startswith(ANSWERED)
            ),
        )
        for document in ACCOUNT_DOCUMENTS
        for check in document.checks
    ]
    return (
        "# Accounts\n\nWhat is asked of an AWS account and not of one bucket. It is read only, every 15 minutes, never"
        " in a pass; `--no-account-checks` turns it off.\n\n"
        + NOTICE
        + "## Documents\n\n`bucketList` says in which regions the others are checked: those that have buckets, and"
        " those that profiles name.\n\n"
        + table(("Document", "What it is", "Rights to read"), documents)
        + "\n## Checks\n\nNo exception can be granted for them.\n\n"
        + table(("Check", "Title", "Severity", "Reads", "Remediation"), checks)
        + "\n## What the checks answer\n\nItems of standards, and checks of scanners.\n\n"
        + table(("Check", "Answers"), answers)
    )


def example_accounts() -> AccountRegister:
    """Make a register of one account that fails a check."""
    verdict = CheckVerdict(check="threats-detected", result=Result.FAIL, because="off")
    read_at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    audit = AccountAudit(account_id="a", read_at=read_at, verdicts=(verdict,), buckets=1, uncovered=("b",))
    register = AccountRegister()
    register.see(AccountKey("a"), AccountSighting(audit, coverage_known=True))
    return register


def example_replication() -> ReplicationRegister:
    """Make a register of one rule that was measured."""
    register, key = ReplicationRegister(), ObjectKey("namespace", "name")
    rule = CopyingRule("rule", "copy", "r", measured=True)
    register.see(key, Copying(Binding(), "b", "r", 60.0, (rule,)))
    register.measured(key, rule.id, Progress(1.0, 1.0, 1.0, 1.0))
    return register


def metrics_page() -> str:
    """Write the page of metrics, from a scrape of a fleet of one."""
    instruments = Instruments(lambda: True)
    instruments.registry.register(QueueCollector(lambda: {"sweep": 0}, lambda: 0))
    expiry = Expiry("namespace", "name", "b", "check", 1.0)
    instruments.registry.register(ExceptionCollector(lambda: [expiry], lambda: True))
    instruments.registry.register(AccountCollector(example_accounts(), lambda: True))
    instruments.registry.register(ReplicationCollector(example_replication(), lambda: True))
    example = Sighting(
        bucket="b",
        account="a",
        region="r",
        profile="p",
        mode="Enforce",
        conditions={"Ready": 1.0, "InSync": 1.0, "Compliant": 1.0},
        drifted=("policy",),
        verdicts=(("check", "high", "fail"),),
        verified_at=1.0,
        oldest_reading=1.0,
    )
    instruments.fleet.see(ObjectKey("namespace", "name"), example)
    instruments.aws_request("s3", "GetBucketPolicy", "200", 0.1)
    instruments.kube_request("get", "200")
    instruments.passes.labels("success")
    instruments.polled(QueuePlace("https://sqs.r.amazonaws.com/a/q", "r", "a", "q"))
    rows = []
    for family in instruments.registry.collect():
        suffix = "_total" if family.type == "counter" else ""
        labels = sorted({name for sample in family.samples for name in sample.labels if name != "le"})
        names = ", ".join(f"`{each}`" for each in labels)
        rows.append((f"`{family.name}{suffix}`", family.type, names, family.documentation))
    text = (
        "# Metrics\n\nServed at `:8080/metrics`, as text or OpenMetrics, compressed where the scraper accepts gzip. "
        "Only the leader exports series of objects and accounts, and counts of checks; `securebucket_leader` says "
        "which replica that is.\n\n"
        f"`framework` is `{CATALOGUE}`, which has every check, or a standard: {_standards()}. `result` is one of "
        f"{', '.join(f'`{each}`' for each in Result)}. An exception in force makes `excepted` of `fail`.\n\n"
    )
    return text + NOTICE + table(("Metric", "Type", "Labels", "Meaning"), sorted(rows))


def _standards() -> str:
    return ", ".join(f"`{each.id}`" for each in standards())
