"""`securebucket run`: the operator."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Annotated, Literal

import typer

from securebucket.api.duration import parse_interval
from securebucket.aws.edge import Aws
from securebucket.changes.event_intake import EventFeed
from securebucket.cli.operator_options import event_queues_of, namespaces_of, told
from securebucket.cli.output import CommandError
from securebucket.engine.engine import Engine
from securebucket.engine.memory import Pace
from securebucket.kube.connection import NotConnectedError
from securebucket.kube.informer import WatchTerms
from securebucket.metrics.account_collector import AccountCollector
from securebucket.metrics.exception_collector import ExceptionCollector
from securebucket.metrics.exposition import MetricsServer
from securebucket.metrics.instruments import Instruments, QueueCollector
from securebucket.metrics.replication_collector import ReplicationCollector
from securebucket.process.logs import LogFormat
from securebucket.process.observers import Observer, Observers
from securebucket.process.run import run as run_operator
from securebucket.process.settings import RunSettings
from securebucket.process.vitals import Parts, Vitals
from securebucket.report.open_reports import ReportKind
from securebucket.reporting.audit_register import AuditRegister
from securebucket.reporting.report_server import Leadership, ReportServer
from securebucket.scan.account_register import AccountRegister
from securebucket.scan.account_survey import AccountSurvey
from securebucket.scan.replication_register import ReplicationRegister
from securebucket.scan.replication_survey import ReplicationSurvey

LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


@contextmanager
def listening(option: str, wanted: str) -> Iterator[None]:
    """Say which option to change where an address cannot be listened on.

    Raises:
        CommandError: it cannot.
    """
    try:
        yield
    except OSError as error:
        text = f"cannot listen on {wanted}: {error.strerror}. Choose another one with {option}."
        raise CommandError(text) from error


def address(text: str, option: str) -> tuple[str, int]:
    """Split `host:port`; an empty host means every address.

    Raises:
        typer.BadParameter: it is not written so.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise typer.BadParameter(f"{text!r} is not host:port; write e.g. :8080 or 127.0.0.1:8080", param_hint=option)
    return host or "0.0.0.0", int(port)  # noqa: S104 - the kubelet and Prometheus call the pod's address


def seconds(text: str, option: str) -> float:
    """Read an interval such as 30m.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        return float(parse_interval(text))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def scope_of(settings: RunSettings, vitals: Vitals, count: int) -> str:
    """Say what the operator's report is about; `count` objects are in it."""
    where = f"namespace {', '.join(settings.namespaces)}" if settings.namespaces else "the cluster"
    known = max(vitals.fleet_size(), count)
    seen = "all" if count == known else f"{count:,}"
    return f"SecureBuckets of {where}: {seen} of {known:,}, as verified by {vitals.leader()} since it became leader"


