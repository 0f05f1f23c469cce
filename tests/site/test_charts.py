"""Charts in the page: safe HTML, the right table, and the warnings that fail a build."""

import json
import re

from wattbook.charts.theme import COLOURS
from wattbook.site.charts import chart_html, main_rows, rows_as_csv, script_json, sliders

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "description": 'What "it" shows & more',
    "usermeta": {"title": "Point", "source": "Us"},
    "data": {"name": "data-b"},
    "datasets": {"data-a": [{"x": 1}], "data-b": [{"x": 1, "名": "甲", "_row": 0}, {"x": 2, "名": "乙<", "_row": 1}]},
    "mark": {"type": "bar", "color": COLOURS["red"]},
    "params": [{"name": "p", "value": 1, "bind": {"input": "range"}}, {"name": "hover", "select": "point"}],
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "名", "type": "nominal"}},
}


def test_the_largest_table_is_the_download() -> None:
    assert rows_as_csv(main_rows(SPEC)) == "x,名\n1,甲\n2,乙<\n"


def test_json_in_a_script_cannot_end_it() -> None:
    text = script_json({"a": "</script><b>"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><b>"}


def test_only_bound_parameters_are_sliders() -> None:
    assert sliders(SPEC) == 1


def test_the_page_has_drawing_alternative_downloads_and_spec() -> None:
    page = chart_html("fig-x", SPEC, "../_static")
    assert '<svg role="img" aria-label="What &quot;it&quot; shows &amp; more"' in page
    assert "乙&lt;" in page
    assert COLOURS["red"] not in page
    assert 'fill="var(--wb-red)"' in page
    assert re.findall(r'href="\.\./_static/charts/fig-x\.(\w+)"', page) == ["csv", "svg", "png", "json"]
    spec = re.search(r'class="wb-chart-spec">(.*?)</script>', page)
    assert spec
    assert json.loads(spec[1])["datasets"] == SPEC["datasets"]


def test_ids_differ_between_charts_of_one_page() -> None:
    ids = [set(re.findall(r'id="([^"]+)"', chart_html(name, SPEC, "_static"))) for name in ("fig-x", "fig-y")]
    assert not ids[0] & ids[1]
