"""Forms of a chart for phones, made from the chart: for names of rows that `wattbook.charts.narrow` would break."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from wattbook.charts.specs import WHOLE, Spec, renamed, views
from wattbook.charts.theme import COLOURS

# Pixels from row to row where names stand above their marks.
_ROW = 38
# And in a grid, from column to column too; its names of columns lean by so many degrees.
_GRID_ROW, _GRID_COLUMN, _LEAN = 22, 24, 50


def names_above(chart: Any) -> Any:
    """Write the names of a layered chart's rows above their marks, so that the plot has the whole width."""
    spec: Spec = chart.to_dict()
    for view in spec.get("vconcat", [spec]):
        named: dict[str, Spec] = {}
        for layer in _marks(view):
            y = layer.get("encoding", {}).get("y", {})
            if not _has_names(y):
                continue
            y["axis"] = None
            layer["mark"] = _mark(layer) | {"yOffset": 8} | ({"style": WHOLE} if _mark(layer)["type"] == "text" else {})
            data = {"data": layer["data"]} if "data" in layer else {}
            named[json.dumps(data)] = data | {
                "mark": {"type": "text", "align": "left", "yOffset": -8, "style": WHOLE},
                "encoding": {"x": {"value": 0}, "y": y, "text": {"field": y["field"], "type": "nominal"}},
            }
        for layer in named.values():
            # No line runs through a name.
            halo = {"stroke": COLOURS["paper"], "strokeWidth": 5}
            view["layer"] += [layer | {"mark": layer["mark"] | halo}, layer]
        view["height"] = {"step": _ROW}
    return _chart(spec)


def one_line(chart: Any, *, short: Mapping[str, str] | None = None) -> Any:
    """Keep each row of a grid on one line, with a ``short`` name for those that are too long for it.

    The names of columns lean over those of the rows, where there is room.
    """
    spec: Spec = chart.to_dict()
    rows: Spec = {"style": WHOLE}
    if short:
        rows["labelExpr"] = renamed(short)
    for view in _marks(spec):
        view["encoding"]["y"]["axis"] = (view["encoding"]["y"].get("axis") or {}) | rows
        view["encoding"]["x"]["axis"] = (view["encoding"]["x"].get("axis") or {}) | {"labelAngle": _LEAN}
    return _chart(spec | {"width": {"step": _GRID_COLUMN}, "height": {"step": _GRID_ROW}})


def _chart(spec: Spec) -> Any:
    # The theme adds its part again, which holds what Altair's check of a spec does not know.
    return alt.Chart.from_dict({key: value for key, value in spec.items() if key != "config"})


def _marks(spec: Spec) -> Iterator[Spec]:
    """Give the views of a spec that draw something; layers get the data of the view around them as their own."""
    for view, _ in views(spec):
        for layer in view.get("layer", []):
            if "data" in view:
                layer.setdefault("data", view["data"])
        if "mark" in view:
            yield view


def _has_names(channel: Spec) -> bool:
    return channel.get("type") in ("nominal", "ordinal") and "field" in channel


def _mark(layer: Spec) -> Spec:
    return layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}
