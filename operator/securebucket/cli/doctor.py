"""`securebucket doctor`: is everything there that the operator needs?"""

import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer
from rich.markup import escape

from securebucket.aws.diagnosis import diagnose as diagnose_aws
from securebucket.aws.edge import Aws
from securebucket.aws.sessions import Binding
from securebucket.cli.output import FAILED, OK, Format, console, table, write
from securebucket.cli.passes import OUTPUT, uncounted
from securebucket.kube.diagnosis import diagnose as diagnose_kubernetes
from securebucket.model.diagnosis import Diagnosis, Health

COLOURS = {Health.OK: "[green]ok[/]", Health.WARNING: "[yellow]warning[/]", Health.FAILED: "[red]failed[/]"}


def doctor(
    *,
    bucket: Annotated[str, typer.Option(help="Also try every right to read on this bucket.")] = "",
    region: Annotated[str, typer.Option(help="Region to look at. Default: the ambient one.")] = "",
    endpoint: Annotated[str, typer.Option(help="S3 endpoint. Default: AWS, or AWS_ENDPOINT_URL.")] = "",
    role: Annotated[str, typer.Option(help="ARN of a role to assume first.")] = "",
    kubernetes: Annotated[bool, typer.Option(help="Look at the cluster of KUBECONFIG too.")] = True,
    lease_namespace: Annotated[str, typer.Option(help="Namespace that the operator runs in.")] = "securebucket-system",
    operator_url: Annotated[
        str, typer.Option(help="A running operator's metrics, e.g. http://127.0.0.1:8080/metrics, to see its queue.")
    ] = "",
    output: Annotated[Format, OUTPUT] = Format.TABLE,
) -> None:
    """Check credentials, rights, endpoint, clock, cluster and queue. Exits 1 if anything is not well."""
    binding = Binding(region=region, role_arn=role, endpoint=endpoint)
    found: list[Diagnosis] = []
    with console.status("looking at AWS"):
        found.extend(diagnose_aws(Aws(uncounted), binding, bucket))
    if kubernetes:
        with console.status("looking at Kubernetes"):
            found.extend(diagnose_kubernetes((), lease_namespace, "securebucket-operator"))
    if operator_url:
        found.extend(diagnose_operator(operator_url))
    _show(found, output)
    raise typer.Exit(FAILED if any(each.health is Health.FAILED for each in found) else OK)


def diagnose_operator(url: str) -> Iterator[Diagnosis]:
    """Look at a running operator through its own metrics."""
    if not url.startswith(("http://", "https://")):
        yield Diagnosis("operator", Health.FAILED, f"{url} is no URL; write e.g. http://127.0.0.1:8080/metrics.")
        return
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - the scheme was checked
            text = answer.read().decode()
    except (urllib.error.URLError, OSError) as error:
        yield Diagnosis("operator", Health.FAILED, f"{url} does not answer: {error}; is it running, and its port open?")
        return
    depth = _sum(text, "securebucket_queue_depth")
    busy = _sum(text, "securebucket_workers_busy")
    yield Diagnosis("queue", Health.OK, f"{depth:.0f} objects wait, {busy:.0f} workers are in a pass")


def _sum(text: str, name: str) -> float:
    return sum(
        float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith((f"{name}{{", f"{name} "))
    )


def _show(found: Iterable[Diagnosis], output: Format) -> None:
    if output is Format.TABLE:
        rows = [(escape(each.subject), COLOURS[each.health], escape(each.message)) for each in found]
        table("", ("Subject", "Health", "What was seen"), rows)
    else:
        rows_out = [{"subject": each.subject, "health": each.health.value, "message": each.message} for each in found]
        write(rows_out, output)
