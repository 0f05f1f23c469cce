"""A chart for a phone: the same marks and data, drawn again at the width of a narrow screen.

Scaling a wide drawing down would leave letters of five pixels.  Here legends and row labels wrap, views that stand
side by side stand one under the other, and the plot gets what width remains.  The chart's title is left to the page.
"""

import json
from copy import deepcopy
from typing import Any

from wattbook.charts.layout import collisions, size, text_boxes
from wattbook.charts.present import to_svg
from wattbook.charts.specs import WHOLE, Rows, Spec, renamed, views
from wattbook.charts.text import text_width, wrap

WIDTH = 336
# A plot narrower than this shows little: then the whole is scaled down.
_LEAST_PLOT = 156
_LEAST_CELL = 22
# Names of columns that stand closer, slanted, run together.
_LEAST_COLUMN = 13
# The part of the width that row labels may take, and that they may take where many rows would need three lines.
_LABELS = 0.36
_LABELS_OF_MANY = 0.45
_MANY = 8
# So many rows keep names of one line, if these take no more than this part.
_VERY_MANY = 16
_ONE_LINE = 0.5
_LEAST_GAIN = 0.3
# Letters of 13 pixels are drawn at 10.3 at the least, and those that were smaller at 9.5.
_LEAST_SCALE = 0.79
_LEAST_LETTERS = 12
# A drawing that becomes longer than this many times the wide one is no longer seen as one.
_MOST_GROWTH = 3.5
_ROUNDS = 6
_LINE = 15
# Pixels that a legend must save to stand over the end of its plot, or in one column.
_LEAST_TURN = {"end": 4, "column": 20}
# Texts beside marks wrap at this width.
_TEXT = 120
# And at this one where rows have no labels beside the texts.
_TEXT_ALONE = 210
# A sentence worked out in the page breaks at a blank after this many letters at the most.
_LETTERS = 40


def narrow(spec: Spec) -> Spec | None:
    """Give a Vega-Lite spec for a screen of ``WIDTH`` pixels, or None where its labels would not fit.

    The drawing may be wider than the screen by what letters can be scaled down and still be read.
    """
    spec = {key: value for key, value in spec.items() if key != "title"}
    wide = to_svg(spec)
    forms = (_redrawn(spec, wide, labels) for labels in _label_widths(spec))
    return next((small for small in forms if _is_readable(small, wide)), None)


def _redrawn(spec: Spec, wide: str, labels: float, legend: str = "start") -> Spec:
    """Draw a chart again with ``labels`` pixels for the names of its rows, the letters as large as they can be.

    Its legend stands over the start of the plot; where it would need more room than the plot has, over its end or (in a
    chart of several plots, where that changes nothing) in one column.
    """
    small = deepcopy(spec)
    for view, _ in views(small):
        _stack(view)
    _wrap_row_labels(small, labels)
    _wrap_texts(small)
    _wrap_sentences(small)
    _wrap_axis_titles(small)
    _fold_legends(small, legend)
    _thin_ticks(small)
    _fit(small)
    if legend == "start":
        for other in _LEAST_TURN:
            if _is_narrower(small, other):
                return _redrawn(spec, wide, labels, other)
    if not _is_readable(small, wide):
        _turn_column_labels(small)
        _fit(small)
    if not _is_readable(small, wide) and _has_axis(small):
        # Room between words that met: all that smaller letters give.
        _enlarge(small)
        _fit(small, WIDTH / _LEAST_SCALE)
    return small


def _label_widths(spec: Spec) -> list[float]:
    """Give the pixels that row labels may take, the width to be tried first in front."""
    named = [y for view, _ in views(spec) if "field" in (y := view.get("encoding", {}).get("y", {}))]
    fields = {y["field"] for y in named if y.get("type") in ("nominal", "ordinal") and y.get("axis", {}) is not None}
    labels = {label for _, rows in views(spec) for field in fields for label in _values(rows, field)}
    if len(labels) >= _VERY_MANY and max(text_width(label, 13) for label in labels) <= WIDTH * _ONE_LINE:
        return [WIDTH * _ONE_LINE, WIDTH * _LABELS]
    tall = any(len(wrap(label, WIDTH * _LABELS, 13)) > 2 for label in labels)
    return [WIDTH * _LABELS_OF_MANY] * (tall and len(labels) >= _MANY) + [WIDTH * _LABELS]


