"""The live table of buckets and controls."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

STATES = {
    "InSync": "[green]●[/]",
    "Corrected": "[bold yellow]↺[/]",
    "Drifted": "[red]≠[/]",
    "Pending": "[cyan]…[/]",
    "Failed": "[red]✗[/]",
    "Unknown": "[magenta]?[/]",
    "Unsupported": "[dim]-[/]",
    "Unmanaged": "[dim]○[/]",
}
LEGEND = "● in sync  ↺ corrected  ≠ drifted  … pending  ✗ failed  ? unknown  - not on this server  ○ unmanaged"
SHORT = {
    "publicAccessBlock": "public",
    "policy": "policy",
    "ownership": "owner",
    "encryption": "encrypt",
    "versioning": "version",
    "objectLock": "lock",
    "logging": "logging",
    "lifecycle": "lifecycle",
    "replication": "replicate",
    "notifications": "notify",
    "tags": "tags",
}


def condition(body: Mapping[str, Any], kind: str) -> str:
    """Give the status of a condition, e.g. `True`; empty when it is not there."""
    found = (each["status"] for each in body.get("status", {}).get("conditions", []) if each["type"] == kind)
    return str(next(found, ""))


def table_of(bodies: list[dict[str, Any]]) -> Table:
    """Draw one row a SecureBucket, one column a control."""
    grid = Table(caption=LEGEND, caption_justify="left", show_edge=False, pad_edge=False, header_style="bold")
    for column in ("Bucket", "Mode", "Ready", "InSync", "Compliant", "Score", "Drift"):
        grid.add_column(column)
    for name in SHORT.values():
        grid.add_column(name, justify="center")
    for body in sorted(bodies, key=lambda each: (each["metadata"]["namespace"], each["metadata"]["name"])):
        status = body.get("status", {})
        states = {each["name"]: STATES.get(each["state"], each["state"]) for each in status.get("controls", [])}
        marks = {"True": "[green]True[/]", "False": "[red]False[/]", "Unknown": "[magenta]Unknown[/]", "": "[dim]·[/]"}
        grid.add_row(
            status.get("bucket", {}).get("name") or body["spec"].get("bucketName") or body["metadata"]["name"],
            str(status.get("effective", {}).get("mode", "")),
            *(marks[condition(body, kind)] for kind in ("Ready", "InSync", "Compliant")),
            str(status.get("compliance", {}).get("score", "")),
            str(status.get("drift", {}).get("count", 0)),
            *(states.get(name, "[dim]·[/]") for name in SHORT),
        )
    return grid
