"""The columns that a reader sees: their names in tooltips, their formats, and none that the chart does not have."""

import altair as alt
import pandas as pd
import pytest

from wattbook import charts
from wattbook.charts.columns import shown, unknown, with_named_tooltips
from wattbook.charts.present import MIME, present, to_svg
from wattbook.site.charts import page_data

ROWS = pd.DataFrame(
    {
        "firm": ["甲", "乙"],
        "year": [2024, 2025],
        "usd": [7.5e9, 8.5e9],
        "cards": [12000, 34000],
        "share": [0.25, 0.125],
        "_row": [0, 1],
    }
)
COLUMNS = {
    "year": "year",
    "firm": "company",
    "usd": ("capex, US$", "$.3s"),
    "share": "share of all",
    "cards": "cards",
}


def tips(chart, columns=COLUMNS) -> list[dict]:
    charts.use_in_notebook()
    spec = present(chart, title="t", alternative="a", source="s", columns=columns).to_dict()
    return with_named_tooltips(spec)["encoding"]["tooltip"]


def bars(*tooltip) -> alt.Chart:
    return alt.Chart(ROWS).mark_bar().encode(x="usd:Q", y="firm:N", tooltip=list(tooltip))


def test_a_tooltip_has_the_names_and_the_order_of_the_columns_and_no_helpers() -> None:
    found = tips(bars(*ROWS.columns))
    assert [tip["title"] for tip in found] == ["year", "company", "capex, US$", "share of all", "cards"]
    assert [tip.get("format") for tip in found] == ["d", None, "$.3s", ",.3~r", ",d"]


def test_a_tooltip_shows_the_columns_that_were_chosen_for_its_mark() -> None:
    assert [tip["title"] for tip in tips(bars("share", "firm"))] == ["company", "share of all"]


def test_a_tooltip_with_a_title_of_its_own_and_a_sum_are_kept() -> None:
    own = alt.Tooltip("twice:Q", title="twice the capex, US$", format=".1f")
    total, kept = tips(bars(own, "sum(usd):Q").transform_calculate(twice="2 * datum.usd"))
    assert (total["aggregate"], total["title"], total["format"]) == ("sum", "capex, US$", "$.3s")
    assert kept["title"] == "twice the capex, US$"


def test_the_format_of_a_worked_out_column_is_its_tooltips() -> None:
    chart = bars(alt.Tooltip("half:Q", format=".2f")).transform_calculate(half="datum.usd / 2")
    (tip,) = tips(chart, {"half": "half, US$"})
    assert (tip["type"], tip["format"], tip["title"]) == ("quantitative", ".2f", "half, US$")


def test_a_number_that_is_missing_is_a_dash_and_no_zero() -> None:
    holed = ROWS.assign(share=[0.25, None])
    chart = alt.Chart(holed).mark_bar().encode(x="usd:Q", y="firm:N", tooltip=["share"])
    charts.use_in_notebook()
    spec = present(chart, title="t", alternative="a", source="s", columns=COLUMNS).to_dict()
    (tip,) = with_named_tooltips(spec)["encoding"]["tooltip"]
    assert tip["title"] == "share of all"
    # A tooltip is not in the SVG, but what it says can be drawn as text.
    written = with_named_tooltips(spec)
    written["encoding"]["text"] = {"field": tip["field"], "type": "nominal"}
    drawn = to_svg(written | {"mark": "text"})
    assert "0.25" in drawn
    assert "–" in drawn


def test_the_tooltips_of_a_form_for_phones_are_named_once_in_the_same_order() -> None:
    holed = ROWS.assign(share=[0.25, None])
    chart = alt.Chart(holed).mark_bar().encode(x="cards:Q", y="firm:N", tooltip=["cards", "share", "firm"])
    chart = chart.properties(width=300)
    charts.use_in_notebook()
    live = present(chart, title="t", alternative="a", source="s", columns=COLUMNS, phone=chart)
    spec = dict(live._repr_mimebundle_(None, None)[0][MIME])
    page = page_data(spec, spec["usermeta"].pop("phone"))
    for kind in ("wide", "narrow"):
        names = [tip["title"] for tip in page[kind]["encoding"]["tooltip"]]
        assert names == ["company", "share of all", "cards"], kind
        assert len(page[kind]["transform"]) == 1, kind


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="named 'sum'"):
        present(bars("firm"), title="t", alternative="a", source="s", columns={"usd": "sum", "cards": "sum"})


def test_a_column_that_a_chart_does_not_have_is_found() -> None:
    chart = bars("firm").transform_fold(["usd", "cards"], as_=["what", "value"])
    columns = {"firm": "company", "what": "what", "value": "value", "lost": "lost"}
    spec = present(chart, title="t", alternative="a", source="s", columns=columns).to_dict()
    assert unknown(spec) == ["lost"]
    assert shown(spec)["firm"] == "company"


def test_what_leaves_a_cell_has_named_tooltips() -> None:
    charts.use_in_notebook()
    chart = present(bars(*ROWS.columns), title="t", alternative="a", source="s", columns=COLUMNS)
    spec = chart._repr_mimebundle_(None, None)[0][MIME]
    assert "company" in [tip["title"] for tip in spec["encoding"]["tooltip"]]


def test_a_chart_needs_columns() -> None:
    with pytest.raises(ValueError, match="columns"):
        present(bars("firm"), title="t", alternative="a", source="s", columns={})
