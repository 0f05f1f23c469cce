"""Charts in the page: safe HTML, the right table, small drawings, and the warnings that fail a build."""

import json
import logging
import re
from types import SimpleNamespace

import pytest
from myst_nb.core.render import MimeData

from wattbook.charts.present import MIME, to_svg
from wattbook.charts.theme import COLOURS
from wattbook.site.charts import (
    ChartNode,
    ChartRenderer,
    Drawing,
    chart_html,
    draw,
    main_rows,
    missing_parts,
    rows_as_csv,
    script_json,
    sliders,
    slim,
)

SPEC = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "description": 'What "it" shows & more',
    "usermeta": {"title": "Point", "source": "Us"},
    "data": {"name": "data-b"},
    "datasets": {"data-a": [{"x": 1}], "data-b": [{"x": 1, "名": "甲", "_row": 0}, {"x": 2, "名": "乙<", "_row": 1}]},
    "mark": {"type": "bar", "color": COLOURS["red"]},
    "params": [{"name": "p", "value": 1, "bind": {"input": "range"}}, {"name": "hover", "select": "point"}],
    "encoding": {
        "x": {"field": "x", "type": "quantitative", "title": "US dollars"},
        "y": {"field": "名", "type": "nominal"},
        "tooltip": [{"field": "x", "type": "quantitative"}, {"field": "_row", "type": "quantitative"}],
    },
    "width": 300,
}
FIGURE = {"name": "fig-x", "caption": "A caption."}


@pytest.fixture(scope="module")
def drawn() -> tuple[Drawing, bytes]:
    return draw(SPEC)


def test_the_largest_table_is_the_download() -> None:
    assert rows_as_csv(main_rows(SPEC)) == "x,名\n1,甲\n2,乙<\n"


def test_json_in_a_script_cannot_end_it() -> None:
    text = script_json({"a": "</script><b>"})
    assert "<" not in text
    assert json.loads(text) == {"a": "</script><b>"}


def test_only_bound_parameters_are_sliders() -> None:
    assert sliders(SPEC) == 1


def test_the_page_has_two_drawings_an_alternative_and_downloads(drawn: tuple[Drawing, bytes]) -> None:
    page = chart_html("fig-x", drawn[0], "../_static")
    assert '<svg role="img" aria-label="What &quot;it&quot; shows &amp; more"' in page
    assert '<p id="fig-x-said">What &quot;it&quot; shows &amp; more</p>' in page
    assert 'aria-labelledby="fig-x-said"' in page
    assert "乙&lt;" in page
    assert COLOURS["red"] not in page
    assert 'fill="var(--wb-red)"' in page
    assert re.findall(r'href="\.\./_static/charts/fig-x\.(\w+)"', page) == ["csv", "svg", "png", "json"]


def test_ids_differ_between_the_drawings_of_a_page(drawn: tuple[Drawing, bytes]) -> None:
    ids = re.findall(r'id="([^"]+)"', "".join(chart_html(name, drawn[0], "_static") for name in ("fig-x", "fig-y")))
    assert len(ids) == len(set(ids))


def test_a_chart_that_needs_its_width_can_be_scrolled_by_keyboard(drawn: tuple[Drawing, bytes]) -> None:
    wide = Drawing(**(vars(drawn[0]) | {"narrow": None, "narrow_svg": None}))
    frame = r'<div class="wb-chart-frame"[^>]*tabindex="0"'
    assert re.search(frame, chart_html("fig-x", wide, "_static"))
    assert not re.search(frame, chart_html("fig-x", drawn[0], "_static"))


def test_a_slim_drawing_shows_the_same_with_less(drawn: tuple[Drawing, bytes]) -> None:
    full = to_svg(drawn[0].wide)
    small = slim(full)
    assert len(small) < 0.8 * len(full)
    assert re.findall(r">([^<>]+)</text>", small) == re.findall(r">([^<>]+)</text>", full)
    assert small.count("<path") >= 2


def test_the_download_is_a_picture_of_the_chart(drawn: tuple[Drawing, bytes]) -> None:
    assert drawn[1].startswith(b"\x89PNG")
    assert COLOURS["red"] in drawn[0].svg


def render(spec: dict, figure: dict) -> tuple[list, list[str]]:
    """Render a chart's output as MyST-NB does; give the nodes and the warnings."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    logger = logging.getLogger("sphinx.wattbook.site.charts")
    env = SimpleNamespace(docname="notebooks/x")
    renderer = SimpleNamespace(renderer=SimpleNamespace(sphinx_env=env))
    data = MimeData(MIME, spec, cell_metadata={"mystnb": {"figure": figure}}, cell_index=3, line=7)
    logger.addHandler(handler)
    try:
        return ChartRenderer.handle_mime(renderer, data, False) or [], said
    finally:
        logger.removeHandler(handler)


def test_a_complete_chart_raises_no_warning() -> None:
    nodes, said = render(SPEC, FIGURE)
    assert [type(node) for node in nodes] == [ChartNode]
    assert nodes[0]["name"] == "fig-x"
    assert said == []


@pytest.mark.parametrize(
    ("spec", "figure", "missing"),
    [
        (SPEC, {"caption": "A caption."}, "name"),
        (SPEC, {"name": "fig-x"}, "caption"),
        (SPEC | {"description": ""}, FIGURE, "text alternative"),
        (SPEC | {"usermeta": {"title": "Point"}}, FIGURE, "source"),
    ],
    ids=["name", "caption", "alternative", "source"],
)
def test_a_chart_without_a_part_fails_the_build(spec: dict, figure: dict, missing: str) -> None:
    """The book is built with warnings as errors."""
    _, said = render(spec, figure)
    assert len(said) == 1
    assert said[0].startswith(f"chart in cell 3 has no {missing}")
    assert len(missing_parts(spec, figure)) == 1
