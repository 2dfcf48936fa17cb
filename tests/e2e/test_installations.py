"""Each way to install the operator, with just the rights that it ships: enough for all that it does, and no more.

Nobody runs pods here. The operator is a process of ours with what its Deployment says, and with a token of its
ServiceAccount; what it asks of the API server is read from the audit log.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
import yaml
from tests.cli.test_iam_policy import NO_ACTION, action_of, actions_of
from tests.deploy.manifests import DEPLOY
from tests.e2e.audit import Audit, Request
from tests.e2e.installations import WAYS, Way, install
from tests.e2e.polling import until
from tests.e2e.release_cluster import Cluster, new_cluster
from tests.e2e.rights import DISCOVERY, EVERYBODY, covers, granted_to, rights_by_review
from tests.e2e.team import Team, condition
from tests.kube.report_definitions import REPORT

from securebucket.crd.definitions import UNSEEN
from securebucket.kube.client import Right
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of the operator did.

    Args:
        way: how it was installed.
        cluster: where.
        team: for whom.
        outsider: a team of a namespace that is not watched, where one is not; else the same team.
        rights: what the operator was granted.
        requests: what it asked of the API server.
        recorder: what it asked of AWS.
        doctor: what `securebucket doctor`, or `helm test`, says, with its exit code.
    """

    way: Way
    cluster: Cluster
    team: Team
    outsider: Team
    rights: frozenset[Right]
    requests: list[Request]
    recorder: Recorder
    doctor: tuple[int, str]


def work(team: Team, way: Way) -> None:
    """Let the operator do a little of everything that it does in a cluster."""
    team.make_profile(defaults={"tags": {"tagSet": {"from": "profile"}}})
    if way.observes:
        team.s3.create_bucket(Bucket=team.bucket())
        team.apply_ready(profile=team.namespace, deletionPolicy="Delete")
    else:
        team.apply_ready(profile=team.namespace)
        team.s3.delete_public_access_block(Bucket=team.bucket())
    team.check_now()
    fail_again(team)
    team.grant()
    team.until_exception("Active", "InForce")
    until(lambda: "InForce" in {each["reason"] for each in team.events("accepted")})
    if way.reports:
        until(lambda: reported(team))
    if way.finalizers:
        team.apply_ready("short-lived", deletionPolicy="Delete")
        if way.reports:
            until(lambda: "short-lived" in reported(team))
        team.delete("short-lived")
        team.until_gone("short-lived")
        until(lambda: "PublicAccessBlockCorrected" in {each["reason"] for each in team.events()})
    if way.reports:
        team.delete()
        team.until_gone()
        until(lambda: not reported(team))


def fail_again(team: Team) -> None:
    """Let one pass after the other fail, until the Event of it is written again with its count."""
    team.apply("unprofiled", profile="absent")

    def fail() -> bool:
        team.check_now("unprofiled")
        return any("series" in each for each in team.events("unprofiled"))

    until(fail)


def reported(team: Team) -> set[str]:
    """Name the objects in the namespace's report."""
    reports = json.loads(team.kubectl("get", "reports.openreports.io", "-o", "json"))["items"]
    return {about["name"] for each in reports for result in each["results"] for about in result["resources"]}


def only_where(fits: Callable[[Way], bool]) -> pytest.MarkDecorator:
    """Mark a test that is about some ways only; there must be one, or nobody would see that the test is never run."""
    assert any(map(fits, WAYS))
    return pytest.mark.speaks_of(fits)


@pytest.fixture(scope="module", params=WAYS, ids=str)
def run(
    request: pytest.FixtureRequest, localstack: LocalStack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Run]:
    way: Way = request.param
    folder = tmp_path_factory.mktemp("installation")
    with (
        Recorder(localstack.endpoint) as recorder,
        new_cluster(localstack, folder, way.namespace) as cluster,
    ):
        team = Team(cluster.api, cluster.kubectl, cluster.endpoint, namespace=way.watched)
        outsider = Team(cluster.api, cluster.kubectl, cluster.endpoint) if way.watched else team
        if way.reports:
            assert cluster.kubectl("create", "-f", "-", stdin=yaml.safe_dump(REPORT)).returncode == 0
        install(cluster, way, recorder.endpoint)
        if way.watched:
            outsider.apply()
        with cluster.run("--reports-interval=1", "--events-interval=1", endpoint=recorder.endpoint):
            work(team, way)
            audit = Audit(folder / "audit.log")
            until(lambda: "update" in {each.verb for each in audit.since(0, lambda each: each.is_election)})
            requests = audit.since(0, lambda each: each.user == way.account)
            doctor = cluster.helm_test() if way.helm else cluster.doctor(endpoint=recorder.endpoint)
        granted = granted_to(cluster.api, way.account.removeprefix("system:serviceaccount:"))
        yield Run(way, cluster, team, outsider, granted, requests, recorder, doctor)


