"""Reference pages, made from the controls and the metrics themselves."""

from securebucket.compliance.framework import standards
from securebucket.controls import CONTROLS
from securebucket.metrics.aggregates import CATALOGUE
from securebucket.metrics.exception_collector import ExceptionCollector, Expiry
from securebucket.metrics.fleet import Sighting
from securebucket.metrics.instruments import Instruments, QueueCollector
from securebucket.model.bucket import ObjectKey
from securebucket.model.call import Call
from securebucket.model.verdict import Result
from securebucket_dev.generate.markdown import NOTICE, table


def controls_page() -> str:
    """Write the page of controls: what is read, what is written, with which rights."""
    rows = [
        (
            f"`{control.name}`",
            (type(control).__doc__ or "").strip().split("\n")[0],
            f"`{Call(control.read.operation).api}`",
            ", ".join(f"`{each}`" for each in control.permissions.read),
            ", ".join(f"`{each}`" for each in control.permissions.write),
        )
        for control in CONTROLS
    ]
    text = "# Controls\n\nIn the order in which changes are made. Every pass reads all of them.\n\n"
    return text + NOTICE + table(("Control", "What it does", "Read by", "Rights to read", "Rights to write"), rows)


def metrics_page() -> str:
    """Write the page of metrics, from a scrape of a fleet of one."""
    instruments = Instruments(lambda: True)
    instruments.registry.register(QueueCollector(lambda: {"sweep": 0}, lambda: 0))
    expiry = Expiry("namespace", "name", "b", "check", 1.0)
    instruments.registry.register(ExceptionCollector(lambda: [expiry], lambda: True))
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
    )
    instruments.fleet.see(ObjectKey("namespace", "name"), example)
    instruments.aws_request("s3", "GetBucketPolicy", "200", 0.1)
    instruments.kube_request("get", "200")
    instruments.passes.labels("success")
    rows = []
    for family in instruments.registry.collect():
        suffix = "_total" if family.type == "counter" else ""
        labels = sorted({name for sample in family.samples for name in sample.labels if name != "le"})
        names = ", ".join(f"`{each}`" for each in labels)
        rows.append((f"`{family.name}{suffix}`", family.type, names, family.documentation))
    text = (
        "# Metrics\n\nServed at `:8080/metrics`, as text or OpenMetrics, compressed where the scraper accepts gzip. "
        "Only the leader exports series of objects and counts of checks; `securebucket_leader` says which replica "
        "that is.\n\n"
        f"`framework` is `{CATALOGUE}`, which has every check, or a standard: {_standards()}. `result` is one of "
        f"{', '.join(f'`{each}`' for each in Result)}. An exception in force makes `excepted` of `fail`.\n\n"
    )
    return text + NOTICE + table(("Metric", "Type", "Labels", "Meaning"), sorted(rows))


def _standards() -> str:
    return ", ".join(f"`{each.id}`" for each in standards())