def run(
    *,
    namespace: Annotated[
        list[str] | None, told("NAMESPACES", "Watch only this namespace; may be repeated. Default: all.")
    ] = None,
    workers: Annotated[int, told("WORKERS", "Buckets to verify at once.", min=1, max=99)] = 16,
    interval: Annotated[str, told("INTERVAL", "How often to verify buckets that set no interval.")] = "1h",
    default_profile: Annotated[str, told("DEFAULT_PROFILE", "BucketProfile for objects that name none.")] = "",
    approve_rollout: Annotated[
        bool,
        told(
            "APPROVE_ROLLOUT",
            "Let the fleet follow a new release, even if that modifies more than 5 % of it within an hour.",
        ),
    ] = False,
    observe_only: Annotated[
        bool,
        told(
            "OBSERVE_ONLY",
            "Only observe, whatever mode an object asks for: no bucket is created, corrected or deleted.",
        ),
    ] = False,
    reports: Annotated[
        ReportKind | None,
        told("REPORTS", "Write one report per namespace: Report of openreports.io, or PolicyReport of wgpolicyk8s.io."),
    ] = None,
    reports_interval: Annotated[
        float,
        told("REPORTS_INTERVAL_SECONDS", "Minimum seconds between updates of a namespace's report.", min=1.0),
    ] = RunSettings().report_interval,
    events_interval: Annotated[
        float,
        told(
            "EVENTS_INTERVAL_SECONDS",
            "Minimum seconds between updates of a repeated Event; repeats are still counted.",
            min=1.0,
        ),
    ] = RunSettings().event_interval,
    cluster_id: Annotated[
        str,
        told("CLUSTER_ID", "Name of the cluster in ownership tags. Default: the uid of namespace kube-system."),
    ] = "",
    lease_namespace: Annotated[str, told("LEASE_NAMESPACE", "Namespace of the Lease. Default: the pod's.")] = "",
    lease_name: Annotated[
        str, told("LEASE_NAME", "Name of the Lease; one per set of replicas.")
    ] = RunSettings().lease_name,
    metrics_address: Annotated[str, told("METRICS_ADDRESS", "Address that serves /metrics.")] = ":8080",
    health_address: Annotated[str, told("HEALTH_ADDRESS", "Address that serves /healthz and /readyz.")] = ":8081",
    account_checks: Annotated[
        bool,
        told(
            "ACCOUNT_CHECKS",
            "Also check the AWS accounts in use: their own settings, and the buckets that nobody declared.",
        ),
    ] = True,
    account_interval: Annotated[str, told("ACCOUNT_INTERVAL", "How often to verify the accounts.")] = "15m",
    event_queue: Annotated[
        list[str] | None,
        told(
            "EVENT_QUEUE",
            "URL of an SQS queue that receives CloudTrail's events (deploy/events), to see changes within seconds; may"
            " be repeated.",
        ),
    ] = None,
    report_address: Annotated[
        str,
        told(
            "REPORT_ADDRESS",
            "Address that serves the auditor's report, without a login: keep it on the loopback. Empty: nowhere.",
        ),
    ] = "127.0.0.1:8082",
    settling: Annotated[
        float,
        told(
            "SETTLING_SECONDS",
            "Seconds after a write during which S3 may still show the old state, which is not drift yet.",
            min=0.0,
        ),
    ] = Pace().settling,
    watch_timeout: Annotated[
        float,
        told(
            "WATCH_TIMEOUT_SECONDS",
            "Seconds of silence after which a watch starts again; an idle one gets a bookmark about every 60 s.",
            min=1.0,
            max=150.0,
        ),
    ] = WatchTerms().inactivity,
    log_format: Annotated[LogFormat, told("LOG_FORMAT", "json or text.")] = "json",
    log_level: Annotated[LogLevel, told("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", case_sensitive=False)] = "INFO",
) -> None:
    """Run the operator until it is told to stop. Exits 1 when it has lost its Lease and must be restarted."""
    metrics_host, metrics_port = address(metrics_address, "--metrics-address")
    health_host, health_port = address(health_address, "--health-address")
    report_place = address(report_address, "--report-address") if report_address else None
    settings = RunSettings(
        namespaces=namespaces_of(namespace),
        workers=workers,
        health_port=health_port,
        health_host=health_host,
        lease_namespace=lease_namespace,
        lease_name=lease_name,
        cluster_id=cluster_id,
        default_interval=seconds(interval, "--interval"),
        default_profile=default_profile,
        approve_rollout=approve_rollout,
        observe_only=observe_only,
        reports=reports or "",
        report_interval=reports_interval,
        event_interval=events_interval,
        account_interval=seconds(account_interval, "--account-interval"),
        log_format=log_format,
        log_level=log_level,
        watch=WatchTerms(inactivity=watch_timeout),
    )

    queues = event_queues_of(event_queue)

    def assemble(vitals: Vitals) -> Parts:
        instruments = Instruments(vitals.leading)
        instruments.registry.register(QueueCollector(vitals.queue_depth, vitals.workers_busy))
        instruments.registry.register(ExceptionCollector(vitals.expiries, vitals.leading))
        aws = Aws(instruments.aws_request, threads=workers, going=vitals.going, gate=vitals.gate)
        engine = Engine(
            aws,
            may_write=vitals.may_write,
            pace=Pace(settling=settling),
            default_interval=settings.default_interval,
            observe_only=observe_only,
        )
        accounts = AccountRegister()
        instruments.registry.register(AccountCollector(accounts, vitals.leading))
        replication = ReplicationRegister()
        instruments.registry.register(ReplicationCollector(replication, vitals.leading))
        observers: list[Observer] = [instruments, replication]
        ends = ExitStack()
        ends.callback(aws.close)
        with listening("--metrics-address", metrics_address):
            ends.callback(MetricsServer(instruments, metrics_host, metrics_port).end)
        if report_place is not None:
            register = AuditRegister(
                partial(scope_of, settings, vitals), accounts.audits, vitals.exceptions, replication.progress
            )
            observers.append(register)
            leadership = Leadership(vitals.leading, vitals.leader)
            with listening("--report-address", report_address):
                ends.callback(ReportServer(register.report, leadership, *report_place, busy=vitals.passing).stop)
        survey = AccountSurvey(aws, accounts) if account_checks else None
        feed = EventFeed(tuple(map(aws.event_queue, queues)), aws.made, instruments) if queues else None

        measuring = ReplicationSurvey(aws, replication)
        return Parts(engine, Observers(tuple(observers)), instruments.kube_request, ends.close, survey, feed, measuring)

    try:
        with listening("--health-address", health_address):
            code = run_operator(settings, assemble)
    except NotConnectedError as error:
        raise CommandError(str(error)) from error
    raise typer.Exit(code)
