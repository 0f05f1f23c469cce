"""Drawings of things that are joined: ties between two columns of names, a chain of boxes, and a network for phones."""

from collections.abc import Mapping
from typing import Any, Literal

import altair as alt
import pandas as pd

from wattbook.charts.specs import WHOLE
from wattbook.charts.text import text_width, wrap
from wattbook.charts.theme import COLOURS

_LETTERS = 12
_LINE = 15
# Pixels from name to name: of ties, and of a network in two columns.
_PITCH = 72
_ROW = 36
# The width of a chain that goes down.
_CHAIN = 300


def ties(
    data: pd.DataFrame,
    *,
    left: str,
    right: str,
    text: str,
    kind: str,
    colours: Mapping[str, str],
    width: int = 300,
    room: tuple[int, int] | None = (190, 120),
) -> Any:
    """Two columns of names with a line for each tie and its text in a gap of the line; lines of ``text`` by "\\n".

    ``room`` is the pixels for names beside the two columns; with None they stand above or below their dots, where no
    tie leaves.
    """
    ranks = [{name: rank for rank, name in enumerate(data[side].unique())} for side in (left, right)]
    lines = data.assign(_y=_PITCH * data[left].map(ranks[0]), _end=_PITCH * data[right].map(ranks[1]))
    lines = lines.assign(**_gaps(lines, text, width))
    # Away from the ties that leave a dot upwards.
    rising = lines[lines["_end"] < lines["_y"]]
    below = [set(rising[left]), set(ranks[1]) - set(rising[right])]
    names = pd.DataFrame(
        [
            {"_name": name, "_x": x, "_y": _PITCH * rank, "_side": align, "_below": name in under}
            for x, align, of, under in ((0, "right", ranks[0], below[0]), (width, "left", ranks[1], below[1]))
            for name, rank in of.items()
        ]
    )
    ends = room or (8, 8)
    scale_x = alt.Scale(domain=[-ends[0], width + ends[1]], nice=False)
    deepest = _PITCH * (max(len(of) for of in ranks) - 1) + 26
    x = alt.X("_x:Q", axis=None, scale=scale_x)
    y = alt.Y("_y:Q", axis=None, scale=alt.Scale(domain=[deepest, -26], nice=False))
    shade = alt.Color(
        f"{kind}:N",
        title=None,
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(symbolType="stroke", symbolStrokeWidth=2, symbolOpacity=1),
    )
    base = alt.Chart(lines).encode(tooltip=[left, right, text])
    rule = base.mark_rule(strokeWidth=2, opacity=0.7)
    layers = [
        rule.encode(x, y, x2="_near_x:Q", y2="_near_y:Q", color=shade),
        rule.encode(alt.X("_far_x:Q", axis=None), alt.Y("_far_y:Q", axis=None), x2="_x2:Q", y2="_end:Q", color=shade),
        *(
            base.transform_filter(f"length(split(datum[{text!r}], '\\n')) == {count}")
            .mark_text(fontSize=_LETTERS, lineBreak="\n", lineHeight=_LINE, dy=-_LINE / 2 * (count - 1), style=WHOLE)
            .encode(alt.X("_middle_x:Q", axis=None), alt.Y("_middle_y:Q", axis=None), text=f"{text}:N")
            for count in sorted({said.count("\n") + 1 for said in lines[text]})
        ),
        alt.Chart(names).mark_point(size=110, opacity=1, color=COLOURS["ink"]).encode(x, y),
    ]
    sides: tuple[tuple[Literal["left", "right"], int], ...] = (("right", -1), ("left", 1))
    for side, away in sides:
        for under in (True, False):
            chosen = alt.Chart(names).transform_filter(
                f"datum._side == '{side}' && datum._below == {str(under).lower()}"
            )
            if room:
                mark = chosen.mark_text(align=side, dx=12 * away, fontWeight="bold", style=WHOLE)
            else:
                mark = chosen.mark_text(
                    align="left" if side == "right" else "right",
                    dx=5 * away,
                    dy=15 if under else -15,
                    fontWeight="bold",
                    style=WHOLE,
                )
            layers.append(mark.encode(x, y, text="_name:N"))
    return alt.layer(*layers).properties(width=width + sum(ends), height=deepest + 26)


