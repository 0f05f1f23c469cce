"""The public data: how they load, and figures that can be looked up or worked out by hand."""

import pandas as pd
import pytest

from wattbook import external
from wattbook.errors import InputError


@pytest.fixture(scope="module")
def facts() -> pd.Series:
    table = external.load("sec_capex_facts")
    return table.set_index(["ticker", "fiscal_year", "fiscal_period", "metric"])["usd"].sort_index()


def saidi(table: pd.DataFrame, column: str) -> float:
    seen = table[table[column].notna()]
    return float((seen[column] * seen["customers"]).sum() / seen["customers"].sum())


def test_unknown_name_lists_the_known_ones():
    for function in (external.load, external.source, external.caption_source):
        with pytest.raises(InputError, match=r"saidi_1999.*ml_hardware.*saidi_by_utility_2024"):
            function("saidi_1999")


def test_types_follow_the_codebook():
    table = external.load("nvidia_chips_by_quarter")
    assert pd.api.types.is_datetime64_any_dtype(table["start"])
    assert table["complete"].dtype == "boolean"
    assert table["units"].dtype == "float64"
    assert external.load("sec_capex_facts")["fiscal_year"].dtype == "Int64"
    # An empty text stays a text, an empty number becomes a missing one.
    assert "" in set(external.load("datacenters_frontier")["state"])
    assert external.load("ml_hardware")["die_mm2"].isna().any()


def test_every_table_loads_and_has_a_caption():
    for name in external.names():
        assert len(external.load(name)) > 0
        if name != "sources":
            assert external.caption_source(name).endswith(")")


def test_caption_names_publication_and_licence():
    assert external.caption_source("saidi_by_utility_2024") == "EIA Form 861, 2024 (public domain)"
    assert external.source("ml_hardware")["publisher"] == "Epoch AI"


def test_us_outage_minutes_follow_from_the_utilities():
    table = external.load("saidi_by_utility_2024")
    ieee = table[table["method"] == "ieee"]
    assert round(saidi(ieee, "saidi_all_events_minutes"), 1) == 662.6
    assert round(saidi(table, "saidi_all_events_minutes"), 1) == 611.3


@pytest.mark.parametrize("method", ["ieee", "any"])
def test_states_follow_from_the_utilities(method):
    utilities = external.load("saidi_by_utility_2024")
    if method == "ieee":
        utilities = utilities[utilities["method"] == "ieee"]
    states = external.load("saidi_by_state_2024")
    states = states[(states["method"] == method) & (states["state"] != "US")]
    for row in states.itertuples():
        own = utilities[utilities["state"] == row.state]
        assert row.utilities == own["saidi_all_events_minutes"].notna().sum()
        for column in ("saidi_all_events_minutes", "saidi_without_major_events_minutes"):
            if own[column].notna().any():
                assert getattr(row, column) == pytest.approx(saidi(own, column), abs=0.051), row.state


def test_the_largest_utilities_of_texas_and_virginia_count_by_another_method():
    table = external.load("saidi_by_utility_2024")
    for state, name in (("TX", "Oncor"), ("VA", "Virginia Electric")):
        largest = table[table["state"] == state].nlargest(1, "customers").iloc[0]
        assert largest["utility"].startswith(name)
        assert largest["method"] == "other"


def test_eleven_years_of_fifty_states_and_dc():
    table = external.load("saidi_ieee_state_2013_2023")
    assert table.groupby("year")["state"].nunique().eq(51).all()
    texas = table[(table["state"] == "TX") & (table["year"] == 2023)]["saidi_all_events_minutes"].item()
    assert texas == 583.1


def test_prices_are_revenue_over_sales():
    table = external.load("electricity_prices_state_2023_2025")
    price = table["residential_revenue_usd"] / (table["residential_sales_wh"] / 1000)
    assert (price - table["residential_price_usd_per_kwh"]).abs().max() < 1e-5
    assert set(table.loc[table["year"] == 2025, "status"]) == {"preliminary"}
    # US households paid about 16 cents in 2023.
    year = table[table["year"] == 2023]
    assert year["residential_revenue_usd"].sum() / year["residential_sales_wh"].sum() * 1e5 == pytest.approx(
        16.0, abs=0.2
    )


def test_capacity_by_fuel_adds_up():
    table = external.load("generating_capacity_2023_2024")
    wide = table.pivot(index=["state", "year"], columns="fuel", values="nameplate_w")
    parts = wide.drop(columns="all").sum(axis=1)
    assert ((parts - wide["all"]).abs() / wide["all"]).max() < 1e-4
    assert wide.loc[("US", 2024), "all"] == 1_324_738_300_000


def test_amazon_spent_83_billion_gross_and_78_net(facts):
    gross = facts["AMZN", 2024, "FY", "capex"]
    assert gross == 82_999e6
    assert gross - facts["AMZN", 2024, "FY", "proceeds_from_property"] == 77_658e6


@pytest.mark.parametrize(
    ("ticker", "year", "usd"),
    [("GOOGL", 2024, 52_535e6), ("META", 2024, 37_256e6), ("MSFT", 2025, 64_551e6), ("NVDA", 2025, 3_236e6)],
)
def test_yearly_capex_as_filed(facts, ticker, year, usd):
    assert facts[ticker, year, "FY", "capex"] == usd


