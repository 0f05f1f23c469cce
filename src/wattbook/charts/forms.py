"""Chart forms that several chapters share.  Each takes a tidy frame and column names and gives an Altair chart."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from wattbook.charts.specs import WHOLE
from wattbook.charts.theme import COLOURS

# Pixels across a column of half a matrix.
_COLUMN = 13


def _colour(data: pd.DataFrame, column: str | None, colours: dict[str, str] | None, *, legend: bool = True) -> Any:
    if column is None:
        return alt.value(COLOURS["blue"])
    # The swatch is solid even where the marks are faded.
    shown = alt.Legend(title=None, symbolOpacity=1) if legend else None
    if colours is None:
        return alt.Color(f"{column}:N", legend=shown)
    domain = [name for name in colours if name in set(data[column])]
    return alt.Color(
        f"{column}:N", scale=alt.Scale(domain=domain, range=[colours[name] for name in domain]), legend=shown
    )


def axis(number: str, **kwargs: Any) -> alt.Axis:
    """Give an axis whose labels follow the d3 format ``number``.

    A format that starts with ``$`` is for dollars: billions and trillions are ``bn`` and ``tn``, not SI prefixes.
    """
    if not number.startswith("$"):
        return alt.Axis(format=number, **kwargs)
    money = f"format(datum.value, '{number}')"
    for prefix, word in (("M", " m"), ("G", " bn"), ("T", " tn")):
        money = f"replace({money}, '{prefix}', '{word}')"
    return alt.Axis(labelExpr=money, **kwargs)


def _tooltip(data: pd.DataFrame) -> list[str]:
    return [str(column) for column in data.columns]


def _room(labels: Sequence[str], size: float = 7.2) -> float:
    """Pixels that the longest label takes at 12 px, a Han character counting as two."""
    return max(sum(2 if ord(c) > 0x2E80 else 1 for c in str(label)) for label in labels) * size + 12


def ranked_bars(
    data: pd.DataFrame,
    *,
    value: str,
    label: str,
    unit: str,
    text: str | None = None,
    number: str = ".3~s",
    colour: str | None = None,
    colours: dict[str, str] | None = None,
    order: Sequence[str] | None = None,
    width: int = 420,
) -> Any:
    """Horizontal bars, longest first (or in ``order``), each with its value written at its end.

    ``unit`` names the value and its unit; ``text`` is the column of the written value, else ``number`` formats it.
    """
    data = data.assign(**{"_text": data[text]}) if text else data
    widest = list(data["_text"]) if text else ["0,000.0 M"]
    largest = float(data[value].max())
    ranked = list(order) if order else list(data.sort_values(value, ascending=False)[label])
    base = alt.Chart(data).encode(
        y=alt.Y(f"{label}:N", sort=ranked, title=None),
        x=alt.X(
            f"{value}:Q",
            title=unit,
            axis=axis(number, tickCount=5),
            # Room to the right of the longest bar for its label.
            scale=alt.Scale(
                domainMax=largest * (1 + _room(widest) / width), domainMin=min(0.0, float(data[value].min()))
            ),
        ),
        tooltip=_tooltip(data.drop(columns="_text", errors="ignore")),
    )
    bars = base.mark_bar().encode(color=_colour(data, colour, colours))
    written = base.mark_text(align="left", dx=4).encode(
        text=alt.Text("_text:N") if text else alt.Text(f"{value}:Q", format=number)
    )
    return (bars + written).properties(width=width, height=alt.Step(24))


def glance(data: pd.DataFrame, *, colour: str, width: int = 216) -> Any:
    """A chart for a card: per row its ``label`` above a bar to ``value``, or a line from ``low`` to ``high``.

    ``text`` is written behind the label.  There are no axes: what can be read off is what is written.
    """
    end = float(data["high"].fillna(data["value"]).max())
    data = data.assign(_row=range(len(data)), _start=0.0, _stop=end)
    y = alt.Y("_row:O", axis=None)

    def along(column: str) -> alt.X:
        return alt.X(f"{column}:Q", axis=None, scale=alt.Scale(domain=[0, end], nice=False))

    exact, ranges = alt.Chart(data[data["low"].isna()]), alt.Chart(data[data["low"].notna()])
    layers = []
    if data["low"].isna().any():
        layers.append(exact.mark_bar(height=9, yOffset=9, color=colour).encode(y=y, x=along("value")))
    if data["low"].notna().any():
        line = ranges.mark_rule(color=COLOURS["muted"], opacity=0.5, yOffset=9)
        layers.append(line.encode(y=y, x=along("_start"), x2="_stop"))
        span = ranges.mark_rule(color=colour, opacity=0.5, strokeWidth=6, yOffset=9)
        layers.append(span.encode(y=y, x=along("low"), x2="high"))
        layers.append(ranges.mark_point(color=colour, opacity=1, yOffset=9).encode(y=y, x=along("value")))
    written = alt.Chart(data).encode(y=y)
    layers.append(written.mark_text(align="left", baseline="bottom", dy=2, x=0).encode(text="label:N"))
    layers.append(
        written.mark_text(align="right", baseline="bottom", dy=2, x=width, fontWeight=600).encode(text="text:N")
    )
    return alt.layer(*layers).properties(width=width, height=alt.Step(38), padding=2)


def stacked_bars(
    data: pd.DataFrame,
    *,
    value: str,
    label: str,
    part: str,
    unit: str,
    colours: dict[str, str] | None = None,
    order: Sequence[str] | None = None,
    share: bool = False,
    number: str = "~s",
    width: int = 520,
) -> Any:
    """Horizontal bars made of parts; ``share`` stretches each bar to the whole."""
    domain = list(colours) if colours else list(dict.fromkeys(data[part]))
    totals = list(data.groupby(label)[value].sum().sort_values(ascending=False).index)
    ranked = data.assign(_rank=data[part].map({name: i for i, name in enumerate(domain)}))
    return (
        alt.Chart(ranked)
        .mark_bar()
        .encode(
            y=alt.Y(f"{label}:N", sort=list(order) if order else totals, title=None),
            x=alt.X(
                f"sum({value}):Q",
                stack="normalize" if share else "zero",
                title=unit,
                axis=axis("%" if share else number, tickCount=5),
            ),
            color=_colour(ranked, part, colours),
            order=alt.Order("_rank:Q"),
            tooltip=_tooltip(data),
        )
        .properties(width=width, height=alt.Step(26))
    )


def dot_intervals(
    data: pd.DataFrame,
    *,
    low: str,
    high: str,
    label: str,
    unit: str,
    point: str | None = None,
    text: str | None = None,
    colour: str | None = None,
    colours: dict[str, str] | None = None,
    order: Sequence[str] | None = None,
    log: bool = False,
    number: str = "~s",
    width: int = 420,
) -> Any:
    """A line from ``low`` to ``high`` per label, with a dot at ``point``; ``text`` is written behind it."""
    scale = alt.Scale(type="log") if log else alt.Scale(zero=False, nice=True)
    y = alt.Y(f"{label}:N", sort=list(order) if order else None, title=None)
    base = alt.Chart(data).encode(y=y, tooltip=_tooltip(data))
    x = alt.X(f"{low}:Q", title=unit, scale=scale, axis=axis(number, tickCount=6, grid=True))
    shade = _colour(data, colour, colours)
    layers: list[alt.Chart] = [base.mark_rule(strokeWidth=4, opacity=0.55).encode(x=x, x2=f"{high}:Q", color=shade)]
    layers.append(base.mark_point(size=80, opacity=1).encode(x=alt.X(f"{point or low}:Q"), color=shade))
    if point is None:
        layers.append(base.mark_point(size=80, opacity=1).encode(x=alt.X(f"{high}:Q"), color=shade))
    if text:
        layers.append(base.mark_text(align="left", dx=9).encode(x=alt.X(f"{high}:Q"), text=f"{text}:N"))
    return alt.layer(*layers).properties(width=width, height=alt.Step(26))


def labelled_lines(
    data: pd.DataFrame,
    *,
    x: str,
    y: str,
    series: str,
    unit: str,
    x_title: str | None = None,
    x_type: str = "Q",
    colours: dict[str, str] | None = None,
    number: str = "~s",
    log: bool = False,
    zero: bool = True,
    width: int = 480,
    height: int = 300,
) -> Any:
    """Lines with points, each named at its right end; there is no legend to look up."""
    ends = data.loc[data.groupby(series, sort=False)[x].idxmax()]
    scale = alt.Scale(type="log") if log else alt.Scale(zero=zero)
    x_axis = alt.Axis(format="d") if x_type == "Q" else alt.Axis(labelAngle=0)
    encoding = {
        "x": alt.X(
            f"{x}:{x_type}",
            title=x_title,
            axis=x_axis,
            scale=alt.Scale(zero=False) if x_type == "Q" else alt.Undefined,
        ),
        "y": alt.Y(f"{y}:Q", title=unit, scale=scale, axis=axis(number, tickCount=6)),
        "color": _colour(data, series, colours, legend=False),
    }
    base = alt.Chart(data).encode(tooltip=_tooltip(data), **encoding)
    names = alt.Chart(ends).mark_text(align="left", dx=8, fontWeight="bold").encode(text=f"{series}:N", **encoding)
    return (base.mark_line() + base.mark_point(size=40) + names).properties(width=width, height=height)


def lead_times(
    data: pd.DataFrame,
    *,
    low: str,
    high: str,
    label: str,
    unit: str,
    text: str,
    colour: str | None = None,
    colours: dict[str, str] | None = None,
    width: int = 420,
) -> Any:
    """Durations from a common start: solid to ``low``, faded on to ``high``, shortest first, value written behind."""
    order = list(data.sort_values([high, low])[label])
    largest = float(data[high].max())
    shade = _colour(data, colour, colours)
    base = alt.Chart(data).encode(y=alt.Y(f"{label}:N", sort=order, title=None), tooltip=_tooltip(data))
    scale = alt.Scale(domain=[0, largest * (1 + _room(list(data[text])) / width)], nice=False)
    solid = base.mark_bar(height=14).encode(x=alt.X(f"{low}:Q", title=unit, scale=scale), color=shade)
    faded = base.mark_bar(height=14, opacity=0.4).encode(x=alt.X(f"{low}:Q"), x2=f"{high}:Q", color=shade)
    written = base.mark_text(align="left", dx=5).encode(x=alt.X(f"{high}:Q"), text=f"{text}:N")
    return (solid + faded + written).properties(width=width, height=alt.Step(26))


def heatmap(
    data: pd.DataFrame,
    *,
    row: str,
    column: str,
    value: str,
    legend: str,
    number: str = ".2f",
    row_order: Sequence[str] | None = None,
    column_order: Sequence[str] | None = None,
    step: int = 34,
    phone: bool = False,
) -> Any:
    """A grid of shaded cells, each with its value written in it; for a phone with upright names of its columns."""
    middle = float(data[value].max() + data[value].min()) / 2
    base = alt.Chart(data).encode(
        y=alt.Y(f"{row}:N", sort=list(row_order) if row_order else None, title=None),
        x=alt.X(
            f"{column}:N",
            sort=list(column_order) if column_order else None,
            title=None,
            axis=alt.Axis(orient="top", labelAngle=-90 if phone else -40),
        ),
        tooltip=_tooltip(data),
    )
    cells = base.mark_rect().encode(
        color=alt.Color(f"{value}:Q", title=legend, legend=alt.Legend(orient="bottom", gradientLength=200))
    )
    # The ramp does not follow dark mode, so neither may the text on it: these two are no named colours.
    written = base.mark_text(fontSize=11).encode(
        text=alt.Text(f"{value}:Q", format=number),
        color=alt.condition(f"datum['{value}'] > {middle}", alt.value("#fefefe"), alt.value("#10181f")),
    )
    # A width per column would not go below what slanted names need.
    width = step * data[column].nunique() if phone else alt.Step(step)
    return (cells + written).properties(width=width, height=alt.Step(max(22, step - 10)))


def half_matrix(data: pd.DataFrame, *, row: str, column: str, value: str, legend: str, order: Sequence[str]) -> Any:
    """A symmetric grid for a phone: each pair once, as a shaded cell, and each name once.

    A name stands before the cells of its row and under those of its column.
    """
    names = json.dumps(list(order), ensure_ascii=False)
    pairs = alt.Chart(data).transform_calculate(
        _row=f"indexof({names}, datum[{row!r}])", _column=f"indexof({names}, datum[{column!r}])"
    )
    place = {
        "x": alt.X(f"{column}:N", sort=list(order), axis=None, scale=alt.Scale(domain=list(order))),
        "y": alt.Y(f"{row}:N", sort=list(order), axis=None, scale=alt.Scale(domain=list(order))),
    }
    cells = (
        pairs.transform_filter("datum._row < datum._column")
        .mark_rect()
        .encode(
            color=alt.Color(f"{value}:Q", title=legend, legend=alt.Legend(orient="bottom", gradientLength=200)),
            tooltip=_tooltip(data),
            **place,
        )
    )
    written = (
        pairs.transform_aggregate(groupby=[row])
        .mark_text(align="right", dx=_COLUMN // 2 - 4, fontSize=12, style=WHOLE)
        .encode(y=place["y"], x=alt.X(f"{row}:N"), text=f"{row}:N")
    )
    return (cells + written).properties(width=_COLUMN * len(order), height=alt.Step(17))


def word_tiles(
    data: pd.DataFrame,
    *,
    row: str,
    rank: str,
    lines: tuple[str, str, str],
    strength: str,
    legend: str,
    order: Sequence[str],
    tooltip: Sequence[str | alt.Tooltip],
    most: int,
    width: int,
    limit: int,
) -> Any:
    """Per row a line of up to ``most`` tiles, darker with ``strength``, each with three ``lines``: word, gloss, note.

    A gloss or note is cut at ``limit`` pixels.
    """
    middle = float(data[strength].max() + data[strength].min()) / 2
    base = (
        alt.Chart(data)
        .transform_filter(f"datum[{rank!r}] <= {most}")
        .encode(
            x=alt.X(f"{rank}:O", title=None, axis=None),
            y=alt.Y(f"{row}:N", sort=list(order), title=None),
            tooltip=list(tooltip),
        )
    )
    tiles = base.mark_rect(stroke=COLOURS["paper"], strokeWidth=2).encode(
        color=alt.Color(
            f"{strength}:Q", title=legend, legend=alt.Legend(orient="bottom", gradientLength=260, titleLimit=300)
        )
    )
    # As in a heat map, the ink does not follow dark mode.
    ink = alt.condition(f"datum[{strength!r}] > {middle}", alt.value("#fefefe"), alt.value("#10181f"))
    styles: tuple[dict[str, Any], ...] = (
        {"dy": -13, "fontSize": 12, "fontWeight": "bold"},
        {"dy": 2, "fontSize": 10, "limit": limit},
        {"dy": 15, "fontSize": 10, "limit": limit},
    )
    written = [
        base.mark_text(**style).encode(text=f"{line}:N", color=ink) for line, style in zip(lines, styles, strict=True)
    ]
    return alt.layer(tiles, *written).properties(width=width, height=alt.Step(46))
