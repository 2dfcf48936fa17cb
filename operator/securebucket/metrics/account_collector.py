"""The accounts' series, read from the register at scrape time."""

from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from securebucket.compliance.account import ACCOUNT_DOCUMENTS
from securebucket.model.verdict import Result
from securebucket.scan.account_register import AccountRegister, AccountSighting

SEVERITIES: Mapping[str, str] = {
    check.id: check.severity.value for document in ACCOUNT_DOCUMENTS for check in document.checks
}


class AccountCollector(Collector):
    """Turns the register into metric families.

    Two S3 servers that are not AWS may have accounts of the same number: they are one series then.

    Args:
        register: what to read.
        leading: only the leader exports accounts: two replicas would double every sum.
    """

    def __init__(self, register: AccountRegister, leading: Callable[[], bool]) -> None:
        self._register = register
        self._leading = leading

    def collect(self) -> Iterator[Metric]:
        """Return all families."""
        if not self._leading():
            return
        seen: dict[str, list[AccountSighting]] = {}
        for key, sighting in self._register.snapshot().items():
            seen.setdefault(key.account_id, []).append(sighting)
        unmanaged = GaugeMetricFamily(
            "securebucket_unmanaged_buckets",
            "Buckets of the account that no SecureBucket covers; absent where the operator watches some namespaces"
            " only, or may not list the buckets.",
            labels=["account"],
        )
        failing = GaugeMetricFamily(
            "securebucket_account_check_failing",
            "1 while an account fails a check.",
            labels=["account", "check", "severity"],
        )
        verified = GaugeMetricFamily(
            "securebucket_account_last_verified_timestamp_seconds",
            "When the account was last verified (Unix time).",
            labels=["account"],
        )
        for account, sightings in seen.items():
            counts = [len(each.audit.uncovered) for each in sightings if each.coverage_known]
            if counts:
                unmanaged.add_metric([account], sum(counts))
            for check in sorted(_failing(sightings)):
                failing.add_metric([account, check, SEVERITIES[check]], 1.0)
            verified.add_metric([account], min(each.audit.read_at.timestamp() for each in sightings))
        yield from (unmanaged, failing, verified)


def _failing(sightings: list[AccountSighting]) -> set[str]:
    return {verdict.check for each in sightings for verdict in each.audit.verdicts if verdict.result is Result.FAIL}
