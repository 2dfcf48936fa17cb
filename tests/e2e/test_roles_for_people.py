"""What the roles for people, as `deploy/` ships them, let an app team and the security team do.

What the operator itself may do is tested in test_installations.py. Nobody here fills the roles that aggregate others,
so the app team is given what `edit` would get.
"""

import subprocess
from dataclasses import dataclass

import pytest
import yaml
from tests.e2e.conftest import DEPLOY
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.team import Team

APP_TEAM = ("securebucket-view", "securebucket-edit")
WRITER = ("securebucket-exception-writer",)
Try = subprocess.CompletedProcess[str]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a few roles in one namespace."""

    name: str
    team: Team
    run: Kubectl

    def kubectl(self, *arguments: str, stdin: str = "") -> Try:
        """Run kubectl in the namespace, as this person."""
        return self.run("-n", self.team.namespace, f"--as={self.name}", *arguments, stdin=stdin)

    def apply(self, document: dict[str, object]) -> Try:
        """`kubectl apply` a document."""
        return self.kubectl("apply", "-f", "-", stdin=yaml.safe_dump(document))

    def given(self, *roles: str) -> "Person":
        """Bind ClusterRoles in the namespace."""
        for role in roles:
            self.team.kubectl(
                "create", "rolebinding", f"{self.name}-{role}", f"--clusterrole={role}", f"--user={self.name}"
            )
        until(lambda: self.kubectl("auth", "can-i", "list", "bucketexceptions").returncode == 0)
        return self


@pytest.fixture(scope="module")
def roles(definitions: None, kubectl: Kubectl) -> None:
    applied = kubectl("apply", "--server-side", "-k", str(DEPLOY / "cluster"))
    assert applied.returncode == 0, applied.stderr


def test_an_app_team_sees_exceptions_and_grants_itself_none(roles: None, team: Team, kubectl: Kubectl) -> None:
    team.grant()
    jane = Person("jane", team, kubectl).given(*APP_TEAM)
    assert jane.apply(team.document()).returncode == 0
    assert "accepted" in jane.kubectl("get", "bexc").stdout
    refused = jane.apply(team.exception("by-herself"))
    assert refused.returncode != 0
    assert "bucketexceptions.securebucket.io is forbidden" in refused.stderr
    for attempt in (
        ("patch", "bexc", "accepted", "--type=merge", "-p", '{"spec": {"reason": "because I say so"}}'),
        ("patch", "bexc", "accepted", "--subresource=status", "--type=merge", "-p", '{"status": {"buckets": 9}}'),
        ("delete", "bexc", "accepted"),
    ):
        assert "Forbidden" in jane.kubectl(*attempt).stderr, attempt


def test_the_security_team_grants_and_takes_back(roles: None, team: Team, kubectl: Kubectl) -> None:
    olga = Person("olga", team, kubectl).given(*WRITER)
    granted = olga.apply(team.exception())
    assert granted.returncode == 0, granted.stderr
    assert olga.kubectl("get", "bexc", "accepted").returncode == 0
    assert olga.kubectl("delete", "bexc", "accepted").returncode == 0


def test_the_security_team_writes_no_bucket_and_no_status(roles: None, team: Team, kubectl: Kubectl) -> None:
    team.grant()
    olga = Person("olga", team, kubectl).given(*WRITER)
    assert "forbidden" in olga.apply(team.document()).stderr
    patch = ("patch", "bexc", "accepted", "--subresource=status", "--type=merge", "-p", '{"status": {"buckets": 9}}')
    assert "Forbidden" in olga.kubectl(*patch).stderr
