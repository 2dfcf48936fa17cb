"""What a bare SecureBucket brings: every check that the operator can remedy alone passes, by our own catalogue."""

import pytest
from tests.laws.stage import Stage
from tests.laws.tenant import Tenant

from securebucket.compliance.catalogue import BY_ID
from securebucket.compliance.framework import frameworks
from securebucket.model.verdict import Remedy, Result

FRAMEWORKS = ("aws-fsbp-1.0.0", "cis-aws-3.0.0", "cis-aws-5.0.0", "cis-aws-7.0.0")
BY_CHOICE = {
    "object-lock-enabled": "it can never be turned off again, so it has to be asked for",
    "events-notified": "who gets the events has to be said",
}
"""Checks that need nothing but a field, and that the secure default leaves alone all the same."""


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_it_passes_what_the_operator_can_remedy(framework: str, localstack_stage: Stage) -> None:
    found = Tenant(localstack_stage).settle()
    results = {each.check.id: each.verdict.result for each in found.outcome.verdicts}
    remediable = {check for check in frameworks()[framework].checks if BY_ID[check].check.remedy is Remedy.BUCKET}
    assert remediable
    assert {check: results[check] for check in remediable if results[check] is not Result.PASS} == {}


def test_it_fails_nothing_else_that_the_operator_can_remedy_unasked(localstack_stage: Stage) -> None:
    found = Tenant(localstack_stage).settle()
    failing = {
        each.check.id
        for each in found.outcome.verdicts
        if each.verdict.result is Result.FAIL and each.check.remedy is Remedy.BUCKET
    }
    assert failing == set(BY_CHOICE)
