"""Exceptions in a whole cluster: from `kubectl apply` to the verdict and the metric, and back when they end."""

import pytest
from tests.e2e.polling import until
from tests.e2e.team import Team, condition

from securebucket_dev.demo.operator_process import OperatorProcess

CHECK = "public-access-blocked"
OPEN = {
    "publicAccessBlock": {
        "blockPublicAcls": False,
        "ignorePublicAcls": False,
        "blockPublicPolicy": False,
        "restrictPublicBuckets": False,
    }
}
"""Opting out, which is a serious failure."""

pytestmark = pytest.mark.usefixtures("operator")


def until_compliant(team: Team, status: str) -> str:
    """Wait for the condition Compliant, and give its message."""
    body = team.until(lambda body: condition(body, "Compliant").get("status") == status)
    return str(condition(body, "Compliant")["message"])


def series(team: Team, operator: OperatorProcess) -> dict[str, float]:
    """Give the ends of the team's exceptions, by their labels."""
    name = "securebucket_exception_expiry_timestamp_seconds{"
    return {
        sample: value
        for sample, value in operator.read_metrics().items()
        if sample.startswith(name) and f'namespace="{team.namespace}"' in sample
    }


def test_a_failure_is_accepted_until_somebody_takes_that_back(team: Team, operator: OperatorProcess) -> None:
    team.apply_ready(**OPEN)
    assert CHECK in until_compliant(team, "False")
    team.grant()
    assert f"failing but accepted: {CHECK} (high) until" in until_compliant(team, "True")
    team.kubectl("wait", "bexc/accepted", "--for=condition=Active", "--timeout=30s")
    assert team.read()["status"]["compliance"]["excepted"] == 1
    (sample,) = series(team, operator)
    assert f'bucket="{team.bucket()}",check="{CHECK}",name="accepted"' in sample
    team.kubectl("delete", "bexc", "accepted")
    assert CHECK in until_compliant(team, "False")
    until(lambda: not series(team, operator))


def test_the_end_comes_by_itself(team: Team, operator: OperatorProcess) -> None:
    """Long before the next sweep, which would be in an hour."""
    team.apply_ready(**OPEN)
    team.grant(ends_in=12)
    until_compliant(team, "True")
    until_compliant(team, "False")
    (failing,) = (each for each in team.read()["status"]["compliance"]["failing"] if each["check"] == CHECK)
    assert f"the exception {team.namespace}/accepted ended on" in failing["message"]
    team.until_exception("Active", "Expired")
    reasons = ("InForce", "ExpiresWithinOneDay", "Expired")
    until(lambda: sorted(each["reason"] for each in team.events("accepted")) == sorted(reasons))
    assert len(series(team, operator)) == 1


def test_one_that_lasts_longer_than_the_profile_allows_has_no_effect(team: Team) -> None:
    team.make_profile(maxExceptionDays=7)
    team.apply_ready(profile=team.namespace, **OPEN)
    team.grant()
    assert "the profile allows 7 days" in team.until_exception("Active", "TooLong")["message"]
    assert CHECK in until_compliant(team, "False")


def test_a_selector_finds_its_buckets(team: Team) -> None:
    team.apply_ready(**OPEN)
    team.grant(selector={"matchLabels": {"tier": "website"}})
    team.until_exception("Active", "NoSuchBucket")
    team.kubectl("label", "sb", "invoices", "tier=website")
    until_compliant(team, "True")
    team.until_exception("Active", "InForce")


def test_an_approval_cannot_be_turned_into_another_one(team: Team) -> None:
    team.grant()
    refused = team.refused("patch", "bexc", "accepted", "--type=merge", "-p", '{"spec": {"check": "tagged"}}')
    assert "another check is another approval" in refused
