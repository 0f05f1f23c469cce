"""The landing page's charts say what ledger and audit say."""

import pytest

from wattbook.audit import run_audit
from wattbook.charts import use_in_notebook
from wattbook.charts.layout import collisions, size, text_boxes
from wattbook.charts.present import to_svg
from wattbook.findings import finding_chart
from wattbook.ledger import claim, format_value

THEMES = ("grid", "capex", "h200", "chipshare", "depreciation")


@pytest.mark.parametrize("theme", THEMES)
def test_a_finding_is_drawn_told_and_sourced(theme: str) -> None:
    use_in_notebook()
    told = finding_chart(theme)
    svg = to_svg(told.chart.to_dict())
    assert collisions(svg) == []
    assert size(svg)[0] <= 260
    words = [box.text for box in text_boxes(svg)]
    assert len(words) >= 4
    assert all(word in told.alternative for word in words)
    assert told.source


def test_the_figures_are_those_of_ledger_and_audit() -> None:
    audit = run_audit().set_index("check_id")
    assert format_value(claim("saidi-us-2024")) in finding_chart("grid").alternative
    assert f"{audit.loc['h200-vs-h20-tpp', 'left_value']:.1f}×" in finding_chart("h200").alternative
    assert format_value(claim("domestic-share-2024-idc-zimubang")) in finding_chart("chipshare").alternative
    assert format_value(claim("gpu-useful-life-burry-semi")) in finding_chart("depreciation").alternative


def test_an_unknown_theme_is_an_error() -> None:
    with pytest.raises(KeyError):
        finding_chart("weather")
