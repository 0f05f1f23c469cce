"""Tooltips that name their units, and series that can be picked out."""

import pandas as pd
import pytest

from wattbook import charts
from wattbook.charts.present import to_svg
from wattbook.charts.reading import SERIES, views, with_named_tooltips, with_series_choice

FIRMS = pd.DataFrame(
    {
        "firm": ["A", "B", "C"],
        "usd": [2.0, 5.0, 1.0],
        "share": [0.1, 0.2, 0.3],
        "kind": ["x", "y", "x"],
        "_help": [1, 2, 3],
    }
)


def bars(**options) -> dict:
    charts.use_in_notebook()
    return charts.ranked_bars(FIRMS, value="usd", label="firm", unit="US dollars (log scale)", **options).to_dict()


def tooltips(spec: dict) -> dict[str, dict]:
    found = [view["encoding"]["tooltip"] for view in views(spec) if "tooltip" in view.get("encoding", {})]
    return {entry["field"]: entry for entry in found[0]}


def test_a_tooltip_names_field_and_unit() -> None:
    told = tooltips(with_named_tooltips(bars()))
    assert told["usd"]["title"] == "usd (US dollars)"
    assert told["usd"]["format"] == ",.6~r"
    assert "title" not in told["firm"]
    assert "_help" not in told


def test_a_title_of_its_own_stays() -> None:
    spec = bars()
    for view in views(spec):
        for entry in view.get("encoding", {}).get("tooltip", []):
            entry["title"] = "mine"
    assert {entry["title"] for entry in tooltips(with_named_tooltips(spec)).values()} == {"mine"}


def test_the_first_spec_is_left_alone() -> None:
    spec = bars(colour="kind")
    before = str(spec)
    with_named_tooltips(spec)
    with_series_choice(spec)
    assert str(spec) == before


@pytest.mark.parametrize("colours", [None, {"y": "#004a80", "x": "#a34b00"}])
def test_all_series_show_until_one_is_chosen(colours: dict | None) -> None:
    spec = bars(colour="kind", colours=colours)
    told, names = with_series_choice(spec)
    assert names == (["y", "x"] if colours else ["x", "y"])
    assert to_svg(told).count('opacity="0.12"') == 0
    next(param for param in told["params"] if param["name"] == SERIES)["value"] = "y"
    assert to_svg(told).count('opacity="0.12"') == 2


def test_a_chart_without_names_in_a_legend_has_no_choice() -> None:
    spec = bars()
    told, names = with_series_choice(spec)
    assert names == []
    assert told == spec
