"""The columns of a chart's data that a reader sees: their names, and how tooltips write them.

A chart carries them as ``usermeta["columns"]``, a list of ``[column, name, d3 number format or None]`` in the order of
the table under the chart.  What is not listed places marks, and is shown nowhere.
"""

import json
from collections.abc import Mapping
from typing import Any

from wattbook.charts.specs import Spec, views

_WHOLE, _ROUNDED, _YEAR = ",d", ",.3~r", "d"
_YEARS = range(1900, 2101)


def listed(columns: Mapping[str, str | tuple[str, str]]) -> list[list[str | None]]:
    """Write the ``columns`` of a chart as its spec carries them."""
    pairs = {column: (named, None) if isinstance(named, str) else named for column, named in columns.items()}
    return [[column, name, number] for column, (name, number) in pairs.items()]


def shown(spec: Spec) -> dict[str, str]:
    """Give the names of the columns that a spec shows, by column."""
    return {column: name for column, name, _ in spec.get("usermeta", {}).get("columns", [])}


def unknown(spec: Spec) -> list[str]:
    """List the columns that a spec names but no data or transform of it has."""
    made = {str(name) for view, _ in views(spec) for step in view.get("transform", []) for name in _made(step)}
    held = {column for rows in spec.get("datasets", {}).values() for row in rows for column in row}
    return [column for column in shown(spec) if column not in made | held]


def with_named_tooltips(spec: Spec) -> Spec:
    """Give a copy of a spec whose tooltips have the names and formats of its columns, and no others.

    A tooltip with a title of its own is kept.  Numbers of the data without a format are written whole, as years, or
    with three digits that count, as the values of their column are; what the chart works out, as its tooltip says.
    """
    columns = spec.get("usermeta", {}).get("columns", [])
    kinds = {column: (name, number or _format(spec, column)) for column, name, number in columns}
    gaps = {key for rows in spec.get("datasets", {}).values() for row in rows for key in row if row[key] is None}
    order = {column: place for place, (column, _, _) in enumerate(columns)}

    def entry(tip: dict[str, Any]) -> dict[str, Any] | None:
        field = tip.get("field", "")
        if field not in kinds:
            return tip if "title" in tip else None
        name, number = kinds[field]
        if number is None or tip.get("type") == "temporal":
            return {"type": "nominal", **tip, "title": name}
        return {**tip, "title": name, "type": "quantitative", "format": number}

    def rewritten(part: Any) -> Any:
        if isinstance(part, list):
            return [rewritten(one) for one in part]
        if not isinstance(part, dict):
            return part
        copy = {key: value if key in ("datasets", "values") else rewritten(value) for key, value in part.items()}
        tips = copy.get("encoding", {}).get("tooltip") if isinstance(copy.get("encoding"), dict) else None
        if isinstance(tips, dict | list):
            kept = [one for tip in (tips if isinstance(tips, list) else [tips]) if (one := entry(tip))]
            kept = sorted(kept, key=lambda tip: order.get(tip.get("field", ""), len(order)))
            holes = [tip for tip in kept if tip.get("field") in gaps and "format" in tip and "aggregate" not in tip]
            if holes:
                copy["transform"] = [*copy.get("transform", []), *(_or_dash(tip) for tip in holes)]
            copy["encoding"]["tooltip"] = [_written(tip) if tip in holes else tip for tip in kept]
        return copy

    result: Spec = rewritten(spec)
    return result


def _or_dash(tip: dict[str, Any]) -> dict[str, Any]:
    """Write the number of a tooltip, or a dash where there is none: Vega would write a zero."""
    value = f"datum[{json.dumps(tip['field'])}]"
    return {"calculate": f"isValid({value}) ? format({value}, '{tip['format']}') : '–'", "as": f"_{tip['field']}_said"}


def _written(tip: dict[str, Any]) -> dict[str, Any]:
    return {"field": f"_{tip['field']}_said", "type": "nominal", "title": tip["title"]}


def _made(step: dict[str, Any]) -> list[str]:
    """List the columns that a transform adds."""
    inside = [one for key in ("aggregate", "window", "joinaggregate") for one in _list(step.get(key))]
    return [name for one in [step, *inside] if isinstance(one, dict) for name in _list(one.get("as"))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _format(spec: Spec, column: str) -> str | None:
    """Give the format of a column of numbers, None for one that holds others or that the chart works out."""
    values = [row[column] for rows in spec.get("datasets", {}).values() for row in rows if row.get(column) is not None]
    if not values or not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
        return None
    if any(value != int(value) for value in values):
        return _ROUNDED
    return _YEAR if all(value in _YEARS for value in values) else _WHOLE
