"""One panel of the dashboard as data, and what Grafana makes of it."""

from dataclasses import dataclass, field
from typing import Any, Literal

from grafana_foundation_sdk.builders import bargauge, common, dashboard, prometheus, stat, statetimeline, table
from grafana_foundation_sdk.builders import timeseries as lines
from grafana_foundation_sdk.models import common as forms
from grafana_foundation_sdk.models import dashboard as models
from grafana_foundation_sdk.models import prometheus as queries

Kind = Literal["stat", "lines", "areas", "bars", "table", "states"]
"""A number, lines, lines that add up, bars, a table, or states over time."""

SOURCE = models.DataSourceRef(type_val="prometheus", uid="${datasource}")
LETTERS = "ABCDEFGH"
GOOD, FAIR, BAD = "green", "orange", "red"


@dataclass(frozen=True, slots=True)
class Query:
    """PromQL with the name of its series.

    Args:
        expr: PromQL; may use the dashboard's variables.
        legend: how a series is called; may use labels, as `{{control}}`.
    """

    expr: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel.

    Args:
        title: what it shows.
        description: how to read it, and what to do about it.
        kind: how it is drawn.
        unit: Grafana's name of the unit, e.g. `percentunit`.
        queries: what it asks.
        width: of the 24 columns.
        height: in rows of Grafana's grid.
        steps: from which value on it is fair, and bad; a value that is worse when smaller begins with the bad one.
        rising: whether larger is better.
        columns: of a table, label to title; other labels are left out. The value comes last.
        value: title of a table's value.
        matrix: makes a table of a label's values against another's: row label, column label.
    """

    title: str
    description: str
    kind: Kind
    unit: str
    queries: tuple[Query, ...]
    width: int = 12
    height: int = 8
    steps: tuple[float, ...] = ()
    rising: bool = False
    columns: dict[str, str] = field(default_factory=dict)
    value: str = "Value"
    matrix: tuple[str, str] | None = None

    def build(self, number: int) -> Any:
        """Make the builder of the panel that has this id."""
        builder = BUILDERS[self.kind](self)
        builder.id(number).title(self.title).description(self.description).unit(self.unit)
        builder.datasource(SOURCE).span(self.width).height(self.height)
        if self.steps:
            builder.thresholds(self._thresholds())
        for letter, query in zip(LETTERS, self.queries, strict=False):
            builder.with_target(self._target(letter, query))
        return builder

    def _target(self, letter: str, query: Query) -> prometheus.Dataquery:
        target = prometheus.Dataquery().ref_id(letter).datasource(SOURCE).expr(query.expr)
        if query.legend:
            target.legend_format(query.legend)
        if self.kind == "table":
            return target.instant().format(queries.PromQueryFormat.TABLE)
        return target.instant() if self.kind in {"stat", "bars"} else target.range()

    def _thresholds(self) -> dashboard.ThresholdsConfig:
        colours = (BAD, FAIR, GOOD) if self.rising else (GOOD, FAIR, BAD)
        if len(self.steps) == 1:
            colours = (colours[0], colours[2], colours[2])
        steps = [models.Threshold(value=None, color=colours[0])]
        steps += [models.Threshold(value=at, color=colour) for at, colour in zip(self.steps, colours[1:], strict=False)]
        return dashboard.ThresholdsConfig().mode(models.ThresholdsMode.ABSOLUTE).steps(steps)


def _stat(panel: Panel) -> stat.Panel:
    mode = forms.BigValueColorMode.BACKGROUND if panel.steps else forms.BigValueColorMode.NONE
    return (
        stat.Panel()
        .graph_mode(forms.BigValueGraphMode.NONE)
        .color_mode(mode)
        .no_value("no data")
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    )


def _lines(panel: Panel) -> lines.Panel:
    builder = (
        lines.Panel()
        .min(0)
        .legend(
            common.VizLegendOptions()
            .show_legend(True)
            .display_mode(forms.LegendDisplayMode.LIST)
            .placement(forms.LegendPlacement.BOTTOM)
        )
        .tooltip(common.VizTooltipOptions().mode(forms.TooltipDisplayMode.MULTI).sort(forms.SortOrder.DESCENDING))
    )
    if panel.kind == "areas":
        builder.fill_opacity(30).stacking(common.StackingConfig().mode(forms.StackingMode.NORMAL))
    return builder


def _bars(_panel: Panel) -> bargauge.Panel:
    return (
        bargauge.Panel()
        .min(0)
        .max(1)
        .orientation(forms.VizOrientation.HORIZONTAL)
        .display_mode(forms.BarGaugeDisplayMode.BASIC)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
    )


def _states(_panel: Panel) -> statetimeline.Panel:
    states = {
        "0": models.ValueMappingResult(text="stands by", color="text", index=0),
        "1": models.ValueMappingResult(text="leads", color=GOOD, index=1),
    }
    return statetimeline.Panel().mappings([models.ValueMap(options=states)])


def _table(panel: Panel) -> table.Panel:
    builder = table.Panel()
    if panel.matrix:
        row, column = panel.matrix
        options = {"rowField": row, "columnField": column, "valueField": "Value", "emptyValue": "empty"}
        builder.with_transformation(models.DataTransformerConfig("groupingToMatrix", options=options))
        plain = models.DynamicConfigValue("custom.cellOptions", forms.TableAutoCellOptions())
        builder.cell_options(forms.TableColoredBackgroundCellOptions())
        return builder.override_by_regexp(f"/^{row}/", [plain])  # the column of names has a colour of no meaning
    names = panel.columns | {"Value": panel.value}
    order = {name: index for index, name in enumerate(names)}
    builder.with_transformation(
        models.DataTransformerConfig("filterFieldsByName", options={"include": {"names": list(names)}})
    )
    builder.with_transformation(
        models.DataTransformerConfig("organize", options={"indexByName": order, "renameByName": names})
    )
    return builder.sort_by([common.TableSortByFieldState().display_name(panel.value).desc(not panel.rising)])


BUILDERS: dict[Kind, Any] = {
    "stat": _stat,
    "lines": _lines,
    "areas": _lines,
    "bars": _bars,
    "table": _table,
    "states": _states,
}
