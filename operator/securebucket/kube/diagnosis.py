"""Looks at the cluster as the operator needs it: reachable, CRDs installed, rights granted, somebody leading."""

from collections.abc import Iterator, Sequence

from urllib3.exceptions import HTTPError

from securebucket.kube.api_error import ApiError
from securebucket.kube.client import BUCKETS, PROFILES, Client
from securebucket.kube.connection import NotConnectedError, load_connection
from securebucket.kube.lease_client import LeaseClient
from securebucket.kube.rights import rights_needed
from securebucket.kube.transport import Transport
from securebucket.model.diagnosis import Diagnosis, Health


def uncounted(verb: str, code: str) -> None:
    """Count no requests."""


def diagnose(namespaces: Sequence[str], lease_namespace: str, lease_name: str) -> Iterator[Diagnosis]:
    """Look at everything that the operator needs of Kubernetes, one thing after another.

    Args:
        namespaces: that the operator watches; empty for the whole cluster.
        lease_namespace: where its Lease is.
        lease_name: its name.
    """
    try:
        connection = load_connection()
    except NotConnectedError as error:
        yield Diagnosis("kubernetes", Health.FAILED, str(error))
        return
    transport = Transport(connection, uncounted)
    try:
        yield from _look(transport, namespaces, lease_namespace, lease_name)
    except (ApiError, HTTPError) as error:
        yield Diagnosis("kubernetes", Health.FAILED, f"{connection.host}: {error}")
    finally:
        transport.close()


def _look(
    transport: Transport, namespaces: Sequence[str], lease_namespace: str, lease_name: str
) -> Iterator[Diagnosis]:
    client = Client(transport)
    missing = sorted({BUCKETS, PROFILES} - client.served_kinds())
    if missing:
        advice = f"not installed: {', '.join(missing)}; run securebucket crd | kubectl apply --server-side -f -"
        yield Diagnosis("CRDs", Health.FAILED, advice)
    else:
        yield Diagnosis("CRDs", Health.OK, f"{BUCKETS} and {PROFILES} are served")
    needed = rights_needed(namespaces, lease_namespace=lease_namespace, lease_name=lease_name, cluster_id_given=False)
    refused = [right for right in needed if not client.allows(right)]
    for right in refused:
        yield Diagnosis("right", Health.FAILED, f"may not {right}; apply the RBAC of the chart or of deploy/")
    if not refused:
        yield Diagnosis("rights", Health.OK, f"all {len(needed)} that the operator needs are granted to this identity")
    lease = LeaseClient(transport, lease_namespace, lease_name).get(timeout=5.0)
    holder = str((lease or {}).get("spec", {}).get("holderIdentity") or "")
    if holder:
        yield Diagnosis("leader", Health.OK, f"{holder} holds Lease {lease_namespace}/{lease_name}")
    else:
        yield Diagnosis("leader", Health.WARNING, f"nobody holds Lease {lease_namespace}/{lease_name}; is it running?")
