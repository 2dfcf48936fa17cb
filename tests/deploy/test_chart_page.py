"""The chart's README has a row for each value."""

import yaml
from tests.deploy.manifests import CHART
from tests.deploy.test_workload import paths

from securebucket_dev.generate.chart_page import chart_page, explained_values

VALUES = (CHART / "values.yaml").read_text()


def test_every_value_has_a_row() -> None:
    """A block such as `resources` is explained as a whole."""
    explained = {f".{path}" for path, _ in explained_values(VALUES)}
    leaves = paths(yaml.safe_load(VALUES))
    assert [leaf for leaf in leaves if leaf not in explained and leaf.rsplit(".", 2)[0] not in explained] == []


def test_a_row_has_path_default_and_the_whole_comment() -> None:
    page = chart_page(CHART)
    assert '| `operator.interval` | `"1h"` | How often a bucket is verified that names no interval, e.g. 30m;' in page
    assert "part of no other, since a profile names the role that the operator assumes. |" in page


def test_a_comment_of_no_value_is_left_out() -> None:
    rows = dict(explained_values("# About the file.\na:\n  # -- First\n  # and second.\n  b: 1\n\n# Apart.\nc: 2\n"))
    assert rows == {"a.b": "First and second."}
