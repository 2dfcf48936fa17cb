"""Looks at the cluster as the operator needs it: reachable, CRDs installed, rights granted, somebody leading."""

from collections.abc import Iterator

from securebucket.kube.client import BUCKETS, EXCEPTIONS, PROFILES, Client
from securebucket.kube.connection import NotConnectedError, load_connection
from securebucket.kube.lease_client import LeaseClient
from securebucket.kube.rights import Installation, is_for_finalizers, rights_needed
from securebucket.kube.transport import Transport
from securebucket.model.api_error import ApiError, ForbiddenError
from securebucket.model.diagnosis import Diagnosis, Health


def diagnose(installation: Installation) -> Iterator[Diagnosis]:
    """Look at everything that the operator needs of Kubernetes, one thing after another."""
    try:
        connection = load_connection()
    except NotConnectedError as error:
        yield Diagnosis("kubernetes", Health.FAILED, f"{error} Without a cluster, add --no-kubernetes.")
        return
    transport = Transport(connection)
    try:
        yield from _look(transport, installation)
    except ApiError as error:
        yield Diagnosis("kubernetes", Health.FAILED, f"{connection.host}: {_advice(error)}")
    finally:
        transport.close()


def _advice(error: ApiError) -> str:
    if error.status == 0:
        return (
            f"no answer ({error.reason}). Start the cluster, or set KUBECONFIG to one that runs; behind a proxy or a"
            " VPN, check that its address can be reached."
        )
    if error.status == 401:
        return "the credentials of the kubeconfig are not accepted. Sign in again, or set KUBECONFIG to another one."
    return f"{error}. Set KUBECONFIG to a cluster that you may use."


def _look(transport: Transport, installation: Installation) -> Iterator[Diagnosis]:
    client = Client(transport)
    missing = {BUCKETS, PROFILES, EXCEPTIONS} - client.served_kinds()
    advice = f"not installed: {', '.join(sorted(missing))}. Run: securebucket crd | kubectl apply --server-side -f -"
    if missing == {EXCEPTIONS}:  # the operator works, and picks them up when they come
        yield Diagnosis("CRDs", Health.WARNING, f"{advice} Until then no exception is in force.")
    elif missing:
        yield Diagnosis("CRDs", Health.FAILED, advice)
    else:
        yield Diagnosis("CRDs", Health.OK, f"{BUCKETS}, {PROFILES} and {EXCEPTIONS} are served")
    if installation.reports and not client.serves_reports(installation.reports):
        name = f"{installation.reports.plural}.{installation.reports.value}"
        yield Diagnosis("reports", Health.FAILED, f"{name} is not installed; install its CRD, or remove --reports.")
    yield from _rights(client, installation)
    yield _leader(transport, installation)


def _rights(client: Client, installation: Installation) -> Iterator[Diagnosis]:
    needed = rights_needed(installation)
    refused = [right for right in needed if not client.allows(right)]
    for right in refused:
        if is_for_finalizers(right):  # the operator works, and tells each object that asks for what it may not do
            advice = "only objects with deletionPolicy Delete need it (chart: rbac.finalizers)"
            yield Diagnosis("right", Health.WARNING, f"may not {right}: {advice}.")
            continue
        yield Diagnosis(
            "right",
            Health.FAILED,
            f"may not {right}. Apply the RBAC of the chart or of deploy/; where the operator watches some namespaces"
            " only, name them with --namespace; to check the operator's rights instead of yours, run this in its pod.",
        )
    if not refused:
        place = f"namespaces {', '.join(installation.namespaces)}" if installation.namespaces else "the whole cluster"
        yield Diagnosis("rights", Health.OK, f"all {len(needed)} that the operator needs in {place} are granted")


def _leader(transport: Transport, installation: Installation) -> Diagnosis:
    name = f"Lease {installation.lease_namespace}/{installation.lease_name}"
    try:
        lease = LeaseClient(transport, installation.lease_namespace, installation.lease_name).get(timeout=5.0)
    except ForbiddenError:
        return Diagnosis("leader", Health.WARNING, f"may not read {name}, so the leader is not known.")
    holder = str((lease or {}).get("spec", {}).get("holderIdentity") or "")
    if holder:
        return Diagnosis("leader", Health.OK, f"{holder} holds {name}")
    advice = "Start the operator; where it runs in another namespace, name that with --lease-namespace."
    return Diagnosis("leader", Health.WARNING, f"nobody holds {name}. {advice}")
