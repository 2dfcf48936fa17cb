"""The watch of exceptions begins when it can: their kind may come after the operator."""

import pytest
import yaml
from tests.kube.admin import Admin
from tests.kube.conftest import CRDS
from tests.kube.polling import until
from tests.kube.scripted_api import Answer, ScriptedApi
from tests.kube.test_informer import QUICK, Feed

from securebucket.kube.client import EXCEPTIONS, Client
from securebucket.kube.connection import load_connection
from securebucket.kube.exception_watch import ExceptionWatch
from securebucket.kube.informer import Informer
from securebucket.kube.transport import Transport
from securebucket.model.api_error import ApiError
from securebucket_dev.kubeapi import KubeApi

SERVED = {"resources": [{"name": EXCEPTIONS}]}
ALLOWED = {"status": {"allowed": True}}


@pytest.fixture
def watch_of():
    """Make a watch over a connection, and end it."""
    made = []

    def make(load, *namespaces):
        transport = Transport(load())
        feed = Feed()
        informer = Informer({EXCEPTIONS: feed.see_exception}, load, namespaces, terms=QUICK)
        made.append((ExceptionWatch(Client(transport), informer, namespaces), transport))
        return made[-1][0], feed

    yield make
    for watch, transport in made:
        watch.stop(timeout=10)
        transport.close()


def test_it_begins_at_once_where_it_can(watch_of, kubeconfig, admin):
    key = admin.create_exception()
    watch, feed = watch_of(lambda: load_connection(kubeconfig))
    assert (watch.begun(), watch.alive(), watch.quiet_for()) == (False, True, 0.0)
    watch.begin()
    assert watch.begun()
    until(lambda: ("LISTED", key) in feed.exceptions)
    assert watch.alive()
    watch.stop(timeout=10)
    assert not watch.alive()


def test_beginning_twice_is_beginning_once(watch_of, kubeconfig, admin, api):
    watch, _ = watch_of(lambda: load_connection(kubeconfig))
    watch.begin()
    until(lambda: watch.informer.activity.watches() == 1)
    api.requests.clear()
    watch.begin()
    assert [each for each in api.requests.all() if "selfsubjectaccessreviews" in each.path] == []


def test_once_stopped_it_watches_nothing_any_more(watch_of, kubeconfig):
    watch, _ = watch_of(lambda: load_connection(kubeconfig))
    watch.stop(timeout=10)
    watch.begin()
    assert not watch.informer.alive()


def test_it_waits_for_the_kind_and_says_so_once(watch_of, tmp_path, caplog):
    with KubeApi(crds=[path for path in CRDS if EXCEPTIONS not in path.name]) as older:
        config = str(older.kubeconfig(tmp_path / "kubeconfig"))
        watch, feed = watch_of(lambda: load_connection(config))
        for _ in range(3):
            watch.begin()
        assert not watch.begun()
        assert watch.alive()
        assert caplog.text.count("bucketexceptions is not installed; apply the CRDs") == 1
        admin = Admin(older.url)
        (crd,) = (path for path in CRDS if EXCEPTIONS in path.name)
        body = yaml.safe_load(crd.read_text())
        admin.call("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", body)
        until(lambda: watch.begin() or watch.begun())
        admin.create_namespace("payments")
        key = admin.create_exception()
        until(lambda: key in [each for _, each in feed.exceptions])
        admin.close()
        watch.stop(timeout=10)


def test_it_waits_for_the_rights(watch_of, caplog):
    answers = (Answer(200, SERVED), Answer(200, ALLOWED), Answer(200, {"status": {"allowed": False}}))
    with ScriptedApi(*answers) as api:
        watch, _ = watch_of(api.connection, "payments")
        watch.begin()
    assert not watch.begun()
    assert "may not watch bucketexceptions.securebucket.io in namespace payments; apply the RBAC" in caplog.text


def test_it_waits_until_the_kind_is_really_served(watch_of, caplog):
    """Discovery tells of a new kind a moment before its path works, and kopf would end for good."""
    answers = (Answer(200, SERVED), Answer(200, ALLOWED), Answer(200, ALLOWED), Answer(404, {"reason": "NotFound"}))
    with ScriptedApi(*answers) as api:
        watch, _ = watch_of(api.connection)
        watch.begin()
    assert not watch.begun()
    assert "is not installed" in caplog.text


def test_a_server_that_does_not_say_is_asked_again(watch_of):
    with ScriptedApi(Answer(403, {"reason": "Forbidden"})) as api:
        watch, _ = watch_of(api.connection)
        with pytest.raises(ApiError):
            watch.begin()
    assert not watch.begun()