def _has_axis(spec: Spec) -> bool:
    """Say whether a chart has an axis: in a free drawing words stand inside shapes, which narrow around them."""
    across = [view["encoding"]["x"] for view, _ in views(spec) if "x" in view.get("encoding", {})]
    return any("field" in x and x.get("axis", {}) is not None for x in across)


def _enlarge(small: Spec) -> None:
    """Give the smallest letters a size at which they can be scaled down."""
    for view, _ in views(small):
        mark = view.get("mark")
        if isinstance(mark, dict) and "fontSize" in mark:
            mark["fontSize"] = max(mark["fontSize"], _LEAST_LETTERS)


def _is_readable(small: Spec, wide: str) -> bool:
    """Say whether the narrow drawing fits the screen, and its words run together no more than in the wide one."""
    for view, rows in views(small):
        named = [inner.get("encoding", {}).get("x", {}) for inner, _ in views(view)]
        ordered = any(x.get("type") in ("nominal", "ordinal") and x.get("axis", {}) is not None for x in named)
        plot = view.get("width")
        if ordered and isinstance(plot, int | float) and plot < _LEAST_COLUMN * _columns(view, rows, small):
            return False
    drawn = to_svg(small)
    if size(drawn)[0] > WIDTH / _LEAST_SCALE or size(drawn)[1] > _MOST_GROWTH * size(wide)[1]:
        return False
    clashes = len(collisions(drawn))
    return not clashes or clashes <= len(collisions(wide))


def _fit(small: Spec, width: float = WIDTH) -> None:
    """Give the plots the width that titles and labels leave, found by drawing."""
    plots = [(view, _columns(view, rows, small)) for view, rows in views(small) if "width" in view]
    stepped = {id(view): isinstance(view["width"], dict) for view, _ in plots}
    placed = [(*place, view["width"]) for view, _ in plots if not stepped[id(view)] for place in _places(view)]
    wanted = width - 24
    tried: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        for view, columns in plots:
            if stepped[id(view)]:
                view["width"]["step"] = max(_LEAST_CELL, min(view["width"]["step"], wanted / columns))
            else:
                view["width"] = wanted
        for where, key, value, before in placed:
            where[key] = value * wanted / before if value <= before else wanted + value - before
        tried.append((wanted, size(to_svg(small))[0] - width))
        excess = tried[-1][1]
        if excess <= 0 or wanted == _LEAST_PLOT:
            return
        # Some labels keep their size and some move with the plot: the last two drawings say how much one pixel does.
        gain = (tried[-2][1] - excess) / (tried[-2][0] - wanted) if len(tried) > 1 else 1.0
        wanted = max(_LEAST_PLOT, wanted - max(1.0, excess / max(gain, _LEAST_GAIN)))


def _places(plot: Spec) -> list[tuple[Any, Any, float]]:
    """List the numbers in a plot that are pixels across it: where (an object and its key), and what they are."""
    found: list[tuple[Any, Any, float]] = []
    for view, _ in views(plot):
        encoding, mark = view.get("encoding", {}), view.get("mark")
        x, y = encoding.get("x", {}), encoding.get("y", {})
        ends = x.get("scale", {}).get("range") if isinstance(x.get("scale"), dict) else None
        if isinstance(ends, list):
            found += [(ends, place, end) for place, end in enumerate(ends) if isinstance(end, int | float)]
        if isinstance(mark, dict) and mark.get("type") in ("bar", "tick") and y.get("type") == "quantitative":
            found += [(mark, "size", mark["size"])] if isinstance(mark.get("size"), int | float) else []
        if isinstance(x.get("value"), int | float):
            found.append((x, "value", x["value"]))
    return list({(id(where), key): (where, key, value) for where, key, value in found}.values())


def _values(rows: Rows, field: str) -> list[str]:
    return list(dict.fromkeys(str(row[field]) for row in rows if row.get(field) is not None))


def _stack(view: Spec) -> None:
    if "hconcat" in view:
        view["vconcat"] = view.pop("hconcat")
    facet = view.get("facet")
    if isinstance(facet, dict):
        if set(facet) == {"column"}:
            view["facet"] = facet["column"]
        if not {"row", "column"} & set(view["facet"]):
            view["columns"] = 1


