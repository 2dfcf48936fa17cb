import contextlib

import pytest
from tests.kube.scripted_api import Answer, ScriptedApi

from securebucket.crd.definitions import UNSEEN
from securebucket.fleet.record import FINALIZER
from securebucket.kube.client import PAGE, Client, Right
from securebucket.kube.connection import load_connection
from securebucket.kube.lease_client import LeaseClient
from securebucket.kube.rights import Installation, rights_needed
from securebucket.kube.transport import Transport
from securebucket.model.api_error import ApiError, ConflictError, ExpiredError, MissingError
from securebucket.model.bucket import ObjectKey
from securebucket_dev.kubeapi import KubeApi

NOBODY = ObjectKey("payments", "nobody")


def version(body):
    return body["metadata"]["resourceVersion"]


def test_an_object_is_read(client, admin):
    key = admin.create_bucket(spec={"bucketName": "acme"})
    assert client.get_bucket(key)["spec"] == {"bucketName": "acme"}


def test_an_absent_object_is_none(client, admin):
    assert client.get_bucket(NOBODY) is None


def test_a_list_is_read_page_by_page(client, admin, api):
    for number in range(PAGE + 1):
        admin.create_bucket(f"bucket-{number}")
    api.requests.clear()
    assert len(list(client.list_buckets())) == PAGE + 1
    assert len(api.requests.all()) == 2


def test_a_list_is_of_a_namespace_or_of_all(client, admin):
    admin.create_namespace("other")
    admin.create_bucket("here", "payments")
    admin.create_bucket("there", "other")
    assert {each["metadata"]["name"] for each in client.list_buckets()} == {"here", "there"}
    assert {each["metadata"]["name"] for each in client.list_buckets("other")} == {"there"}


def test_a_list_whose_end_is_gone_says_so(client, admin, api):
    for number in range(PAGE + 1):
        admin.create_bucket(f"bucket-{number}")
    pages = client.list_buckets()
    next(pages)
    admin.create_bucket("one-more")
    api.compact()
    with pytest.raises(ExpiredError):
        list(pages)


def test_a_status_is_merged_and_none_removes(client, admin):
    key = admin.create_bucket()
    first = client.patch_status(key, version(client.get_bucket(key)), {"observedGeneration": 1, "lastVerifiedAt": None})
    second = client.patch_status(key, version(first), {"lastHandledReconcileAt": "x"})
    assert second["status"] == {"observedGeneration": 1, "lastHandledReconcileAt": "x"}
    third = client.patch_status(key, version(second), {"lastHandledReconcileAt": None})
    assert third["status"] == {"observedGeneration": 1}


def test_a_status_about_an_old_object_is_refused(client, admin):
    key = admin.create_bucket()
    seen = version(client.get_bucket(key))
    admin.annotate(key, reconcile_at="now")
    with pytest.raises(ConflictError):
        client.patch_status(key, seen, {"observedGeneration": 1})


def test_a_status_of_an_absent_object_is_refused(client, admin):
    with pytest.raises(MissingError):
        client.patch_status(NOBODY, "1", {"observedGeneration": 1})


def test_our_finalizer_comes_and_goes_and_others_stay(client, admin):
    key = admin.create_bucket(finalizers=["example.com/other"])
    added = client.set_finalizer(client.get_bucket(key), wanted=True)
    assert added["metadata"]["finalizers"] == ["example.com/other", FINALIZER]
    removed = client.set_finalizer(added, wanted=False)
    assert removed["metadata"]["finalizers"] == ["example.com/other"]


def test_a_finalizer_on_an_old_object_is_a_conflict(client, admin):
    key = admin.create_bucket()
    seen = client.get_bucket(key)
    admin.annotate(key, reconcile_at="now")
    with pytest.raises(ConflictError):
        client.set_finalizer(seen, wanted=True)


def test_a_finalizer_on_an_object_that_is_being_deleted_is_a_conflict(client, admin):
    key = admin.create_bucket(finalizers=["example.com/other"])
    admin.delete_bucket(key)
    with pytest.raises(ConflictError):
        client.set_finalizer(client.get_bucket(key), wanted=True)


def test_a_profile_is_read(client, admin):
    admin.create_profile(region="eu-west-1")
    assert client.get_profile("production")["spec"]["region"] == "eu-west-1"
    assert client.get_profile("nobody") is None
    assert [each["metadata"]["name"] for each in client.list_profiles()] == ["production"]


