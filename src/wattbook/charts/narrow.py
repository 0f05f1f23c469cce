"""A chart for a phone: the same marks and data, drawn again at the width of a narrow screen.

Scaling a wide drawing down would leave letters of five pixels.  Here titles, legends and row labels wrap, views that
stand side by side stand one under the other, and the plot gets what width remains.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from wattbook.charts.layout import collisions, size
from wattbook.charts.present import to_svg
from wattbook.charts.reading import Spec, views
from wattbook.charts.text import text_width, wrap

WIDTH = 336
# A plot narrower than this shows nothing.
_LEAST_PLOT = 120
_LEAST_CELL = 22
# The part of the width that row labels may take.
_LABELS = 0.36
_LEAST_GAIN = 0.15
_ROUNDS = 6
_LINE = 16
# Texts beside marks wrap at this width.
_TEXT = 120
# What numbers on an upright axis take, and a swatch with its gaps.
_NUMBERS = 56.0
_SWATCH = 34

Rows = list[dict[str, Any]]


def narrow(spec: Spec) -> Spec | None:
    """Give a Vega-Lite spec drawn no wider than ``WIDTH`` pixels, or None where its labels would not fit."""
    small = deepcopy(spec)
    _wrap_title(small)
    for view in views(small):
        _stack(view)
    beside = WIDTH - _wrap_row_labels(small)
    _wrap_texts(small)
    _wrap_axis_titles(small, beside)
    _fold_legends(small, beside)
    _thin_ticks(small)
    _slant_column_labels(small)
    return small if _fit(small) and len(collisions(to_svg(small))) <= len(collisions(to_svg(spec))) else None


def _fit(small: Spec) -> bool:
    """Give the plots the width that titles and labels leave, found by drawing; say whether there is enough."""
    plots = [(view, _columns(view, rows, small)) for view, rows in _with_rows(small) if "width" in view]
    stepped = {id(view): isinstance(view["width"], dict) for view, _ in plots}
    wanted: float = WIDTH - 24
    tried: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        for view, columns in plots:
            if stepped[id(view)]:
                view["width"]["step"] = min(view["width"]["step"], wanted / columns)
                if view["width"]["step"] < _LEAST_CELL:
                    return False
            else:
                view["width"] = wanted
        tried.append((wanted, size(to_svg(small))[0] - WIDTH))
        excess = tried[-1][1]
        if excess <= 1:
            return True
        # Some labels keep their size and some move with the plot: the last two drawings say how much one pixel does.
        gain = (tried[-2][1] - excess) / (tried[-2][0] - wanted) if len(tried) > 1 else 1.0
        wanted -= max(1.0, excess / gain) if gain > _LEAST_GAIN else wanted
        if wanted < _LEAST_PLOT:
            return False
    return False


def _with_rows(
    spec: Spec, rows: Rows | None = None, names: dict[str, Rows] | None = None
) -> Iterator[tuple[Spec, Rows]]:
    """Give a spec and every view inside it, each with the rows of its data, which may be those of a view around it."""
    names = names if names is not None else spec.get("datasets", {})
    data = spec.get("data")
    if isinstance(data, dict):
        rows = data.get("values") or names.get(data.get("name", ""), [])
    yield spec, rows or []
    inside = [view for several in ("layer", "hconcat", "vconcat", "concat") for view in spec.get(several, [])]
    for view in [*inside, *([spec["spec"]] if "spec" in spec else [])]:
        yield from _with_rows(view, rows, names)


def _values(rows: Rows, field: str) -> list[str]:
    return list(dict.fromkeys(str(row[field]) for row in rows if row.get(field) is not None))


def _wrap_title(spec: Spec) -> None:
    said = spec.get("usermeta", {})
    if "title" in spec and "title" in said:
        spec["title"]["text"] = wrap(said["title"], WIDTH - 8, 16, bold=True)
        spec["title"]["subtitle"] = wrap(f"Source: {said['source']}", WIDTH - 8, 12)


def _stack(view: Spec) -> None:
    if "hconcat" in view:
        view["vconcat"] = view.pop("hconcat")
    facet = view.get("facet")
    if isinstance(facet, dict):
        if set(facet) == {"column"}:
            view["facet"] = facet["column"]
        view["columns"] = 1


def _columns(outer: Spec, rows: Rows, spec: Spec) -> int:
    """Count the columns of a view whose width is given per column."""
    inner = _with_rows(outer, rows, spec.get("datasets", {}))
    fields = [(view.get("encoding", {}).get("x", {}).get("field"), inside) for view, inside in inner]
    return max((len(_values(inside, field)) for field, inside in fields if field), default=1)


def _wrap_row_labels(spec: Spec) -> float:
    """Break long names of rows into lines, and give the rows the height; give the width that the names take."""
    tallest, widest = 1, _NUMBERS
    for view, rows in _with_rows(spec):
        y = view.get("encoding", {}).get("y", {})
        if y.get("type") not in ("nominal", "ordinal") or y.get("axis", {}) is None or "field" not in y:
            continue
        lines = {label: wrap(label, WIDTH * _LABELS, 13) for label in _values(rows, y["field"])}
        axis = y.setdefault("axis", {})
        if lines and "labelExpr" not in axis:
            axis["labelExpr"] = _lookup(lines, "datum.label")
            tallest = max(tallest, *(len(parts) for parts in lines.values()))
            widest = max(widest, *(text_width(part, 13) + 12 for parts in lines.values() for part in parts))
    _give_height(spec, tallest)
    return widest


def _wrap_texts(spec: Spec) -> None:
    """Break long texts that stand beside marks into lines."""
    tallest = 1
    for view, rows in _with_rows(spec):
        field = view.get("encoding", {}).get("text", {}).get("field")
        mark = view.get("mark")
        if field is None or not isinstance(mark, dict) or mark.get("type") != "text" or mark.get("angle"):
            continue
        lines = {text: wrap(text, _TEXT, mark.get("fontSize", 13)) for text in _values(rows, field) if "\n" not in text}
        here = f"datum[{json.dumps(field)}]"
        broken = ""
        if not lines:
            # Computed in the chart, so known only when drawn: it breaks after its commas.
            broken = f"replace({here}, regexp('([,;]) ', 'g'), '$1\\n')"
            mark["lineBreak"] = "\n"
        elif any(len(parts) > 1 for parts in lines.values()):
            tallest = max(tallest, *(len(parts) for parts in lines.values()))
            broken = _lookup(lines, here)
        if broken:
            view.setdefault("transform", []).append({"calculate": broken, "as": "_lines"})
            view["encoding"]["text"]["field"] = "_lines"
            # The first line would stand at the mark: move the block up by half of the line that follows.
            mark["dy"] = mark.get("dy", 0) - _LINE / 2
    _give_height(spec, tallest)


def _give_height(spec: Spec, lines: int) -> None:
    for view in views(spec):
        if lines > 1 and isinstance(view.get("height"), dict) and "step" in view["height"]:
            view["height"]["step"] = max(view["height"]["step"], lines * _LINE + 6)


def _wrap_axis_titles(spec: Spec, room: float) -> None:
    for view in views(spec):
        x = view.get("encoding", {}).get("x", {})
        if isinstance(x.get("title"), str):
            x["title"] = wrap(x["title"], room - 20, 13)


def _fold_legends(spec: Spec, room: float) -> None:
    """Set the names in legends in as many columns as fit ``room``, the width beside the row labels."""
    widest, total = 0.0, 0.0
    for view, rows in _with_rows(spec):
        colour = view.get("encoding", {}).get("color", {})
        if not isinstance(colour, dict) or colour.get("type") != "nominal" or colour.get("legend", {}) is None:
            continue
        legend = colour.setdefault("legend", {})
        legend.pop("columns", None)
        if legend.get("orient") in ("right", "left"):
            del legend["orient"]
        labels = colour.get("scale", {}).get("domain") or _values(rows, colour.get("field", ""))
        lines = {str(label): wrap(str(label), room - _SWATCH, 13) for label in labels}
        if any(len(parts) > 1 for parts in lines.values()) and "labelExpr" not in legend:
            legend["labelExpr"] = _lookup(lines, "datum.label")
        widths = [max(text_width(part, 13) for part in parts) + _SWATCH for parts in lines.values()]
        widest, total = max([widest, *widths]), max(total, sum(widths))
    if total > room:
        spec.setdefault("config", {}).setdefault("legend", {})["columns"] = max(1, int(room // widest))


def _lookup(lines: dict[str, list[str]], key: str) -> str:
    """Write the Vega expression that gives the lines of a text, or the text where it is none of these."""
    broken = {text: parts for text, parts in lines.items() if len(parts) > 1}
    return f"({json.dumps(broken, ensure_ascii=False)})[{key}] || {key}"


def _thin_ticks(spec: Spec) -> None:
    for view in views(spec):
        x = view.get("encoding", {}).get("x", {})
        if x.get("type") in ("quantitative", "temporal") and isinstance(x.get("axis", {}), dict):
            axis = x.setdefault("axis", {})
            axis["tickCount"] = min(4, axis.get("tickCount", 4))
            axis["labelOverlap"] = "greedy"


def _slant_column_labels(spec: Spec) -> None:
    """Slant names of columns, which would collide when level."""
    for view, rows in _with_rows(spec):
        x = view.get("encoding", {}).get("x", {})
        if x.get("type") in ("nominal", "ordinal") and isinstance(x.get("axis", {}), dict) and "field" in x:
            names = _values(rows, x["field"])
            if sum(text_width(name, 13) + 8 for name in names) > WIDTH - _NUMBERS:
                x.setdefault("axis", {}).setdefault("labelAngle", -45)
