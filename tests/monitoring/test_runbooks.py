"""The runbooks: what they tell a person to type is about what there is."""

import re

import pytest
from tests.monitoring.metrics import TARGET, exported, matched_labels, metrics_of
from tests.monitoring.runbook import commands, expressions


@pytest.mark.parametrize(("page", "expr"), expressions())
def test_they_ask_for_metrics_and_labels_that_there_are(page: str, expr: str) -> None:
    assert metrics_of(expr) <= exported().keys()
    assert [each for each in matched_labels(expr) if each[1] not in exported()[each[0]] | TARGET] == []


@pytest.mark.parametrize(("page", "command"), commands())
def test_nothing_has_to_be_filled_in_but_the_labels_of_the_alert(page: str, command: str) -> None:
    words = set(re.findall(r"\b[A-Z]{4,}\b(?!:)", command))  # with a colon it is the title of a column
    assert words <= {"NAMESPACE", "NAME", "BUCKET", "ACCOUNT", "CONTROL", "HASH"}