def test_exceptions_are_listed_of_a_namespace_or_of_all(client, admin):
    admin.create_namespace("other")
    admin.create_exception("here", "payments")
    admin.create_exception("there", "other")
    assert {each["metadata"]["name"] for each in client.list_exceptions()} == {"here", "there"}
    assert {each["metadata"]["name"] for each in client.list_exceptions("other")} == {"there"}


def test_the_status_of_an_exception_is_merged_if_it_is_still_the_same(client, admin):
    key = admin.create_exception()
    seen = version(admin.get_exception(key))
    stored = client.patch_exception_status(key, seen, {"buckets": 2})
    assert admin.get_exception(key)["status"] == stored["status"] == UNSEEN | {"buckets": 2}
    with pytest.raises(ConflictError):
        client.patch_exception_status(key, seen, {"buckets": 3})
    with pytest.raises(MissingError):
        client.patch_exception_status(NOBODY, seen, {"buckets": 3})


def test_the_cluster_is_named_by_its_oldest_namespace(client, admin):
    assert client.cluster_id() == admin.call("GET", "/api/v1/namespaces/kube-system")["metadata"]["uid"]


def test_an_event_is_posted_and_counted_up(client, admin):
    event = {
        "apiVersion": "events.k8s.io/v1",
        "kind": "Event",
        "metadata": {"name": "e1", "namespace": "payments"},
        "eventTime": "2026-01-01T00:00:00.000000Z",
        "reportingController": "securebucket.io/operator",
        "reportingInstance": "pod-1",
        "action": "Correct",
        "reason": "Corrected",
        "type": "Normal",
        "note": "done",
        "regarding": {"kind": "SecureBucket", "namespace": "payments", "name": "invoices"},
    }
    client.create_event("payments", event)
    series = {"count": 2, "lastObservedTime": "2026-01-01T00:10:00.000000Z"}
    client.patch_event("payments", "e1", {"series": series})
    (stored,) = admin.events()
    assert stored["series"] == series
    with pytest.raises(MissingError):
        client.patch_event("payments", "e2", {"series": series})


def test_a_lease_is_created_renewed_and_guarded(transport):
    leases = LeaseClient(transport, "default", "operator")
    assert leases.get(timeout=5) is None
    first = leases.create({"holderIdentity": "a", "leaseDurationSeconds": 15}, timeout=5)
    second = leases.update({**first, "spec": {**first["spec"], "holderIdentity": "b"}}, timeout=5)
    assert leases.get(timeout=5)["spec"]["holderIdentity"] == "b"
    assert version(second) != version(first)
    with pytest.raises(ConflictError):
        leases.update(first, timeout=5)


def test_rights_are_asked_for(client, api):
    assert all(map(client.allows, rights_needed(Installation((), lease_namespace="default", lease_name="x"))))
    assert all(each.path.endswith("selfsubjectaccessreviews") for each in api.requests.all())


def test_a_scoped_operator_needs_no_right_beyond_its_namespaces():
    rights = rights_needed(Installation(("payments",), lease_namespace="ops", lease_name="x", cluster_id_given=True))
    elsewhere = {str(right) for right in rights if right.namespace not in {"payments", "ops"}}
    assert elsewhere == {"get bucketprofiles.securebucket.io"}


def test_a_right_reads_like_rbac():
    right = Right("patch", "securebucket.io", "securebuckets/status", "payments", "invoices")
    assert str(right) == "patch securebuckets/status.securebucket.io invoices in namespace payments"


def test_without_crds_no_kind_is_served(tmp_path):
    with KubeApi() as bare, contextlib.closing(Transport(load_connection(str(bare.kubeconfig(tmp_path / "k"))))) as way:
        assert Client(way).served_kinds() == frozenset()


def test_an_odd_list_of_kinds_has_none():
    with ScriptedApi(Answer(body={"resources": [None, {}, 5]})) as odd:
        assert "securebuckets" in Client(Transport(odd.connection())).missing_kinds(("securebuckets",))


@pytest.mark.parametrize("resources", [None, "none", {"name": "securebuckets"}])
def test_what_is_no_list_of_kinds_is_an_error_that_the_informer_waits_for(resources):
    """It asks for it before it begins anew: another exception would end it for good."""
    with ScriptedApi(Answer(body={"resources": resources})) as odd, pytest.raises(ApiError, match="names no kinds"):
        Client(Transport(odd.connection())).missing_kinds(("securebuckets",))


def test_with_crds_the_kinds_are_served(client):
    assert client.served_kinds() >= {"securebuckets", "bucketprofiles", "bucketexceptions"}
