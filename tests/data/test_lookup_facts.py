"""Each fact to look up follows from a table in data/external, worked out here again, or says that it does not."""

from functools import cache
from typing import Any

import pandas as pd
import pytest

from wattbook import external
from wattbook.audit import load_checks, load_facts

FACTS = load_facts()
LOOKED_UP = "Looked up, not in a data table here."
FIELDS = ("value", "low", "high")


@cache
def load(name: str) -> pd.DataFrame:
    return external.load(name)


def filed(ticker: str, metric: str, year: int | None = None, quarters: tuple[str, ...] = ()) -> float:
    """Give the sum of a firm's figure over a fiscal year or over calendar quarters."""
    table = load("sec_capex_facts")
    table = table[(table["ticker"] == ticker) & (table["metric"] == metric)]
    if quarters:
        chosen = table[table["calendar_quarter"].isin(quarters)].drop_duplicates("calendar_quarter")
        assert len(chosen) == len(quarters)
    else:
        chosen = table[(table["fiscal_year"] == year) & (table["fiscal_period"] == "FY")]
        assert len(chosen) == 1
    return float(chosen["usd"].sum())


def region(period: str, name: str | None = None) -> float:
    table = load("nvidia_revenue_by_geography").query("period == @period")
    return float(table["usd"].sum() if name is None else table.set_index("region").loc[name, "usd"])


def nvidia(quarter: str, column: str) -> float:
    return float(load("nvidia_quarterly_revenue").set_index("fiscal_quarter").loc[quarter, column])


def chip(chip_id: str, column: str) -> float:
    return float(load("ml_hardware").set_index("chip_id").loc[chip_id, column])


def price(chip_id: str, year: int) -> dict[str, float]:
    row = load("nvidia_prices").set_index(["chip", "year"]).loc[(chip_id, year)]
    low, high = float(row["price_low_usd"]), float(row["price_high_usd"])
    return {"value": (low + high) / 2, "low": low, "high": high}


def shipped(chips: tuple[str, ...], quarters: tuple[str, ...]) -> dict[str, float]:
    table = load("nvidia_chips_by_quarter")
    rows = table[table["chip"].isin(chips) & table["quarter"].isin(quarters)]
    return dict(zip(FIELDS, rows[["units", "units_p5", "units_p95"]].sum(), strict=True))


def owned(owner: str, year: int) -> dict[str, float]:
    """Give what an owner added in a year, between the widest ends that the cumulative points allow."""
    table = load("nvidia_chips_by_owner").query("owner == @owner").set_index("end")
    before, after = table.loc[f"{year - 1}-12-31"], table.loc[f"{year}-12-31"]
    return {
        "value": after["units"] - before["units"],
        "low": after["units_p5"] - before["units_p95"],
        "high": after["units_p95"] - before["units_p5"],
    }


def saidi(state: str, method: str, column: str = "saidi_all_events_minutes") -> float:
    """Weigh the utilities' minutes by their customers, as the state tables do; to a tenth of a minute."""
    table = load("saidi_by_utility_2024")
    if state != "US":
        table = table[table["state"] == state]
    if method == "ieee":
        table = table[table["method"] == "ieee"]
    table = table[table[column].notna()]
    return round(float((table[column] * table["customers"]).sum() / table["customers"].sum()), 1)


def saidi_2023(state: str) -> float:
    table = load("saidi_ieee_state_2013_2023").set_index(["state", "year"])
    return float(table.loc[(state, 2023), "saidi_all_events_minutes"])


def life(ticker: str, effective: str, assets: str) -> dict[str, float]:
    row = load("useful_lives_disclosed").set_index(["ticker", "effective", "asset_class"])
    found = row.sort_index().loc[(ticker, pd.Timestamp(effective), assets)]
    low, high = float(found["life_low_years"]), float(found["life_high_years"])
    return {"value": (low + high) / 2, "low": low, "high": high}


def rule(rule_id: str, column: str) -> float:
    return float(load("export_thresholds").set_index("rule_id").loc[rule_id, column])


def home_price(state: str, year: int) -> float:
    table = load("electricity_prices_state_2023_2025").set_index(["state", "year"])
    return float(table.loc[(state, year), "residential_price_usd_per_kwh"])


def dominion() -> float:
    table = load("saidi_by_utility_2024")
    rows = table[(table["state"] == "VA") & table["utility"].str.startswith("Virginia Electric")]
    return round(float(rows["saidi_all_events_minutes"].iloc[0]), 1)


Q24, Q25 = ("2024Q1", "2024Q2", "2024Q3", "2024Q4"), ("2025Q1", "2025Q2", "2025Q3")
H1 = ("2025Q1", "2025Q2")


