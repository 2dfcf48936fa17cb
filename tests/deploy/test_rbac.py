"""The rights of the operator: exactly what it needs, and the same in `deploy/` and in the chart."""

from pathlib import Path
from typing import Literal

import pytest
from tests.deploy.manifests import (
    CHART,
    DEPLOY,
    NAMESPACE,
    RULES,
    WATCHED,
    chart_rules,
    documents,
    one,
    rights,
)

from securebucket.kube.client import Right
from securebucket.kube.rights import Installation, rights_needed
from securebucket.report.open_reports import ReportKind

BASE = DEPLOY / "base" / "rbac.yaml"
FEWER = DEPLOY / "namespaced" / "fewer-rights.yaml"
OBSERVING = DEPLOY / "observe-only" / "fewer-rights.yaml"
IN_WATCHED = DEPLOY / "namespaced" / "watched" / "rbac.yaml"
PEOPLE = DEPLOY / "base" / "roles-for-people.yaml"
REPORTS = DEPLOY / "reports" / "rbac.yaml"
LEASE = "securebucket-operator"


def needed(*namespaces: str, reports: ReportKind | Literal[""] = "", observe_only: bool = False) -> set[Right]:
    return set(
        rights_needed(
            Installation(
                namespaces,
                lease_namespace=NAMESPACE,
                lease_name=LEASE,
                reports=reports,
                observe_only=observe_only,
            )
        )
    )


def test_the_base_grants_what_the_operator_needs_and_no_more() -> None:
    cluster = set(rights(one(BASE, "ClusterRole")["rules"]))
    own = set(rights(one(BASE, "Role")["rules"], NAMESPACE))
    assert cluster | own == needed()


def test_the_overlay_grants_what_an_operator_of_one_namespace_needs_and_no_more() -> None:
    cluster = set(rights(one(FEWER, "ClusterRole")["rules"]))
    own = set(rights(one(BASE, "Role")["rules"], NAMESPACE))
    watched = set(rights(one(IN_WATCHED, "Role")["rules"], WATCHED))
    assert cluster | own | watched == needed(WATCHED)


def test_the_overlay_grants_what_an_operator_that_only_observes_needs_and_no_more() -> None:
    cluster = set(rights(one(OBSERVING, "ClusterRole")["rules"]))
    own = set(rights(one(BASE, "Role")["rules"], NAMESPACE))
    assert cluster | own == needed(observe_only=True)


def test_an_operator_that_only_observes_may_touch_no_object_beyond_its_status() -> None:
    written = {each.resource for each in needed(observe_only=True) if each.verb not in {"get", "list", "watch"}}
    assert written == {"securebuckets/status", "bucketexceptions/status", "events", "leases"}


@pytest.mark.parametrize("path", [FEWER, OBSERVING], ids=lambda path: path.parent.name)
def test_the_overlay_takes_the_place_of_the_cluster_wide_rules(path: Path) -> None:
    assert one(path, "ClusterRole")["metadata"]["name"] == one(BASE, "ClusterRole")["metadata"]["name"]


@pytest.mark.parametrize(
    ("names", "path", "kind"),
    [
        (("buckets", "finalizers", "profiles-of-all", "cluster-id"), BASE, "ClusterRole"),
        (("lease",), BASE, "Role"),
        (("profiles-by-name", "cluster-id"), FEWER, "ClusterRole"),
        (("buckets", "profiles-of-all", "cluster-id"), OBSERVING, "ClusterRole"),
        (("buckets", "finalizers"), IN_WATCHED, "Role"),
    ],
)
def test_the_chart_grants_the_same(names: tuple[str, ...], path: Path, kind: str) -> None:
    assert list(rights(chart_rules(*names))) == list(rights(one(path, kind)["rules"]))


@pytest.mark.parametrize(
    ("kind", "file"), [(ReportKind.OPEN_REPORTS, "reports"), (ReportKind.POLICY_REPORTS, "policy-reports")]
)
def test_the_chart_grants_what_reports_need_and_no_more(kind: ReportKind, file: str) -> None:
    assert set(rights(chart_rules(file, f"{file}-of-all"))) == needed(reports=kind) - needed()
    assert set(rights(chart_rules(file), WATCHED)) == needed(WATCHED, reports=kind) - needed(WATCHED)


def test_the_component_grants_what_reports_need_and_no_more() -> None:
    granted = set(rights(one(REPORTS, "ClusterRole")["rules"]))
    assert granted == needed(reports=ReportKind.OPEN_REPORTS) - needed()


@pytest.mark.parametrize("name", ["view", "edit", "exception-writer", "admin"])
def test_the_chart_gives_people_the_same(name: str) -> None:
    role = one(PEOPLE, "ClusterRole", f"securebucket-{name}")
    assert list(rights(chart_rules(name))) == list(rights(role["rules"]))


def test_people_get_no_right_to_profiles() -> None:
    """A profile names the role that the operator assumes."""
    everybody = {each.resource for each in rights(chart_rules("view", "edit", "exception-writer"))}
    assert everybody == {"securebuckets", "securebuckets/status", "bucketexceptions", "bucketexceptions/status"}


def test_app_teams_may_see_exceptions_and_write_none() -> None:
    """The writer's role is no part of any other: nobody accepts the failures of their own buckets."""
    everybody = [each for each in rights(chart_rules("view", "edit")) if each.resource.startswith("bucketexceptions")]
    assert {each.verb for each in everybody} == {"get", "list", "watch"}
    assert "labels" not in one(PEOPLE, "ClusterRole", "securebucket-exception-writer")["metadata"]
    assert "aggregate" not in (CHART / "templates" / "exception-writer.yaml").read_text()


def test_the_security_team_writes_exceptions_and_nothing_else() -> None:
    written = {each.resource for each in rights(chart_rules("exception-writer")) if each.verb in {"create", "patch"}}
    assert written == {"bucketexceptions"}


def test_the_role_for_profiles_is_part_of_no_other() -> None:
    assert "labels" not in one(PEOPLE, "ClusterRole", "securebucket-admin")["metadata"]
    template = (CHART / "templates" / "roles-for-people.yaml").read_text()
    assert "aggregate" not in template[template.index(".Values.rbac.admin") :]


@pytest.mark.parametrize("path", [BASE, IN_WATCHED, REPORTS], ids=lambda path: path.parent.name)
def test_every_binding_is_of_the_operators_account(path: Path) -> None:
    bindings = [each for each in documents(path) if each["kind"].endswith("Binding")]
    roles = {(each["kind"], each["metadata"]["name"]) for each in documents(path) if each["kind"].endswith("Role")}
    account = one(DEPLOY / "base" / "service-account.yaml", "ServiceAccount")["metadata"]["name"]
    assert {(each["roleRef"]["kind"], each["roleRef"]["name"]) for each in bindings} == roles
    for binding in bindings:
        assert binding["subjects"] == [{"kind": "ServiceAccount", "name": account, "namespace": NAMESPACE}]


def test_the_chart_uses_each_file_of_rules() -> None:
    templates = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    assert [path.name for path in RULES.iterdir() if f'"files/rbac/{path.name}"' not in templates] == []


def test_no_rule_of_the_chart_has_a_wildcard() -> None:
    every = chart_rules(*(path.stem for path in RULES.iterdir()))
    assert not [each for each in rights(every) if "*" in {each.verb, each.group, each.resource}]
