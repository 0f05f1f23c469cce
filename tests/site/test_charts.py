"""Charts in the page: safe HTML, the right table, and the warnings that fail a build."""

import copy
import json
import re
from types import SimpleNamespace

import pytest

from wattbook.charts.present import MIME
from wattbook.charts.theme import COLOURS
from wattbook.site.charts import (
    ChartRenderer,
    chart_html,
    page_data,
    rows_as_csv,
    script_json,
    sliders,
    table_rows,
    tables,
)

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "description": 'What "it" shows & more',
    "usermeta": {"title": "Point", "source": "Us", "columns": [["x", "x, W", None], ["名", "name", None]]},
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
    return chart_html(name, SPEC, page_data(SPEC), static)


def test_a_dataset_that_is_in_a_larger_one_is_no_table() -> None:
    (table,) = tables(SPEC)
    assert rows_as_csv(table_rows(SPEC, table)) == '"x, W",name\n1,甲\n2,乙<\n'


def test_datasets_join_where_the_columns_do_and_single_values_are_left_out() -> None:
    datasets = {
        "a": [{"x": 1, "y": 2}, {"x": 2, "y": 3}, {"x": 3, "y": 4}],
        "b": [{"x": 9}, {"x": 8}],
        "c": [{"limit": 24}],
        "d": [{"z": 1, "_row": 0}, {"z": 2, "_row": 1}],
        "e": [{"y": 4, "x": 3}],
    }
    spec = {"datasets": datasets, "usermeta": {"columns": [[column, column, None] for column in "xyz"]}}
    assert tables(spec) == [["a", "b"], ["d"]]
    assert rows_as_csv(table_rows(spec, ["d"])) == "z\n1\n2\n"


def test_columns_without_a_name_are_in_no_table() -> None:
    spec = SPEC | {"usermeta": SPEC["usermeta"] | {"columns": [["名", "name", None]]}}
    (table,) = tables(spec)
    assert rows_as_csv(table_rows(spec, table)) == "name\n甲\n乙<\n"


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


def test_the_page_data_have_the_data_once_and_colours_that_follow_the_mode() -> None:
    specs = page_data(SPEC)
    assert specs["wide"]["datasets"] == SPEC["datasets"]
    assert "datasets" not in specs["narrow"]
    assert {one["mark"]["color"] for one in (specs["wide"], specs["narrow"])} == {"var(--wb-red)"}


def test_ids_differ_between_the_drawings_of_one_page() -> None:
    ids = re.findall(r'id="([^"]+)"', page_of("fig-x") + page_of("fig-y"))
    assert len(ids) == len(set(ids))


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is warned of: each warning fails a build."""
    messages: list[str] = []
    monkeypatch.setattr("wattbook.site.charts._log.warning", lambda text, *args, **_: messages.append(text % args))
    return messages


def render(spec: dict, figure: dict) -> None:
    data = SimpleNamespace(
        mime_type=MIME,
        content=spec,
        output_metadata={},
        cell_metadata={"mystnb": {"figure": figure}},
        cell_index=3,
        line=1,
    )
    renderer = SimpleNamespace(renderer=SimpleNamespace(sphinx_env=SimpleNamespace(docname="notebooks/x")))
    assert ChartRenderer.handle_mime(renderer, data, inline=False)


FIGURE = {"name": "fig-x", "caption": "Values of us."}


def test_a_whole_chart_is_not_warned_of(warned: list[str]) -> None:
    render(SPEC, FIGURE)
    assert warned == []


@pytest.mark.parametrize("what", ["name", "caption", "description", "source", "columns"])
def test_a_chart_without_one_of_its_texts_fails_the_build(what: str, warned: list[str]) -> None:
    spec, figure = copy.deepcopy(SPEC), dict(FIGURE)
    for holder in (spec, spec["usermeta"], figure):
        holder.pop(what, None)
    render(spec, figure)
    assert [message.partition(" (")[0] for message in warned] == [
        f"chart in cell 3 has no {'text alternative' if what == 'description' else what}"
    ]


def test_title_and_source_are_text_of_the_page_and_not_of_its_drawings() -> None:
    titled = SPEC | {"title": {"text": ["Drawn"]}, "usermeta": SPEC["usermeta"] | {"title": "A < B"}}
    live = page_data(titled)
    page = chart_html("fig-x", titled, live, "_static")
    assert '<p class="wb-chart-title" aria-hidden="true">A &lt; B</p><p>Source: Us</p>' in page
    assert "Drawn" not in page
    assert all("title" not in live[kind] for kind in ("wide", "narrow"))


def test_a_form_for_phones_is_drawn_narrow_and_adds_its_data() -> None:
    phone = {**SPEC, "data": {"name": "data-c"}, "datasets": {"data-c": [{"x": 7, "名": "丙"}]}}
    del phone["description"]
    live = page_data(SPEC, phone)
    assert live["narrow"]["description"] == SPEC["description"]
    assert set(live["wide"]["datasets"]) == {"data-a", "data-b", "data-c"}
    page = chart_html("fig-x", SPEC, live, "_static")
    wide, narrow = page.split("wb-chart-narrow")
    assert "丙" in narrow
    assert "丙" not in wide


def test_a_named_column_that_is_not_there_fails_the_build(warned: list[str]) -> None:
    columns = [*SPEC["usermeta"]["columns"], ["gone", "gone", None]]
    render(SPEC | {"usermeta": SPEC["usermeta"] | {"columns": columns}}, FIGURE)
    assert warned == ["chart fig-x names a column gone that it does not have"]


def test_a_form_for_phones_that_does_not_fit_fails_the_build(warned: list[str]) -> None:
    rows = [{"x": i, "名": f"column {i}"} for i in range(40)]
    phone = {**SPEC, "data": {"name": "c"}, "datasets": {"c": rows}, "width": {"step": 40}}
    phone["encoding"] = {"x": {"field": "名", "type": "nominal"}, "y": {"field": "x", "type": "quantitative"}}
    render(SPEC | {"usermeta": SPEC["usermeta"] | {"phone": phone}}, FIGURE)
    assert warned == ["the form of chart fig-x for phones does not fit one"]
