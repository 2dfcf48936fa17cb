"""From the release before to the working tree and back, by real Helm: nothing is written to S3, and no status changes.

The release before is what it published (`tests/e2e/releases`). Its objects pass, in order: the new chart with the old
operator started once more; the new operator, which first stands by; `helm rollback`; the new release again; the old
chart by `helm upgrade`. What is true of one passage is true of all.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.e2e.api import GROUP
from tests.e2e.audit import Audit
from tests.e2e.helm import CHART, Document
from tests.e2e.passage import (
    KINDS,
    Passage,
    asked_by_operator,
    fleet_gauges,
    hashes,
    read_definitions,
    read_objects,
    refusals,
    sightings,
    table,
    verified,
)
from tests.e2e.polling import until
from tests.e2e.release_cluster import NAMESPACE, RELEASE, Cluster, new_cluster
from tests.e2e.team import condition
from tests.e2e.upgrade_fleet import DEFAULT_PROFILE, NEW, PATIENCE, PROFILES, RELEASED, RESTING, Fleet
from tests.laws.stage import Stage

from securebucket import __version__
from securebucket.aws.edge import Aws
from securebucket.controls import CONTROLS
from securebucket_dev.demo.operator_process import OperatorProcess
from securebucket_dev.releases import previous
from securebucket_dev.s3.bare import ROOT
from securebucket_dev.s3.localstack import LocalStack
from securebucket_dev.s3.recorder import Recorder

OLD = previous()

SKEW = "new chart, old operator"
UPGRADE = "helm upgrade"
ROLLBACK = "helm rollback"
AGAIN = "helm upgrade once more"
OLD_CHART = "helm upgrade with the old chart"
PASSAGES = (SKEW, UPGRADE, ROLLBACK, AGAIN, OLD_CHART)

MOMENT = 10.0
OLD_REVISION = 2  # of Helm's: installed, and upgraded to have the profile

LEADS = {SKEW: OLD.version, UPGRADE: __version__, ROLLBACK: OLD.version, AGAIN: __version__, OLD_CHART: OLD.version}
DEFINES = LEADS | {SKEW: __version__}

SEEN = "0.2.0 reads it, says where it stands, and notes what it found at its first sight"
ASKED = "0.2.0 asks eleven checks more, and what people use fails one of them"
WORDS = "where several things differ or wait, 0.2.0 says so in the plural"
WANTED: Mapping[str, str] = {
    "status.compliance.failed": ASKED,
    "status.compliance.failing.kms-keys-rotated": ASKED,
    "status.compliance.failing.website-off": ASKED,
    "status.compliance.notApplicable": ASKED,
    "status.compliance.passed": ASKED,
    "status.compliance.score": ASKED,
    "status.conditions.Compliant.message": ASKED,
    "status.conditions.InSync.message": WORDS,
    "status.controls.abac": SEEN,
    "status.controls.acceleration": SEEN,
    "status.controls.analytics": SEEN,
    "status.controls.cors": SEEN,
    "status.controls.intelligentTiering": SEEN,
    "status.controls.inventory": SEEN,
    "status.controls.lifecycle.message": WORDS,
    "status.controls.metadata": SEEN,
    "status.controls.objectLock.message": WORDS,
    "status.controls.metrics": SEEN,
    "status.controls.requestPayment": SEEN,
    "status.controls.website": SEEN,
    "status.effective.abac": SEEN,
    "status.effective.acceleration": SEEN,
    "status.effective.analytics": SEEN,
    "status.effective.bucketNamespace": "0.2.0 knows two namespaces for names, and says which one a bucket's is of",
    "status.effective.cors": SEEN,
    "status.effective.intelligentTiering": SEEN,
    "status.effective.inventory": SEEN,
    "status.effective.metadata": SEEN,
    "status.effective.metrics": SEEN,
    "status.effective.ownership.grants": "0.2.0 lists what the ACL grants, and keeps what it found there",
    "status.effective.requestPayment": SEEN,
    "status.effective.website": SEEN,
    "status.found": SEEN,
    "status.lastVerifiedAt": "is written with whatever else is",
    "status.oldestReadingAt": "0.2.0 says with it when the document read longest ago was read",
}
"""Fields of a SecureBucket's status that a passage may write, each with the reason. No status, and no reason of one."""

