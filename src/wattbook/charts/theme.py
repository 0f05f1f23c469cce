"""The one chart theme: colours that colour-blind readers can tell apart, and a font stack with CJK faces.

Every colour has a name.  In a notebook a chart carries the hex values of the light mode; in the built page each of
them is replaced by the CSS variable of the same name (``--wb-blue``), so that a chart follows dark mode by itself.
"""

import json
from typing import Any, cast

import altair as alt

# The eight-colour set of Okabe and Ito (2008), two of them darkened so that text in them reads on white.
COLOURS = {
    "ink": "#1f2933",
    "muted": "#52606d",
    "grid": "#dfe3e8",
    "paper": "#ffffff",
    "blue": "#004a80",
    "orange": "#a34b00",
    "green": "#00785a",
    "red": "#c1272d",
    "purple": "#8e4585",
    "sky": "#1f74a0",
    "gold": "#806400",
    "grey": "#5a6673",
}

THEME_COLOURS = {
    "grid": COLOURS["gold"],
    "capex": COLOURS["blue"],
    "h200": COLOURS["green"],
    "chipshare": COLOURS["red"],
    "depreciation": COLOURS["purple"],
    "market": COLOURS["grey"],
}

VERDICT_COLOURS = {
    "consistent": COLOURS["green"],
    "rounding": COLOURS["sky"],
    "derived": COLOURS["grey"],
    "contested": COLOURS["orange"],
    "inconsistent": COLOURS["red"],
}

# The book's own Latin face is loaded by its pages and known to the drawing library (wattbook.charts.text), so a chart
# has one layout everywhere; the others are for notebooks.
FONT = (
    "'Wattbook Sans', 'Helvetica Neue', 'Segoe UI', Roboto, 'Noto Sans', Arial, "
    "'Noto Sans TC', 'Noto Sans CJK TC', 'PingFang TC', 'Microsoft JhengHei', sans-serif"
)

CATEGORIES = [COLOURS[name] for name in ("blue", "orange", "green", "red", "purple", "sky", "gold", "grey")]
# A continuous ramp is interpolated by Vega and so cannot be CSS variables; it reads on light and dark paper alike.
RAMP = ["#dbe9f6", "#9cc4e4", "#4f97c9", "#1f6aa8", "#0b3f73"]


@alt.theme.register("wattbook", enable=False)
def theme() -> alt.theme.ThemeConfig:
    """Give the Vega-Lite config of the book."""
    text = {
        "labelColor": COLOURS["ink"],
        "titleColor": COLOURS["muted"],
        "labelFontSize": 13,
        "titleFontSize": 13,
    }
    config: dict[str, Any] = {
        "config": {
            "background": None,
            "font": FONT,
            "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 320},
            "axis": text
            | {
                "gridColor": COLOURS["grid"],
                # A logarithmic axis has ticks between those that are written: no line for them.
                "gridOpacity": {"condition": {"test": "datum.label", "value": 1}, "value": 0},
                "domainColor": COLOURS["grid"],
                "tickColor": COLOURS["grid"],
                "titleFontWeight": "normal",
                "labelLimit": 320,
                "titlePadding": 8,
            },
            "axisY": {"domain": False, "ticks": False, "labelPadding": 9},
            "axisBand": {"grid": False},
            "legend": text | {"orient": "top", "titleFontWeight": "normal", "symbolType": "square", "labelLimit": 300},
            "header": text | {"titleFontWeight": "normal", "labelFontWeight": "bold"},
            "title": {
                "color": COLOURS["ink"],
                "subtitleColor": COLOURS["muted"],
                "anchor": "start",
                "frame": "bounds",
                "fontSize": 16,
                "subtitleFontSize": 12,
                "subtitlePadding": 5,
                "fontWeight": 600,
                "lineHeight": 19,
                "offset": 14,
            },
            "text": {"color": COLOURS["ink"], "fontSize": 13},
            "bar": {"color": COLOURS["blue"]},
            "point": {"color": COLOURS["blue"], "filled": True, "size": 70},
            "line": {"color": COLOURS["blue"], "strokeWidth": 2},
            "rule": {"color": COLOURS["muted"]},
            "tick": {"color": COLOURS["blue"]},
            "range": {"category": CATEGORIES, "ramp": RAMP, "heatmap": RAMP},
        }
    }
    return cast(alt.theme.ThemeConfig, config)


def with_css_variables(spec: dict[str, Any]) -> dict[str, Any]:
    """Give a copy of a Vega-Lite spec in which each named colour is its CSS variable, ``var(--wb-<name>)``."""
    text = json.dumps(spec)
    for name, value in COLOURS.items():
        text = text.replace(f'"{value}"', f'"var(--wb-{name})"')
    return cast(dict[str, Any], json.loads(text))
