"""The figures of the five findings on the landing page, taken from claims, checks and public data."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd

from wattbook.audit import run_audit
from wattbook.external import caption_source, load
from wattbook.ledger import claim, format_quantity, format_value


class Finding(NamedTuple):
    """A small chart: what its values are, its rows (``label``, ``value``, ``text``, ``low``, ``high``), its source.

    ``low`` and ``high`` are the ends of a range where a row has one, else NaN; all in the unit of ``measure``.
    """

    measure: str
    rows: pd.DataFrame
    source: str
    alternative: str


def _check(check_id: str) -> dict[str, Any]:
    return {str(k): v for k, v in run_audit().set_index("check_id").loc[check_id].to_dict().items()}


def _frame(rows: list[tuple[str, float, str]]) -> pd.DataFrame:
    return pd.DataFrame([(*row, float("nan"), float("nan")) for row in rows], columns=_COLUMNS)


_COLUMNS = ["label", "value", "text", "low", "high"]
# An open end is drawn at the whole.
_ALL_PERCENT = 100.0
_AUCTIONS = 3


def grid() -> Finding:
    """The price of capacity in PJM's auctions."""
    auctions = load("pjm_capacity_auctions").tail(_AUCTIONS)
    prices = zip(auctions["delivery_year"], auctions["price_usd_per_mw_day"], strict=True)
    rows = [(str(year), float(price), f"US${price:,.0f}") for year, price in prices]
    measure = "Price of a megawatt that stands ready, per day, PJM market"
    return Finding(measure, _frame(rows), caption_source("pjm_capacity_auctions"), _told(measure, rows))


def capex() -> Finding:
    """Capital spending of the firms of two countries, as summed and with China's carriers whole."""
    us, cn = (float(_check(check_id)["left_value"]) for check_id in ("sum-us5-capex-2024", "sum-cn7-capex-2024"))
    whole = claim("capex-us5-2024").central / float(_check("capex-multiple-carriers-whole")["left_value"])
    values = {"five US firms": us, "seven Chinese, printed": cn, "with carriers whole": whole}
    rows = [(label, value, format_quantity(value, "USD", digits=3)) for label, value in values.items()]
    measure = "Capital spending, 2024"
    return Finding(measure, _frame(rows), "articles; reports of the carriers' spending", _told(measure, rows))


def chip() -> Finding:
    """The H200 as a multiple of the H20, by what one measures."""
    printed, chips = claim("h200-vs-h20-semi"), load("ml_hardware").set_index("chip_id")
    columns = {
        "arithmetic (TPP)": "source_tpp",
        "memory": "memory_byte",
        "memory bandwidth": "memory_bandwidth_byte_per_s",
    }
    h200, h20 = (chips.loc[chip].to_dict() for chip in ("h200", "h20"))
    multiples = [(label, h200[column] / h20[column]) for label, column in columns.items()]
    rows = [("printed", printed.central, format_value(printed))]
    rows += [(label, value, f"{value:.1f}×") for label, value in multiples]
    measure = "The H200 as a multiple of the H20"
    return Finding(measure, _frame(rows), f"articles; {caption_source('ml_hardware')}", _told(measure, rows))


def chipshare() -> Finding:
    """The Chinese share of China's market by source, rebuilt from unit counts, and as counted later."""
    rows = []
    for label, claim_id in (
        ("2024, IDC", "domestic-share-2024-idc-zimubang"),
        ("end of 2024, TrendForce", "domestic-share-2024q4-trendforce-wuxiaobo"),
    ):
        printed = claim(claim_id)
        high = min(printed.interval.high, _ALL_PERCENT)
        rows.append((label, printed.low, format_value(printed), printed.interval.low, high))
    rows.append(_checked("2024, Techcoffee's counts", "domestic-share-2024-units", "{:.0f}–{:.0f}%"))
    rows.append(_checked("2025, IDC's count of 2026", "domestic-share-2025-idc-later", "{:.0f}–{:.0f}%"))
    return _ranges("Chinese share of AI chips in China", rows, "articles; IDC; ranges as printed")


def depreciation() -> Finding:
    """The life of an accelerator: as booked, as Burry says, as a resale price implies, read two ways."""
    rows = []
    for label, claim_id in (("in the books", "gpu-book-life-semi"), ("Michael Burry", "gpu-useful-life-burry-semi")):
        printed = claim(claim_id)
        rows.append(
            (label, printed.central, format_value(printed), float(printed.interval.low), float(printed.interval.high))
        )
    for label, check_id in (
        ("resale, of the old price", "resale-implied-life"),
        ("resale, of today's price", "resale-implied-life-today"),
    ):
        rows.append(_checked(label, check_id, "{:.1f}–{:.1f} years"))
    return _ranges("Useful life of an AI chip, years", rows, "articles; reported prices; ranges as printed")


def _checked(label: str, check_id: str, form: str) -> tuple[str, float, str, float, float]:
    """Give the row of what a check computes, its range written as ``form`` has it."""
    check = _check(check_id)
    value, low, high = (float(check[part]) for part in ("left_value", "left_low", "left_high"))
    return label, value, form.format(low, high), low, high


def _ranges(measure: str, rows: list[tuple[str, float, str, float, float]], source: str) -> Finding:
    return Finding(measure, pd.DataFrame(rows, columns=_COLUMNS), source, _told(measure, [row[:3] for row in rows]))


def _told(measure: str, rows: list[tuple[str, float, str]]) -> str:
    return f"{measure}: " + "; ".join(f"{label} {text}" for label, _, text in rows) + "."


FINDINGS: dict[str, Callable[[], Finding]] = {
    "grid": grid,
    "capex": capex,
    "h200": chip,
    "chipshare": chipshare,
    "depreciation": depreciation,
}
