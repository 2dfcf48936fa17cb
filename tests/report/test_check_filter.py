"""Which checks count."""

import pytest
from tests.report.builders import report

from securebucket.compliance.framework import frameworks
from securebucket.model.verdict import Severity
from securebucket.report.selection import CheckFilter

REPORT = report()


def test_all_checks_count_unless_something_else_is_said() -> None:
    assert list(CheckFilter().of(REPORT)) == [each.id for each in REPORT.checks]


@pytest.mark.parametrize("threshold", list(Severity))
def test_a_severity_means_this_and_above(threshold: Severity) -> None:
    found = {each.severity for each in CheckFilter(severity=threshold).of(REPORT).values()}
    assert found == set(list(Severity)[: list(Severity).index(threshold) + 1])
    assert Severity.CRITICAL.at_least(threshold)


@pytest.mark.parametrize("framework", list(frameworks()))
def test_a_framework_means_its_checks(framework: str) -> None:
    known = {each.id for each in REPORT.checks}
    wanted = frameworks()[framework].checks | frameworks()[framework].account_checks
    assert set(CheckFilter(frozenset({framework})).of(REPORT)) == wanted & known


def test_two_frameworks_add_up() -> None:
    both = CheckFilter(frozenset({"cis-aws-5.0.0", "pci-dss-4.0.1"})).of(REPORT)
    one = CheckFilter(frozenset({"cis-aws-5.0.0"})).of(REPORT)
    assert one.keys() < both.keys()


def test_everything_that_is_said_must_hold() -> None:
    found = CheckFilter(frozenset({"cis-aws-5.0.0"}), frozenset({"tls-required", "tagged"}), Severity.MEDIUM)
    assert list(found.of(REPORT)) == ["tls-required"]
