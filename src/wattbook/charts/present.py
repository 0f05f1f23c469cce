"""How a chart leaves a notebook cell: with its point as title, its source, and a text alternative."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

import altair as alt
import vl_convert

from wattbook.charts.columns import listed, with_named_tooltips
from wattbook.charts.text import FONTS

# The drawings are made with the faces that the pages load.
vl_convert.register_font_directory(str(FONTS))

# JupyterLab 4.6 shows version 5 of this type and nbformat refuses the ".json" that Altair 6 writes for version 6.
MIME = "application/vnd.vegalite.v5+json"
# The library takes a word with Han characters that its face lacks from any face that has them, serifs and all.
_HAN_FONTS = "'Noto Sans CJK TC', 'Noto Sans TC', 'PingFang TC', 'Microsoft JhengHei', sans-serif"
_HAN_TEXT = re.compile(r'(<text\b[^>]*font-family=")[^"]*("[^>]*>(?:(?!</text>).)*[\u2e80-\u9fff])', re.DOTALL)
_SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
VEGALITE_VERSION = "6.4"


def present(
    chart: alt.TopLevelMixin,
    *,
    title: str,
    alternative: str,
    source: str,
    columns: Mapping[str, str | tuple[str, str]],
    width: int = 84,
    phone: alt.TopLevelMixin | None = None,
) -> Any:
    """Finish a chart for the reader.

    ``title`` states the chart's point, ``alternative`` tells in words what the chart shows to who cannot see it,
    ``source`` says where the figures come from.  ``columns`` names the columns of the data that a reader sees in
    tooltips and in the table under the chart, in that table's order, each with its unit and, if it is to be written in
    another than the usual way, its d3 format: ``{"usd": ("capex, US$", "$.3s")}``.  ``width`` is the number of
    characters at which title and source wrap: lower it for a narrow chart.  ``phone`` is another form of the chart,
    with the same parameters, that the book draws on a narrow screen where `wattbook.charts.narrow` could not do with
    the first.  An empty text, no columns, or two columns of one name raise ValueError.
    """
    for name, text in (("title", title), ("alternative", alternative), ("source", source)):
        if not text.strip():
            raise ValueError(f"a chart needs a {name}")
    if not columns:
        raise ValueError("a chart needs columns")
    return chart.properties(
        title=alt.TitleParams(
            textwrap.wrap(title, width), subtitle=textwrap.wrap(f"Source: {source}", int(width * 1.2))
        ),
        description=alternative,
        usermeta={"source": source, "title": title, "columns": listed(columns)}
        | ({"phone": phone.to_dict()} if phone is not None else {}),
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


def to_png(spec: dict[str, Any]) -> bytes:
    """Draw a Vega-Lite spec as PNG at twice the screen's resolution, on white."""
    svg = _HAN_TEXT.sub(rf"\1{_HAN_FONTS}\2", to_svg(spec | {"background": "#ffffff"}))
    return vl_convert.svg_to_png(svg, scale=2)


def _bundle(spec: dict[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    spec = with_named_tooltips(spec)
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
