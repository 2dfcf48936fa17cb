"""The fleet that `make bench` scrapes: as large as it was asked for, and failing what the page about it says."""

from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families

from securebucket_dev.bench.scrape import scraped


def test_the_benchmark_s_fleet_is_served_as_described():
    with scraped(40) as served, urlopen(f"http://127.0.0.1:{served.port}/metrics", timeout=10) as answer:
        read = text_string_to_metric_families(answer.read().decode())
        samples = {family.name: [each.labels for each in family.samples] for family in read}
    assert len(samples["securebucket_info"]) == 40
    assert len(samples["securebucket_check_failing"]) == 36 * 6 + 4 * 9
    assert len(samples["securebucket_control_drifted"]) == 2
    first = samples["securebucket_info"][0]
    assert [len(first[each]) for each in ("namespace", "name", "bucket")] == [22, 25, 45]
