"""Forms for phones: as wide as the screen without being scaled down, with every word in its place."""

import altair as alt
import pandas as pd
import pytest

from wattbook import charts
from wattbook.charts.layout import TextBox, collisions, size, text_boxes
from wattbook.charts.narrow import WIDTH, narrow
from wattbook.charts.present import to_svg
from wattbook.charts.tall import PLOT, Place, Words, arrow_map, graded_list, paired_intervals, time_list, upright


def on_phone(chart) -> dict[str, TextBox]:
    """Give the words of a chart as a phone shows it, by their text."""
    charts.use_in_notebook()
    small = narrow(chart.to_dict())
    assert small is not None
    svg = to_svg(small)
    assert size(svg)[0] <= WIDTH
    assert collisions(svg) == []
    return {box.text: box for box in text_boxes(svg)}


def test_an_arrow_map_writes_names_beside_nodes_and_words_where_it_is_told() -> None:
    arrows = pd.DataFrame(
        [("giver", "taker", "money", "ten\nbillion"), ("giver", "other", "goods", "")],
        columns=["from", "to", "what", "label"],
    )
    places = {"giver": Place(70, 60, "left"), "taker": Place(190, 60, "right"), "other": Place(70, 160, "below")}
    drawn = arrow_map(
        arrows,
        places,
        {("giver", "taker"): Words(206, 76)},
        roles={name: "seller" if name == "giver" else "buyer" for name in places},
        colours={"Arrow": {"money": "#00785a", "goods": "#5a6673"}, "Firm": {"seller": "#c1272d", "buyer": "#004a80"}},
        width=PLOT,
        height=200,
        size=260,
        lower_legend=True,
    )
    words = on_phone(drawn)
    assert {"giver", "taker", "other", "ten", "billion", "money", "goods", "seller", "buyer"} <= set(words)
    assert words["giver"].right < words["taker"].left
    assert words["ten"].left == pytest.approx(words["billion"].left)
    assert words["ten"].top > words["taker"].bottom - 2
    assert words["other"].top > words["giver"].bottom + 60
    assert words["buyer"].top > words["other"].bottom


def test_an_arrow_stops_short_of_the_dot_and_points_at_it() -> None:
    arrows = pd.DataFrame([("a", "b", "w", "")], columns=["from", "to", "what", "label"])
    places = {"a": Place(0, 0, "above"), "b": Place(100, 0, "above")}
    spec = arrow_map(
        arrows,
        places,
        {},
        roles={"a": "r", "b": "r"},
        colours={"Arrow": {"w": "#00785a"}, "Firm": {"r": "#c1272d"}},
        width=100,
        height=50,
    ).to_dict()
    (line,) = next(rows for rows in spec["datasets"].values() if "angle" in rows[0])
    assert 70 < line["x2"] < 95
    assert line["y2"] == 0
    assert line["angle"] == 90


def test_an_arrow_map_says_under_the_pointer_what_its_arrows_and_nodes_are() -> None:
    arrows = pd.DataFrame([("a", "b", "w", "ten\nchips", "ten chips")], columns=["from", "to", "what", "label", "said"])
    spec = arrow_map(
        arrows,
        {"a": Place(0, 0, "above"), "b": Place(100, 0, "above")},
        {},
        roles={"a": "r", "b": "r"},
        colours={"Arrow": {"w": "#00785a"}, "Firm": {"r": "#c1272d"}},
        width=100,
        height=50,
    ).to_dict()
    tips = {
        layer["mark"]["type"]: [tip["field"] for tip in layer["encoding"]["tooltip"]]
        for layer in spec["layer"]
        if layer["mark"]["type"] != "text"
    }
    assert tips["rule"] == tips["point"] == ["from", "to", "what", "label", "said"]
    assert tips["circle"] == ["name", "role"]
    assert any(row.get("said") == "ten chips" for rows in spec["datasets"].values() for row in rows)


