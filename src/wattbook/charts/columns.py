"""The columns of a chart's data that a reader sees: their names, and how tooltips write them.

A chart carries them as ``usermeta["columns"]``, a list of ``[column, name, d3 number format or None]`` in the order of
the table under the chart.  What is not listed places marks, and is shown nowhere.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from wattbook.charts.specs import Spec, views

_WHOLE, _ROUNDED, _YEAR = ",d", ",.3~r", "d"
_YEARS = range(1900, 2101)


class _Column(NamedTuple):
    """A column as tooltips write it: its place, its name, its d3 format if it holds numbers, whether one is missing."""

    place: int
    name: str
    number: str | None
    has_gaps: bool


def listed(columns: Mapping[str, str | tuple[str, str]]) -> list[list[str | None]]:
    """Write the ``columns`` of a chart as its spec carries them.  Two columns of one name raise ValueError."""
    pairs = {column: (named, None) if isinstance(named, str) else named for column, named in columns.items()}
    names = [name for name, _ in pairs.values()]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"two columns of a chart are named {name!r}: a tooltip would show one of them")
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

    A tooltip with a title of its own is kept.  Numbers of the data without a format are written whole, with three
    digits that count, or (where all are whole numbers from 1900 to 2100) as years; what the chart works out, as its
    tooltip says.
    """
    entries = spec.get("usermeta", {}).get("columns", [])
    columns = {
        column: _Column(place, name, *_numbers(spec, column, number))
        for place, (column, name, number) in enumerate(entries)
    }
    result: Spec = _renamed({key: value for key, value in spec.items() if key != "usermeta"}, columns)
    return result | ({"usermeta": spec["usermeta"]} if "usermeta" in spec else {})


def _renamed(part: Any, columns: Mapping[str, _Column]) -> Any:
    """Give a copy of a part of a spec, the tooltips of all marks in it named."""
    if isinstance(part, list):
        return [_renamed(one, columns) for one in part]
    if not isinstance(part, dict):
        return part
    copy = {key: value if key in ("datasets", "values") else _renamed(value, columns) for key, value in part.items()}
    encoding = copy.get("encoding")
    tips = encoding.get("tooltip") if isinstance(encoding, dict) else None
    if not isinstance(tips, dict | list):
        return copy
    kept = [
        tip for tip in (tips if isinstance(tips, list) else [tips]) if tip.get("field") in columns or "title" in tip
    ]
    kept.sort(key=lambda tip: columns[tip["field"]].place if tip.get("field") in columns else len(columns))
    named = [_entry(tip, columns.get(tip.get("field", ""))) for tip in kept]
    copy["encoding"] = copy["encoding"] | {"tooltip": [entry for entry, _ in named]}
    dashes = [step for _, step in named if step]
    return copy | ({"transform": [*copy.get("transform", []), *dashes]} if dashes else {})


def _entry(tip: Spec, column: _Column | None) -> tuple[Spec, Spec | None]:
    """Give the tooltip of a column, and the transform that it needs."""
    if column is None:
        return tip, None
    if column.number is None or tip.get("type") == "temporal":
        return {"type": "nominal", **tip, "title": column.name}, None
    if column.has_gaps and "aggregate" not in tip:
        # Vega would write a missing number as a zero.
        value, written = f"datum[{json.dumps(tip['field'])}]", f"_{tip['field']}_written"
        dash = {"calculate": f"isValid({value}) ? format({value}, '{column.number}') : '–'", "as": written}
        return {"field": written, "type": "nominal", "title": column.name}, dash
    return {**tip, "type": "quantitative", "format": column.number, "title": column.name}, None


def _numbers(spec: Spec, column: str, number: str | None) -> tuple[str | None, bool]:
    """Give the format of a column's numbers and whether one is missing.

    ``number`` is the format that the chart gives.  There is none (None) for what are not numbers, and for
    what the chart works out.
    """
    held = [row[column] for rows in spec.get("datasets", {}).values() for row in rows if column in row]
    values = [value for value in held if value is not None]
    if number is None and values and all(isinstance(value, int | float) for value in values):
        if any(isinstance(value, bool) for value in values):
            return None, False
        whole = all(value == int(value) for value in values)
        number = _ROUNDED if not whole else _YEAR if all(value in _YEARS for value in values) else _WHOLE
    return number, len(values) < len(held)


def _made(step: dict[str, Any]) -> list[str]:
    """List the columns that a transform adds."""
    inside = [one for key in ("aggregate", "window", "joinaggregate") for one in _list(step.get(key))]
    return [name for one in [step, *inside] if isinstance(one, dict) for name in _list(one.get("as"))]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