def recipes() -> dict[str, Any]:
    """Give per fact its value, or value and range, from the tables."""
    capacity = load("generating_capacity_2023_2024").query("state == 'US' and fuel == 'all'").set_index("year")
    lbnl = load("lbnl_datacenter_energy").set_index(["year", "scenario"])["electricity_wh"]
    pjm = load("pjm_capacity_auctions").set_index("delivery_year")
    lives = load("useful_lives_disclosed").set_index(["ticker", "effect_on"])["effect_usd"]
    return {
        "amzn-capex-gross-2022": filed("AMZN", "capex", 2022),
        "amzn-capex-gross-2024": filed("AMZN", "capex", 2024),
        "amzn-capex-proceeds-2024": filed("AMZN", "proceeds_from_property", 2024),
        "amzn-depreciation-amortization-2023": filed("AMZN", "depreciation_and_amortization", 2023),
        "amzn-net-income-2023": filed("AMZN", "net_income", 2023),
        "amzn-operating-cash-2022": filed("AMZN", "operating_cash_flow", 2022),
        "amzn-revenue-2024": filed("AMZN", "revenue", 2024),
        "amzn-useful-life-2024": life("AMZN", "2024-01-01", "servers"),
        "amzn-useful-life-2025": life("AMZN", "2025-01-01", "some servers and networking equipment"),
        "ascend-910c-fp16": chip("ascend-910c", "fp16_flops"),
        "b200-fp16-dense": chip("b200", "fp16_flops"),
        "b200-price-2025": price("b200", 2025),
        "bis-2022-threshold": rule("2022-3a090", "tpp_at_least"),
        "bis-2023-threshold-b": rule("2023-3a090b-performance", "tpp_at_least"),
        "bis-2023-threshold-density": rule("2023-3a090b-density", "tpp_at_least"),
        "bis-2026-review-bandwidth": rule("2026-review", "dram_bandwidth_byte_per_s_below"),
        "bis-2026-review-tpp": rule("2026-review", "tpp_below"),
        "dominion-saidi-2024": dominion(),
        "epoch-amzn-units-2024": owned("amazon", 2024),
        "epoch-blackwell-packages-2024q4-2025q3": shipped(("b200", "b300"), ("2024Q4", *Q25)),
        "epoch-china-units-2024": owned("china", 2024),
        "epoch-google-units-2024": owned("google", 2024),
        "epoch-h20-units-2024": shipped(("h20",), Q24),
        "epoch-h20-units-2025h1": shipped(("h20",), H1),
        "epoch-h20-units-2025h2": shipped(("h20",), ("2025Q3", "2025Q4")),
        "epoch-meta-units-2024": owned("meta", 2024),
        "epoch-msft-units-2024": owned("microsoft", 2024),
        "epoch-oracle-units-2024": owned("oracle", 2024),
        "gb200-gpu-power": chip("gb200", "tdp_w"),
        "googl-capex-2024": filed("GOOGL", "capex", 2024),
        "googl-capex-2024q2": filed("GOOGL", "capex", quarters=("2024Q2",)),
        "googl-capex-2025q2": filed("GOOGL", "capex", quarters=("2025Q2",)),
        "googl-depreciation-2025": filed("GOOGL", "depreciation", 2025),
        "googl-meta-capex-2022": filed("GOOGL", "capex", 2022) + filed("META", "capex", 2022),
        "googl-meta-capex-2025": filed("GOOGL", "capex", 2025) + filed("META", "capex", 2025),
        "googl-operating-cash-2024q2": filed("GOOGL", "operating_cash_flow", quarters=("2024Q2",)),
        "googl-operating-cash-2025q2": filed("GOOGL", "operating_cash_flow", quarters=("2025Q2",)),
        "googl-revenue-2024": filed("GOOGL", "revenue", 2024),
        "googl-useful-life-2024": life("GOOGL", "2024-12-31", "servers and network equipment"),
        "h100-bandwidth": chip("h100", "memory_bandwidth_byte_per_s"),
        "h100-memory": chip("h100", "memory_byte"),
        "h100-price-2022": price("h100", 2022),
        "h100-price-2025": price("h100", 2025),
        "h20-fp16-dense": chip("h20", "fp16_flops"),
        "h20-memory": chip("h20", "memory_byte"),
        "h20-price-2024": price("h20", 2024),
        "h20-price-2025": price("h20", 2025),
        "h20-tpp": chip("h20", "source_tpp"),
        "h200-bandwidth": chip("h200", "memory_bandwidth_byte_per_s"),
        "h200-fp16-dense": chip("h200", "fp16_flops"),
        "h200-memory": chip("h200", "memory_byte"),
        "h200-tpp": chip("h200", "source_tpp"),
        "kunlun1-int8": chip("kunlun-1", "int8_ops"),
        "kunlun1-power": chip("kunlun-1", "tdp_w"),
        "lbnl-us-datacenter-2030": float(lbnl.loc[(2030, "reference")]),
        "meta-capex-2024": filed("META", "capex", 2024),
        "meta-capex-2025q2": filed("META", "capex", quarters=("2025Q2",)),
        "meta-depreciation-2025": filed("META", "depreciation", 2025),
        "meta-depreciation-2025-9m": filed("META", "depreciation", quarters=Q25),
        "meta-depreciation-cut-estimate-2025": -float(lives.loc[("META", "depreciation 2025")]),
        "meta-revenue-2024": filed("META", "revenue", 2024),
        "meta-revenue-2024q2": filed("META", "revenue", quarters=("2024Q2",)),
        "meta-revenue-2025q2": filed("META", "revenue", quarters=("2025Q2",)),
        "meta-useful-life-2024": life("META", "2024-12-31", "servers and network assets"),
        "meta-useful-life-2025": life("META", "2025-01-01", "certain servers and network assets"),
        "msft-capex-cash-2024": filed("MSFT", "capex", quarters=Q24),
        "msft-capex-cash-2025q2": filed("MSFT", "capex", quarters=("2025Q2",)),
        "msft-revenue-2024": filed("MSFT", "revenue", quarters=Q24),
        "msft-depreciation-2025": filed("MSFT", "depreciation", 2025),
        "msft-useful-life-disclosed": life("MSFT", "2026-06-30", "server and network equipment"),
        "nvda-china-revenue-fy2023": region("FY2023", "china_incl_hong_kong"),
        "nvda-china-revenue-fy2025": region("FY2025", "china_incl_hong_kong"),
        "nvda-china-revenue-fy2026q2": region("FY2026Q2", "china_incl_hong_kong"),
        "nvda-data-centre-compute-fy2026q3": nvidia("FY2026Q3", "compute_usd"),
        "nvda-data-centre-fy2026q3": nvidia("FY2026Q3", "data_center_usd"),
        "nvda-net-income-fy2024": filed("NVDA", "net_income", 2024),
        "nvda-net-income-fy2025": filed("NVDA", "net_income", 2025),
        "nvda-revenue-china-fy2025": region("FY2025", "china_incl_hong_kong"),
        "nvda-revenue-fy2023": region("FY2023"),
        "nvda-revenue-fy2025": region("FY2025"),
        "nvda-revenue-fy2026q2": region("FY2026Q2"),
        "nvda-revenue-fy2026q3": filed("NVDA", "revenue", quarters=("2025Q3",)),
        "nvda-revenue-us-fy2025": region("FY2025", "united_states"),
        **{
            f"pjm-{name}-{year[:4]}-{year[-2:]}": float(pjm.loc[year, column])
            for name, column, years in (
                ("cost", "cost_to_load_usd", ("2025/2026", "2026/2027")),
                ("price", "price_usd_per_mw_day", ("2025/2026", "2026/2027")),
                ("reserve-margin", "reserve_margin_percent", ("2024/2025", "2025/2026", "2026/2027")),
            )
            for year in years
        },
        "price-il-2024": home_price("IL", 2024),
        "price-il-2025": home_price("IL", 2025),
        "price-va-2024": home_price("VA", 2024),
        "price-va-2025": home_price("VA", 2025),
        "saidi-tx-2023-ieee": saidi_2023("TX"),
        "saidi-tx-2024-ieee": saidi("TX", "ieee"),
        "saidi-us-2024-any-method": saidi("US", "any"),
        "saidi-us-2024-ieee": saidi("US", "ieee"),
        "saidi-us-2024-without-major-events": saidi("US", "ieee", "saidi_without_major_events_minutes"),
        "saidi-va-2023-ieee": saidi_2023("VA"),
        "saidi-va-2024-any-method": saidi("VA", "any"),
        "saidi-va-2024-ieee": saidi("VA", "ieee"),
        "us-nameplate-growth-2024": float(capacity.loc[2024, "nameplate_w"] - capacity.loc[2023, "nameplate_w"]),
    }


