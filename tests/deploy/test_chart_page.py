"""The chart's README has a row for each value, and so has the reference of values."""

import yaml
from tests.deploy.manifests import CHART
from tests.deploy.test_workload import paths

from securebucket_dev.generate.chart_page import chart_page, explained_values, values_page

VALUES = (CHART / "values.yaml").read_text()


def test_every_value_has_a_row() -> None:
    """A block such as `resources` is explained as a whole."""
    explained = {f".{path}" for path, _ in explained_values(VALUES)}
    leaves = paths(yaml.safe_load(VALUES))
    assert [leaf for leaf in leaves if leaf not in explained and leaf.rsplit(".", 2)[0] not in explained] == []


def test_a_row_has_path_default_and_the_whole_comment() -> None:
    page = chart_page(CHART)
    assert '| `operator.interval` | `"1h"` | How often to verify buckets that set no interval, e.g. 30m;' in page
    assert "part of no other, since a profile names the role that the operator assumes. |" in page


def test_the_reference_has_every_row_of_the_readme_once() -> None:
    """In chapters: `operator.interval` is told of under `operator`."""
    rows = [line for line in chart_page(CHART).splitlines() if line.startswith("| `")]
    page = values_page(CHART)
    assert sorted(rows) == sorted(line for line in page.splitlines() if line.startswith("| `"))
    chapters = dict(chapter.split("\n", 1) for chapter in page.split("\n## ")[1:])
    assert "`operator.interval`" in chapters["operator"]
    assert "`replicas`" in chapters["Single values"]


def test_a_comment_of_no_value_is_left_out() -> None:
    rows = dict(explained_values("# About the file.\na:\n  # -- First\n  # and second.\n  b: 1\n\n# Apart.\nc: 2\n"))
    assert rows == {"a.b": "First and second."}
