"""Forms of a chart for phones, made from the chart: for names of rows that `wattbook.charts.narrow` would break."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from wattbook.charts.theme import COLOURS

Spec = dict[str, Any]


def names_above(chart: Any, *, step: int = 38) -> Any:
    """Write the names of a layered chart's rows above their marks, so that the plot has the whole width."""
    spec: Spec = chart.to_dict()
    for view in spec.get("vconcat", [spec]):
        named: dict[str, Spec] = {}
        for layer, data in _marks(view, None):
            y = layer.get("encoding", {}).get("y", {})
            if not _has_names(y):
                continue
            y["axis"] = None
            layer["mark"] = _mark(layer) | {"yOffset": 8}
            _keep_on_one_line(layer, "text")
            named[json.dumps(data)] = ({"data": data} if data else {}) | {
                "mark": {"type": "text", "align": "left", "yOffset": -8},
                "encoding": {"x": {"value": 0}, "y": y, "text": {"field": y["field"], "type": "nominal"}},
            }
        for layer in named.values():
            _keep_on_one_line(layer, "text")
            # No line runs through a name.
            halo = {"stroke": COLOURS["paper"], "strokeWidth": 5}
            view["layer"] += [layer | {"mark": layer["mark"] | halo}, layer]
        view["height"] = {"step": step}
    return _chart(spec)


def one_line(
    chart: Any, *, step: int = 22, column: int = 24, angle: float = 50, short: Mapping[str, str] | None = None
) -> Any:
    """Keep each row of a grid on one line, with a ``short`` name for those that are too long for it.

    The names of columns lean over those of the rows, where there is room.
    """
    spec: Spec = chart.to_dict()
    written = f"({json.dumps(dict(short or {}), ensure_ascii=False)})[datum.label] || datum.label"
    for view, _ in _marks(spec, None):
        view["encoding"]["y"]["axis"] = (view["encoding"]["y"].get("axis") or {}) | {"labelExpr": written}
        view["encoding"]["x"]["axis"] = (view["encoding"]["x"].get("axis") or {}) | {"labelAngle": angle}
    return _chart(spec | {"width": {"step": column}, "height": {"step": step}})


def _chart(spec: Spec) -> Any:
    # The theme adds its part again, which holds what Altair's check of a spec does not know.
    return alt.Chart.from_dict({key: value for key, value in spec.items() if key != "config"})


def _marks(view: Spec, data: Spec | None) -> Iterator[tuple[Spec, Spec | None]]:
    """Give the layers of a view that draw something, those inside other layers too, each with its data."""
    data = view.get("data", data)
    if "mark" in view:
        yield view, data
    for inner in view.get("layer", []):
        yield from _marks(inner, data)


def _has_names(channel: Spec) -> bool:
    return channel.get("type") in ("nominal", "ordinal") and "field" in channel


def _mark(layer: Spec) -> Spec:
    return layer["mark"] if isinstance(layer["mark"], dict) else {"type": layer["mark"]}


def _keep_on_one_line(layer: Spec, channel: str) -> None:
    """Work out a text in the page: only texts that the data hold are broken into lines."""
    field = layer["encoding"].get(channel, {}).get("field")
    if field is not None:
        layer.setdefault("transform", []).append({"calculate": f"datum[{json.dumps(field)}]", "as": f"_{channel}"})
        layer["encoding"][channel]["field"] = f"_{channel}"
