"""Forms for phones and drawings of links: nothing is lost, and every form is as narrow as a phone."""

import re

import altair as alt
import pandas as pd
import pytest

from wattbook import charts
from wattbook.charts.layout import collisions, size, text_boxes
from wattbook.charts.links import chain_down, ties, two_columns
from wattbook.charts.narrow import WIDTH, narrow
from wattbook.charts.phone import names_above, one_line
from wattbook.charts.present import present, to_svg
from wattbook.charts.theme import COLOURS

NAMED = pd.DataFrame(
    {
        "what": ["a name of a row that is too long for one line beside a plot", "the second, which is short"],
        "low": [1.0, 2.0],
        "high": [3.0, 2.5],
        "written": ["1 to 3 of all that there is of it", "2 to 2.5"],
    }
)


def on_phone(form) -> str:
    charts.use_in_notebook()
    chart = alt.Chart(NAMED).mark_point()
    spec = present(chart, title="a", alternative="b", source="c", columns={"what": "what"}, phone=form).to_dict()
    small = narrow(spec["usermeta"]["phone"])
    assert small is not None
    drawn = to_svg(small)
    assert size(drawn)[0] <= WIDTH / 0.8
    assert collisions(drawn) == []
    return drawn


def lines_of(drawn: str) -> set[str]:
    return {box.text for box in text_boxes(drawn)}


def test_names_stand_above_their_rows_in_one_line() -> None:
    chart = charts.dot_intervals(NAMED, low="low", high="high", label="what", text="written", unit="years")
    drawn = on_phone(names_above(chart))
    assert {*NAMED["what"], *NAMED["written"]} <= lines_of(drawn)
    names = [box for box in text_boxes(drawn) if box.text in set(NAMED["what"])]
    assert max(box.left for box in names) < 20, "at the edge of the drawing, not beside a plot"


def test_names_stand_above_the_rows_of_several_charts_and_of_layers_in_layers() -> None:
    one = charts.dot_intervals(NAMED, low="low", high="high", label="what", unit="years")
    more = alt.Chart(NAMED).mark_text().encode(y="what:N", x="low:Q", text="written:N")
    drawn = on_phone(names_above(alt.vconcat(one, alt.layer(one, alt.layer(more)).properties(width=300))))
    # Each name is drawn on a halo of its own.
    names = {(box.text, box.top) for box in text_boxes(drawn) if box.text == NAMED["what"][0]}
    assert len(names) == 2


def test_a_row_of_a_grid_has_one_line_and_its_short_name() -> None:
    cells = pd.DataFrame([(row, f"c{i}", i) for row in NAMED["what"] for i in range(4)], columns=["row", "column", "n"])
    cells_at = alt.Chart(cells).encode(y=alt.Y("row:N", title=None), x=alt.X("column:N", title=None))
    grid = alt.layer(cells_at.mark_rect(), cells_at.mark_text().encode(text="n:Q"))
    drawn = on_phone(one_line(grid, short={NAMED["what"][0]: "a short name"}))
    assert {"a short name", NAMED["what"][1]} <= lines_of(drawn)
    assert NAMED["what"][0] not in lines_of(drawn)


@pytest.mark.parametrize("room", [(60, 60), None], ids=["beside", "above"])
def test_ties_name_both_ends_and_keep_their_lines_off_their_texts(room: tuple[int, int] | None) -> None:
    data = pd.DataFrame(
        [("A", "P", "10 units", "x"), ("B", "P", "a part", "x"), ("B", "Q", "two lines\nof text", "y")],
        columns=["from", "to", "text", "kind"],
    )
    hues = {"x": COLOURS["blue"], "y": COLOURS["red"]}
    form = ties(data, left="from", right="to", text="text", kind="kind", colours=hues, width=260, room=room)
    drawn = on_phone(form)
    assert {"A", "B", "P", "Q", "10 units", "two lines", "of text"} <= lines_of(drawn)
    rows = next(iter(form.to_dict()["datasets"].values()))
    assert len(rows) == len(data)
    assert all(row["_near_x"] < 130 < row["_far_x"] for row in rows)


def test_a_chain_goes_down_box_by_box() -> None:
    grades = {"good": COLOURS["green"], "bad": COLOURS["orange"]}
    boxes = pd.DataFrame({"head": ["ONE", "TWO"], "text": ["first\nbox", "second\nbox"], "grade": ["good", "bad"]})
    links = pd.DataFrame({"text": ["÷ a number\n2–3\nsources differ"], "grade": ["bad"]})
    drawn = on_phone(chain_down(boxes, links, grades))
    tops = {box.text: box.top for box in text_boxes(drawn)}
    order = ["ONE", "first box", "÷ a number, 2–3", "sources differ", "TWO", "second box"]
    assert sorted(order, key=tops.__getitem__) == order


def test_two_columns_write_each_gloss_under_its_term() -> None:
    nodes = pd.DataFrame(
        {
            "term": ["電力", "折舊", "泡沫"],
            "name": ["電力 electric power", "折舊 depreciation that takes two lines at least", "泡沫 bubble"],
            "theme": ["grid", "depreciation", "market"],
            "side": [-1, 1, 1],
            "passages": [9, 5, 3],
        }
    ).set_index("term")
    lines = pd.DataFrame({"pair": ["電力 – 泡沫"], "kind": ["across themes"], "passages": [4]})
    hues = {"grid": COLOURS["gold"], "depreciation": COLOURS["purple"], "market": COLOURS["grey"]}
    drawn = on_phone(two_columns(nodes, lines, hues))
    tops = {box.text: box.top for box in text_boxes(drawn)}
    assert tops["電力"] < tops["electric power"]
    assert {"折舊", "泡沫", "bubble"} <= tops.keys()
    moved = r'aria-roledescription="%s"[^>]*transform="translate\(([\d.]+),([\d.]+)\)"'
    dots = [(float(x), float(y)) for x, y in re.findall(moved % "circle", drawn)]
    [(x, y)] = [(float(x), float(y)) for x, y in re.findall(moved % "rule mark", drawn)]
    [(across, down)] = re.findall(r'aria-roledescription="rule mark"[^>]* x2="([-\d.]+)" y2="([-\d.]+)"', drawn)
    # The first term stands alone on the left, the last one lowest on the right.
    ends = [min(dots), max(dots, key=lambda dot: (dot[0] > min(dots)[0], dot[1]))]
    assert [(x, y), (x + float(across), y + float(down))] == [pytest.approx(end) for end in ends]
