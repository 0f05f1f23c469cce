"""Every model that a reader moves: what the chart in the page holds is what the tested Python function gives.

A chart's controls are set through its own Vega view, and one slider of each chart with the keyboard.  Compared are the
rows that the chart draws, not its text.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page
from pytest import approx

from wattbook.audit import load_facts, run_audit
from wattbook.charts.movable import PER_YEAR
from wattbook.external import load
from wattbook.ledger import claim
from wattbook.models import chain, export_rule, pricing, supply
from wattbook.models import depreciation as dep
from wattbook.models.power import chips_supported, households
from wattbook.models.schedule import power_arrivals

pytestmark = [pytest.mark.book, pytest.mark.browser]

Rows = list[dict[str, Any]]
Setting = Mapping[str, Any]
METHODS = {
    "straight line": dep.straight_line,
    "double declining balance": dep.double_declining_balance,
    "sum of the years' digits": dep.sum_of_years_digits,
}


@dataclass(frozen=True)
class Model:
    """A chart with controls: where it is, what it starts from, and what is to be compared.

    ``compare`` takes the values of the controls and the rows of the chart, and yields pairs: what the chart has, what
    Python gives.
    """

    page: str
    chart: str
    start: Callable[[], Setting]
    settings: list[Setting]
    fields: tuple[tuple[str, ...], ...]
    compare: Callable[[Setting, list[Rows]], Iterator[tuple[Any, Any]]]


def audited(check: str) -> float:
    return float(run_audit().set_index("check_id").loc[check, "left_value"])


# --- grid -----------------------------------------------------------------------------------------------------------


def chips_and_homes(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    capacity = at["capacityGw"] * 1e9
    (case,) = {(row["chips"], row["homes"]) for row in found[0]}
    yield case[0], chips_supported(capacity, at["wattsPerChip"], at["pue"])
    yield case[1], households(capacity, at["utilisation"], audited("orion-kwh-per-household"))


SIGNALS = {
    "data centre": ("dataCentreYears", "datacenter-build-time"),
    "turbine": ("turbineMonths", "gas-turbine-lead-time"),
    "approval": ("approvalYears", "interconnection-queue-time"),
    "substation": ("substationWeeks", "substation-lead-time"),
    "review": ("reviewMonths", "nepa-review-time"),
    "line": ("lineYears", "transmission-line-build-time"),
    "restart": ("restartYears", "google-nextera-wait"),
    "small reactor": ("reactorYears", "smr-delivery-time"),
}


def arrivals(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    years = {task: at[signal] / PER_YEAR[claim(of).unit] for task, (signal, of) in SIGNALS.items()}
    expected = power_arrivals(years, at["inLine"])
    shown = {row["way"]: (row["power"], row["wait"]) for row in found[0]}
    assert set(shown) == set(expected)
    for way, pair in expected.items():
        yield shown[way], pair
    for row in found[1]:
        yield row["finish"] - row["start"], years[row["task"]]


# --- capex ----------------------------------------------------------------------------------------------------------


def growth_path(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    growth, revenue_growth = at["capexGrowth"] / 100, at["revenueGrowth"] / 100
    world = supply.project(at["startCapex"] * 1e9, growth, 5)
    by_year = {row["year"]: row for row in found[0]}
    assert set(by_year) == set(range(2025, 2031))
    for year, row in by_year.items():
        ahead = year - 2025
        ratio = (
            supply.project(row["capex"], growth, ahead)[-1] / supply.project(row["revenue"], revenue_growth, ahead)[-1]
        )
        yield row["ratio"], ratio
        yield row["ofCash"], ratio / (at["cashMargin"] / 100)
        yield row["world"], world[ahead]


def fund(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    rows = {row["day"]: row for row in found[0]}
    days = max(rows)
    trend = (1 + at["indexChange"] / 100) ** (1 / days)
    swing = np.exp(np.resize([1.0, -1.0], days) * at["dailySwing"] / 100)
    path = pricing.leveraged_fund(trend * swing - 1, at["leverage"])
    assert len(rows) == days + 1
    for day, row in rows.items():
        yield row["the index"], path.index[day] - 1
        yield row["fund, leveraged daily"], path.fund[day] - 1
        yield row["multiple of the whole move"], path.multiple[day] - 1


# --- H200 -----------------------------------------------------------------------------------------------------------


def export_rules(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    tpp = export_rule.total_processing_performance(at["chipTops"], at["bitLength"])
    density = export_rule.performance_density(tpp, at["dieArea"])
    below = export_rule.case_by_case_2026(tpp, at["memoryRate"])
    for row in found[0]:
        yield (row["tpp"], row["density"]), (tpp, density)
        yield row["rule2022"], export_rule.classify_2022(tpp, at["linkRate"]) or "outside"
        yield row["limb"], export_rule.classify(tpp, density, at["forDatacentre"]) or "outside both limbs"
        yield row["review2026"], "below both caps" if below else "above a cap"
    dense = export_rule.controlled_density(tpp, at["forDatacentre"])
    limits = {
        "2022: TPP": (tpp, 4800),
        "2022: links": (at["linkRate"], 600),
        "2023: TPP": (tpp, 4800),
        "2026: TPP": (tpp, 21_000),
        "2026: memory": (at["memoryRate"], 6500),
    }
    if dense:
        limits["2023: density"] = (density, dense)
    # A row without a limit has no share of it, and is left out here.
    assert {row["measure"] for row in found[1]} == set(limits)
    for row in found[1]:
        value, cap = limits[row["measure"]]
        yield (row["value"], row["cap"], row["part"]), (value, cap, value / cap)


def fee(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    given = (at["chipPrice"], at["feeShare"], at["chipCost"])
    split = pricing.fee_split(*given, at["passThrough"], at["elasticity"])
    expected = {
        ("with the fee", "fee"): split.fee,
        ("with the fee", "Nvidia's cost"): at["chipCost"],
        ("with the fee", "Nvidia's margin"): split.margin,
        ("without the fee", "fee"): 0.0,
        ("without the fee", "Nvidia's cost"): at["chipCost"],
        ("without the fee", "Nvidia's margin"): at["chipPrice"] - at["chipCost"],
    }
    shown = {(row["sale"], row["portion"]): row["usd"] for row in found[0]}
    assert set(shown) == set(expected)
    for key, value in expected.items():
        yield shown[key], value
    for row in found[1]:
        point = pricing.fee_split(*given, row["shift"], at["elasticity"])
        yield (row["paid"], row["sold"]), (point.price, point.units)
        yield (row["treasury"], row["profit"]), (point.treasury_total, point.profit_total)


# --- domestic share -------------------------------------------------------------------------------------------------


def domestic_share(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    good = supply.project(supply.units_made(at["dieStarts"], 1, at["dieYield"] / 100), at["startsGrowth"] / 100, 2)
    made = supply.within_memory(good, at["memoryCap"])
    h200 = float(load("ml_hardware").set_index("chip_id").loc["h200", "source_tpp"])
    rows = {row["k"]: row for row in found[0]}
    assert set(rows) == {0, 1, 2}
    for k, row in rows.items():
        yield row["chinese"], made[k]
        yield row["units"], supply.share_by_units(made[k], at["h200Inflow"])
        yield row["compute"], supply.share_by_compute(made[k], at["h200Inflow"], at["homeTpp"], h200)


# --- depreciation ---------------------------------------------------------------------------------------------------


def one_machine(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    expense = METHODS[at["deprMethod"]](1.0, at["deprLife"], at["deprSalvage"])
    book = dep.book_value(1.0, expense)
    resale = dep.resale_curve([(3.0, at["deprResale"])])
    rows = {row["age"]: row for row in found[0]}
    assert set(rows) == set(range(9))
    for age, row in rows.items():
        yield row["book"], book[min(age, len(book) - 1)]
        yield row["charge"], expense[age - 1] if 0 < age <= len(expense) else 0.0
        yield row["resale"], resale.fraction(float(age))


def purchases(firms: tuple[str, ...]) -> dict[int, float]:
    facts = load("sec_capex_facts")
    facts = facts[facts["ticker"].isin(firms) & (facts["metric"] == "capex") & (facts["calendar_quarter"] != "")]
    by_year = facts.groupby(facts["calendar_quarter"].str[:4].astype(int))["usd"].sum()
    return {year: float(by_year[year]) for year in (2023, 2024, 2025)}


def carried_on(bought: dict[int, float], growth: float) -> dict[int, float]:
    return bought | {year: bought[2025] * (1 + growth) ** (year - 2025) for year in range(2026, 2031)}


def cohorts(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    path = carried_on(purchases(("GOOGL", "META", "MSFT")), at["cohortGrowth"])
    expected = dep.cohort_expense(path, at["cohortLife"])
    shown = pd.DataFrame(found[0]).drop_duplicates(["year", "bought"]).groupby("year")["charge"].sum()
    assert list(shown.index) == list(range(2023, 2031))
    for year, total in shown.items():
        yield total, expected.get(year, 0.0)


def firm_books(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    ticker = {"Alphabet": "GOOGL", "Meta": "META", "Microsoft": "MSFT"}[at["booksFirm"]]
    resale = dep.resale_curve([(3.0, at["booksResale"])])
    bought = purchases((ticker,))
    path = carried_on(bought, at["booksGrowth"] / 100)
    books = dep.cohort_books(path, at["booksLife"], METHODS[at["booksMethod"]], at["booksSalvage"], resale)
    facts = load("sec_capex_facts").query("ticker == @ticker and calendar_quarter.str.startswith('2025')")
    income, charge = (float(facts.loc[facts["metric"] == m, "usd"].sum()) for m in ("operating_income", "depreciation"))
    rest = charge - dep.cohort_expense(bought, claim("depreciation-life-example-semi").central)[2025]
    earned = dep.income_path(income, charge, at["booksIncome"] / 100, rest, books["expense"], 2025)
    shown = {row["year"]: row for row in found[0]}
    assert set(shown) == set(books.index)
    for year, row in shown.items():
        for name in ("expense", "book", "resale"):
            yield row[name], books.loc[year, name]
        yield row["income"], earned[year]


# --- synthesis ------------------------------------------------------------------------------------------------------


def one_chain(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    of = chain.chain(at["capacityGw"] * 1e9, at["chipWatts"], at["chipPrice"], at["chipLife"], at["incomeBn"] * 1e9)
    charges = dep.straight_line(of.dollars, at["chipLife"])
    rows = {row["year"]: row for row in found[0]}
    assert set(rows) == set(range(1, 9))
    for year, row in rows.items():
        yield row["charge"], charges[year - 1] if year <= len(charges) else 0.0
    yield (rows[1]["chips"], rows[1]["dollars"]), (of.chips, of.dollars)
    yield (rows[1]["charge"], rows[1]["share"]), (of.charge, of.share)


def chain_interval(at: Setting, found: list[Rows]) -> Iterator[tuple[Any, Any]]:
    by = {"capacity": 1e9}
    ranges = {n: chain.Range(at[f"{n}Low"] * by.get(n, 1), at[f"{n}High"] * by.get(n, 1)) for n in chain.LINKS}
    draws = pd.DataFrame(found[1]).drop_duplicates("draw")[list(chain.LINKS)]
    assert len(draws) == 512
    charge = chain.spread(draws, ranges, at["incomeUsdBn"] * 1e9)["charge"] / 1e9
    for row in found[0]:
        for of in (5, 25, 50, 75, 95):
            yield row[f"q{of}"], charge.quantile(of / 100)
        yield row["high_share"], charge.quantile(0.95) / at["incomeUsdBn"]


# --- the models -----------------------------------------------------------------------------------------------------

MODELS = [
    Model(
        "01_grid_constraints",
        "fig-grid-calculator",
        lambda: {
            "capacityGw": claim("bytedance-datacenter-capacity").central / 1e9,
            "wattsPerChip": audited("watts-per-gpu-colossus"),
        },
        [{"wattsPerChip": 2500, "pue": 1.3}, {"capacityGw": 10, "utilisation": 0.6}, {"utilisation": 0}],
        (("homes", "chips"),),
        chips_and_homes,
    ),
    Model(
        "01_grid_constraints",
        "fig-grid-arrivals",
        lambda: {signal: claim(of).central for signal, of in SIGNALS.values()},
        [
            {"inLine": 1},
            {"approvalYears": 0.2, "inLine": 0.5},
            {"dataCentreYears": 5, "turbineMonths": 30, "substationWeeks": 250, "reviewMonths": 70, "inLine": 0.35},
            {"restartYears": 9, "reactorYears": 3, "lineYears": 1},
        ],
        (("way", "power", "wait"), ("task", "start", "finish")),
        arrivals,
    ),
    Model(
        "02_capex_race",
        "fig-capex-path",
        lambda: {
            "capexGrowth": claim("ubs-ai-capex-cagr").central,
            "startCapex": claim("ubs-ai-capex-2025").central / 1e9,
        },
        [{"capexGrowth": 60, "revenueGrowth": 5}, {"cashMargin": 20, "startCapex": 500}, {"capexGrowth": 0}],
        (("year", "capex", "revenue", "world", "ratio", "ofCash"),),
        growth_path,
    ),
    Model(
        "02_capex_race",
        "fig-capex-fund",
        lambda: {"indexChange": -claim("ndx-ytd-drop").low, "leverage": claim("tqqq-leverage").central},
        [{"dailySwing": 0}, {"dailySwing": 5, "leverage": 2}, {"indexChange": 30, "dailySwing": 3.3}],
        (("day", "the index", "fund, leveraged daily", "multiple of the whole move"),),
        fund,
    ),
    Model(
        "03_h200_policy",
        "fig-h200-calculator",
        lambda: {"chipTops": claim("h20-fp16-zimubang").central / 1e12, "bitLength": 16},
        [
            {"chipTops": 990, "linkRate": 400, "memoryRate": 4800},
            {"chipTops": 312, "dieArea": 826, "linkRate": 600, "bitLength": 16},
            {"chipTops": 120, "bitLength": 16, "dieArea": 500},
            {"chipTops": 120, "bitLength": 16, "dieArea": 300},
            {"chipTops": 160, "bitLength": 16, "dieArea": 1000},
            {"chipTops": 250, "bitLength": 16, "dieArea": 600, "forDatacentre": False},
            {"chipTops": 1400, "memoryRate": 6500},
            {"chipTops": 1300, "memoryRate": 8000},
        ],
        (("tpp", "density", "rule2022", "limb", "review2026"), ("measure", "value", "cap", "part")),
        export_rules,
    ),
    Model(
        "03_h200_policy",
        "fig-h200-fee",
        lambda: {
            "chipPrice": claim("h200-price-zimubang").central,
            "feeShare": claim("h200-fee-share-dahang").central / 100,
            "passThrough": 0,
        },
        [
            {"passThrough": 1},
            {"passThrough": 0.5, "elasticity": -2, "feeShare": 0.15},
            {"feeShare": 0.5, "chipCost": 30_000, "elasticity": -1.3, "passThrough": 0.8},
            {"feeShare": 0},
        ],
        (("sale", "portion", "usd"), ("shift", "paid", "sold", "treasury", "profit")),
        fee,
    ),
    Model(
        "04_domestic_chip_share",
        "fig-share-model",
        lambda: {
            "dieYield": load_facts()["smic-ascend-yield-2025"].central,
            "h200Inflow": claim("h200-units-2026-techcoffee").central / 1e6,
        },
        [
            {"dieYield": 60},
            {"h200Inflow": 0, "startsGrowth": 150},
            {"dieStarts": 7, "homeTpp": 8000, "h200Inflow": 2.5},
            {"memoryCap": 1.1},
            {"memoryCap": 3, "dieYield": 40},
        ],
        (("k", "chinese", "units", "compute"),),
        domestic_share,
    ),
    Model(
        "05_depreciation_debate",
        "fig-depr-model",
        lambda: {
            "deprLife": claim("depreciation-life-example-semi").central,
            "deprMethod": "straight line",
            "deprSalvage": 0,
            "deprResale": claim("h100-resale-share-silicon-data-semi").central / 100,
        },
        [
            {"deprLife": life, "deprMethod": method, "deprSalvage": salvage}
            for life, method, salvage in (
                (3, "straight line", 0.1),
                (2, "double declining balance", 0),
                (5, "double declining balance", 0.4),
                (8, "double declining balance", 0.1),
                (3, "sum of the years' digits", 0.2),
                (8, "sum of the years' digits", 0),
            )
        ],
        (("age", "book", "charge", "resale"),),
        one_machine,
    ),
    Model(
        "05_depreciation_debate",
        "fig-depr-cohorts",
        lambda: {"cohortLife": 6, "cohortGrowth": claim("ubs-ai-capex-cagr").central / 100},
        [{"cohortLife": 3}, {"cohortLife": 4.5, "cohortGrowth": 0}, {"cohortLife": 8, "cohortGrowth": -0.3}],
        (("year", "bought", "purchase", "charge"),),
        cohorts,
    ),
    Model(
        "05_depreciation_debate",
        "fig-depr-firms",
        lambda: {
            "booksLife": claim("depreciation-life-example-semi").central,
            "booksMethod": "straight line",
            "booksGrowth": claim("ubs-ai-capex-cagr").central,
            "booksResale": claim("h100-resale-share-silicon-data-semi").central / 100,
        },
        [
            {"booksFirm": "Meta", "booksLife": 3},
            {"booksFirm": "Microsoft", "booksMethod": "double declining balance", "booksSalvage": 0.1, "booksLife": 5},
            {"booksMethod": "sum of the years' digits", "booksGrowth": -20, "booksIncome": 5, "booksResale": 0.2},
        ],
        (("year", "expense", "book", "resale", "income"),),
        firm_books,
    ),
    Model(
        "06_synthesis",
        "fig-synth-model",
        lambda: {
            "capacityGw": claim("us-data-centres-built-2024-2025-kakashii-semi").central / 1e9,
            "chipWatts": audited("watts-per-gpu-colossus"),
            "chipLife": claim("depreciation-life-example-semi").central,
        },
        [
            {"chipLife": 3},
            {"chipLife": 5.5, "chipWatts": 2200},
            {"capacityGw": 17, "chipPrice": 30_000, "incomeBn": 90},
        ],
        (("year", "chips", "dollars", "charge", "share"),),
        one_chain,
    ),
    Model(
        "06_synthesis",
        "fig-synth-interval",
        lambda: {
            # Of the smaller sums of the two years, the part that their source says is delivered in the year.
            "capacityLow": round(
                sum(claim(f"us-data-centres-built-{year}-kakashii-semi").low for year in (2024, 2025))
                * claim("us-data-centres-delivered-share-kakashii-semi").central
                / 1e9,
                2,
            ),
            "wattsLow": audited("watts-per-gpu-colossus"),
            "lifeLow": claim("gpu-useful-life-burry-semi").central,
            "lifeHigh": claim("depreciation-life-example-semi").central,
        },
        [
            {"wattsLow": 2000, "wattsHigh": 2000},
            {"lifeLow": 5, "lifeHigh": 6, "capacityHigh": 30, "incomeUsdBn": 100},
            {"priceLow": 20_000, "priceHigh": 60_000, "capacityLow": 5},
        ],
        (("q5", "q25", "q50", "q75", "q95", "high_share"), ("draw", *chain.LINKS)),
        chain_interval,
    ),
]

CONTROLS = """chart => {
  const inputs = document.querySelectorAll(`[data-chart="${chart}"] .wb-chart-controls [name]`);
  const view = window.wattbook.views[chart];
  return Object.fromEntries(Array.from(inputs, input => [input.name, view.signal(input.name)]));
}"""
SET = """async ([chart, setting]) => {
  const view = window.wattbook.views[chart];
  for (const [name, value] of Object.entries(setting)) view.signal(name, value);
  await view.runAsync();
}"""
ROWS = """([chart, fields]) => {
  const view = window.wattbook.views[chart];
  const names = Object.keys(view.getState({data: () => true, signals: () => false}).data);
  return names.flatMap(name => view.data(name)).filter(row => fields.every(field => row[field] != null))
    .map(row => Object.fromEntries(fields.map(field => [field, row[field]])));
}"""


@pytest.fixture(scope="module")
def chapters(browser: Browser, site: str) -> Iterator[Callable[[str], Page]]:
    """Give the page of a chapter; one that was opened stays open."""
    opened: dict[str, Page] = {}

    def opening(name: str) -> Page:
        if name not in opened:
            opened[name] = browser.new_page(viewport={"width": 1280, "height": 900})
            opened[name].goto(f"{site}notebooks/{name}.html", wait_until="load")
        return opened[name]

    yield opening
    for page in opened.values():
        page.close()


def compare(model: Model, page: Page, what: str) -> None:
    controls = page.evaluate(CONTROLS, model.chart)
    found = [page.evaluate(ROWS, [model.chart, list(fields)]) for fields in model.fields]
    assert all(found), f"{model.chart} has no rows with {model.fields}"
    pairs = list(model.compare(controls, found))
    assert pairs
    for shown, expected in pairs:
        if isinstance(expected, str):
            assert shown == expected, (what, controls)
        else:
            assert np.ravel(shown) == approx(np.ravel(np.asarray(expected, dtype=float)), rel=1e-6, abs=1e-9), (
                what,
                controls,
            )


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.chart)
def test_the_page_computes_what_python_computes(chapters: Callable[[str], Page], model: Model) -> None:
    page = chapters(model.page)
    chart = page.locator(f'[data-chart="{model.chart}"]')
    chart.evaluate("e => e.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_function("name => window.wattbook.views[name]", arg=model.chart, timeout=60_000)

    before = page.evaluate(CONTROLS, model.chart)
    for name, value in model.start().items():
        assert before[name] == (value if isinstance(value, str) else approx(value)), (
            f"{name} starts at the articles' case"
        )
    compare(model, page, "at the start")

    for setting in model.settings:
        assert set(setting) <= set(before), "every setting is one of the chart's controls"
        page.evaluate(SET, [model.chart, before | setting])
        compare(model, page, f"set to {setting}")

    # As a reader does it: the first slider from the keyboard. (That every slider answers keys is tested elsewhere.)
    page.evaluate(SET, [model.chart, before])
    slider = chart.locator("input[type=range]").first
    for _ in range(3):
        slider.press("ArrowRight")
    page.evaluate(SET, [model.chart, {}])
    now = page.evaluate(CONTROLS, model.chart)
    (moved,) = [name for name in now if now[name] != before[name]]
    assert now[moved] > before[moved]
    compare(model, page, f"{moved} moved by keyboard")


def test_every_chart_with_sliders_is_compared(book: Path) -> None:
    """No model can be added to a chapter without a Python function to hold it to."""
    specs = {path.stem: json.loads(path.read_text("utf-8")) for path in (book / "_static" / "charts").glob("*.json")}
    movable = {
        name
        for name, spec in specs.items()
        if any(isinstance(p.get("bind"), dict) and p["bind"].get("input") == "range" for p in spec.get("params", []))
    }
    assert movable == {model.chart for model in MODELS}