def test_quarters_add_up_to_the_year():
    table = external.load("sec_capex_facts")
    quarters = (
        table[table["fiscal_period"] != "FY"].groupby(["ticker", "fiscal_year", "metric"])["usd"].agg(["sum", "size"])
    )
    years = table[table["fiscal_period"] == "FY"].set_index(["ticker", "fiscal_year", "metric"])["usd"]
    both = quarters[quarters["size"] == 4].join(years, how="inner")
    assert len(both) > 40
    # Filings round to a million, Meta's depreciation to ten; four rounded quarters can miss the year by one unit.
    apart = (both["sum"] - both["usd"]).abs()
    rounded = apart.index.get_level_values("metric") == "depreciation"
    assert apart[rounded].max() <= 10e6
    assert apart[~rounded].max() <= 1e6


def test_fiscal_labels_match_the_dates():
    table = external.load("sec_capex_facts")
    last = table[table["fiscal_period"].isin(["FY", "Q4"])]
    assert (last["end"].dt.year == last["fiscal_year"]).all()
    months = {"AMZN": 12, "GOOGL": 12, "META": 12, "MSFT": 6, "NVDA": 1}
    assert (last["end"].dt.month == last["ticker"].map(months)).all()
    days = (table["end"] - table["start"]).dt.days + 1
    assert days[table["fiscal_period"] == "FY"].between(363, 372).all()
    assert days[table["fiscal_period"] != "FY"].between(88, 99).all()


def test_nvidia_regions_add_up_to_revenue(facts):
    table = external.load("nvidia_revenue_by_geography")
    sums = table.groupby("period")["usd"].sum()
    assert sums["FY2025"] == facts["NVDA", 2025, "FY", "revenue"] == 130_497e6
    assert sums["FY2026Q2"] == facts["NVDA", 2026, "Q2", "revenue"]
    china = table[(table["period"] == "FY2025") & (table["region"] == "china_incl_hong_kong")]["usd"].item()
    assert china == 17_108e6


def test_two_tables_of_nvidia_revenue_agree(facts):
    table = external.load("nvidia_quarterly_revenue")
    for row in table.itertuples():
        year, quarter = int(row.fiscal_quarter[2:6]), row.fiscal_quarter[6:]
        assert row.revenue_usd == pytest.approx(facts["NVDA", year, quarter, "revenue"], abs=0.06e9)
    shares = table[["a100_share", "h100_share", "h20_share", "b200_share", "b300_share"]].sum(axis=1)
    assert shares.sub(1).abs().max() < 1e-9


def test_chip_counts_add_up_over_tables():
    chips = external.load("nvidia_chips_by_quarter")
    assert (chips["units_p5"] < chips["units"]).all()
    assert (chips["units"] < chips["units_p95"]).all()
    blackwell = chips[chips["chip"].isin(["b200", "b300"]) & (chips["end"] <= "2025-09-30")]
    assert blackwell["units"].sum() == 2_257_906
    total = chips[chips["end"] <= "2025-12-31"]["units"].sum()
    owners = external.load("nvidia_chips_by_owner")
    owned = owners[owners["end"] == "2025-12-31"]["units"].sum()
    assert 0.5 * total < owned < total


def test_export_score_of_h20_and_h200():
    chips = external.load("ml_hardware").set_index("chip_id")
    # 148 and 989.5 TFLOPS at 16 bits: 16 times that is the score, and the ratio is 6.7.
    assert chips.loc["h20", "source_tpp"] == 16 * chips.loc["h20", "fp16_flops"] / 1e12 == 2368
    assert chips.loc["h200", "source_tpp"] == pytest.approx(16 * chips.loc["h200", "fp16_flops"] / 1e12)
    assert chips.loc["h200", "memory_byte"] == 141e9
    assert chips.loc["h200", "memory_bandwidth_byte_per_s"] == 4.8e12


def test_source_scores_follow_from_rates():
    chips = external.load("ml_hardware")
    rates = pd.concat(
        [chips["fp16_flops"] * 16, chips["fp8_flops"] * 8, chips["int8_ops"] * 8, chips["fp4_flops"] * 4], axis=1
    )
    score = rates.max(axis=1) / 1e12
    known = chips["source_tpp"].notna()
    assert (chips.loc[known, "source_tpp"] / score[known]).between(0.92, 1.08).all()


def test_rules_leave_h20_free_and_h200_not():
    rules = external.load("export_thresholds").set_index("rule_id")
    chips = external.load("ml_hardware").set_index("chip_id")
    limit = rules.loc["2023-3a090b-performance", "tpp_at_least"]
    assert chips.loc["h20", "source_tpp"] < limit <= rules.loc["2023-3a090a-performance", "tpp_at_least"]
    review = rules.loc["2026-review"]
    assert rules.loc["2023-3a090a-performance", "tpp_at_least"] < chips.loc["h200", "source_tpp"] < review["tpp_below"]
    assert chips.loc["b200", "source_tpp"] > review["tpp_below"]


def test_projections_begin_after_the_data_were_published():
    table = external.load("datacenter_timelines")
    assert (table["date"] > "2025-12-17").eq(table["projected"]).all()


def test_useful_lives_are_ordered():
    table = external.load("useful_lives_disclosed")
    assert (table["life_low_years"] <= table["life_high_years"]).all()
    meta = table[(table["ticker"] == "META") & (table["effective"] == "2025-01-01")]
    assert meta["life_high_years"].item() == 5.5
    assert meta["effect_usd"].item() == -2.9e9


def test_datacentre_scenarios_are_ordered():
    table = external.load("lbnl_datacenter_energy")
    cases = table[table["year"] == 2030].set_index("scenario")["electricity_wh"]
    assert cases["low"] < cases["reference"] < cases["high"]
    assert table[(table["year"] == 2023)]["electricity_wh"].item() == 176e12
