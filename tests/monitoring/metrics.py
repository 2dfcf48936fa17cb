"""Which metrics there are: those of the reference page, and those that the collector is about to export."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "metrics.md"

ANNOUNCED = {
    "securebucket_account_check_failing": {"account", "check", "severity"},
    "securebucket_account_last_verified_timestamp_seconds": {"account"},
    "securebucket_unmanaged_buckets": {"account"},
}
"""Agreed with the collector, which may not export them yet. Once the reference page has one, its labels must be these,
and its line here can go; panels that ask for one may be empty until then."""

TARGET = {"job", "instance"}
"""Labels that Prometheus gives to everything that it scrapes; in a cluster also `namespace`, where there is none."""

NAME = re.compile(r"(?<![\w:])securebucket_\w+(?![\w:])")
SELECTOR = re.compile(r"(?<![\w:])(securebucket_\w+)\{([^}]*)\}")
PART = re.compile(r"_(bucket|sum|count)$")


def exported() -> dict[str, set[str]]:
    """Give the labels of each metric of the reference page."""
    rows = re.findall(r"^\| `(securebucket_\w+)` \| \w+ \| (.*?) \|", PAGE.read_text(), re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


def known() -> dict[str, set[str]]:
    """Give the labels of each metric that is or will be exported."""
    return ANNOUNCED | exported()


def metrics_of(expr: str) -> set[str]:
    """Name the operator's metrics in an expression; the series of a histogram are one metric."""
    names = known()
    return {found if found in names else PART.sub("", found) for found in NAME.findall(expr)}


def matched_labels(expr: str) -> set[tuple[str, str]]:
    """Give each metric with each label that its selector asks for."""
    return {
        (metric if metric in known() else PART.sub("", metric), label)
        for metric, matchers in SELECTOR.findall(expr)
        for label in re.findall(r"(\w+) *[=!]", matchers)
    }
