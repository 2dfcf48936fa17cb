"""The life of an exception in a running operator: from a grant to a verdict, and back when it ends."""

import datetime as dt
from dataclasses import replace

import pytest
import yaml
from tests.kube.admin import Admin
from tests.kube.conftest import CRDS
from tests.kube.polling import until
from tests.process.engines import good
from tests.process.running import SHORT_LEASE, RunningOperator, settings_for

from securebucket.compliance.catalogue import BY_ID
from securebucket.compliance.exceptions import lay_over
from securebucket.model.verdict import Judged, Result, Severity, Verdict
from securebucket_dev.kubeapi import KubeApi

DAY = 86400.0
LONGEST = dt.timedelta(days=365)


def without_tls(request):
    """End a pass over a bucket that fails one serious check, unless somebody accepts it, as the real engine does."""
    check = replace(BY_ID["tls-required"].check, severity=Severity.HIGH)
    failing = Judged(check, "policy", Verdict(Result.FAIL, "plain HTTP is not refused"))
    verdicts = lay_over([failing], request.exceptions, request.now, LONGEST)
    return replace(good(request), verdicts=verdicts)


@pytest.fixture
def start(kubeconfig, admin):
    started = []

    def begin(*namespaces, leading=True, **settings):
        running = RunningOperator(settings_for(kubeconfig, namespaces, **settings))
        running.engine.end = without_tls
        started.append(running)
        if leading:
            until(running.leads)
        return running

    yield begin
    for running in started:
        running.stop()


def compliant(admin, key):
    return admin.condition(key, "Compliant").get("status", "")


def active(admin, key):
    found = admin.exception_condition(key)
    return f"{found.get('status')} {found.get('reason')}"


def failing(start, admin, **metadata):
    """Start an operator with a bucket that fails, and wait until that is told."""
    running = start()
    key = admin.create_bucket(**metadata)
    until(lambda: compliant(admin, key) == "False")
    return running, key


def test_a_grant_makes_the_bucket_compliant_at_once(start, admin):
    _, key = failing(start, admin)
    granted = admin.create_exception()
    until(lambda: compliant(admin, key) == "True")
    assert admin.get_bucket(key)["status"]["compliance"]["excepted"] == 1
    assert "by exception payments/accepted" in admin.condition(key, "Compliant")["message"]
    until(lambda: active(admin, granted) == "True InForce")


def test_a_grant_that_was_there_before_the_operator_counts_in_the_first_pass(start, admin):
    admin.create_exception()
    key = admin.create_bucket()
    running = start()
    until(lambda: compliant(admin, key) == "True")
    assert len(running.engine.requests[0].exceptions) == 1


def test_its_end_re_arms_the_check_long_before_the_next_sweep(start, admin):
    _, key = failing(start, admin)
    granted = admin.create_exception(ends_in=6)
    until(lambda: compliant(admin, key) == "True")
    until(lambda: compliant(admin, key) == "False")
    (failure,) = admin.get_bucket(key)["status"]["compliance"]["failing"]
    assert "the exception payments/accepted ended on" in failure["message"]
    until(lambda: active(admin, granted) == "False Expired")
    until(lambda: "Expired" in {each["reason"] for each in admin.events()})


def test_deleting_it_re_arms_the_check_at_once(start, admin):
    _, key = failing(start, admin)
    granted = admin.create_exception()
    until(lambda: compliant(admin, key) == "True")
    admin.delete_exception(granted)
    until(lambda: compliant(admin, key) == "False")


def test_a_selector_follows_the_labels(start, admin):
    _, key = failing(start, admin)
    granted = admin.create_exception(selector={"matchLabels": {"tier": "scratch"}})
    until(lambda: active(admin, granted) == "False NoSuchBucket")
    admin.patch_bucket(key, {"metadata": {"labels": {"tier": "scratch"}}})
    until(lambda: compliant(admin, key) == "True")
    until(lambda: active(admin, granted) == "True InForce")
    admin.patch_bucket(key, {"metadata": {"labels": {"tier": None}}})
    until(lambda: compliant(admin, key) == "False")
    until(lambda: active(admin, granted) == "False NoSuchBucket")


def test_one_that_is_too_long_does_not_count(start, admin):
    _, key = failing(start, admin)
    granted = admin.create_exception(ends_in=400 * DAY)
    until(lambda: active(admin, granted) == "False TooLong")
    until(lambda: "longer than the 365 days" in str(admin.get_bucket(key)["status"]["compliance"]))
    assert compliant(admin, key) == "False"


def test_another_namespaces_exception_never_counts(start, admin):
    running, key = failing(start, admin)
    admin.create_namespace("other")
    theirs = admin.create_exception("theirs", "other")
    until(lambda: active(admin, theirs) == "False NoSuchBucket")
    assert running.engine.passes(key) == 1
    assert compliant(admin, key) == "False"


