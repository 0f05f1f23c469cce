"""How a chart leaves a notebook cell: with its point as title, its source, and a text alternative."""

import html
import re
import textwrap
from typing import Any

import altair as alt
import vl_convert

from wattbook.charts.text import text_width

# JupyterLab 4.6 shows version 5 of this type and nbformat refuses the ".json" that Altair 6 writes for version 6.
MIME = "application/vnd.vegalite.v5+json"
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
VEGALITE_VERSION = "6.4"
_HAN = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef"
_RUNS = re.compile(f"([{_HAN}]+)|([^{_HAN}]+)")
_TEXT = re.compile(r"<text([^>]*)>(.*?)</text>", re.DOTALL)
_HAN_FACES = "'Noto Sans TC', 'Noto Sans CJK TC', 'PingFang TC', 'Microsoft JhengHei'"


def present(chart: alt.TopLevelMixin, *, title: str, alternative: str, source: str, width: int = 84) -> Any:
    """Finish a chart for the reader.

    ``title`` states the chart's point, ``alternative`` tells in words what the chart shows to who cannot see it,
    ``source`` says where the figures come from.  ``width`` is the number of characters at which title and source
    wrap: lower it for a narrow chart.  An empty text raises ValueError.
    """
    for name, text in (("title", title), ("alternative", alternative), ("source", source)):
        if not text.strip():
            raise ValueError(f"a chart needs a {name}")
    return chart.properties(
        title=alt.TitleParams(
            textwrap.wrap(title, width), subtitle=textwrap.wrap(f"Source: {source}", int(width * 1.2))
        ),
        description=alternative,
        usermeta={"source": source, "title": title},
    )


def to_svg(spec: dict[str, Any]) -> str:
    """Draw a Vega-Lite spec as SVG; the same spec gives the same text."""
    svg = vl_convert.vegalite_to_svg(spec, vl_version=VEGALITE_VERSION)
    # Vega numbers gradients and clip paths through all drawings of a process: count from 0 in each.
    numbers: dict[str, int] = {}
    return re.sub(
        r"""(?<=[#"])(gradient_|clip)(\d+)(?=["')])""",
        lambda found: f"{found[1]}{numbers.setdefault(found[0], len(numbers))}",
        svg,
    )


def to_png(svg: str) -> bytes:
    """Draw an SVG as PNG at twice the screen's resolution, on white."""
    width_and_height = re.search(r'width="[\d.]+" height="[\d.]+"', svg)
    assert width_and_height, "Vega writes the size into its SVG"
    start = svg.index(">") + 1
    paper = f'<rect {width_and_height[0]} fill="#ffffff"/>'
    return vl_convert.svg_to_png(svg[:start] + paper + _TEXT.sub(_with_faces, svg[start:]), scale=2)


def _with_faces(text: re.Match[str]) -> str:
    """Give each run of a text with Han its face and its place: the drawing library takes one face for a whole text.

    The book's face only knows how wide Han is; what is drawn comes from the system.
    """
    attributes = text[1]
    if not re.search(f"[{_HAN}]", text[2]):
        return text[0]
    font = re.search(r'font-size="([\d.]+)', attributes)
    size = float(font[1]) if font else 11.0
    bold = re.search(r'font-weight="(bold|[6-9]00)"', attributes) is not None
    anchor = re.search(r'text-anchor="(\w+)"', attributes)
    lines = re.findall(r"<tspan([^>]*)>([^<]*)</tspan>", text[2]) or [("", text[2])]
    out, down = [], 0.0
    for place, written in lines:
        step = re.search(r'dy="([\d.-]+)"', place)
        down += float(step[1]) if step else 0.0
        content = html.unescape(written)
        whole = text_width(content, size, bold=bold)
        at = {"middle": -whole / 2, "end": -whole}.get(anchor[1] if anchor else "", 0.0)
        for run in _RUNS.finditer(content):
            face = _HAN_FACES if run[1] else "Wattbook Sans"
            out.append(f'<tspan x="{at:.2f}" y="{down:g}" font-family="{face}">{html.escape(run[0])}</tspan>')
            at += text_width(run[0], size, bold=bold)
    return f'<text{re.sub(r"text-anchor=.[a-z]+.", "", attributes)} xml:space="preserve">{"".join(out)}</text>'


def _bundle(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    live = spec | {"$schema": _SCHEMA}
    plain = spec.get("description", "a chart without a text alternative")
    # The SVG is for viewers that run no script; the book draws its own and skips what carries this mark.
    return (
        {MIME: live, "image/svg+xml": to_svg(spec), "text/plain": plain},
        {"image/svg+xml": {"wattbook": "static copy"}},
    )


def use_in_notebook() -> None:
    """Switch Altair to the book's theme and to output that JupyterLab, code hosts and the book all show."""
    alt.theme.enable("wattbook")
    alt.renderers.register("wattbook", _bundle)
    alt.renderers.enable("wattbook")
    alt.data_transformers.disable_max_rows()
