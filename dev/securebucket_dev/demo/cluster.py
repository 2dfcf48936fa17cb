"""The demonstration's own view of the cluster, through the official client."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client as kube
from kubernetes.config import load_kube_config
from kubernetes.dynamic import DynamicClient

GROUP, VERSION, PLURAL = "securebucket.io", "v1alpha1", "securebuckets"


def connect(kubeconfig: Path) -> None:
    """Use this kubeconfig for everything below."""
    load: Any = load_kube_config  # the client has no types for it
    load(str(kubeconfig))


def apply_files(files: list[Path]) -> set[tuple[str, str]]:
    """Apply all documents by server-side apply; give the SecureBuckets among them."""
    names: set[tuple[str, str]] = set()
    make_dynamic: Any = DynamicClient  # the client has no types for it
    dynamic: Any = patiently(lambda: make_dynamic(kube.ApiClient()))
    for file in files:
        for document in yaml.safe_load_all(file.read_text()):
            apply_one(dynamic, document)
            if document["kind"] == "SecureBucket":
                names.add((document["metadata"]["namespace"], document["metadata"]["name"]))
    return names


def apply_one(dynamic: Any, document: dict[str, Any]) -> None:
    """Apply one document, into a namespace that is made if it is missing."""
    name, namespace = document["metadata"]["name"], document["metadata"].get("namespace")
    if namespace:
        make_namespace(namespace)

    def find() -> Any:
        dynamic.resources.invalidate_cache()  # a CRD needs a moment until it is served
        return dynamic.resources.get(api_version=document["apiVersion"], kind=document["kind"])

    dynamic.server_side_apply(patiently(find), body=document, name=name, namespace=namespace, field_manager="demo")


def patiently(attempt: Callable[[], Any]) -> Any:
    """Try for some seconds."""
    deadline = time.monotonic() + 15
    while True:
        try:
            return attempt()
        except (LookupError, ValueError, kube.ApiException) as error:
            if time.monotonic() > deadline:
                raise
            del error
            time.sleep(0.2)


def make_namespace(name: str) -> None:
    """Create a namespace that is not there yet."""
    try:
        kube.CoreV1Api().create_namespace(kube.V1Namespace(metadata=kube.V1ObjectMeta(name=name)))
    except kube.ApiException as error:
        if error.status != 409:
            raise


def list_buckets() -> list[dict[str, Any]]:
    """Give all SecureBuckets of the cluster."""
    answer: Any = kube.CustomObjectsApi().list_cluster_custom_object(GROUP, VERSION, PLURAL)
    return list(answer["items"])


def get_bucket(namespace: str, name: str) -> dict[str, Any]:
    """Give one SecureBucket."""
    body: Any = kube.CustomObjectsApi().get_namespaced_custom_object(GROUP, VERSION, namespace, PLURAL, name)
    return dict(body)


def bucket_of(namespace: str, name: str) -> str:
    """Give the name of an object's bucket."""
    return str(get_bucket(namespace, name)["status"]["bucket"]["name"])


def count_drift(namespace: str, name: str) -> int:
    """Give how many changes by others were found on an object so far."""
    return int(get_bucket(namespace, name)["status"].get("drift", {}).get("count", 0))


def check_now(namespace: str, name: str) -> None:
    """Ask for a pass now, instead of waiting for the sweep."""
    body = {"metadata": {"annotations": {"securebucket.io/reconcile-at": dt.datetime.now(dt.UTC).isoformat()}}}
    kube.CustomObjectsApi().patch_namespaced_custom_object(GROUP, VERSION, namespace, PLURAL, name, body)