def test_only_the_bucket_that_it_is_about_gets_a_pass(start, admin):
    running, key = failing(start, admin)
    other = admin.create_bucket("other-bucket")
    until(lambda: compliant(admin, other) == "False")
    admin.create_exception()
    until(lambda: compliant(admin, key) == "True")
    assert running.engine.passes(other) == 1


def test_what_is_settled_costs_no_write(start, admin, api):
    running, key = failing(start, admin)
    granted = admin.create_exception(ends_in=5 * DAY)
    until(lambda: active(admin, granted) == "True InForce")
    until(lambda: compliant(admin, key) == "True")
    until(lambda: {"InForce", "ExpiresWithinSevenDays"} <= {each["reason"] for each in admin.events()})
    api.requests.clear()
    running.operator._exceptions.wake()
    later = admin.create_exception("later", bucketName="nobody-has-it")
    until(lambda: active(admin, later) == "False NoSuchBucket")
    written = [each.path for each in api.requests.writes() if each.user_agent != "admin"]
    assert [path for path in written if "/accepted" in path or "/securebuckets/" in path] == []


def test_metrics_know_the_end_of_it(start, admin):
    running, _ = failing(start, admin)
    granted = admin.create_exception()
    (expiry,) = until(lambda: list(running.vitals.expiries()))
    assert (expiry.namespace, expiry.name, expiry.bucket) == ("payments", "accepted", "invoices")
    admin.delete_exception(granted)
    until(lambda: list(running.vitals.expiries()) == [])


def test_an_operator_of_one_namespace_honours_its_exceptions(start, admin):
    admin.create_namespace("other")
    start("payments")
    key = admin.create_bucket()
    granted, theirs = admin.create_exception(), admin.create_exception("theirs", "other")
    until(lambda: compliant(admin, key) == "True")
    until(lambda: active(admin, granted) == "True InForce")
    assert admin.exception_condition(theirs) == {}


def test_the_standby_knows_what_was_granted_before_it_leads(start, admin):
    first, second = start(), start(leading=False)
    until(lambda: second.operator.pulse().synced)
    key = admin.create_bucket()
    granted = admin.create_exception()
    until(lambda: compliant(admin, key) == "True")
    until(lambda: len(list(second.vitals.expiries())) == 1)
    first.stop()
    until(second.leads)
    admin.delete_exception(granted)
    until(lambda: compliant(admin, key) == "False")


def test_without_their_kind_the_operator_works_and_picks_them_up_later(tmp_path, caplog):
    """An upgrade that brings the operator before the CRD."""
    (newest,) = (path for path in CRDS if "bucketexceptions" in path.name)
    with KubeApi(crds=[path for path in CRDS if path != newest]) as older:
        admin = Admin(older.url)
        admin.create_namespace("payments")
        config = str(older.kubeconfig(tmp_path / "kubeconfig"))
        running = RunningOperator(settings_for(config, exception_interval=0.1))
        running.engine.end = without_tls
        until(running.leads)
        key = admin.create_bucket()
        until(lambda: compliant(admin, key) == "False")
        assert running.ask("/readyz")[0] == 200
        assert caplog.text.count("exceptions are not in force: bucketexceptions is not installed") == 1
        body = yaml.safe_load(newest.read_text())
        admin.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body)
        until(lambda: "bucketexceptions" in kinds_of(admin))
        admin.create_exception()
        until(lambda: compliant(admin, key) == "True")
        assert running.stop() == 0
        admin.close()


def test_when_their_kind_is_taken_away_the_operator_goes_on_without_it(tmp_path, caplog):
    with KubeApi(crds=CRDS) as server:
        admin = Admin(server.url)
        admin.create_namespace("payments")
        config = str(server.kubeconfig(tmp_path / "kubeconfig"))
        running = RunningOperator(settings_for(config, lease=SHORT_LEASE))
        until(running.leads)
        watch = running.operator._lookout.exceptions
        until(lambda: watch.informer.activity.watches() == 1)
        kind = "bucketexceptions.securebucket.io"
        admin.call("DELETE", f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{kind}")
        until(lambda: not watch.begun())
        assert "nothing can be watched: not installed: bucketexceptions" in caplog.text
        key = admin.create_bucket()
        until(lambda: admin.condition(key, "Ready").get("status") == "True")
        assert running.ask("/readyz")[0] == 200
        assert running.stop() == 0
        admin.close()


def kinds_of(admin):
    """Name the plurals that the server serves."""
    return {each["name"] for each in admin.call("GET", "/apis/securebucket.io/v1alpha1")["resources"]}
