"""Charts in the page: safe HTML, the right table, and the warnings that fail a build."""

import json
import re

from wattbook.charts.theme import COLOURS
from wattbook.site.charts import chart_html, live_specs, main_rows, rows_as_csv, script_json, sliders

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "description": 'What "it" shows & more',
    "usermeta": {"title": "Point", "source": "Us"},
    "data": {"name": "data-b"},
    "datasets": {"data-a": [{"x": 1}], "data-b": [{"x": 1, "名": "甲", "_row": 0}, {"x": 2, "名": "乙<", "_row": 1}]},
    "mark": {"type": "bar", "color": COLOURS["red"]},
    "params": [
        {"name": "p", "value": 1, "bind": {"input": "range", "name": "Years <"}},
        {"name": "hover", "select": "point"},
    ],
    "encoding": {"x": {"field": "x", "type": "quantitative"}, "y": {"field": "名", "type": "nominal"}},
}


def page_of(name: str, static: str = "_static") -> str:
    return chart_html(name, SPEC, live_specs(SPEC), static)


def test_the_largest_table_is_the_download() -> None:
    assert rows_as_csv(main_rows(SPEC)) == "x,名\n1,甲\n2,乙<\n"


def test_json_in_a_script_cannot_end_it() -> None:
    text = script_json({"a": "</script><b>"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><b>"}


def test_only_bound_parameters_have_a_control_in_the_page() -> None:
    (control,) = sliders(SPEC)
    assert "Years &lt;" in control
    assert 'type="range"' in control


def test_the_page_has_drawing_alternative_downloads_and_room_for_the_controls() -> None:
    page = page_of("fig-x", "../_static")
    assert page.count('<svg role="img" aria-label="What &quot;it&quot; shows &amp; more"') == 2
    assert "乙&lt;" in page
    assert COLOURS["red"] not in page
    assert 'fill="var(--wb-red)"' in page
    assert re.findall(r'href="\.\./_static/charts/fig-x\.(\w+)"', page) == ["csv", "svg", "png", "json"]
    assert page.count("vega-bind-name") == 1
    assert "aria-roledescription" not in page


def test_the_live_specs_have_the_data_once_and_colours_that_follow_the_mode() -> None:
    specs = live_specs(SPEC)
    assert specs["wide"]["datasets"] == SPEC["datasets"]
    assert "datasets" not in specs["narrow"]
    assert {one["mark"]["color"] for one in specs.values()} == {"var(--wb-red)"}


def test_ids_differ_between_the_drawings_of_one_page() -> None:
    ids = re.findall(r'id="([^"]+)"', page_of("fig-x") + page_of("fig-y"))
    assert len(ids) == len(set(ids))


def test_a_drawing_that_scrolls_has_its_title_and_source_as_text_and_tells_how_high_the_drawn_title_is() -> None:
    title = {"text": ["Point"], "subtitle": ["Source: Us"]}
    wide = SPEC | {"title": title, "width": 900, "usermeta": {"title": "A < B", "source": "Us"}}
    page = chart_html("fig-x", wide, {"wide": live_specs(wide)["wide"]}, "_static")
    assert '<p class="wb-chart-title" aria-hidden="true">A &lt; B</p><p>Source: Us</p>' in page
    assert 20 < float(re.search(r"--wb-drawn-title:([\d.]+)px", page)[1]) < 60
    assert "wb-chart-head" not in page_of("fig-x")