RECIPES = recipes()


@pytest.mark.parametrize("fact_id", sorted(RECIPES))
def test_a_fact_follows_from_its_table(fact_id: str) -> None:
    worked, fact = RECIPES[fact_id], FACTS[fact_id]
    if isinstance(worked, dict):
        assert [getattr(fact, field) for field in FIELDS] == pytest.approx([worked[field] for field in FIELDS])
    else:
        assert fact.value == pytest.approx(worked, rel=1e-9)


def test_what_no_table_gives_says_that_it_was_looked_up() -> None:
    said = {fact_id for fact_id, fact in FACTS.items() if fact.note.startswith(LOOKED_UP)}
    # What Colossus holds stands in words in a table's status, and its power in another copy of that table.
    in_words = {"colossus-h200-epoch", "colossus-power-epoch"}
    assert said & set(RECIPES) == set()
    assert set(FACTS) - said - set(RECIPES) == in_words
    timeline = load("datacenter_timelines").set_index(["site_id", "date"])["status"]
    assert "50k H200s" in timeline.loc[("xai-colossus-1", pd.Timestamp("2025-02-17"))]


def test_every_fact_names_a_source_and_is_used() -> None:
    used = " ".join(f"{check.left} {check.right}" for check in load_checks())
    for fact_id, fact in FACTS.items():
        assert len(fact.source) > 10, fact_id
        assert f"{{fact:{fact_id}}}" in used, fact_id
