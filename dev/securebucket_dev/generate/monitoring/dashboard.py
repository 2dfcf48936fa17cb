"""The Grafana dashboard: rows of panels, and the variables that they share."""

import json
from typing import Any

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models import dashboard as models

from securebucket_dev.generate.monitoring import fleet_panels, operator_panels
from securebucket_dev.generate.monitoring.panel import SOURCE, Panel

ROWS: dict[str, tuple[Panel, ...]] = {
    "At a glance": fleet_panels.GLANCE,
    "Compliance": fleet_panels.COMPLIANCE,
    "Drift": fleet_panels.DRIFT,
    "Replication": fleet_panels.REPLICATION,
    "AWS": operator_panels.AWS,
    "Operator": operator_panels.OPERATOR,
}
SEVERITIES = ("critical", "high", "medium", "low")
EVERYTHING = models.VariableOption(selected=True, text=["All"], value=["$__all"])


def dashboard_file() -> str:
    """Write the dashboard as Grafana imports it."""
    builder = (
        dashboard.Dashboard("SecureBucket")
        .uid("securebucket")
        .description("Buckets under the SecureBucket operator: compliance, drift, and what the operator does about it.")
        .tags(["securebucket", "s3", "security"])
        .editable()
        .tooltip(models.DashboardCursorSync.CROSSHAIR)
        .timezone("browser")
        .time("now-6h", "now")
        .refresh("1m")
    )
    for variable in _variables():
        builder.with_variable(variable)
    number = 0
    for title, panels in ROWS.items():
        number += 1
        builder.with_row(dashboard.Row(title).id(number))
        for panel in panels:
            number += 1
            builder.with_panel(panel.build(number))
    document: dict[str, Any] = json.loads(JSONEncoder().encode(builder.build()))
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _variables() -> list[Any]:
    return [
        dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"),
        _labels("namespace", "Namespace", "label_values(securebucket_info, namespace)", EVERYTHING),
        _labels(
            "framework",
            "Framework",
            "label_values(securebucket_compliance_score_ratio, framework)",
            models.VariableOption(selected=True, text=["securebucket"], value=["securebucket"]),
        ),
        dashboard.CustomVariable("severity")
        .label("Severity")
        .values(",".join(SEVERITIES))
        .options([EVERYTHING, *(models.VariableOption(text=each, value=each) for each in SEVERITIES)])
        .current(EVERYTHING)
        .multi(True)
        .include_all(True)
        .all_value(".*"),
    ]


def _labels(name: str, label: str, query: str, first: models.VariableOption) -> dashboard.QueryVariable:
    """Make a variable of the values that a label has."""
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(SOURCE)
        .query(query)
        .refresh(models.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(models.VariableSort.ALPHABETICAL_ASC)
        .current(first)
        .multi(True)
        .include_all(True)
        .all_value(".*")
    )
