"""The five findings of the landing page as small charts, drawn from the ledger, the audit and public data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from wattbook.audit import run_audit
from wattbook.charts.theme import COLOURS, THEME_COLOURS
from wattbook.external import load
from wattbook.ledger import Claim, claim, format_quantity, format_value
from wattbook.views import entity_name

_WIDTH = 230
_ROW = 37


@dataclass(frozen=True)
class FindingChart:
    """A small chart: the Altair chart, what it says in words, and where its figures come from."""

    chart: Any
    alternative: str
    source: str


def finding_chart(theme: str) -> FindingChart:
    """Give the chart of a theme's finding; a theme without one raises KeyError."""
    return _CHARTS[theme]()


def _checked(check_id: str) -> "pd.Series[Any]":
    return run_audit().set_index("check_id").loc[check_id]


def _told(rows: pd.DataFrame) -> str:
    return "; ".join(f"{row.label}: {row.text}" for row in rows.itertuples()) + "."


def _rows(rows: pd.DataFrame, end: str, domain: tuple[float, float]) -> tuple[Any, Any, alt.Scale]:
    """Give the base of a chart with a name over each row, the layer of names, and the scale."""
    base = alt.Chart(rows).encode(
        y=alt.Y("label:N", sort=None, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    )
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    names = base.mark_text(align="left", yOffset=-9, color=COLOURS["muted"]).encode(x=alt.value(0), text="label:N")
    values = base.mark_text(align="left", yOffset=8, dx=7, fontWeight="bold").encode(
        x=alt.X(f"{end}:Q", scale=scale, axis=None), text="text:N"
    )
    return base, names + values, scale


def _bars(rows: pd.DataFrame, colour: str) -> Any:
    """Bars with the name over each and the value at its end."""
    base, words, scale = _rows(rows, "value", (0, float(rows["value"].max()) * 1.45))
    bars = base.mark_bar(height=13, yOffset=8).encode(
        x=alt.X("value:Q", scale=scale, axis=None), color=alt.value(colour)
    )
    return (bars + words).properties(width=_WIDTH, height=alt.Step(_ROW))


def _ranges(rows: pd.DataFrame, colour: str, domain: tuple[float, float]) -> Any:
    """Ranges with a dot at the printed or computed value; one that is ``open`` fades to the end of the scale."""
    base, words, scale = _rows(rows, "high", domain)
    x = alt.X("low:Q", scale=scale, axis=None)
    lines = base.mark_rule(strokeWidth=5, yOffset=8).encode(
        x=x, x2="high:Q", color=alt.value(colour), opacity=alt.condition("datum.open", alt.value(0.3), alt.value(0.55))
    )
    dots = base.mark_point(yOffset=8, size=75, opacity=1).encode(x=alt.X("mid:Q", scale=scale), color=alt.value(colour))
    return (lines + dots + words).properties(width=_WIDTH, height=alt.Step(_ROW))


def _printed(label: str, one: Claim, end: float) -> dict[str, Any]:
    """Give the row of a claim's range; an open range goes on to ``end``."""
    is_open = one.interval.high == float("inf")
    high = end if is_open else one.interval.high
    return {
        "label": label,
        "low": one.interval.low,
        "high": high,
        "mid": one.central,
        "text": format_value(one),
        "open": is_open,
    }


def _computed(label: str, check_id: str, text: str) -> dict[str, Any]:
    row = _checked(check_id)
    return {
        "label": label,
        "low": row["left_low"],
        "high": row["left_high"],
        "mid": row["left_value"],
        "text": text,
        "open": False,
    }


def _grid() -> FindingChart:
    total = claim("saidi-us-2024")
    rest = total.central * (1 - _checked("saidi-us-2024-major-events")["left_value"] / 100)
    rows = pd.DataFrame(
        [
            {"label": "all causes", "value": total.central, "text": format_value(total)},
            {
                "label": "without storms and other major events",
                "value": rest,
                "text": format_quantity(rest, "minute", 3),
            },
        ]
    )
    told = f"Minutes without power per US customer in 2024: {_told(rows)}"
    return FindingChart(_bars(rows, THEME_COLOURS["grid"]), told, "EIA Form 861, 2024")


def _capex() -> FindingChart:
    sums = {"five US firms": "sum-us5-capex-2024", "seven Chinese firms": "sum-cn7-capex-2024"}
    values = {label: float(_checked(check_id)["left_value"]) for label, check_id in sums.items()}
    rows = pd.DataFrame(
        [{"label": label, "value": value, "text": format_quantity(value, "USD", 3)} for label, value in values.items()]
    )
    told = f"Capital expenditure in 2024, summed from the firms as printed: {_told(rows)}"
    return FindingChart(_bars(rows, THEME_COLOURS["capex"]), told, "Caijing, firm by firm")


def _h200() -> FindingChart:
    chips = load("ml_hardware").set_index("chip_id").loc[["h200", "h20"]]
    ratios = {
        "computing": _checked("h200-vs-h20-tpp")["left_value"],
        "memory": chips["memory_byte"].iloc[0] / chips["memory_byte"].iloc[1],
        "memory bandwidth": chips["memory_bandwidth_byte_per_s"].iloc[0] / chips["memory_bandwidth_byte_per_s"].iloc[1],
    }
    rows = pd.DataFrame([{"label": label, "value": float(r), "text": f"{r:.1f}×"} for label, r in ratios.items()])
    told = f"The H200 as a multiple of the H20: {_told(rows)}"
    return FindingChart(_bars(rows, THEME_COLOURS["h200"]), told, "Epoch AI, chip data")


def _chipshare() -> FindingChart:
    idc, trendforce = claim("domestic-share-2024-idc-zimubang"), claim("domestic-share-2024q4-trendforce-wuxiaobo")
    check = "domestic-share-2024-units"
    low, high = (format_quantity(_checked(check)[end], "percent", 2) for end in ("left_low", "left_high"))
    rows = pd.DataFrame(
        [
            _printed(f"{entity_name(idc.attributed_to)}, 2024", idc, 100),
            _printed(f"{entity_name(trendforce.attributed_to)}, late 2024", trendforce, 100),
            _computed("rebuilt from one article's counts", check, f"{low} to {high}"),
        ]
    )
    # The text of the open range has its place before the end of the scale.
    rows.loc[rows["open"], "high"] = 75.0
    told = f"Share of Chinese chips in China's market: {_told(rows)}"
    return FindingChart(_ranges(rows, THEME_COLOURS["chipshare"], (0, 115)), told, "Articles; computed")


def _depreciation() -> FindingChart:
    resale = format_quantity(_checked("resale-implied-life")["left_value"], "year", 2)
    rows = pd.DataFrame(
        [
            _printed("Burry", claim("gpu-useful-life-burry-semi"), 8),
            _computed("what one resale price implies", "resale-implied-life", resale),
            _printed("in the accounts", claim("gpu-book-life-semi"), 8),
        ]
    )
    told = f"Useful life of a GPU: {_told(rows)}"
    return FindingChart(_ranges(rows, THEME_COLOURS["depreciation"], (0, 9.5)), told, "Articles; computed")


_CHARTS: dict[str, Callable[[], FindingChart]] = {
    "grid": _grid,
    "capex": _capex,
    "h200": _h200,
    "chipshare": _chipshare,
    "depreciation": _depreciation,
}
