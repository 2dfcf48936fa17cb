"""The ends of exceptions as Prometheus scrapes them."""

from prometheus_client import CollectorRegistry, generate_latest

from securebucket.metrics.exception_collector import ExceptionCollector, Expiry

NAME = "securebucket_exception_expiry_timestamp_seconds"


def scrape(known: list[Expiry], *, leading: bool = True) -> list[str]:
    registry = CollectorRegistry()
    registry.register(ExceptionCollector(lambda: known, lambda: leading))
    return [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]


def test_each_exception_has_a_series_for_each_bucket() -> None:
    known = [
        Expiry("payments", "accepted", "acme-a", "tls-required", 1_900_000_000.0),
        Expiry("payments", "accepted", "acme-b", "tls-required", 1_900_000_000.0),
    ]
    labels = 'bucket="acme-{}",check="tls-required",name="accepted",namespace="payments"'
    assert scrape(known) == [f"{NAME}{{{labels.format(each)}}} 1.9e+09" for each in "ab"]


def test_a_series_goes_with_its_exception() -> None:
    known = [Expiry("payments", "accepted", "acme-a", "tls-required", 1.0)]
    registry = CollectorRegistry()
    registry.register(ExceptionCollector(lambda: known, lambda: True))
    assert NAME + "{" in generate_latest(registry).decode()
    known.clear()
    assert NAME + "{" not in generate_latest(registry).decode()


def test_a_standby_exports_none() -> None:
    assert scrape([Expiry("payments", "accepted", "acme-a", "tls-required", 1.0)], leading=False) == []
