"""Charts for phones: as narrow as the screen, letters kept, nothing lost; and the boxes and breaks they rest on."""

import altair as alt
import pandas as pd
import pytest

from wattbook import charts
from wattbook.charts.layout import collisions, size, text_boxes
from wattbook.charts.narrow import WIDTH, _redrawn, narrow
from wattbook.charts.present import present, to_svg
from wattbook.charts.specs import WHOLE
from wattbook.charts.text import text_width, wrap

ROWS = pd.DataFrame(
    {
        "what": ["a substation with everything that it takes", "a data centre", "燃氣輪機與輸電線路的等待時間"],
        "years": [2.5, 2.0, 5.0],
        "written": ["2.5 years", "2 years", "5 years"],
    }
)


def spec_of(chart) -> dict:
    charts.use_in_notebook()
    shown = present(
        chart,
        title="A title that says what the chart shows and needs a line more",
        alternative="b",
        source="c",
        columns={"what": "what"},
    )
    return shown.to_dict()


def test_a_wide_chart_becomes_as_narrow_as_a_phone_and_keeps_its_words() -> None:
    wide = spec_of(charts.ranked_bars(ROWS, value="years", label="what", unit="years", text="written"))
    small = narrow(wide)
    assert small is not None
    assert size(to_svg(wide))[0] > 500
    assert size(to_svg(small))[0] <= WIDTH / 0.8
    assert collisions(to_svg(small)) == []
    said = " ".join(box.text for box in text_boxes(to_svg(small)))
    assert "a data centre" in said
    assert all(word in said for word in ROWS["written"])
    assert small["datasets"] == wide["datasets"]


def test_views_side_by_side_stand_one_under_the_other() -> None:
    bars = charts.ranked_bars(ROWS.head(2), value="years", label="what", unit="years")
    small = narrow(spec_of(bars | bars))
    assert small is not None
    assert "hconcat" not in small
    assert len(small["vconcat"]) == 2


def test_a_grid_with_too_many_columns_is_left_wide() -> None:
    cells = pd.DataFrame([(f"r{i}", f"column {j}", i * j) for i in range(3) for j in range(20)], columns=list("rcv"))
    assert narrow(spec_of(charts.heatmap(cells, row="r", column="c", value="v", legend="v"))) is None


def drawing(*texts: tuple[int, int, str]) -> str:
    """A drawing of 100 by 50 pixels with words at their places."""
    written = [f'<text transform="translate({x},{y})" font-size="10px">{words}</text>' for x, y, words in texts]
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50">{"".join(written)}</svg>'


def test_words_that_run_into_each_other_or_off_the_edge_are_found() -> None:
    assert collisions(drawing((10, 20, "wide word"), (20, 22, "other"))) == [("wide word", "other")]
    assert collisions(drawing((80, 20, "leaves the drawing"))) == [("leaves the drawing", "")]
    assert collisions(drawing((0, 10, "one"), (0, 30, "two"))) == []


def test_a_turned_text_stands_upright() -> None:
    (box,) = text_boxes(drawing((20, 40, "up")).replace(",40)", ",40) rotate(-90)"))
    assert box.bottom == pytest.approx(40)
    assert box.right - box.left == pytest.approx(9)


def test_widths_are_the_faces_and_han_is_full() -> None:
    assert text_width("電網", 20) == 40
    assert text_width("ii", 20) < text_width("mm", 20)
    assert text_width("watt", 20, bold=True) > text_width("watt", 20)


def test_a_han_word_breaks_only_where_it_is_longer_than_a_line() -> None:
    assert wrap("performance 效能/性能", 80) == ["performance", "效能/性能"]
    assert wrap("網際網路互聯網", 50) == ["網際網路", "互聯網"]


def test_lines_break_at_spaces_and_between_han_and_lose_nothing() -> None:
    text = "long words, then 電網老化與折舊年限。 end"
    lines = wrap(text, 90)
    assert len(lines) > 1
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 12) <= 90 for line in lines)
    assert not any(line.startswith("。") for line in lines)


def test_column_names_that_would_run_together_are_slanted() -> None:
    names = ["depreciation", "H200 policy", "chip share", "capital", "market"]
    cells = pd.DataFrame([(f"row {i}", name, i) for i in range(4) for name in names], columns=list("rcv"))
    columns = alt.X("c:N", title=None, axis=alt.Axis(orient="top", labelAngle=0))
    grid = alt.Chart(cells).mark_rect().encode(y=alt.Y("r:N", title=None), x=columns)
    small = narrow(spec_of(grid.properties(width=500, height=120)))
    assert small is not None
    assert small["encoding"]["x"]["axis"]["labelAngle"] == -50


