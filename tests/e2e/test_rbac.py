"""The operator under exactly the rights that `deploy/` ships: enough for all that it does, and not one more.

`deploy/` is applied as a user would. Nobody runs its Deployment here; the operator is a process of ours that has the
token of its ServiceAccount.
"""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from tests.e2e.api import Api
from tests.e2e.audit import Audit, Request
from tests.e2e.conftest import DEPLOY, OPERATOR, RunOperator
from tests.e2e.kubectl import Kubectl
from tests.e2e.polling import until
from tests.e2e.rights import covers, granted_to
from tests.e2e.team import Team

from securebucket.crd.definitions import UNSEEN
from securebucket.kube.client import Right
from securebucket_dev.s3.localstack import LocalStack

SYSTEM = "securebucket-system"
ACCOUNT = f"{SYSTEM}:securebucket-operator"
WATCHED = "payments"
DISCOVERY = ("/api", "/apis", "/version")
SELDOM = frozenset({("patch", "events"), ("update", "leases")})
"""Rights that a short run may not use: an Event is repeated after ten minutes, a Lease renewed after two seconds."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the operator did.

    Args:
        team: for whom.
        rights: what the operator was granted.
        requests: what it asked of the API server.
    """

    team: Team
    rights: frozenset[Right]
    requests: list[Request]


def install(kubectl: Kubectl, folder: Path) -> None:
    """Apply a folder, and wait until the API server's own view of the roles has caught up."""
    applied = kubectl("apply", "--server-side", "-k", str(folder))
    assert applied.returncode == 0, applied.stderr
    may = ("auth", "can-i", "update", "leases/securebucket-operator", "-n", SYSTEM)
    until(lambda: kubectl(*may, user=OPERATOR).returncode == 0)


def work(team: Team) -> None:
    """Let the operator do a little of everything that it does in a cluster."""
    team.make_profile(defaults={"tags": {"tagSet": {"from": "profile"}}})
    team.apply_ready(profile=team.namespace)
    team.s3.delete_public_access_block(Bucket=team.bucket())
    team.check_now()
    team.grant()
    team.until_exception("Active", "InForce")
    until(lambda: "InForce" in {each["reason"] for each in team.events("accepted")})
    team.apply_ready("short-lived", deletionPolicy="Delete")
    team.delete("short-lived")
    team.until_gone("short-lived")
    until(lambda: {"BucketCreated", "PublicAccessBlockCorrected"} <= {each["reason"] for each in team.events()})


def within(rights: frozenset[Right], request: Request) -> bool:
    if request.resource.startswith(DISCOVERY):
        return request.verb == "get"
    if request.resource == "selfsubjectaccessreviews":  # everybody may ask what they may (system:basic-user)
        return request.verb == "create"
    return any(covers(right, request) for right in rights)


def used(rights: frozenset[Right], requests: list[Request]) -> frozenset[Right]:
    return frozenset(right for right in rights if any(covers(right, each) for each in requests))


@pytest.fixture(scope="module")
def cluster_run(
    run_operator: RunOperator, api: Api, audit: Audit, kubectl: Kubectl, localstack: LocalStack
) -> Iterator[Run]:
    """A run with `deploy/base`."""
    install(kubectl, DEPLOY / "base")
    team = Team(api, kubectl, localstack.endpoint)
    mark = audit.mark()
    with run_operator(f"--lease-namespace={SYSTEM}", user=OPERATOR):
        work(team)
    yield Run(team, granted_to(api, ACCOUNT), audit.since(mark, lambda each: each.user == OPERATOR))
    team.leave()


def test_it_works_in_the_whole_cluster(cluster_run: Run) -> None:
    team = cluster_run.team
    assert team.bucket_tags()["from"] == "profile"
    assert team.buckets() == [team.bucket()]


def test_nothing_is_refused(cluster_run: Run) -> None:
    assert [each for each in cluster_run.requests if each.status in {401, 403}] == []


def test_every_request_is_in_the_roles(cluster_run: Run) -> None:
    assert [each for each in cluster_run.requests if not within(cluster_run.rights, each)] == []


def test_every_right_is_used(cluster_run: Run) -> None:
    unused = cluster_run.rights - used(cluster_run.rights, cluster_run.requests)
    assert {(right.verb, right.resource) for right in unused} <= SELDOM


@pytest.fixture(scope="module")
def namespaced_run(
    cluster_run: Run,  # the roles of the same names, before this one takes them away
    run_operator: RunOperator,
    api: Api,
    audit: Audit,
    kubectl: Kubectl,
    localstack: LocalStack,
) -> Iterator[tuple[Run, Team]]:
    """A run with `deploy/namespaced` for one namespace, and a team in another one."""
    team = Team(api, kubectl, localstack.endpoint, namespace=WATCHED)
    outsider = Team(api, kubectl, localstack.endpoint)
    outsider.apply()
    install(kubectl, DEPLOY / "namespaced")
    may = ("auth", "can-i", "list", "securebuckets", "--all-namespaces")
    until(lambda: kubectl(*may, user=OPERATOR).returncode == 1)
    mark = audit.mark()
    with run_operator(f"--lease-namespace={SYSTEM}", f"--namespace={WATCHED}", user=OPERATOR):
        work(team)
    rights = granted_to(api, ACCOUNT)
    yield Run(team, rights, audit.since(mark, lambda each: each.user == OPERATOR)), outsider
    team.leave()
    outsider.leave()


def test_it_works_in_one_namespace(namespaced_run: tuple[Run, Team]) -> None:
    run, _ = namespaced_run
    assert run.team.bucket_tags()["from"] == "profile"


def test_nothing_is_refused_in_one_namespace(namespaced_run: tuple[Run, Team]) -> None:
    run, _ = namespaced_run
    assert [each for each in run.requests if each.status in {401, 403}] == []
    assert [each for each in run.requests if not within(run.rights, each)] == []


def test_it_does_nothing_elsewhere(namespaced_run: tuple[Run, Team]) -> None:
    run, outsider = namespaced_run
    assert {each.namespace for each in run.requests} <= {WATCHED, SYSTEM, "", "kube-system"}
    assert outsider.read()["status"] == UNSEEN
    assert outsider.buckets() == []


def test_it_may_not_even_look_elsewhere(namespaced_run: tuple[Run, Team], kubectl: Kubectl) -> None:
    _, outsider = namespaced_run
    denied = kubectl("get", "sb", "-n", outsider.namespace, user=OPERATOR)
    assert "Forbidden" in denied.stderr


# People. Nobody here fills the roles that aggregate others, so the app team is given what `edit` would get.

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
    applied = kubectl("apply", "--server-side", "-k", str(DEPLOY / "base"))
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