def _gaps(lines: pd.DataFrame, text: str, width: int) -> dict[str, Any]:
    """Give where the line of each tie stops before its text, and where it goes on."""
    said = lines[text].str.split("\n")
    wide = said.map(lambda parts: max(text_width(line, _LETTERS) for line in parts)) / 2 + 7
    rise = lines["_end"] - lines["_y"]
    high = _LINE * said.map(len) / 2 + 3
    gap = (high / rise.abs().clip(lower=1)).clip(upper=wide / width)
    return {"_x": 0, "_x2": width, "_middle_x": width / 2, "_middle_y": lines["_y"] + rise / 2} | {
        f"_{name}_{axis}": start + (0.5 + sign * gap) * length
        for name, sign in (("near", -1), ("far", 1))
        for axis, start, length in (("x", 0, width), ("y", lines["_y"], rise))
    }


def chain_down(boxes: pd.DataFrame, links: pd.DataFrame, colours: Mapping[str, str]) -> Any:
    """Boxes (``head``, ``text``, ``grade``) one under the other, joined by arrows with their links' ``text``.

    Links may have a ``head`` too, for tooltips.  The first line of a text and its second become one;
    ``colours`` are by grade.
    """
    gap, at, wide = 52, 34, _CHAIN - 2
    told = ["\n".join(wrap(said.replace("\n", " "), wide - 20, _LETTERS)) for said in boxes["text"]]
    high = 33 + _LINE * max(said.count("\n") + 1 for said in told)
    pitch = high + gap
    framed = boxes.assign(text=told, x=_CHAIN / 2, left=1, right=wide, top=[pitch * i for i in range(len(boxes))])
    framed = framed.assign(end=framed["top"] + high, head_y=framed["top"] + 15, text_y=framed["top"] + 26)
    joined = links.assign(
        text=[said.replace("\n", ", ", 1) for said in links["text"]],
        x=at,
        side=at + 18,
        top=[pitch * i + high for i in range(len(links))],
    )
    joined = joined.assign(end=joined["top"] + gap - 8, text_y=joined["top"] + 11)
    total = pitch * len(boxes) - gap
    scale_x, scale_y = (alt.Scale(domain=ends, nice=False) for ends in ([0, _CHAIN], [total + 2, -2]))
    x, left, side = (alt.X(f"{name}:Q", axis=None, scale=scale_x) for name in ("x", "left", "side"))
    top, head, text, end = (alt.Y(f"{name}:Q", axis=None, scale=scale_y) for name in ("top", "head_y", "text_y", "end"))
    shade = alt.Color(
        "grade:N",
        scale=alt.Scale(domain=list(colours), range=list(colours.values())),
        legend=alt.Legend(title="evidence for it", orient="bottom"),
    )
    tip = [name for name in ("head", "text", "grade") if name in links]
    box, link = alt.Chart(framed).encode(tooltip=["head", "text", "grade"]), alt.Chart(joined).encode(tooltip=tip)
    lines: dict[str, Any] = {"lineBreak": "\n", "baseline": "top", "fontSize": _LETTERS, "lineHeight": _LINE}
    lines["style"] = WHOLE
    return alt.layer(
        box.mark_rect(filled=False, strokeWidth=2, cornerRadius=4).encode(
            left, top, x2="right:Q", y2="end:Q", color=shade
        ),
        box.mark_text(fontWeight="bold", fontSize=13).encode(x, head, text="head:N"),
        box.mark_text(**lines).encode(x, text, text="text:N"),
        link.mark_rule(strokeWidth=4).encode(x, top, y2="end:Q", color=shade),
        link.mark_point(shape="triangle-down", size=170, opacity=1).encode(x, end, color=shade),
        link.mark_text(align="left", **lines).encode(side, text, text="text:N", color=shade),
    ).properties(width=_CHAIN, height=total + 4)