def test_the_lines_of_a_row_name_stand_around_the_middle_of_the_row() -> None:
    small = narrow(spec_of(charts.ranked_bars(ROWS, value="years", label="what", unit="years")))
    assert small is not None
    boxes = text_boxes(to_svg(small))
    lines = {name: [box for box in boxes if len(box.text) > 2 and box.text in name] for name in ROWS["what"]}
    assert max(map(len, lines.values())) > 1
    middles = sorted((min(b.top for b in some) + max(b.bottom for b in some)) / 2 for some in lines.values())
    assert middles[1] - middles[0] == pytest.approx(middles[2] - middles[1], abs=1)


def test_a_text_above_its_place_grows_upwards_when_it_wraps_and_leaves_the_others_where_they_are() -> None:
    words = ["a remark of more than one line above a rule", "short"]
    said = pd.DataFrame({"x": [1.0, 1.0], "y": [2.0, 1.0], "words": words})
    base = alt.Chart(said).encode(y="y:Q")
    text = base.mark_text(align="left", dy=-8).encode(x="x:Q", text="words:N")
    small = narrow(spec_of(alt.layer(text, base.mark_rule()).properties(width=500, height=200)))
    assert small is not None
    boxes = text_boxes(to_svg(small))
    lines = [box for box in boxes if box.text in words[0] and len(box.text) > 3]
    (short,) = [box for box in boxes if box.text == words[1]]
    assert len(lines) > 1
    # The two rules are 100 pixels apart, and so are the last lines above them.
    assert short.bottom - max(line.bottom for line in lines) == pytest.approx(100, abs=1)


def test_a_legend_wider_than_its_plot_ends_with_the_plot() -> None:
    rows = ROWS.assign(kind=["what a named source says", "what no source says", "what no source says"])
    colours = {"what a named source says": "#004a80", "what no source says": "#a34b00"}
    chart = charts.ranked_bars(rows, value="years", label="what", unit="years", colour="kind", colours=colours)
    small = narrow(spec_of(chart))
    assert small is not None
    assert small["config"]["legend"]["layout"]["top"]["anchor"] == "end"
    assert size(to_svg(small))[0] <= WIDTH


def test_a_long_list_of_short_names_keeps_them_on_one_line() -> None:
    rows = pd.DataFrame({"what": [f"name number {i} of many" for i in range(20)], "n": range(20)})
    small = narrow(spec_of(charts.ranked_bars(rows, value="n", label="what", unit="n")))
    assert small is not None
    assert "name number 3 of many" in {box.text for box in text_boxes(to_svg(small))}


def test_words_of_the_style_whole_are_not_broken() -> None:
    words, name = "a remark of one line that is somewhat long", ROWS["what"][0]
    rows = ROWS.assign(written=words)
    y = alt.Y("what:N", title=None, axis=alt.Axis(style=WHOLE))
    base = alt.Chart(rows).encode(y=y)
    text = base.mark_text(style=WHOLE, align="left").encode(x=alt.value(0), text="written:N")
    spec = spec_of(alt.layer(base.mark_point().encode(x="years:Q"), text).properties(width=300))
    assert {words, name} <= {box.text for box in text_boxes(to_svg(_redrawn(spec, to_svg(spec), 100)))}
    for layer in spec["layer"]:
        layer["encoding"]["y"]["axis"].pop("style")
        layer["mark"].pop("style", None)
    broken = {box.text for box in text_boxes(to_svg(_redrawn(spec, to_svg(spec), 100)))}
    assert not broken & {words, name}


def test_what_stands_at_a_place_in_pixels_moves_with_the_plot() -> None:
    said = pd.DataFrame({"x": [1.0, 2.0], "row": ["a", "b"], "words": ["one", "two"]})
    base = alt.Chart(said).encode(y="row:N")
    inside = base.mark_text(align="right").encode(x=alt.value(400), text="words:N")
    beside = base.mark_text(align="left").encode(x=alt.value(412), text="words:N")
    small = narrow(spec_of(alt.layer(base.mark_point().encode(x="x:Q"), inside, beside).properties(width=400)))
    assert small is not None
    places = [layer["encoding"]["x"]["value"] for layer in small["layer"][1:]]
    assert places == [small["width"], small["width"] + 12]


def test_a_sentence_that_the_page_works_out_breaks_into_lines() -> None:
    long = "'six million chips, two hundred billion dollars, forty billion a year, a tenth of the income'"
    line = alt.Chart(ROWS).transform_calculate(said=long).transform_filter("datum.years == 5").mark_text(align="left")
    line = line.encode(x=alt.value(0), y=alt.value(-8), text="said:N")
    bars = alt.Chart(ROWS).mark_bar().encode(x="years:Q", y="what:N")
    small = narrow(spec_of(alt.layer(bars, line).properties(width=560, height=alt.Step(48))))
    assert small is not None
    boxes = text_boxes(to_svg(small))
    assert max(len(box.text) for box in boxes if "million" in box.text) <= 41
    assert size(to_svg(small))[0] <= 420
