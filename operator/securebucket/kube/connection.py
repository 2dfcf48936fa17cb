"""How to reach the Kubernetes API: a kubeconfig where one is named, else the pod's own account."""

import os
from pathlib import Path
from typing import Any

import yaml
from kubernetes.client.configuration import Configuration
from kubernetes.config import ConfigException, load_incluster_config, load_kube_config

NAMESPACE_FILE = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")

BROKEN = (ConfigException, yaml.YAMLError, OSError, ValueError, TypeError, AttributeError)
"""The official client looks into a kubeconfig without asking whether it is one: nonsense ends in any of these."""


class NotConnectedError(RuntimeError):
    """There is no usable way to a Kubernetes API; the message says what to do."""


def load_connection(kubeconfig: str = "", *, threads: int = 16) -> Configuration:
    """Find out where the API server is and who we are.

    Args:
        kubeconfig: path of a kubeconfig; empty means `KUBECONFIG`, else the pod's ServiceAccount, else ~/.kube/config.
        threads: how many threads may call at once; the size of the connection pool.

    Raises:
        NotConnectedError: there is none of these, or it is broken.
    """
    connection = Configuration()
    path = kubeconfig or os.environ.get("KUBECONFIG", "")
    load_file: Any = load_kube_config
    load_pod: Any = load_incluster_config
    try:
        if path:
            load_file(config_file=path, client_configuration=connection)
        elif "KUBERNETES_SERVICE_HOST" in os.environ:
            load_pod(client_configuration=connection)
        else:
            path = str(Path.home() / ".kube" / "config")
            load_file(config_file=path, client_configuration=connection)
    except BROKEN as error:
        source = f"kubeconfig {path}" if path else "the pod's ServiceAccount"
        raise NotConnectedError(
            f"cannot connect to the Kubernetes API: {source}: {_reason(path, error)}. Set KUBECONFIG to a working"
            " kubeconfig, or run in a pod with a ServiceAccount (automountServiceAccountToken: true)."
        ) from error
    connection.retries = False  # the transport retries: urllib3 would repeat requests that we neither see nor count
    connection.connection_pool_maxsize = threads + 8
    return connection


def _reason(path: str, error: Exception) -> str:
    if path and not any(Path(each).exists() for each in path.split(os.pathsep) if each):
        return "there is no such file"
    if isinstance(error, ConfigException):
        return str(error).removeprefix("Invalid kube-config file. ").removeprefix("Invalid kube-config. ").rstrip(".")
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "it is not a kubeconfig"


def own_namespace(outside: str = "default") -> str:
    """Name the namespace that this pod runs in; `outside` where it is not a pod."""
    given = os.environ.get("POD_NAMESPACE", "")
    if given:
        return given
    return NAMESPACE_FILE.read_text().strip() if NAMESPACE_FILE.exists() else outside