def network(
    nodes: pd.DataFrame, lines: pd.DataFrame, colours: Mapping[str, str], x: alt.X, y: alt.Y, *, largest: int
) -> list[alt.Chart]:
    """Give the layers of a network without its names: lines and dots, stronger and larger with their passages.

    ``nodes`` and ``lines`` are as `two_columns` takes them, with their places as columns x and y, and for the other
    ends of the lines x2 and y2.  ``largest`` is the area of the largest dot, in pixels.
    """
    tip = [column for column in ("pair", "english", "kind", "passages") if column in lines]
    strong = alt.StrokeWidth("passages:Q", scale=alt.Scale(domain=[2, 12], range=[1, 6]), legend=None)
    shade = alt.Color(
        "theme:N", legend=alt.Legend(title=None), scale=alt.Scale(domain=list(colours), range=list(colours.values()))
    )
    layers = [
        alt.Chart(lines[lines["kind"] == kind])
        .mark_rule(color=COLOURS[ink], opacity=seen)
        .encode(x, y, x2="x2:Q", y2="y2:Q", strokeWidth=strong, tooltip=tip)
        for kind, ink, seen in (("within a theme", "grey", 0.35), ("across themes", "ink", 0.8))
    ]
    size = alt.Size("passages:Q", scale=alt.Scale(domain=[0, 26], range=[20, largest]), legend=None)
    dots = alt.Chart(nodes).encode(x, y, color=shade, size=size, tooltip=["name", "theme", "passages"])
    return [*layers, dots.mark_circle(opacity=1)]


def two_columns(nodes: pd.DataFrame, lines: pd.DataFrame, colours: Mapping[str, str]) -> Any:
    """A `network` in two columns for phones: each term with its gloss below it.

    ``nodes`` have ``name`` (a term, a space and its gloss), ``theme``, ``side`` (-1 or 1) and ``passages``, by term;
    ``lines`` have ``pair`` ("a – b"), ``kind`` ("within a theme" or "across themes") and ``passages``, and may have
    ``english`` for tooltips.
    """
    width, edges = 328, {-1: 112, 1: 204}
    count = nodes.groupby("side").cumcount()
    total = _ROW * int(nodes["side"].value_counts().max())
    height = (count + 0.5) / nodes["side"].map(nodes["side"].value_counts())
    # Slightly bent, so that a line past a term does not run through its dot.
    inward = 12 * (1 - (2 * height - 1) ** 2) ** 0.5
    placed = nodes.assign(x=nodes["side"].map(edges) - nodes["side"] * inward, y=total * height)
    said = placed["name"].str.split(" ", n=1)
    room = {-1: edges[-1] - 14, 1: width - edges[1] - 14}
    placed = placed.assign(
        _term=said.str[0],
        _gloss=["\n".join(wrap(parts[1], room[side], 11)) for parts, side in zip(said, placed["side"], strict=True)],
    )
    ends = lines["pair"].str.split(" – ")
    drawn = lines.assign(
        **{f"{at}{mark}": ends.str[i].map(placed[at]) for i, mark in ((0, ""), (1, "2")) for at in ("x", "y")}
    )
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, width], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[total + 8, 0], nice=False))
    dots = alt.Chart(placed.reset_index()).encode(x, y, tooltip=["name", "theme", "passages"])
    layers = network(placed.reset_index(), drawn, colours, x, y, largest=300)
    sides: tuple[tuple[Literal["left", "right"], int], ...] = (("right", -1), ("left", 1))
    for align, side in sides:
        mine = dots.transform_filter(f"datum.side == {side}")
        layers.append(mine.mark_text(align=align, dx=12 * side, dy=-6, style=WHOLE).encode(text="_term:N"))
        below = mine.mark_text(align=align, dx=12 * side, dy=8, fontSize=11, lineBreak="\n", lineHeight=12, style=WHOLE)
        layers.append(below.encode(text="_gloss:N"))
    return alt.layer(*layers).properties(width=width, height=total + 8)
