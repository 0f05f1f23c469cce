"""What a chart needs to be read closely: tooltips that name their units, and series that can be picked out by keyboard.

Both work on a finished Vega-Lite spec, so every chart has them, however it was made.
"""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Spec = dict[str, Any]

# The chart's parameter that names the series to show; null for all.
SERIES = "wbSeries"
_FADED = 0.12
_MOST_SERIES = 10
_SCALE_NOTE = re.compile(r",?\s*\(?log(arithmic)?( scale)?\)?$")


def views(spec: Spec) -> Iterator[Spec]:
    """Give a spec and every view inside it."""
    yield spec
    for several in ("layer", "hconcat", "vconcat", "concat"):
        for view in spec.get(several, []):
            yield from views(view)
    if "spec" in spec:
        yield from views(spec["spec"])


def with_named_tooltips(spec: Spec) -> Spec:
    """Give a copy of a spec whose tooltips say the unit and number format of the axis that shows the field.

    A field that an axis shows is named after both, as in ``mid (US dollars)``; helper fields (``_…``) are left out;
    what has a title of its own keeps it.
    """
    new = deepcopy(spec)
    shown = {field: known for view in views(new) for field, known in _axes(view)}
    for view in views(new):
        encoding = view.get("encoding", {})
        if isinstance(encoding.get("tooltip"), list):
            kept = [entry for entry in encoding["tooltip"] if not str(entry.get("field", "")).startswith("_")]
            encoding["tooltip"] = [_named(entry, shown) for entry in kept]
    return new


def _axes(view: Spec) -> Iterator[tuple[str, Spec]]:
    encoding = view.get("encoding", {})
    for main in ("x", "y"):
        title = encoding.get(main, {}).get("title")
        axis = encoding.get(main, {}).get("axis") or {}
        for channel in (main, f"{main}2"):
            field = encoding.get(channel, {}).get("field")
            if field and isinstance(title, str) and encoding[main].get("type") == "quantitative":
                known = {"unit": _SCALE_NOTE.sub("", title)}
                yield field, known | ({"format": axis["format"]} if "format" in axis else {})


def _named(entry: Spec, shown: dict[str, Spec]) -> Spec:
    known = shown.get(entry.get("field", ""))
    if known is None or "title" in entry:
        return entry
    field, unit = entry["field"], known["unit"]
    named = entry | {"title": unit if field.lower() in unit.lower() else f"{field} ({unit})"}
    if "format" not in entry and entry.get("type") == "quantitative":
        # Axis labels are short; a tooltip gives the value in full.
        percent = known.get("format", "").endswith("%")
        named["format"] = ".4~%" if percent else ",.6~r"
    return named


def with_series_choice(spec: Spec) -> tuple[Spec, list[str]]:
    """Give a copy of a spec that fades all series but the one its parameter ``wbSeries`` names, and the series' names.

    A chart with no legend of names, or a long one, comes back as it is, with no names.
    """
    new = deepcopy(spec)
    found = next(filter(None, (_legend(view) for view in views(new))), None)
    names = _series(new, found) if found else []
    if found is None or not 1 < len(names) <= _MOST_SERIES:
        return new, []
    field = json.dumps(found["field"])
    for view in views(new):
        encoding = view.get("encoding", {})
        colour = encoding.get("color")
        if not isinstance(colour, dict) or colour.get("field") != found["field"] or "opacity" in encoding:
            continue
        mark = view.get("mark")
        full = mark.get("opacity", _mark_opacity(mark)) if isinstance(mark, dict) else _mark_opacity({"type": mark})
        test = f"{SERIES} === null || toString(datum[{field}]) === {SERIES}"
        encoding["opacity"] = {"condition": {"test": test, "value": full}, "value": _FADED}
    new["params"] = [*new.get("params", []), {"name": SERIES, "value": None}]
    return new, names


def _mark_opacity(mark: Spec) -> float:
    # Vega-Lite draws these half transparent unless told otherwise.
    return 0.7 if mark.get("type") in ("point", "circle", "square", "tick") else 1.0


def _legend(view: Spec) -> Spec | None:
    colour = view.get("encoding", {}).get("color")
    has_legend = isinstance(colour, dict) and colour.get("type") == "nominal" and colour.get("legend", {}) is not None
    return colour if has_legend and "field" in colour else None


def _series(spec: Spec, colour: Spec) -> list[str]:
    domain = colour.get("scale", {}).get("domain")
    if isinstance(domain, list):
        return [str(name) for name in domain]
    rows = [row for table in spec.get("datasets", {}).values() for row in table]
    return sorted({str(row[colour["field"]]) for row in rows if row.get(colour["field"]) is not None})
