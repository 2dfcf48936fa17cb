"""Reports of the namespaces, written by a running operator to a real API over HTTP."""

from dataclasses import replace

import pytest
from tests.kube.admin import Admin
from tests.kube.polling import until
from tests.kube.report_definitions import POLICY_REPORT, REPORT
from tests.process.engines import failing, good
from tests.process.running import RunningOperator, settings_for
from tests.status.builders import judged

from securebucket.dispatch.work_queue import Priority
from securebucket.report.open_reports import ReportKind

DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
REPORTS = "/apis/openreports.io/v1alpha1/namespaces/{}/reports"


def judging(*verdicts):
    return lambda request: replace(good(request), verdicts=verdicts)


@pytest.fixture
def define(api):
    """Install CRDs for one test."""
    person, installed = Admin(api.url), []

    def install(definition):
        person.call("POST", DEFINITIONS, definition)
        installed.append(definition["metadata"]["name"])
        group, version = definition["spec"]["group"], definition["spec"]["versions"][0]["name"]
        until(lambda: group in str(person.call("GET", "/apis")) and person.call("GET", f"/apis/{group}/{version}"))

    yield install
    for name in installed:
        person.call("DELETE", f"{DEFINITIONS}/{name}")
    person.close()


@pytest.fixture
def start(kubeconfig, admin):
    started = []

    def begin(*namespaces, kind=ReportKind.OPEN_REPORTS, act=good):
        running = RunningOperator(settings_for(kubeconfig, namespaces, reports=kind, report_interval=0.1))
        running.engine.end = act
        started.append(running)
        until(running.leads)
        return running

    yield begin
    for running in started:
        running.stop()


def reports(admin, namespace="payments"):
    return admin.call("GET", REPORTS.format(namespace))["items"]


def rules(admin, namespace="payments"):
    return [each["rule"] for report in reports(admin, namespace) for each in report["results"]]


def test_each_namespace_gets_one_report(admin, define, start):
    define(REPORT)
    admin.create_namespace("billing")
    for namespace in ("payments", "billing"):
        for name in ("invoices", "receipts"):
            admin.create_bucket(name, namespace)
    start(act=judging(judged("fail"), judged("pass", "tagged")))
    for namespace in ("payments", "billing"):
        until(lambda namespace=namespace: len(rules(admin, namespace)) == 2)
        (report,) = reports(admin, namespace)
        assert report["metadata"]["name"] == "securebucket"
        assert report["summary"] == {"pass": 2, "fail": 2, "warn": 0, "error": 0, "skip": 0}


def test_a_policy_report_is_what_its_definition_takes(admin, define, start):
    define(POLICY_REPORT)
    admin.create_bucket()
    start(kind=ReportKind.POLICY_REPORTS, act=judging(judged("fail")))
    path = "/apis/wgpolicyk8s.io/v1alpha2/namespaces/payments/policyreports"
    until(lambda: admin.call("GET", path)["items"])
    (report,) = admin.call("GET", path)["items"]
    assert [each["rule"] for each in report["results"]] == ["tls-required"]


def test_a_report_changes_with_the_verdicts_and_goes_with_the_last_object(admin, define, start):
    define(REPORT)
    key = admin.create_bucket()
    running = start(act=judging(judged("fail")))
    until(lambda: rules(admin) == ["tls-required"])
    running.engine.end = judging(judged("fail", "tagged"))
    running.vitals.queue.add(key, Priority.SPEC_CHANGE)
    until(lambda: rules(admin) == ["tagged"])
    admin.delete_bucket(key)
    until(lambda: reports(admin) == [])


def test_nothing_new_is_not_written_again_after_a_restart_either(admin, api, define, start):
    define(REPORT)
    key = admin.create_bucket()
    first = start(act=judging(judged("fail")))
    until(lambda: rules(admin) == ["tls-required"])
    first.stop()
    (before,) = reports(admin)
    second = start(act=judging(judged("fail")))
    second.vitals.queue.add(key, Priority.SPEC_CHANGE)
    until(lambda: second.engine.passes(key) >= 1)
    api.requests.clear()
    read = "/apis/openreports.io/v1alpha1/namespaces/payments/reports/securebucket"
    until(lambda: [each for each in api.requests.all() if each.path.startswith(read) and each.user_agent != "admin"])
    assert reports(admin) == [before]


def test_an_outage_after_a_start_does_not_empty_a_report(admin, define, start):
    define(REPORT)
    key = admin.create_bucket()
    first = start(act=judging(judged("fail")))
    until(lambda: rules(admin) == ["tls-required"])
    first.stop()
    second = start(act=failing("Throttled", retry=True))
    second.vitals.queue.add(key, Priority.SPEC_CHANGE)
    until(lambda: second.engine.passes(key) >= 2)
    assert rules(admin) == ["tls-required"]


def test_a_report_left_over_from_before_a_start_is_removed(admin, define, start):
    define(REPORT)
    left = {
        "apiVersion": "openreports.io/v1alpha1",
        "kind": "Report",
        "metadata": {"name": "securebucket", "labels": {"app.kubernetes.io/managed-by": "securebucket"}},
    }
    others = {**left, "metadata": {"name": "theirs"}}
    for each in (left, others):
        admin.call("POST", REPORTS.format("payments"), each)
    start()
    until(lambda: [each["metadata"]["name"] for each in reports(admin)] == ["theirs"])


def test_without_the_definition_the_operator_works_and_says_so_once(admin, start, caplog):
    key = admin.create_bucket()
    start(act=judging(judged("fail")))
    until(lambda: admin.condition(key, "Ready").get("status") == "True")
    until(lambda: "reports.openreports.io are not installed" in caplog.text)
    assert caplog.text.count("are not installed") == 1


def test_a_definition_that_comes_later_is_used(admin, define, start):
    admin.create_bucket()
    start(act=judging(judged("fail")))
    define(REPORT)
    until(lambda: rules(admin) == ["tls-required"])
