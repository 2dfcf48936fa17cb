"""`make generate` writes the generated files; with `--check` it only compares (`make check`)."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from securebucket.cli.iam_policy import Purpose, policy_document
from securebucket_dev.generate.api_page import api_page
from securebucket_dev.generate.argo_cd import actions_file
from securebucket_dev.generate.chart_page import chart_page, values_page
from securebucket_dev.generate.command_page import command_page
from securebucket_dev.generate.compliance_pages import checks_page, frameworks_page
from securebucket_dev.generate.definition_files import definition_files, left_over
from securebucket_dev.generate.event_templates import forwarding_template, queue_template
from securebucket_dev.generate.iam_page import iam_page
from securebucket_dev.generate.install_file import install_file
from securebucket_dev.generate.kube_state_metrics import values_file
from securebucket_dev.generate.mechanisms import mechanisms_page
from securebucket_dev.generate.member_account import member_account_template
from securebucket_dev.generate.monitoring.dashboard import dashboard_file
from securebucket_dev.generate.monitoring.rule_files import prometheus_rule, rule_file
from securebucket_dev.generate.reference import account_page, controls_page, metrics_page
from securebucket_dev.generate.refusals_page import refusals_page
from securebucket_dev.generate.scanner_section import with_section
from securebucket_dev.generate.version import chart_file, manifest

ROOT = Path(__file__).resolve().parents[3]
VERDICTS = "docs/explanation/verdicts.md"
"""Written by hand, but for one section."""
ARGO_CD = "deploy/argocd/customizations/securebucket.io/SecureBucket"
CHART = "charts/securebucket/Chart.yaml"
"""Written by hand, but for the version."""
NAMING_THE_RELEASE = (
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "deploy").rglob("*.yaml")),
    "deploy/README.md",
    "docs/how-to/install.md",
    "docs/how-to/kube-state-metrics.md",
)
"""Manifests, and pages with some: written by hand, but for the version of the image and of the repository."""


def files() -> dict[str, str]:
    """Give every generated file, by its path in the repository."""
    generated_in_part = {path: manifest((ROOT / path).read_text(encoding="utf-8")) for path in NAMING_THE_RELEASE}
    return (
        definition_files()
        | generated_in_part
        | {
            CHART: chart_file((ROOT / CHART).read_text(encoding="utf-8")),
            "charts/securebucket/README.md": chart_page(ROOT / "charts" / "securebucket"),
            "charts/securebucket/files/monitoring/dashboard.json": dashboard_file(),
            "charts/securebucket/files/monitoring/rules.yaml": rule_file(),
            f"{ARGO_CD}/actions.yaml": actions_file(ROOT / ARGO_CD / "actions"),
            "deploy/events/event-forwarding.yaml": forwarding_template(),
            "deploy/events/event-queue.yaml": queue_template(),
            "deploy/iam/enforce.json": json.dumps(policy_document(purpose=Purpose.ENFORCE), indent=2) + "\n",
            "deploy/iam/observe.json": json.dumps(policy_document(purpose=Purpose.OBSERVE), indent=2) + "\n",
            "deploy/install.yaml": manifest(install_file(ROOT / "deploy" / "cluster")),
            "deploy/iam/member-account.json": json.dumps(member_account_template(), indent=2) + "\n",
            "deploy/kube-state-metrics/values.yaml": values_file(ROOT / "deploy" / "kube-state-metrics"),
            VERDICTS: with_section((ROOT / VERDICTS).read_text(encoding="utf-8")),
            "deploy/monitoring/dashboard.json": dashboard_file(),
            "deploy/monitoring/prometheus-rule.yaml": prometheus_rule(),
            "docs/reference/account.md": account_page(),
            "docs/reference/api.md": api_page(),
            "docs/reference/cli.md": command_page(),
            "docs/reference/controls.md": controls_page(),
            "docs/reference/checks.md": checks_page(),
            "docs/reference/frameworks.md": frameworks_page(),
            "docs/reference/iam.md": iam_page(),
            "docs/reference/mechanisms.md": mechanisms_page(),
            "docs/reference/metrics.md": metrics_page(),
            "docs/reference/refusals.md": refusals_page(),
            "docs/reference/values.md": values_page(ROOT / "charts" / "securebucket"),
        }
    )


def write(root: Path, wanted: Mapping[str, str], left_over: Sequence[str], *, check: bool) -> int:
    """Write what differs and remove what is left over, or only say so; 1 when there was something to say."""
    stale = [path for path, text in wanted.items() if _read(root / path) != text]
    for path in (*stale, *left_over):
        if check:
            sys.stderr.write(f"{path} is not what the code says; run make generate\n")
            continue
        file = root / path
        if path in wanted:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted[path], encoding="utf-8")
        else:
            file.unlink()
        sys.stdout.write(f"{path}\n")
    return int(check and bool([*stale, *left_over]))


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.is_file() else ""


if __name__ == "__main__":
    sys.exit(write(ROOT, files(), left_over(ROOT), check="--check" in sys.argv[1:]))
