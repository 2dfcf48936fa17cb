"""A small Kubernetes API server for development and tests: no cluster, no etcd, no admission, no authorization.

What it does is what the suite in `tests/semantics` asks of it and of a real kube-apiserver alike.
"""

from securebucket_dev.kubeapi.request_log import Request, RequestLog
from securebucket_dev.kubeapi.server import KubeApi

__all__ = ["KubeApi", "Request", "RequestLog"]
