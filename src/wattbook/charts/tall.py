"""Chart forms that are as narrow as a phone and as tall as they need; and a map of arrows for any width."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from wattbook.charts.specs import WHOLE, renamed
from wattbook.charts.theme import COLOURS

# The plot that `wattbook.charts.narrow` tries first, so that a form of this width keeps its measures.
PLOT = 312
# Pixels for the words of a graded list, and of a cell of an upright heat map.
_WORDS = 190
_CELL = 22


class Place(NamedTuple):
    """Where a node stands, in pixels from the upper left, and the side of its name: above, below, left or right."""

    x: float
    y: float
    side: str


class Words(NamedTuple):
    """Where the words of an arrow begin, in pixels from the upper left, and to which side they run."""

    x: float
    y: float
    align: str = "left"


def arrow_map(
    arrows: pd.DataFrame,
    places: Mapping[str, Place],
    words: Mapping[tuple[str, str], Words],
    *,
    roles: Mapping[str, str],
    colours: Mapping[str, Mapping[str, str]],
    width: int,
    height: int,
    size: int = 420,
    lower_legend: bool = False,
) -> Any:
    """Nodes with names and arrows with words, each at the place that is given.

    ``arrows`` has the columns from, to, what and label (its lines parted by a line feed), and others for tooltips;
    ``roles`` gives the role of each node, ``colours`` those of the arrows (key Arrow) and of the roles (key Firm).
    With ``lower_legend`` the legend of the roles stands below.
    """
    gap = np.sqrt(size / np.pi) + 6
    lines = []
    for row in arrows.to_dict("records"):
        start, end = places[row["from"]], places[row["to"]]
        said = words.get((row["from"], row["to"]), Words(0, 0))
        across, down = end.x - start.x, end.y - start.y
        # An arrow stops short of the dot.
        part = 1 - gap / np.hypot(across, down)
        lines.append(
            row
            | {"x": start.x, "y": start.y, "x2": start.x + across * part, "y2": start.y + down * part}
            | {"angle": np.degrees(np.arctan2(across, -down)) % 360, "xm": said.x, "ym": said.y, "align": said.align}
        )
    nodes = pd.DataFrame(
        [{"name": name, "role": roles[name], "x": p.x, "y": p.y, "side": p.side} for name, p in places.items()]
    )

    def at(across: str, down: str) -> list[Any]:
        return [
            alt.X(f"{across}:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False)),
            alt.Y(f"{down}:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False)),
        ]

    def shade(field: str, of: str, legend: alt.Legend | None) -> alt.Color:
        scale = alt.Scale(domain=list(colours[of]), range=list(colours[of].values()))
        return alt.Color(f"{field}:N", scale=scale, legend=legend)

    edge = alt.Chart(pd.DataFrame(lines)).encode(tooltip=[f"{column}:N" for column in arrows])
    named = alt.Legend(title="Arrow", columns=1, symbolType="stroke")
    layers: list[alt.Chart] = [
        edge.mark_rule(strokeWidth=2).encode(*at("x", "y"), x2="x2:Q", y2="y2:Q", color=shade("what", "Arrow", named)),
        edge.mark_point(shape="triangle", size=110, opacity=1).encode(
            *at("x2", "y2"), angle=alt.Angle("angle:Q", scale=None), color=shade("what", "Arrow", None)
        ),
    ]
    for align in sorted({line["align"] for line in lines}):
        text = edge.transform_filter(alt.datum.align == align)
        written = text.mark_text(align=align, lineBreak="\n", fontSize=12, lineHeight=14)
        layers.append(written.encode(*at("xm", "ym"), text="label:N"))
    base = alt.Chart(nodes).encode(*at("x", "y"), tooltip=["name:N", "role:N"])
    named = alt.Legend(title="Firm", columns=1, symbolType="circle", orient="bottom" if lower_legend else "top")
    layers.append(base.mark_circle(size=size, opacity=1).encode(color=shade("role", "Firm", named)))
    beside: dict[str, dict[str, Any]] = {
        "above": {"dy": -gap - 3},
        "below": {"dy": gap + 4},
        "left": {"dx": -gap, "align": "right"},
        "right": {"dx": gap, "align": "left"},
    }
    for side in sorted(set(nodes["side"])):
        name = base.transform_filter(alt.datum.side == side)
        layers.append(name.mark_text(fontWeight="bold", **beside[side]).encode(text="name:N"))
    return alt.layer(*layers).resolve_scale(color="independent").properties(width=width, height=height)


def graded_list(
    data: pd.DataFrame,
    *,
    name: str,
    note: str,
    grade: str,
    grades: Sequence[str],
    colour: str,
    colours: Mapping[str, str],
) -> Any:
    """Per row a name with a note under it, and a dot in the column of its grade.

    The names of neighbouring grades stand at different heights, so that the columns can be narrow.
    """
    low = [one for place, one in enumerate(grades) if place % 2]
    rows = alt.Chart(data).encode(y=alt.Y(f"{name}:N", sort=list(data[name]), axis=None))
    x = alt.X(
        f"{grade}:N",
        sort=list(grades),
        title=None,
        scale=alt.Scale(domain=list(grades), range=[_WORDS, PLOT]),
        axis=alt.Axis(
            orient="top",
            labelAngle=0,
            labelOverlap=False,
            # The second line hangs below.
            labelPadding=19,
            grid=True,
            labelExpr=f"indexof({low}, datum.label) < 0 ? [datum.label, ''] : ['', datum.label]",
        ),
    )
    shades = alt.Color(
        f"{colour}:N",
        title=None,
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(symbolType="circle"),
    )
    return alt.layer(
        rows.mark_point(size=90, opacity=1).encode(x, color=shades, tooltip=[name, grade, colour, note]),
        rows.mark_text(align="left", dy=-7, fontSize=12, fontWeight=600).encode(x=alt.value(0), text=f"{name}:N"),
        rows.mark_text(align="left", dy=7, fontSize=12, color=COLOURS["muted"]).encode(
            x=alt.value(0), text=f"{note}:N"
        ),
    ).properties(width=PLOT, height=alt.Step(34))


def paired_intervals(
    data: pd.DataFrame,
    *,
    label: str,
    group: str,
    unit: str,
    colours: Mapping[str, str],
    order: Sequence[str],
) -> Any:
    """Per label one line from the column low to high with a dot at rate for each group, under each other."""
    base = alt.Chart(data).encode(
        y=alt.Y(f"{label}:N", sort=list(order), title=None, axis=alt.Axis(grid=False)),
        yOffset=alt.YOffset(f"{group}:N", sort=list(colours)),
        color=alt.Color(
            f"{group}:N",
            title=None,
            scale=alt.Scale(domain=list(colours), range=list(colours.values())),
            legend=alt.Legend(symbolType="circle", symbolOpacity=1, direction="vertical"),
        ),
        tooltip=[str(column) for column in data],
    )
    x = alt.X("low:Q", title=unit, axis=alt.Axis(tickCount=5))
    return alt.layer(
        base.mark_rule(strokeWidth=4, opacity=0.5).encode(x, x2="high:Q"),
        base.mark_point(size=60, opacity=1).encode(alt.X("rate:Q")),
    ).properties(width=200, height=alt.Step(13))


def time_list(chart: Any, text: str, span: Sequence[float]) -> Any:
    """Make a list of dated texts narrow: its layers but the last, which is the texts, and then the column ``text``.

    ``span`` are the years at the ends of the axis.  The texts keep the lines that they have.
    """
    whole = chart.copy(deep=True)
    years = list(range(math.ceil(span[0]), math.floor(span[1]) + 1))
    *marks, words = whole.layer
    for mark in marks:
        mark.encoding.x.scale = alt.Scale(domain=list(span), range=[0, 64], nice=False)
        # Two names fit.
        mark.encoding.x.axis = alt.Axis(
            format="d", values=years, orient="top", labelExpr="datum.value % 2 ? '' : datum.label"
        )
    words = words.transform_calculate(lines=f"split(datum[{text!r}], '\\n')")
    # The block of lines belongs to the middle of its row.
    words.mark.dy = alt.ExprRef("-7 * (length(datum.lines) - 1)")
    words.mark.style = WHOLE
    words.encoding.x, words.encoding.text = alt.value(76), alt.Text("lines:N")
    return alt.layer(*marks, words, data=whole.data).properties(width=PLOT, height=alt.Step(46))


def upright(chart: Any, short: Mapping[str, str]) -> Any:
    """Make a heat map narrow: names of columns stand upright, those in ``short`` cut, and rows take a line."""
    small = chart.copy(deep=True)
    for layer in small.layer:
        axis = layer.encoding.x["axis"]
        axis.labelAngle = -90
        axis.labelExpr = renamed(short)
        layer.encoding.y.axis = alt.Axis(style=WHOLE)
    small.layer[0].encoding.color["legend"].gradientLength = 140
    return small.properties(width=alt.Step(_CELL), height=alt.Step(_CELL))
