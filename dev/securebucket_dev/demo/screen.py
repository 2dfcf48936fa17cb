"""The live table of buckets and controls."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

STATES = {
    "Corrected": ("bold yellow", "corrected"),
    "Drifted": ("red", "drifted"),
    "Pending": ("cyan", "pending"),
    "Failed": ("red", "failed"),
    "Unknown": ("magenta", "unknown"),
    "Unsupported": ("dim", "not on this server"),
    "Unmanaged": ("dim", "unmanaged"),
}
"""Styles and words of the states of controls but InSync, of which there are many and nothing to say."""

STANDINGS = {"ready": "green", "waits": "cyan", "stalled": "red", "working": "yellow", "new": "dim"}
MARKS = {"True": "[green]True[/]", "False": "[red]False[/]"}


def condition(body: Mapping[str, Any], kind: str) -> Mapping[str, str]:
    """Give a condition; empty when it is not there."""
    found = (each for each in body.get("status", {}).get("conditions", []) if each["type"] == kind)
    return dict(next(found, {}))


def is_ready(body: Mapping[str, Any]) -> bool:
    """Tell whether the object is ready."""
    return condition(body, "Ready").get("status") == "True"


def awaits_approval(body: Mapping[str, Any]) -> bool:
    """Tell whether the object only waits for a person to say yes."""
    return condition(body, "Ready").get("reason") == "ApprovalRequired"


def standing(body: Mapping[str, Any]) -> str:
    """Say in a word where an object is."""
    if is_ready(body):
        return "ready"
    if awaits_approval(body):
        return "waits"
    if condition(body, "Stalled"):
        return "stalled"
    return "working" if condition(body, "Ready") else "new"


def controls_text(body: Mapping[str, Any]) -> str:
    """Say how the controls are: how many are in sync, and by name those that are not."""
    controls = body.get("status", {}).get("controls", [])
    if not controls and awaits_approval(body):
        return "not there yet; waits for approval of its plan"
    if not controls:
        return escape(condition(body, "Ready").get("message", ""))
    names: dict[str, list[str]] = {}
    for each in controls:
        names.setdefault(each["state"], []).append(each["name"])
    parts = [f"[green]{len(names['InSync'])} in sync[/]"] if "InSync" in names else []
    for state, (style, words) in STATES.items():
        if state in names:
            parts.append(f"[{style}]{len(names[state])} {words}: {', '.join(names[state])}[/]")
    return "; ".join(parts)


def name_of(body: Mapping[str, Any]) -> str:
    """Give the name of an object's bucket."""
    return str(body["spec"].get("bucketName") or body["metadata"]["name"])


def table_of(bodies: Iterable[Mapping[str, Any]]) -> Table:
    """Draw one row a SecureBucket. Names are never cut off; the last column is folded."""
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for column in ("BUCKET", "STATE", "COMPLIANT", "SCORE", "DRIFT"):
        grid.add_column(column, no_wrap=True)
    grid.add_column("CONTROLS", overflow="fold")
    for body in sorted(bodies, key=lambda each: (each["metadata"]["namespace"], each["metadata"]["name"])):
        status, word = body.get("status", {}), standing(body)
        compliant = condition(body, "Compliant").get("status", "")
        grid.add_row(
            name_of(body),
            f"[{STANDINGS[word]}]{word}[/]",
            MARKS.get(compliant, f"[dim]{compliant or '-'}[/]"),
            str(status.get("compliance", {}).get("score", "-")),
            str(status.get("drift", {}).get("count", 0)),
            controls_text(body),
        )
    return grid
