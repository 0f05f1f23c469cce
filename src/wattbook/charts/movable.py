"""Charts that work out a model from sliders, in the page, by the formulas of `wattbook.models`.

A browser test moves the sliders and compares what the chart holds with the Python function
(tests/book/test_models.py).
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import altair as alt
import pandas as pd

from wattbook.charts.theme import COLOURS

# Lead times are printed in these units; 365 days a year as in the chapters' other sums.
PER_YEAR = {"year": 1.0, "month": 12.0, "week": 365 / 7}


class Slider(NamedTuple):
    """A slider under a chart: where it starts, its ends and step, and its label."""

    value: float
    low: float
    high: float
    step: float
    label: str


def sliders(controls: Mapping[str, Slider]) -> list[alt.Parameter]:
    """Make the parameters of a chart from sliders by signal name."""
    return [
        alt.param(
            name=name, value=one.value, bind=alt.binding_range(min=one.low, max=one.high, step=one.step, name=one.label)
        )
        for name, one in controls.items()
    ]


class LeadTime(NamedTuple):
    """A lead time: its name for the reader, its slider's signal, unit (year, month or week), printed range, slider."""

    name: str
    signal: str
    unit: str
    low: float
    high: float
    slider: Slider


def arrivals(leads: Mapping[str, LeadTime], in_line: float, *, width: int = 400) -> Any:
    """What arrives when, after `wattbook.models.schedule.power_arrivals`, with movable lead times.

    ``leads`` are the lead times by the name that the function has for them, ``in_line`` is what it takes at first
    (signal ``inLine``).  Above are the lead times from the decision on, with the printed range as a thin line; below
    is, for each way to power, how long the finished building waits.
    """
    years = {task: f"({one.signal} / {PER_YEAR[one.unit]!r})" for task, one in leads.items()}
    controls = {one.signal: one.slider for one in leads.values()} | {
        "inLine": Slider(in_line, 0, 1, 0.05, "In line: part of approval or review that comes first ")
    }
    first = {"substation": f"inLine * {years['approval']}", "line": f"inLine * {years['review']}"}
    finish = {task: f"({first.get(task, '0')} + {lead})" for task, lead in years.items()}
    grid = f"max({finish['approval']}, {finish['substation']})"
    power = {
        "turbine": ("Own gas turbines", finish["turbine"]),
        "grid": ("Grid, existing line", grid),
        "restart": ("Restarted reactor", finish["restart"]),
        "small reactor": ("Small reactor", finish["small reactor"]),
        "grid, new line": ("Grid, with a new line", f"max({grid}, {finish['review']}, {finish['line']})"),
    }
    built = finish["data centre"]
    longest = f"1.4 * max({', '.join([*finish.values(), built])})"
    x = alt.X(
        "start:Q",
        title="years after the decision",
        scale=alt.Scale(domainMin=0, domainMax=alt.expr(longest), nice=False),
        axis=alt.Axis(tickCount=8, format="d", tickMinStep=1),
    )
    rows = pd.DataFrame(
        [(task, one.name, one.low, one.high, PER_YEAR[one.unit]) for task, one in leads.items()],
        columns=["task", "name", "low", "high", "per_year"],
    )
    clocks = (
        alt.Chart(rows)
        .transform_calculate(start=_choose("task", first | {t: "0" for t in years if t not in first}))
        .transform_calculate(finish=_choose("task", finish))
        .transform_calculate(
            least="datum.start + datum.low / datum.per_year",
            most="datum.start + datum.high / datum.per_year",
            text="format(datum.finish - datum.start, '.1f') + ' years' + "
            "(datum.start > 0 ? ', done after ' + format(datum.finish, '.1f') : '')",
        )
        .encode(y=alt.Y("name:N", sort=list(rows["name"]), title=None, axis=alt.Axis(minExtent=190)))
    )
    ways = (
        alt.Chart(pd.DataFrame({"way": list(power), "name": [name for name, _ in power.values()]}))
        .transform_calculate(built=built, power=_choose("way", {way: when for way, (_, when) in power.items()}))
        .transform_calculate(
            wait="max(datum.power - datum.built, 0)", start="min(datum.built, datum.power)", finish="datum.power"
        )
        .transform_calculate(
            text="'after ' + format(datum.power, '.1f') + "
            "(datum.wait > 0 ? ', waits ' + format(datum.wait, '.1f') : ', in time')"
        )
        .encode(y=alt.Y("name:N", sort=[name for name, _ in power.values()], title=None, axis=alt.Axis(minExtent=190)))
    )
    ready = alt.Chart(pd.DataFrame({"label": ["building ready"]})).transform_calculate(start=built)
    tip = [alt.Tooltip("name:N"), alt.Tooltip("start:Q", format=".2f"), alt.Tooltip("finish:Q", format=".2f")]
    above = alt.layer(
        clocks.mark_bar(height=13, color=COLOURS["blue"], opacity=0.55).encode(x, x2="finish:Q", tooltip=tip),
        clocks.mark_rule(strokeWidth=2, color=COLOURS["ink"]).encode(alt.X("least:Q"), x2="most:Q"),
        clocks.mark_text(align="left", dx=6)
        .encode(alt.X("right:Q"), text="text:N")
        .transform_calculate(right="max(datum.finish, datum.most)"),
        ready.mark_rule(strokeDash=[5, 4], color=COLOURS["muted"]).encode(x),
    ).properties(width=width, height=alt.Step(24))
    below = alt.layer(
        ready.mark_rule(strokeDash=[5, 4], color=COLOURS["muted"]).encode(x),
        ways.mark_rule(strokeWidth=6, color=COLOURS["red"], opacity=0.55)
        .encode(alt.X("built:Q"), x2="end:Q", tooltip=[*tip, alt.Tooltip("wait:Q", format=".2f")])
        .transform_calculate(end="max(datum.power, datum.built)"),
        ways.mark_point(size=90, opacity=1, color=COLOURS["green"]).encode(alt.X("power:Q"), tooltip=tip),
        ways.mark_text(align="left", dx=9).encode(alt.X("power:Q"), text="text:N"),
        ready.mark_text(align="left", dx=-4, dy=-8, color=COLOURS["muted"]).encode(x, y=alt.value(0), text="label:N"),
    ).properties(width=width, height=alt.Step(24))
    return alt.vconcat(above, below, spacing=26).resolve_scale(x="shared").add_params(*sliders(controls))


def _choose(field: str, values: Mapping[str, str]) -> str:
    """Write a Vega expression that gives one of several expressions by the value of a field."""
    cases = "".join(f"datum[{field!r}] == {key!r} ? {value} : " for key, value in values.items())
    return f"{cases}null"
