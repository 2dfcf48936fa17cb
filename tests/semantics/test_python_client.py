"""The Kubernetes client for Python, as the operator uses it."""

from collections.abc import Iterator

import kubernetes
import pytest
from kubernetes import client as kube
from kubernetes import dynamic, watch
from tests.semantics.client import Client, Server, widget

GROUP = ("semantics.example.io", "v1alpha1")


@pytest.fixture
def python_client(kube_server: Server) -> Iterator[kube.ApiClient]:
    configuration = kube.Configuration()
    kubernetes.config.load_kube_config(config_file=str(kube_server.kubeconfig), client_configuration=configuration)
    # The environment may name a proxy or certificates of its own.
    configuration.proxy = None
    with kube.ApiClient(configuration) as found:
        yield found


def test_custom_objects(api: Client, python_client: kube.ApiClient) -> None:
    custom = kube.CustomObjectsApi(python_client)
    place = (*GROUP, api.namespace, "widgets")
    created = custom.create_namespaced_custom_object(*place, widget("one"))
    assert created["metadata"]["uid"]
    custom.patch_namespaced_custom_object(
        *place, "one", {"spec": {"size": 2}}, _content_type="application/merge-patch+json"
    )
    custom.patch_namespaced_custom_object_status(
        *place, "one", {"status": {"score": 1}}, _content_type="application/merge-patch+json"
    )
    found = custom.get_namespaced_custom_object(*place, "one")
    assert (found["spec"]["size"], found["status"]["score"]) == (2, 1)
    assert len(custom.list_namespaced_custom_object(*place)["items"]) == 1
    custom.delete_namespaced_custom_object(*place, "one")
    with pytest.raises(kube.ApiException) as failure:
        custom.get_namespaced_custom_object(*place, "one")
    assert failure.value.status == 404


def test_core_objects(api: Client, python_client: kube.ApiClient) -> None:
    core = kube.CoreV1Api(python_client)
    metadata = kube.V1ObjectMeta(name="one")
    core.create_namespaced_config_map(api.namespace, kube.V1ConfigMap(metadata=metadata, data={"a": "b"}))
    core.create_namespaced_secret(api.namespace, kube.V1Secret(metadata=metadata, string_data={"a": "b"}))
    assert core.list_namespaced_config_map(api.namespace).items[-1].data == {"a": "b"}
    assert core.list_namespaced_secret(api.namespace).items[0].type == "Opaque"
    assert core.list_namespaced_event(api.namespace).items == []
    assert "default" in {each.metadata.name for each in core.list_namespace().items}


def test_lease(api: Client, python_client: kube.ApiClient) -> None:
    leases = kube.CoordinationV1Api(python_client)
    body = kube.V1Lease(metadata=kube.V1ObjectMeta(name="l"), spec=kube.V1LeaseSpec(holder_identity="one"))
    created = leases.create_namespaced_lease(api.namespace, body)
    replaced = leases.replace_namespaced_lease("l", api.namespace, created)
    assert replaced.spec.holder_identity == "one"


def test_watch_stream(api: Client, python_client: kube.ApiClient) -> None:
    custom = kube.CustomObjectsApi(python_client)
    place = (*GROUP, api.namespace, "widgets")
    revision = custom.list_namespaced_custom_object(*place)["metadata"]["resourceVersion"]
    custom.create_namespaced_custom_object(*place, widget("one"))
    stream = watch.Watch()
    for event in stream.stream(
        custom.list_namespaced_custom_object, *place, resource_version=revision, timeout_seconds=10
    ):
        assert (event["type"], event["object"]["metadata"]["name"]) == ("ADDED", "one")
        stream.stop()


def test_dynamic_client_discovers(api: Client, python_client: kube.ApiClient) -> None:
    found = dynamic.DynamicClient(python_client).resources.get(api_version="/".join(GROUP), kind="Widget")
    assert (found.name, found.namespaced) == ("widgets", True)
    found.create(body=widget("one"), namespace=api.namespace)
    assert found.get(name="one", namespace=api.namespace).spec.region == "eu-1"


def test_access_review(api: Client, python_client: kube.ApiClient) -> None:
    attributes = kube.V1ResourceAttributes(verb="list", group=GROUP[0], resource="widgets")
    body = kube.V1SelfSubjectAccessReview(spec=kube.V1SelfSubjectAccessReviewSpec(resource_attributes=attributes))
    assert kube.AuthorizationV1Api(python_client).create_self_subject_access_review(body).status.allowed