NEW_CHECKS = (
    *("access-point-policies-not-public", "access-point-policies-to-trusted-accounts", "bucket-access-points-blocked"),
    *("analytics-to-trusted-accounts", "inventories-to-trusted-accounts"),
    *("kms-keys-healthy", "kms-keys-rotated"),
    *("cors-writes-restricted", "log-target-owner-pays", "tagging-not-shared", "website-off"),
)
SCORES = "securebucket_compliance_score_ratio"
"""What tells of checks that the old release did not ask; the score, which is over all of them, does too."""

OF_THE_CHART = {"metadata.labels.helm.sh/chart", "metadata.labels.app.kubernetes.io/version"}
"""What Helm itself says on a profile of the release: which chart it is from."""

MADE_DUE = {"spec.bucketNames", "metadata.generation"}
"""What these tests change of the profiles, so that nobody waits for an interval to pass."""


@dataclass
class Story:
    """What has happened so far.

    Args:
        cluster: where.
        recorder: before S3.
        old: folder with the old release's package.
        fleet: the objects.
        operator: the process that leads.
        passages: by name.
        standby: what a new process did while another one led, by passage.
        hash_of_old: the plan's hash that the old release wrote and the new one was given to carry out.
    """

    cluster: Cluster
    recorder: Recorder
    old: Path
    fleet: Fleet
    operator: OperatorProcess
    passages: dict[str, Passage] = field(default_factory=dict)
    standby: dict[str, tuple[bool, float, float]] = field(default_factory=dict)
    hash_of_old: str = ""

    @property
    def audit(self) -> Audit:
        """What the API server was asked."""
        return Audit(self.cluster.folder / "audit.log")

    def values(self) -> Document:
        """Give the values of every upgrade."""
        return settings(self.recorder) | {"profiles": dict(RELEASED)}

    def upgrade(self, chart: Path) -> None:
        """Upgrade by Helm, as the platform team does."""
        self.cluster.helm.do("upgrade", RELEASE, str(chart), "--namespace", NAMESPACE, values=self.values())

    def roll_back(self) -> None:
        """Go back to the old release's last revision by Helm."""
        self.cluster.helm.do("rollback", RELEASE, str(OLD_REVISION), "--namespace", NAMESPACE)

    def table(self) -> dict[str, list[dict[str, str]]]:
        """Give what `kubectl get` prints of each kind."""
        return {kind: table(self.cluster.kubectl("get", kind, "-A").stdout) for kind in KINDS}

    def pass_on(self, name: str, change: Callable[[], None], start: Callable[[], OperatorProcess]) -> None:
        """Let something happen to a fleet at rest, and a process verify every object of it anew."""
        before, table_before, gauges = read_objects(self.cluster.api), self.table(), fleet_gauges(self.operator)
        seen, known = sightings(self.operator), verified(self.operator)
        self.recorder.clear()
        mark = self.audit.mark()
        change()
        self.operator = start()
        until(lambda: leads(self.operator))
        self.fleet.make_due()

        def missing() -> set[tuple[str, str]]:
            return (seen - sightings(self.operator)) | (known - verified(self.operator))

        until(lambda: not missing(), PATIENCE, told=missing)
        until(lambda: self.operator.total("securebucket_workers_busy") == 0)  # a pass counts before it writes
        with suppress(AssertionError):  # exceptions are told of a moment later; what stays away, its test says
            until(lambda: fleet_gauges(self.operator).keys() >= gauges.keys(), MOMENT)
        (build,) = (each for each in self.operator.read_metrics() if each.startswith("securebucket_build_info"))
        self.passages[name] = Passage(
            before=before,
            after=read_objects(self.cluster.api),
            calls=self.recorder.calls,
            asked=asked_by_operator(self.audit, mark),
            gauges_before=gauges,
            gauges_after=fleet_gauges(self.operator),
            table_before=table_before,
            table_after=self.table(),
            version=build.split('"')[1],
            definitions=read_definitions(self.cluster.api),
            refused=refusals(self.cluster.api, before),
        )


def settings(recorder: Recorder) -> Document:
    """Give the values of the install; the profiles come when their kind is known."""
    return {
        "aws": {"endpointUrl": recorder.endpoint, "region": "us-east-1"},
        "operator": {"defaultProfile": DEFAULT_PROFILE},
    }


def leads(operator: OperatorProcess) -> bool:
    return operator.read_metrics()["securebucket_leader"] == 1