def _columns(outer: Spec, rows: Rows, spec: Spec) -> int:
    """Count the columns of a view whose width is given per column."""
    inner = views(outer, rows, spec.get("datasets", {}))
    fields = [(view.get("encoding", {}).get("x", {}).get("field"), inside) for view, inside in inner]
    return max((len(_values(inside, field)) for field, inside in fields if field), default=1)


def _wrap_row_labels(spec: Spec, room: float) -> None:
    """Break long names of rows into lines, and give the rows the height."""
    tallest = 1
    for view, _ in views(spec):
        y = view.get("encoding", {}).get("y", {})
        if y.get("type") not in ("nominal", "ordinal") or y.get("axis", {}) is None or "field" not in y:
            continue
        # The axis of several layers is written by one of them, and has the rows of all.
        labels = {label for _, others in views(spec) for label in _values(others, y["field"])}
        lines = {label: wrap(label, room, 13) for label in sorted(labels)}
        lines = {label: parts for label, parts in lines.items() if len(parts) > 1}
        axis = y.setdefault("axis", {})
        if "minExtent" in axis:
            axis["minExtent"] = min(axis["minExtent"], room)
        if lines and "labelExpr" not in axis and axis.get("style") != WHOLE:
            axis["labelExpr"] = renamed(lines)
            # Vega puts the first line at the row's middle; the block belongs there.
            up = json.dumps(
                {label: -_LINE / 2 * (len(parts) - 1) for label, parts in lines.items()}, ensure_ascii=False
            )
            axis["encoding"] = {"labels": {"dy": {"value": {"expr": f"({up})[datum.label] || 0"}}}}
            tallest = max(tallest, *(len(parts) for parts in lines.values()))
    _give_height(spec, tallest)


def _wrap_texts(spec: Spec) -> None:
    """Break long texts that stand beside marks into lines."""
    tallest = 1
    for view, rows in views(spec):
        field = view.get("encoding", {}).get("text", {}).get("field")
        mark = view.get("mark")
        if field is None or not isinstance(mark, dict) or mark.get("type") != "text" or mark.get("angle"):
            continue
        if mark.get("style") == WHOLE:
            continue
        alone = view["encoding"].get("y", {}).get("axis", {}) is None and "value" in view["encoding"].get("x", {})
        room = _TEXT_ALONE if alone else _TEXT
        # Lines that were broken for the wide drawing are joined before.
        lines = {
            text: wrap(text.replace("\n", " "), room, mark.get("fontSize", 13))
            for text in _values(rows, field)
            if alone or "\n" not in text
        }
        lines = {text: parts for text, parts in lines.items() if len(parts) > 1}
        if lines:
            mark["lineBreak"] = "\n"
            tallest = max(tallest, *(len(parts) for parts in lines.values()))
            view.setdefault("transform", []).append(
                {
                    "calculate": f"({json.dumps({k: chr(10).join(v) for k, v in lines.items()}, ensure_ascii=False)})"
                    f"[datum[{json.dumps(field)}]] || datum[{json.dumps(field)}]",
                    "as": "_narrow",
                }
            )
            view["encoding"]["text"]["field"] = "_narrow"
            if mark.get("dy", 0) < 0 or mark.get("baseline", "middle") == "middle":
                # The first line stands at the mark.  Above its place the last one does; else the block's middle.
                part = 1 if mark.get("dy", 0) < 0 else 0.5
                up = {text: part * _LINE * (len(parts) - 1) for text, parts in lines.items()}
                moved = f"({json.dumps(up, ensure_ascii=False)})[datum[{json.dumps(field)}]] || 0"
                mark["dy"] = {"expr": f"{mark.get('dy', 0)} - ({moved})"}
    _give_height(spec, tallest)


