"""The demonstration's own view of the cluster, through the official client."""

import datetime as dt
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from kubernetes import client as kube
from kubernetes.config import load_kube_config
from kubernetes.dynamic import DynamicClient

GROUP, VERSION, PLURAL = "securebucket.io", "v1alpha1", "securebuckets"
PLURALS = {"SecureBucket": PLURAL, "BucketException": "bucketexceptions", "BucketProfile": "bucketprofiles"}

Name = tuple[str, str]
"""Namespace and name of a SecureBucket."""


def connect(kubeconfig: Path) -> None:
    """Use this kubeconfig for everything below."""
    load: Any = load_kube_config  # the client has no types for it
    load(str(kubeconfig))


def read_files(files: Iterable[Path]) -> list[dict[str, Any]]:
    """Read all documents of YAML files."""
    return [document for file in files for document in yaml.safe_load_all(file.read_text())]


def apply_files(files: list[Path]) -> set[Name]:
    """Apply all documents by server-side apply; give the SecureBuckets among them."""
    names: set[Name] = set()
    make_dynamic: Any = DynamicClient  # the client has no types for it
    dynamic: Any = patiently(lambda: make_dynamic(kube.ApiClient()))
    for document in read_files(files):
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


def remove_files(files: list[Path]) -> None:
    """Delete the objects of YAML files; their buckets stay, as everywhere."""
    api = kube.CustomObjectsApi()
    for document in read_files(files):
        name, namespace = document["metadata"]["name"], document["metadata"].get("namespace")
        plural = PLURALS[document["kind"]]
        try:
            if namespace:
                api.delete_namespaced_custom_object(GROUP, VERSION, namespace, plural, name)
            else:
                api.delete_cluster_custom_object(GROUP, VERSION, plural, name)
        except kube.ApiException as error:
            if error.status != 404:
                raise


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


def list_buckets(names: set[Name]) -> list[dict[str, Any]]:
    """Give those SecureBuckets of these names that are there."""
    answer: Any = kube.CustomObjectsApi().list_cluster_custom_object(GROUP, VERSION, PLURAL)
    return [each for each in answer["items"] if (each["metadata"]["namespace"], each["metadata"]["name"]) in names]


def get_bucket(namespace: str, name: str) -> dict[str, Any]:
    """Give one SecureBucket."""
    body: Any = kube.CustomObjectsApi().get_namespaced_custom_object(GROUP, VERSION, namespace, PLURAL, name)
    return dict(body)


def count_drift(namespace: str, name: str) -> int:
    """Give how many changes by others were found on an object so far."""
    return int(get_bucket(namespace, name).get("status", {}).get("drift", {}).get("count", 0))


def check_now(namespace: str, name: str) -> None:
    """Ask for a pass now, instead of waiting for the sweep."""
    body = {"metadata": {"annotations": {"securebucket.io/reconcile-at": dt.datetime.now(dt.UTC).isoformat()}}}
    kube.CustomObjectsApi().patch_namespaced_custom_object(GROUP, VERSION, namespace, PLURAL, name, body)