@pytest.fixture(scope="module")
def cluster(localstack: LocalStack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with new_cluster(localstack, tmp_path_factory.mktemp("upgrade")) as running:
        yield running


@pytest.fixture(scope="module")
def stage(localstack: LocalStack, lasting_recorder: Recorder) -> Iterator[Stage]:
    """What makes the keys, queues and buckets that the samples name."""
    aws = Aws(lambda *_: None)
    yield Stage("localstack", localstack.endpoint, ROOT, lasting_recorder, aws)
    aws.close()


@pytest.fixture(scope="module")
def story(cluster: Cluster, stage: Stage) -> Iterator[Story]:
    with ExitStack() as stack:
        yield tell(stack, cluster, stage)


def tell(stack: ExitStack, cluster: Cluster, stage: Stage) -> Story:
    """Install the old release, make the fleet, and pass it on as often as the table of passages says."""
    recorder = stack.enter_context(Recorder(cluster.endpoint))
    old = OLD.unpack_wheel(cluster.folder / "old")
    install = ("install", RELEASE, str(OLD.chart), "--namespace", NAMESPACE, "--create-namespace")
    cluster.helm.do(*install, values=settings(recorder))
    until(lambda: cluster.exists("/apis/securebucket.io/v1alpha1/securebuckets"))

    def enter(process: AbstractContextManager[OperatorProcess]) -> OperatorProcess:
        return stack.enter_context(process)

    story = Story(cluster, recorder, old, Fleet(cluster), enter(cluster.run(operator=old)))
    story.upgrade(OLD.chart)  # with the profiles: the kind is known now
    story.fleet.apply(stage)

    def restart() -> OperatorProcess:
        story.operator.process.stop(30)
        return enter(cluster.run(operator=old))

    def hand_over(name: str, operator: Path | None) -> OperatorProcess:
        """Start a process beside the one that leads, as a rolling update does; then the leader is told to go."""
        nxt = enter(cluster.run(operator=operator))
        story.standby[name] = (leads(nxt), nxt.total("securebucket_aws_requests_total"), nxt.total("securebucket_info"))
        assert leads(story.operator)
        story.operator.process.stop(30)
        return nxt

    story.pass_on(SKEW, lambda: story.upgrade(CHART), restart)
    story.pass_on(UPGRADE, lambda: None, lambda: hand_over(UPGRADE, None))
    use_new_release(story)
    story.pass_on(ROLLBACK, story.roll_back, lambda: hand_over(ROLLBACK, old))
    story.pass_on(AGAIN, lambda: story.upgrade(CHART), lambda: hand_over(AGAIN, None))
    story.pass_on(OLD_CHART, lambda: story.upgrade(OLD.chart), lambda: hand_over(OLD_CHART, old))
    return story


def use_new_release(story: Story) -> None:
    """Let the new release carry out what the old one planned, and make a bucket: the old one finds both later."""
    team = story.fleet.states
    story.hash_of_old = story.passages[SKEW].before[team.path("awaiting")]["status"]["plan"]["hash"]
    team.annotate("awaiting", approve=story.hash_of_old)
    team.until_ready("awaiting")
    team.apply_ready("made-by-the-new-one")
    story.fleet.settle()


@pytest.fixture(params=PASSAGES)
def passage(request: pytest.FixtureRequest, story: Story) -> Passage:
    return story.passages[request.param]


def test_the_fleet_has_every_state_and_every_control(story: Story) -> None:
    """Else all that follows says nothing."""
    before = story.passages[SKEW].before
    ready = {path: condition(body, "Ready") for path, body in before.items() if "securebuckets" in path}
    assert {each["reason"] for each in ready.values()} >= {reason for _, reason in RESTING.values()}
    specs = [body["spec"].keys() for path, body in before.items() if "/samples/" in path]
    assert {control.name for control in CONTROLS} - NEW <= set(itertools.chain.from_iterable(specs))
    assert len(ready) >= 40


@pytest.mark.parametrize("name", PASSAGES)
def test_the_release_that_is_meant_leads(story: Story, name: str) -> None:
    assert story.passages[name].version == LEADS[name]


@pytest.mark.parametrize("name", PASSAGES)
def test_the_definitions_are_the_charts_and_one_version_is_stored(story: Story, name: str) -> None:
    """Also on the way back: they are in the release, and Helm puts the older ones in their place."""
    assert story.passages[name].definitions == {(f"securebucket-{DEFINES[name]}", "v1alpha1")}


def test_every_object_is_valid_by_the_definitions_that_it_came_to(passage: Passage) -> None:
    assert passage.refused == []
    assert passage.before.keys() >= {f"{GROUP}/bucketprofiles/{name}" for name in PROFILES}


def test_every_bucket_is_looked_at_and_none_is_written(passage: Passage) -> None:
    assert passage.s3_writes == []
    names = {body["status"]["bucket"]["name"] for body in passage.before.values() if "bucket" in body.get("status", {})}
    assert names <= set(passage.s3_reads)


@pytest.mark.parametrize("name", [UPGRADE, AGAIN])
def test_what_people_use_and_the_old_release_did_not_see_is_kept_and_named(story: Story, name: str) -> None:
    """Whoever upgrades was never told to declare it."""
    for told, noted in story.fleet.told_of_use(story.passages[name].after):
        assert (told["state"], noted) == ("InSync", True)
        assert "kept entries of others: " in told["message"]
    assert story.fleet.lost_use() == []


def test_no_condition_changes_and_nothing_is_written_but_what_is_wanted(passage: Passage) -> None:
    """An object whose resourceVersion is what it was has not been written at all: nothing can have flapped."""
    changes = passage.changes()
    profiles = {name: changes.pop(f"{GROUP}/bucketprofiles/{name}", set()) for name in (*RELEASED, *PROFILES)}
    assert all(profiles[name] <= OF_THE_CHART for name in RELEASED)
    assert all(profiles[name] == MADE_DUE for name in PROFILES)
    assert {path: fields for path, fields in changes.items() if not fields <= WANTED.keys()} == {}
    assert passage.before.keys() == passage.after.keys()


def test_what_is_wanted_happens(story: Story) -> None:
    """An entry that outlives its release would let something else pass."""
    changed = itertools.chain.from_iterable(passage.changes().values() for passage in story.passages.values())
    assert WANTED.keys() <= set().union(*changed)


def test_the_operator_asks_for_no_change_of_any_object(passage: Passage) -> None:
    """Also of none that the API server would have found to be no change; what is wanted is written once."""
    assert sorted(passage.written()) == [path for path in passage.rewritten() if "/bucketprofiles/" not in path]
    assert {"list", "get"} <= {each.verb for each in passage.asked}


def test_nothing_is_refused_to_the_operator(passage: Passage) -> None:
    """The rights of one release are enough for the other, as long as both run."""
    assert [each for each in passage.asked if each.status in {401, 403}] == []


def of_known_checks(gauges: Mapping[str, float]) -> dict[str, float]:
    """Leave out what a release says of checks that the other one does not know."""
    new = [f'check="{check}"' for check in NEW_CHECKS]
    return {
        name: value
        for name, value in gauges.items()
        if not name.startswith(SCORES) and not any(each in name for each in new)
    }


def test_the_gauges_of_the_fleet_say_the_same(passage: Passage) -> None:
    assert of_known_checks(passage.gauges_after) == of_known_checks(passage.gauges_before)
    assert any("excepted" in name and value for name, value in passage.gauges_after.items())
    assert any(name.startswith("securebucket_exception_expiry") for name in passage.gauges_after)


def test_kubectl_shows_the_same(passage: Passage) -> None:
    for kind, rows in passage.table_before.items():
        columns = rows[0].keys() - {"SCORE"}
        assert columns <= passage.table_after[kind][0].keys()
        before, after = (
            [{name: row[name] for name in columns} for row in found] for found in (rows, passage.table_after[kind])
        )
        assert after == before


@pytest.mark.parametrize("name", [UPGRADE, ROLLBACK, AGAIN, OLD_CHART])
def test_a_process_that_does_not_lead_does_nothing(story: Story, name: str) -> None:
    """It asks nothing of AWS and exports no bucket, while the other release still has the Lease."""
    assert story.standby[name] == (False, 0.0, 0.0)


def test_what_was_planned_by_the_old_release_was_approved_and_done_by_the_new(story: Story) -> None:
    """The hash that people have in their hands names the same plan after the upgrade."""
    body = story.passages[ROLLBACK].before[story.fleet.states.path("awaiting")]
    assert body["metadata"]["annotations"]["securebucket.io/approve"] == story.hash_of_old
    lock = story.fleet.states.s3.get_object_lock_configuration(Bucket=story.fleet.states.bucket("awaiting"))
    assert lock["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]["Mode"] == "COMPLIANCE"


def test_a_pending_plan_keeps_its_hash(passage: Passage) -> None:
    before, after = (hashes(each) for each in (passage.before, passage.after))
    assert before == after
    assert len(before) >= 2
