"""The fleet's checks added up, for the catalogue as a whole and for each standard. Pure.

A fleet has few different sets of verdicts: each is counted once, however many buckets have it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric

from securebucket.compliance.framework import standards
from securebucket.compliance.scoring import Score
from securebucket.metrics.fleet import Sighting
from securebucket.model.verdict import Result

CATALOGUE = "securebucket"
"""The framework that has every check."""


def aggregates(sightings: Iterable[Sighting]) -> Iterator[Metric]:
    """Return how many buckets have which result in each check, and what part of what could be judged passes."""
    checks = GaugeMetricFamily(
        "securebucket_checks", "Buckets by framework, check and result.", labels=["framework", "check", "result"]
    )
    scores = GaugeMetricFamily(
        "securebucket_compliance_score_ratio",
        "Passed out of passed and failed checks of a framework; absent while none could be judged.",
        labels=["framework"],
    )
    for framework, totals in by_framework(count(sightings)).items():
        results: Counter[Result] = Counter()
        for (check, result), buckets in totals.items():
            checks.add_metric([framework, check, result], buckets)
            results[Result(result)] += buckets
        ratio = Score(results).ratio
        if ratio is not None:
            scores.add_metric([framework], ratio)
    yield checks
    yield scores


def count(sightings: Iterable[Sighting]) -> Mapping[tuple[str, str], int]:
    """Count buckets by check and result."""
    totals: Counter[tuple[str, str]] = Counter()
    for verdicts, buckets in Counter(each.verdicts for each in sightings).items():
        for check, _, result in verdicts:
            totals[check, result] += buckets
    return dict(sorted(totals.items()))


def by_framework(totals: Mapping[tuple[str, str], int]) -> dict[str, Mapping[tuple[str, str], int]]:
    """Give every framework the counts of its checks."""
    return {
        CATALOGUE: totals,
        **{
            framework.id: {each: buckets for each, buckets in totals.items() if each[0] in framework.checks}
            for framework in standards()
        },
    }
