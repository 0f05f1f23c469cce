"""Chart forms: each draws its rows, in the order that its docstring says."""

import re

import pandas as pd
import pytest

from wattbook import charts
from wattbook.charts.layout import text_boxes
from wattbook.charts.narrow import narrow
from wattbook.charts.present import MIME, present, to_svg

FIRMS = pd.DataFrame(
    {
        "firm": ["甲 A", "乙 B", "丙 C"],
        "usd": [2e9, 5e9, 1e9],
        "high": [3e9, 6e9, 4e9],
        "kind": ["x", "y", "x"],
        "written": ["two", "five", "one"],
        "year": [2023, 2024, 2024],
    }
)
LONG = pd.DataFrame({"firm": ["A", "A", "B", "B"], "part": ["p", "q"] * 2, "usd": [1.0, 2, 3, 4]})


def draw(chart) -> str:
    charts.use_in_notebook()
    return to_svg(chart.to_dict())


def written(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", svg)


def test_ranked_bars_are_longest_first_with_their_values() -> None:
    labels = written(draw(charts.ranked_bars(FIRMS, value="usd", label="firm", unit="US$", text="written")))
    assert [t for t in labels if t in set(FIRMS["firm"])] == ["乙 B", "甲 A", "丙 C"]
    assert {"two", "five", "one"} <= set(labels)


def test_money_axes_say_billions() -> None:
    labels = written(draw(charts.ranked_bars(FIRMS, value="usd", label="firm", unit="US$", number="$~s", text="firm")))
    assert any(label.endswith(" bn") for label in labels)
    assert not any(label.endswith("G") for label in labels)


@pytest.mark.parametrize(
    ("chart", "marks"),
    [
        (charts.stacked_bars(LONG, value="usd", label="firm", part="part", unit="US$"), 4),
        (charts.dot_intervals(FIRMS, low="usd", high="high", label="firm", unit="US$"), 9),
        (charts.lead_times(FIRMS, low="usd", high="high", label="firm", unit="US$", text="written"), 9),
        (charts.heatmap(LONG, row="firm", column="part", value="usd", legend="US$"), 8),
        (charts.labelled_lines(FIRMS, x="year", y="usd", series="firm", unit="US$"), 9),
    ],
    ids=["stacked_bars", "dot_intervals", "lead_times", "heatmap", "labelled_lines"],
)
def test_every_row_is_drawn(chart, marks: int) -> None:
    svg = draw(chart)
    # Vega gives each data mark a role description; axes and legends have another.
    assert (
        len(re.findall(r'aria-roledescription="(?!axis|legend|title|text mark container)[^"]*(?<!container)"', svg))
        >= marks
    )


def test_labelled_lines_name_each_line_once() -> None:
    data = pd.DataFrame({"year": [2023, 2024, 2023, 2024], "usd": [1, 2, 3, 4], "firm": ["A", "A", "B", "B"]})
    labels = written(draw(charts.labelled_lines(data, x="year", y="usd", series="firm", unit="US$")))
    assert (labels.count("A"), labels.count("B")) == (1, 1)


def test_a_drawing_does_not_depend_on_those_before_it() -> None:
    chart = charts.heatmap(LONG, row="firm", column="part", value="usd", legend="US$")
    first = draw(chart)
    assert "gradient_" in first
    assert draw(chart) == first


def test_present_needs_every_text() -> None:
    chart = charts.ranked_bars(FIRMS, value="usd", label="firm", unit="US$")
    with pytest.raises(ValueError, match="source"):
        present(chart, title="t", alternative="a", source=" ", columns={"firm": "company"})


def test_a_cell_gives_a_type_that_jupyter_shows_and_a_static_copy() -> None:
    charts.use_in_notebook()
    chart = present(
        charts.ranked_bars(FIRMS, value="usd", label="firm", unit="US$"),
        title="t",
        alternative="what it shows",
        source="s",
        columns={"firm": "company"},
    )
    bundle, metadata = chart._repr_mimebundle_(None, None)
    assert bundle[MIME]["$schema"].endswith("/v5.json")
    assert bundle[MIME]["description"] == bundle["text/plain"] == "what it shows"
    assert bundle["image/svg+xml"].startswith("<svg")
    assert metadata["image/svg+xml"]["wattbook"]


def test_half_a_matrix_has_each_pair_and_each_name_once_on_one_line() -> None:
    names = ["an article with a rather long name", "second", "third"]
    pairs = pd.DataFrame([(a, b, 0.5) for a in names for b in names if a != b], columns=["row", "column", "cosine"])
    grid = charts.half_matrix(pairs, row="row", column="column", value="cosine", legend="cosine", order=names)
    spec = present(grid, title="a", alternative="b", source="c", columns={"cosine": "cosine"}).to_dict()
    small = narrow(spec)
    assert small is not None
    drawn = to_svg(small)
    assert [box.text for box in text_boxes(drawn) if box.text in names] == names
    assert len(re.findall(r'aria-roledescription="rect mark"', drawn)) == 3


def test_tiles_show_the_first_words_of_each_row() -> None:
    said = pd.DataFrame(
        [(row, rank, f"{row}{rank}", "gloss", "3 times", rank * 1.0) for row in "ab" for rank in (1, 2, 3)],
        columns=["row", "rank", "word", "gloss", "note", "z"],
    )
    tiles = charts.word_tiles(
        said,
        row="row",
        rank="rank",
        lines=("word", "gloss", "note"),
        strength="z",
        legend="z",
        order=["a", "b"],
        tooltip=["word", "note"],
        most=2,
        width=200,
        limit=90,
    )
    words = {box.text for box in text_boxes(to_svg(tiles.to_dict()))}
    assert {"a1", "a2", "b1", "b2"} <= words
    assert not {"a3", "b3"} & words
