"""Vega-Lite specs: the views inside one, the rows that each draws, and what a label of an axis says."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Spec = dict[str, Any]
Rows = list[dict[str, Any]]

# The style of a text mark or an axis whose words `wattbook.charts.narrow` leaves in the lines that they have.  To Vega,
# which draws them, this style says nothing.
WHOLE = "whole"


def renamed(labels: Mapping[str, str | list[str]]) -> str:
    """Write the ``labelExpr`` of an axis that gives some labels another text, or a list of lines."""
    return f"({json.dumps(dict(labels), ensure_ascii=False)})[datum.label] || datum.label"


def views(spec: Spec, rows: Rows | None = None, names: dict[str, Rows] | None = None) -> Iterator[tuple[Spec, Rows]]:
    """Give a spec and every view inside it, each with the rows of its data, which may be those of a view around it."""
    names = names if names is not None else spec.get("datasets", {})
    data = spec.get("data")
    if isinstance(data, dict):
        rows = data.get("values") or names.get(data.get("name", ""), [])
    yield spec, rows or []
    inside = [view for several in ("layer", "hconcat", "vconcat", "concat") for view in spec.get(several, [])]
    for view in [*inside, *([spec["spec"]] if "spec" in spec else [])]:
        yield from views(view, rows, names)