def _wrap_sentences(spec: Spec) -> None:
    """Break long sentences over a plot that the page works out, so that the data hold no words to measure."""
    worked_out = {str(step.get("as")) for view, _ in views(spec) for step in view.get("transform", [])}
    held = {text for view, rows in views(spec) for row in rows for text in row.values() if isinstance(text, str)}
    drawn = {box.text.strip() for box in text_boxes(to_svg(spec))}
    longest = max((len(text) for text in drawn - held), default=0)
    if longest <= _LETTERS + 4:
        return
    lines = -(-longest // _LETTERS)
    most = min(_LETTERS, -(-longest // lines) + 6)
    above: list[tuple[float, Spec]] = []
    for view, _ in views(spec):
        encoding, mark = view.get("encoding", {}), view.get("mark")
        at, field = encoding.get("y", {"value": 0}).get("value"), encoding.get("text", {}).get("field")
        over = "value" in encoding.get("x", {"value": 0}) and isinstance(at, int | float) and at <= _LINE
        if isinstance(mark, dict) and field in worked_out and field != "_narrow" and over:
            above.append((at, view))
    for place, (_, view) in enumerate(sorted(above, key=lambda one: -one[0]), start=1):
        mark, text = view["mark"], view["encoding"]["text"]
        wrapped = f"replace(datum[{json.dumps(text['field'])}], regexp('(.{{20,{most}}}) (?=.{{8}})', 'g'), '$1\\n')"
        view.setdefault("transform", []).append({"calculate": wrapped, "as": "_narrow"})
        text["field"] = "_narrow"
        mark["lineBreak"] = "\n"
        mark["dy"] = mark.get("dy", 0) - place * (lines - 1) * (mark.get("fontSize", 13) + 2)


def _give_height(spec: Spec, lines: int) -> None:
    for view, rows in views(spec):
        if lines > 1 and isinstance(view.get("height"), dict) and "step" in view["height"]:
            parts = max((len(_values(rows, field)) for field in _offsets(view)), default=1)
            view["height"]["step"] = max(view["height"]["step"], (lines * _LINE + 5) / max(1, parts))


def _offsets(plot: Spec) -> list[str]:
    """List the fields by which marks of one row stand under each other."""
    fields = [view.get("encoding", {}).get("yOffset", {}).get("field") for view, _ in views(plot)]
    return [field for field in fields if field]


def _turn_column_labels(spec: Spec) -> None:
    """Write the names of columns slanted where they are wider than the columns."""
    for view, rows in views(spec):
        x = view.get("encoding", {}).get("x", {})
        if x.get("type") not in ("nominal", "ordinal") or x.get("axis", {}) is None or "field" not in x:
            continue
        labels = _values(rows, x["field"])
        widest = max((text_width(label, 13) for label in labels), default=0)
        if widest > WIDTH * (1 - _LABELS) / max(1, len(labels)):
            x.setdefault("axis", {})["labelAngle"] = -50


def _wrap_axis_titles(spec: Spec) -> None:
    for view, _ in views(spec):
        x = view.get("encoding", {}).get("x", {})
        if isinstance(x.get("title"), str):
            x["title"] = wrap(x["title"], WIDTH * (1 - _LABELS) - 20, 13)


def _is_narrower(small: Spec, place: str) -> bool:
    """Say whether a drawing would be narrower with its legend at another place than over the start of the plot."""
    turned = deepcopy(small)
    _place_legends(turned, place)
    return size(to_svg(turned))[0] < size(to_svg(small))[0] - _LEAST_TURN[place]


def _place_legends(spec: Spec, place: str) -> None:
    legend = spec.setdefault("config", {}).setdefault("legend", {})
    anchor = "end" if place == "end" else "start"
    legend["layout"] = {edge: {"anchor": anchor, "bounds": "full"} for edge in ("top", "bottom")}
    if place == "column":
        legend["columns"] = 1


def _fold_legends(spec: Spec, place: str) -> None:
    widest, total = 0.0, 0.0
    for view, rows in views(spec):
        colour = view.get("encoding", {}).get("color", {})
        if not isinstance(colour, dict) or colour.get("type") != "nominal" or colour.get("legend", {}) is None:
            continue
        labels = colour.get("scale", {}).get("domain") or _values(rows, colour.get("field", ""))
        widths = [text_width(str(label), 13) + 34 for label in labels]
        widest, total = max([widest, *widths]), max(total, sum(widths))
        if isinstance(colour.get("legend"), dict):
            colour["legend"].pop("columns", None)
            if colour["legend"].get("orient") in ("right", "left"):
                del colour["legend"]["orient"]
    _place_legends(spec, place)
    if total > WIDTH and place != "column":
        spec["config"]["legend"]["columns"] = max(1, int(WIDTH // widest))


def _thin_ticks(spec: Spec) -> None:
    for view, _ in views(spec):
        x = view.get("encoding", {}).get("x", {})
        if x.get("type") in ("quantitative", "temporal") and isinstance(x.get("axis", {}), dict):
            axis = x.setdefault("axis", {})
            axis["tickCount"] = min(4, axis.get("tickCount", 4))
            axis["labelOverlap"] = "greedy"
            axis["labelSeparation"] = 6