def within(rights: frozenset[Right], request: Request) -> bool:
    if request.resource.startswith(DISCOVERY):
        return request.verb == "get"
    return any(covers(right, request) for right in rights | EVERYBODY)


def test_it_does_its_work(run: Run) -> None:
    if run.way.observes:
        assert run.team.exists()
        ready = condition(run.team.read(), "Ready")
        assert (ready["status"], ready["reason"]) == ("True", "Verified")
    else:
        assert run.team.bucket_tags()["from"] == "profile"
    assert run.team.buckets() == [run.team.bucket()]


def test_nothing_is_refused(run: Run) -> None:
    assert [each for each in run.requests if each.status in {401, 403}] == []


def test_every_request_is_in_the_roles(run: Run) -> None:
    assert run.requests
    assert [each for each in run.requests if not within(run.rights, each)] == []


def test_every_right_is_used(run: Run) -> None:
    assert {right for right in run.rights if not any(covers(right, each) for each in run.requests)} == set()


def test_nothing_else_grants_the_account_anything(run: Run) -> None:
    """The API server itself adds up what the account may do, groups such as system:authenticated included."""
    for namespace in {run.way.namespace, run.team.namespace, run.outsider.namespace, "default"}:
        here = {replace(right, namespace="") for right in run.rights if right.namespace in {"", namespace}}
        assert rights_by_review(run.cluster.kubectl, run.way.account, namespace) == here | EVERYBODY


def test_the_doctor_finds_nothing_missing(run: Run) -> None:
    code, said = run.doctor
    assert code == 0, said
    assert ("may not" in said) == (not run.way.finalizers and not run.way.observes), said


# What only some ways promise


@only_where(lambda way: bool(way.watched))
def test_it_asks_nothing_of_other_namespaces(run: Run) -> None:
    assert {each.namespace for each in run.requests} <= {run.way.watched, run.way.namespace, "", "kube-system"}
    assert run.outsider.read()["status"] == UNSEEN
    assert run.outsider.buckets() == []
    denied = run.cluster.kubectl("get", "sb", "-n", run.outsider.namespace, f"--as={run.way.account}")
    assert "Forbidden" in denied.stderr


@only_where(lambda way: way.observes)
def test_who_only_observes_writes_to_no_bucket_and_no_object(run: Run) -> None:
    """The object asks for mode Enforce and deletionPolicy Delete, as the default and as it says."""
    assert run.recorder.reads
    assert run.recorder.writes == ()
    written = {"securebuckets/status", "bucketexceptions/status", "events", "leases"}
    assert {each.resource for each in run.requests if each.is_write} == written
    read = run.team.read()
    assert "finalizers" not in read["metadata"]
    assert read["status"]["effective"]["mode"] == "Observe"
    for kind in ("Ready", "InSync"):
        assert "this operator only observes" in condition(read, kind)["message"]
    run.team.delete()
    run.team.until_gone()
    assert run.team.buckets() == [run.team.bucket()]


@only_where(lambda way: way.observes)
def test_who_only_observes_needs_just_its_iam_policy(run: Run) -> None:
    asked = {(call.service, call.operation) for call in run.recorder.calls if call.operation not in NO_ACTION}
    granted = actions_of(json.loads((DEPLOY / "iam" / "observe.json").read_text()))
    assert {action_of(*each) for each in asked if each[1] != "Unknown"} <= granted


@only_where(lambda way: not way.finalizers and not way.observes)
def test_who_may_set_no_finalizer_tells_the_object_that_needs_one(run: Run) -> None:
    with run.cluster.run(endpoint=run.recorder.endpoint):
        run.team.apply("needs-one", deletionPolicy="Delete")
        stalled = run.team.until_stalled("needs-one")
    assert stalled["reason"] == "FinalizerForbidden"
    assert run.team.bucket("needs-one") not in run.team.buckets()
