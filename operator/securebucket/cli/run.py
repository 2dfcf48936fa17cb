"""`securebucket run`: the operator."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, get_args

import typer

from securebucket.api.duration import parse_interval
from securebucket.aws.edge import Aws
from securebucket.changes.event_intake import EventFeed
from securebucket.cli.event_queues import EVENT_QUEUE_VARIABLE, event_queues_of
from securebucket.cli.namespaces import NAMESPACES_VARIABLE, namespaces_of
from securebucket.cli.output import FAILED, complain
from securebucket.engine.engine import Engine
from securebucket.engine.memory import Pace
from securebucket.kube.connection import NotConnectedError
from securebucket.kube.informer import WatchTerms
from securebucket.metrics.account_collector import AccountCollector
from securebucket.metrics.exception_collector import ExceptionCollector
from securebucket.metrics.exposition import MetricsServer
from securebucket.metrics.instruments import Instruments, QueueCollector
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

LOG_FORMATS: tuple[str, ...] = get_args(LogFormat)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class CannotListenError(Exception):
    """An address that cannot be listened on; the text says which option to change."""

    def __init__(self, option: str, wanted: str, error: OSError) -> None:
        super().__init__(f"cannot listen on {wanted}: {error.strerror}. Choose another one with {option}.")


def address(text: str, option: str) -> tuple[str, int]:
    """Split `host:port`; an empty host means every address.

    Raises:
        typer.BadParameter: it is not written so.
    """
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit() or int(port) > 65535:
        raise typer.BadParameter(f"{text!r} is not host:port; write e.g. :8080 or 127.0.0.1:8080", param_hint=option)
    return host or "0.0.0.0", int(port)  # noqa: S104 - the kubelet and Prometheus call the pod's address


def seconds(text: str, option: str = "--interval") -> float:
    """Read an interval such as 30m.

    Raises:
        typer.BadParameter: it is none.
    """
    try:
        return float(parse_interval(text))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def one_of(given: str, allowed: Sequence[str], option: str) -> None:
    """Check that an option has one of the values that it may have.

    Raises:
        typer.BadParameter: it has not.
    """
    if given not in allowed:
        raise typer.BadParameter(f"{given!r} is not valid; choose one of {', '.join(allowed)}", param_hint=option)


def scope_of(settings: RunSettings, vitals: Vitals, count: int) -> str:
    """Say what the operator's report is about; `count` objects are in it."""
    where = f"namespace {', '.join(settings.namespaces)}" if settings.namespaces else "the cluster"
    known = max(vitals.fleet_size(), count)
    seen = "all" if count == known else f"{count:,}"
    return f"SecureBuckets of {where}: {seen} of {known:,}, as verified by {vitals.leader()} since it became leader"


