"""How far replication is, as Prometheus scrapes it."""

from prometheus_client import CollectorRegistry, generate_latest

from securebucket.aws.sessions import Binding
from securebucket.metrics.replication_collector import ReplicationCollector
from securebucket.model.bucket import ObjectKey
from securebucket.model.replication_progress import CopyingRule, Progress
from securebucket.scan.replication_register import Copying, ReplicationRegister

KEY = ObjectKey("payments", "invoices")
LABELS = '{name="invoices",namespace="payments",rule="all"}'


def scrape(progress: Progress | None, *, leading: bool = True) -> set[str]:
    register = ReplicationRegister()
    rule = CopyingRule("all", "acme-copy", "eu-west-1", measured=True)
    register.see(KEY, Copying(Binding(), "acme-invoices", "eu-central-1", 900.0, (rule,)))
    if progress:
        register.measured(KEY, "all", progress)
    registry = CollectorRegistry()
    registry.register(ReplicationCollector(register, lambda: leading))
    return {line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")}


def test_each_rule_has_a_series_of_each_metric() -> None:
    assert scrape(Progress(5.0, 0.0, 70.0, 12.0)) == {
        f"securebucket_replication_pending_operations{LABELS} 5.0",
        f"securebucket_replication_failed_operations{LABELS} 0.0",
        f"securebucket_replication_pending_bytes{LABELS} 70.0",
        f"securebucket_replication_latency_seconds{LABELS} 12.0",
    }


def test_what_nobody_told_has_no_series() -> None:
    assert scrape(Progress(failed_operations=2.0)) == {f"securebucket_replication_failed_operations{LABELS} 2.0"}
    assert scrape(None) == set()


def test_a_standby_exports_none() -> None:
    assert scrape(Progress(5.0, 0.0, 70.0, 12.0), leading=False) == set()
