"""Which metrics there are: those of the reference page."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "metrics.md"

TARGET = {"job", "instance"}
"""Labels that Prometheus gives to everything that it scrapes; in a cluster also `namespace`, where there is none."""

NAME = re.compile(r"(?<![\w:])securebucket_\w+(?![\w:])")
SELECTOR = re.compile(r"(?<![\w:])(securebucket_\w+)\{([^}]*)\}")
PART = re.compile(r"_(bucket|sum|count)$")


def exported() -> dict[str, set[str]]:
    """Give the labels of each metric of the reference page."""
    rows = re.findall(r"^\| `(securebucket_\w+)` \| \w+ \| (.*?) \|", PAGE.read_text(), re.MULTILINE)
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


def metrics_of(expr: str) -> set[str]:
    """Name the operator's metrics in an expression; the series of a histogram are one metric."""
    names = exported()
    return {found if found in names else PART.sub("", found) for found in NAME.findall(expr)}


def matched_labels(expr: str) -> set[tuple[str, str]]:
    """Give each metric with each label that its selector asks for."""
    return {
        (metric if metric in exported() else PART.sub("", metric), label)
        for metric, matchers in SELECTOR.findall(expr)
        for label in re.findall(r"(\w+) *[=!]", matchers)
    }
