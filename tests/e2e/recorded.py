"""Objects as the real operator left them, one file a state: what Argo CD and Flux are shown.

They lie in `testdata/` beside the health check that is run over them, in the form that Argo CD's own repository has.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from tests.e2e.api import Body

CUSTOMIZATIONS = Path(__file__).parents[2] / "deploy" / "argocd" / "customizations" / "securebucket.io"

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SOME_TIME = "2026-01-01T00:00:00Z"
SOME_UID = "00000000-0000-0000-0000-000000000000"
SOME_HASH = "0123456789ab"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a state of an object means to the tools that wait for it.

    Args:
        argo: Argo CD's health.
        kstatus: by which Flux waits; https://github.com/kubernetes-sigs/cli-utils/blob/master/pkg/kstatus/README.md
    """

    argo: str
    kstatus: str


BUCKETS = {
    "ready": Shown("Healthy", "Current"),
    "failing-checks": Shown("Healthy", "Current"),
    "observed-drift": Shown("Healthy", "Current"),
    "unseen": Shown("Progressing", "InProgress"),
    "changed": Shown("Progressing", "InProgress"),
    "profile-missing": Shown("Progressing", "InProgress"),
    "throttled": Shown("Progressing", "InProgress"),
    "settling": Shown("Progressing", "InProgress"),
    "plan-pending": Shown("Suspended", "InProgress"),
    "approval-pending": Shown("Suspended", "InProgress"),
    "paused": Shown("Suspended", "Current"),
    "paused-drifted": Shown("Suspended", "InProgress"),
    "paused-missing": Shown("Suspended", "InProgress"),
    "conflict": Shown("Degraded", "Failed"),
    "denied": Shown("Degraded", "Failed"),
    "adoption-required": Shown("Degraded", "Failed"),
    "deleting": Shown("Progressing", "Terminating"),
}
"""SecureBuckets by the name of their state."""

EXCEPTIONS = {
    "in-force": Shown("Healthy", "Current"),
    "ending-soon": Shown("Healthy", "Current"),
    "expired": Shown("Degraded", "Current"),
    "no-such-bucket": Shown("Degraded", "Current"),
}
"""BucketExceptions likewise. kstatus knows no condition but Ready, Reconciling and Stalled."""


def file_of(kind: str, state: str) -> Path:
    """Give the file of a state."""
    return CUSTOMIZATIONS / kind / "testdata" / f"{state}.yaml"


def read(kind: str, state: str) -> Body:
    """Read the object of a state."""
    found: Body = yaml.safe_load(file_of(kind, state).read_text())
    return found


def written(body: Body) -> str:
    """Write an object down, without what is another one each time."""
    digest = (body.get("status", {}).get("plan") or {}).get("hash")
    return yaml.safe_dump(_without_chance(body, digest), sort_keys=False, width=120, allow_unicode=True)


def _without_chance(value: Any, digest: str | None) -> Any:
    if isinstance(value, dict):
        kept = {key: _without_chance(each, digest) for key, each in value.items() if key != "managedFields"}
        return kept | {key: "1" for key in ("resourceVersion",) if key in kept}
    if isinstance(value, list):
        return [_without_chance(each, digest) for each in value]
    if isinstance(value, str):
        text = UID.sub(SOME_UID, TIME.sub(SOME_TIME, value))
        return text.replace(digest, SOME_HASH) if digest else text
    return value