def run(
    *,
    namespace: Annotated[
        list[str] | None,
        typer.Option(envvar=NAMESPACES_VARIABLE, help="Watch only this namespace; may be repeated. Default: all."),
    ] = None,
    workers: Annotated[
        int, typer.Option(envvar="SECUREBUCKET_WORKERS", min=1, max=99, help="Buckets to verify at once.")
    ] = 16,
    interval: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_INTERVAL", help="How often to verify buckets that set no interval.")
    ] = "1h",
    default_profile: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_DEFAULT_PROFILE", help="BucketProfile for objects that name none.")
    ] = "",
    approve_rollout: Annotated[
        bool,
        typer.Option(
            envvar="SECUREBUCKET_APPROVE_ROLLOUT",
            help="Let the fleet follow a new release, even if that modifies more than 5 % of it within an hour.",
        ),
    ] = False,
    observe_only: Annotated[
        bool,
        typer.Option(
            envvar="SECUREBUCKET_OBSERVE_ONLY",
            help="Only observe, whatever mode an object asks for: no bucket is created, corrected or deleted.",
        ),
    ] = False,
    reports: Annotated[
        ReportKind | None,
        typer.Option(
            envvar="SECUREBUCKET_REPORTS",
            help="Write one report per namespace: Report of openreports.io, or PolicyReport of wgpolicyk8s.io.",
        ),
    ] = None,
    reports_interval: Annotated[
        float,
        typer.Option(
            envvar="SECUREBUCKET_REPORTS_INTERVAL_SECONDS",
            min=1.0,
            help="Minimum seconds between updates of a namespace's report.",
        ),
    ] = RunSettings().report_interval,
    events_interval: Annotated[
        float,
        typer.Option(
            envvar="SECUREBUCKET_EVENTS_INTERVAL_SECONDS",
            min=1.0,
            help="Minimum seconds between updates of a repeated Event; repeats are still counted.",
        ),
    ] = RunSettings().event_interval,
    cluster_id: Annotated[
        str,
        typer.Option(
            envvar="SECUREBUCKET_CLUSTER_ID",
            help="Name of the cluster in ownership tags. Default: the uid of namespace kube-system.",
        ),
    ] = "",
    lease_namespace: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_LEASE_NAMESPACE", help="Namespace of the Lease. Default: the pod's.")
    ] = "",
    lease_name: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_LEASE_NAME", help="Name of the Lease; one per set of replicas.")
    ] = "securebucket-operator",
    metrics_address: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_METRICS_ADDRESS", help="Address that serves /metrics.")
    ] = ":8080",
    health_address: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_HEALTH_ADDRESS", help="Address that serves /healthz and /readyz.")
    ] = ":8081",
    account_checks: Annotated[
        bool,
        typer.Option(
            envvar="SECUREBUCKET_ACCOUNT_CHECKS",
            help="Also check the AWS accounts in use: their own settings, and the buckets that nobody declared.",
        ),
    ] = True,
    account_interval: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_ACCOUNT_INTERVAL", help="How often to verify the accounts.")
    ] = "15m",
    event_queue: Annotated[
        list[str] | None,
        typer.Option(
            envvar=EVENT_QUEUE_VARIABLE,
            help="URL of an SQS queue that receives CloudTrail's events (deploy/events), to see changes within seconds;"
            " may be repeated.",
        ),
    ] = None,
    report_address: Annotated[
        str,
        typer.Option(
            envvar="SECUREBUCKET_REPORT_ADDRESS",
            help="Address that serves the auditor's report, without a login: keep it on the loopback. Empty: nowhere.",
        ),
    ] = "127.0.0.1:8082",
    settling: Annotated[
        float,
        typer.Option(
            envvar="SECUREBUCKET_SETTLING_SECONDS",
            min=0.0,
            help="Seconds after a write during which S3 may still show the old state, which is not drift yet.",
        ),
    ] = Pace().settling,
    watch_timeout: Annotated[
        float,
        typer.Option(
            envvar="SECUREBUCKET_WATCH_TIMEOUT_SECONDS",
            min=1.0,
            max=150.0,
            help="Seconds of silence after which a watch starts again; an idle one gets a bookmark about every 60 s.",
        ),
    ] = WatchTerms().inactivity,
    log_format: Annotated[str, typer.Option(envvar="SECUREBUCKET_LOG_FORMAT", help="json or text.")] = "json",
    log_level: Annotated[
        str, typer.Option(envvar="SECUREBUCKET_LOG_LEVEL", help="DEBUG, INFO, WARNING or ERROR.")
    ] = "INFO",
) -> None:
    """Run the operator until it is told to stop. Exits 1 when it has lost its Lease and must be restarted."""
    one_of(log_format, LOG_FORMATS, "--log-format")
    one_of(log_level.upper(), LOG_LEVELS, "--log-level")
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
        default_interval=seconds(interval),
        default_profile=default_profile,
        approve_rollout=approve_rollout,
        observe_only=observe_only,
        reports=reports or "",
        report_interval=reports_interval,
        event_interval=events_interval,
        account_interval=seconds(account_interval, "--account-interval"),
        log_format="text" if log_format == "text" else "json",
        log_level=log_level.upper(),
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
        ends: list[Callable[[], None]] = [aws.close]
        observers: list[Observer] = [instruments]
        try:
            ends.append(MetricsServer(instruments, metrics_host, metrics_port).stop)
        except OSError as error:
            raise CannotListenError("--metrics-address", metrics_address, error) from error
        if report_place is not None:
            register = AuditRegister(partial(scope_of, settings, vitals), accounts.audits, vitals.exceptions)
            observers.append(register)
            try:
                leadership = Leadership(vitals.leading, vitals.leader)
                ends.append(ReportServer(register.report, leadership, *report_place, busy=vitals.passing).stop)
            except OSError as error:
                raise CannotListenError("--report-address", report_address, error) from error

        survey = AccountSurvey(aws, accounts) if account_checks else None
        feed = EventFeed(tuple(map(aws.event_queue, queues)), aws.made, instruments) if queues else None

        def close() -> None:
            for end in reversed(ends):
                end()

        return Parts(engine, Observers(tuple(observers)), instruments.kube_request, close, survey, feed)

    try:
        code = run_operator(settings, assemble)
    except NotConnectedError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from error
    except CannotListenError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from error
    except OSError as error:
        complain(str(CannotListenError("--health-address", health_address, error)))
        raise typer.Exit(FAILED) from error
    raise typer.Exit(code)
