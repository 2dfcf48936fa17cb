"""How the operator runs: what `securebucket run` is told."""

from dataclasses import dataclass, field
from typing import Literal

from securebucket.kube.informer import WatchTerms
from securebucket.kube.recorder import INTERVAL as EVENT_INTERVAL
from securebucket.process.lease import Terms
from securebucket.process.logs import LogFormat
from securebucket.report.open_reports import ReportKind
from securebucket.reporting.report_writer import INTERVAL as REPORT_INTERVAL


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The settings of one operator process. Times are in seconds.

    Args:
        namespaces: to watch; empty for the whole cluster.
        workers: passes at once; below 100, which is as many buckets as botocore remembers endpoints of.
        health_port: of `/healthz` and `/readyz`; 0 lets the system choose.
        health_host: address that they listen on.
        lease_namespace: where the Lease is; empty means the pod's own namespace, else `default`.
        lease_name: names the Lease; one for each set of replicas.
        identity: names this process in Lease and Events; empty means the pod's name and something random.
        cluster_id: names the cluster in ownership tags; empty means the uid of namespace kube-system.
        default_interval: between the sweeps of objects that say nothing.
        default_profile: of objects that name none; empty means none.
        approve_rollout: the fleet may follow a new release at once, however much of it that modifies.
        observe_only: no bucket is written and no object gets a finalizer, whatever the objects ask for.
        kubeconfig: path; empty means `KUBECONFIG`, else the pod's ServiceAccount, else ~/.kube/config.
        reports: which reports are written of each namespace; empty for none.
        log_format: `json` or `text`.
        log_level: such as `INFO`.
        start_interval: between two attempts at what the start needs, such as the CRDs.
        comparison_interval: between full lists.
        report_interval: between two looks at what is new for the reports.
        event_interval: between two writes of an Event that repeats.
        exception_interval: between looks at all exceptions, besides those when one changes or ends.
        account_interval: between two looks at the accounts in use.
        account_delay: before the first look, from when this process leads.
        stop_timeout: for the writes that are under way when the process is to end.
        lease: the times of the election.
        watch: the times of the watches.
    """

    namespaces: tuple[str, ...] = ()
    workers: int = 16
    health_port: int = 8081
    health_host: str = "0.0.0.0"  # noqa: S104 - the kubelet probes the pod's address
    lease_namespace: str = ""
    lease_name: str = "securebucket-operator"
    identity: str = ""
    cluster_id: str = ""
    default_interval: float = 3600.0
    default_profile: str = ""
    approve_rollout: bool = False
    observe_only: bool = False
    kubeconfig: str = ""
    reports: ReportKind | Literal[""] = ""
    log_format: LogFormat = "json"
    log_level: str = "INFO"
    start_interval: float = 5.0
    comparison_interval: float = 1800.0
    report_interval: float = REPORT_INTERVAL
    event_interval: float = EVENT_INTERVAL
    exception_interval: float = 60.0
    account_interval: float = 900.0
    account_delay: float = 20.0
    stop_timeout: float = 18.0
    lease: Terms = field(default_factory=Terms)
    watch: WatchTerms = field(default_factory=WatchTerms)
