"""`securebucket doctor`: is everything there that the operator needs?"""

import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from securebucket.aws.diagnosis import diagnose as diagnose_aws
from securebucket.aws.diagnosis import diagnose_event_queue
from securebucket.aws.edge import Aws
from securebucket.cli.operator_options import event_queues_of, namespaces_of, told
from securebucket.cli.output import FAILED, OK, Format, errors, escape, table, write
from securebucket.cli.passes import OUTPUT, uncounted
from securebucket.cli.scan_options import Endpoint, ExternalId, binding_of
from securebucket.kube.connection import own_namespace
from securebucket.kube.diagnosis import diagnose as diagnose_kubernetes
from securebucket.kube.rights import Installation
from securebucket.model.diagnosis import Diagnosis, Health
from securebucket.report.open_reports import ReportKind

COLOURS = {Health.OK: "[green]ok[/]", Health.WARNING: "[yellow]warning[/]", Health.FAILED: "[red]failed[/]"}


def doctor(
    *,
    bucket: Annotated[str, typer.Option(help="Also try every right to read this bucket.")] = "",
    region: Annotated[str, typer.Option(help="Region to check. Default: AWS_REGION.")] = "",
    endpoint: Endpoint = "",
    role: Annotated[str, typer.Option("--role-arn", "--role", help="ARN of a role to assume first.")] = "",
    external_id: ExternalId = "",
    kubernetes: Annotated[bool, typer.Option(help="Also check the cluster of KUBECONFIG.")] = True,
    namespace: Annotated[
        list[str] | None,
        told("NAMESPACES", "Namespace that the operator watches, as given to run; may be repeated. Default: all."),
    ] = None,
    lease_namespace: Annotated[
        str,
        told("LEASE_NAMESPACE", "Namespace that the operator runs in. Default: the pod's, else securebucket-system."),
    ] = "",
    lease_name: Annotated[str, told("LEASE_NAME", "Name of its Lease.")] = "securebucket-operator",
    cluster_id: Annotated[
        str,
        told("CLUSTER_ID", "Cluster id of the operator, if it has one: it then needs no right to read kube-system."),
    ] = "",
    reports: Annotated[ReportKind | None, told("REPORTS", "Reports that the operator writes, as given to run.")] = None,
    observe_only: Annotated[
        bool, told("OBSERVE_ONLY", "The operator only observes, as given to run: it needs fewer rights.")
    ] = False,
    operator_url: Annotated[
        str, typer.Option(help="Metrics of a running operator, e.g. http://127.0.0.1:8080/metrics, to check its queue.")
    ] = "",
    account_checks: Annotated[
        bool, told("ACCOUNT_CHECKS", "Also try every right to read the account's own settings.")
    ] = True,
    event_queue: Annotated[
        list[str] | None, told("EVENT_QUEUE", "URL of a queue of events, as given to run; may be repeated.")
    ] = None,
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Check credentials, rights, endpoint, clock, cluster and queues, and say how to fix what is wrong.

    Exit codes: 0 all is well (warnings do not count), 1 something is wrong.
    """
    installation = Installation(
        namespaces_of(namespace),
        lease_namespace or own_namespace("securebucket-system"),
        lease_name,
        bool(cluster_id),
        reports or "",
        observe_only,
    )
    binding = binding_of(region, role, external_id, endpoint)
    found: list[Diagnosis] = []
    aws = Aws(uncounted)
    queues = event_queues_of(event_queue)
    with errors.status("checking AWS") as status:
        found.extend(diagnose_aws(aws, binding, bucket, account_checks=account_checks))
        found.extend(each for queue in queues for each in diagnose_event_queue(aws.event_queue(queue)))
        if kubernetes:
            status.update("checking Kubernetes")
            found.extend(diagnose_kubernetes(installation))
        if operator_url:
            status.update("checking the operator")
            found.extend(diagnose_operator(operator_url))
    _show(found, output)
    raise typer.Exit(FAILED if any(each.health is Health.FAILED for each in found) else OK)


def diagnose_operator(url: str) -> Iterator[Diagnosis]:
    """Look at a running operator through its own metrics."""
    if not url.startswith(("http://", "https://")):
        yield Diagnosis("operator", Health.FAILED, f"{url} is not a URL; write e.g. http://127.0.0.1:8080/metrics.")
        return
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the scheme was checked
            text = answer.read().decode(errors="replace")
    except OSError as error:
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        advice = (
            "start it, or forward its port: kubectl -n NAMESPACE port-forward deployment/securebucket-operator 8080"
        )
        yield Diagnosis("operator", Health.FAILED, f"{url} does not answer ({reason}); {advice}")
        return
    if "securebucket_queue_depth" not in text:
        advice = "write the address of its /metrics, e.g. http://127.0.0.1:8080/metrics"
        yield Diagnosis("operator", Health.FAILED, f"{url} answers, but is not the operator's; {advice}")
        return
    depth = _sum(text, "securebucket_queue_depth")
    busy = _sum(text, "securebucket_workers_busy")
    yield Diagnosis("queue", Health.OK, f"{depth:.0f} objects wait, {busy:.0f} workers are busy")


def _sum(text: str, name: str) -> float:
    return sum(
        float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith((f"{name}{{", f"{name} "))
    )


def _show(found: Iterable[Diagnosis], output: Format) -> None:
    if output is Format.TABLE:
        rows = [(escape(each.subject), COLOURS[each.health], escape(each.message)) for each in found]
        table(("SUBJECT", "HEALTH", "WHAT WAS SEEN"), rows)
    else:
        rows_out = [{"subject": each.subject, "health": each.health.value, "message": each.message} for each in found]
        write(rows_out, output)