def test_a_graded_list_has_a_column_for_each_grade_beside_two_lines_of_text() -> None:
    rows = pd.DataFrame(
        {
            "who": ["International Finance News, Aug", "Nvidia, Dec", "UBS, Nov"],
            "says": ["AI the largest tail risk, both ways", "demand real", "opportunity along the power chain"],
            "grade": ["bubble", "promise", "worried"],
            "kind": ["press", "sells", "press"],
        }
    )
    grades = ["bubble", "worried", "open", "sound", "promise"]
    words = on_phone(
        graded_list(
            rows,
            name="who",
            note="says",
            grade="grade",
            grades=grades,
            colour="kind",
            colours={"press": "#5a6673", "sells": "#c1272d"},
        )
    )
    assert {*grades, *rows["who"], *rows["says"]} <= set(words)
    assert words["worried"].top > words["bubble"].top
    assert words["demand real"].top > words["Nvidia, Dec"].top
    assert max(words[text].right for text in [*rows["who"], *rows["says"]]) < 200


def test_paired_intervals_stand_under_each_other_in_one_plot() -> None:
    rows = pd.DataFrame(
        [
            ("An outlet", "may", 9, 5.0, 2.0, 9.0),
            ("An outlet", "must", 2, 1.0, 0.0, 3.0),
            ("B", "may", 7, 4.0, 3.0, 5.0),
            ("B", "must", 3, 2.0, 1.0, 4.0),
        ],
        columns=["outlet", "group", "count", "rate", "low", "high"],
    )
    chart = paired_intervals(
        rows,
        label="outlet",
        group="group",
        unit="per 1,000 words",
        colours={"may": "#004a80", "must": "#a34b00"},
        order=["An outlet", "B"],
    )
    for layer in chart.to_dict()["layer"]:
        assert [tip["field"] for tip in layer["encoding"]["tooltip"]] == list(rows)
    words = on_phone(chart)
    assert words["must"].top > words["may"].top
    assert words["B"].top - words["An outlet"].top == pytest.approx(2 * 13 * 1.25)
    assert words["per 1,000 words"].top > words["B"].bottom


def test_a_time_list_keeps_its_lines_and_centres_them_on_the_row() -> None:
    rows = pd.DataFrame(
        {
            "row": [0, 1],
            "start": [2023.2, 2025.9],
            "wide": ["one line for the wide drawing", "short"],
            "small": ["first line of three\nsecond line\nthird line", "short"],
        }
    )
    base = alt.Chart(rows).encode(y=alt.Y("row:O", axis=None))
    chart = alt.layer(
        base.mark_point().encode(alt.X("start:Q", title=None)),
        base.mark_text(align="left", fontSize=12, lineHeight=14).encode(x=alt.value(200), text="wide:N"),
    ).properties(width=500, height=alt.Step(30))
    words = on_phone(time_list(chart, "small", [2022.5, 2026.2]))
    assert {"first line of three", "second line", "third line", "short"} <= set(words)
    assert words["short"].top - words["second line"].top == pytest.approx(46)
    assert "2024" in words
    assert "2025" not in words


def test_an_upright_heat_map_cuts_names_of_columns_and_breaks_none_of_rows() -> None:
    cells = pd.DataFrame(
        [
            (row, column, 3)
            for row in ("溫水池效應 warm-pool effect", "老將 veteran")
            for column in ("A long name", "B")
        ],
        columns=["term", "article", "n"],
    )
    wide = charts.heatmap(cells, row="term", column="article", value="n", legend="times", number="d", step=40)
    words = on_phone(upright(wide, {"A long name": "A name"}))
    assert {"溫水池效應 warm-pool effect", "A name", "B"} <= set(words)
    assert "A long name" not in words
    assert words["A name"].bottom - words["A name"].top > words["A name"].right - words["A name"].left
    assert wide.to_dict()["layer"][0]["encoding"]["x"]["axis"]["labelAngle"] == -40
