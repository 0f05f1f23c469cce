"""Charts on a phone: they fit, their words wrap and do not collide, and what does not fit stays as it is."""

import pandas as pd
import pytest

from wattbook import charts
from wattbook.charts.layout import TextBox, collisions, size, text_boxes
from wattbook.charts.narrow import WIDTH, narrow
from wattbook.charts.present import present, to_svg
from wattbook.charts.text import text_width, wrap

DATA = pd.DataFrame(
    {
        "firm": ["A name that is far too long for a phone", "短名 short", "a third, also with quite a few words"],
        "usd": [2e9, 5e9, 1e9],
        "high": [3e9, 6e9, 4e9],
        "kind": ["one kind of thing", "another kind of thing", "one kind of thing"],
        "written": ["US$2 billion", "US$5 billion", "US$1 billion"],
        "year": [2023, 2024, 2025],
    }
)


def finished(chart) -> dict:
    charts.use_in_notebook()
    title = "A title that says what this chart shows and is longer than a phone is wide"
    return present(chart, title=title, alternative="a", source="a source with quite a long name, 2024").to_dict()


FORMS = {
    "ranked_bars": charts.ranked_bars(DATA, value="usd", label="firm", unit="US$", text="written", colour="kind"),
    "dot_intervals": charts.dot_intervals(DATA, low="usd", high="high", label="firm", unit="US$", colour="kind"),
    "lead_times": charts.lead_times(DATA, low="usd", high="high", label="firm", unit="US$", text="written"),
    "stacked_bars": charts.stacked_bars(DATA, value="usd", label="firm", part="kind", unit="US$"),
    "labelled_lines": charts.labelled_lines(
        DATA.assign(firm=["x", "x", "a rather long series name"]), x="year", y="usd", series="firm", unit="US$"
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_fits_a_phone_with_all_its_words(form: str) -> None:
    spec = finished(FORMS[form])
    small = narrow(spec)
    assert small
    svg = to_svg(small)
    assert size(svg)[0] <= WIDTH + 1
    assert collisions(svg) == []

    def letters(drawing: str) -> set[str]:
        return set("".join("".join(box.text for box in text_boxes(drawing)).split()))

    # Ticks differ, words do not.
    joined = "".join("".join(box.text for box in text_boxes(svg)).split())
    for name in DATA["firm"] if "lines" not in form else []:
        assert "".join(name.split()) in joined
    assert letters(svg) <= letters(to_svg(spec)) | set("0123456789")


def test_a_heatmap_of_many_columns_stays_wide() -> None:
    cells = pd.DataFrame([{"row": r, "column": f"column {c}", "v": float(c)} for r in "ab" for c in range(20)])
    assert narrow(finished(charts.heatmap(cells, row="row", column="column", value="v", legend="v"))) is None


def test_the_data_stay_the_same() -> None:
    spec = finished(FORMS["ranked_bars"])
    small = narrow(spec)
    assert small and small["datasets"] == spec["datasets"]


def test_han_is_one_em_wide_and_words_wrap() -> None:
    assert text_width("電網", 10) == 20
    assert 20 < text_width("power", 10) < 30
    assert wrap("電網老化", 25, 10) == ["電網", "老化"]
    assert wrap("one two three", 35, 10) == ["one two", "three"]
    assert wrap("電網，老化", 25, 10)[0].endswith("，")


def test_the_layout_of_a_chart_takes_han_for_one_em() -> None:
    """So a build without Chinese fonts gives the same drawing."""
    boxes = {box.text: box for box in text_boxes(to_svg(finished(FORMS["ranked_bars"])))}
    assert boxes["短名 short"].left >= 0


def drawing(*texts: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100">{"".join(texts)}</svg>'


def test_collisions_are_found() -> None:
    here = '<text transform="translate(20,50)" font-size="12px">some words</text>'
    near = '<g transform="translate(10,2)"><text transform="translate(20,50)" font-size="12px">others</text></g>'
    below = '<text transform="translate(20,70)" font-size="12px">below</text>'
    out = '<text transform="translate(180,20)" font-size="12px">cut off here</text>'
    assert collisions(drawing(here, near, below)) == [("some words", "others")]
    assert collisions(drawing(here, here)) == []
    assert collisions(drawing(here, out)) == [("cut off here", "")]


def test_anchors_and_turns_are_followed() -> None:
    turned = '<text text-anchor="end" transform="translate(50,60) rotate(-90)" font-size="10px">電網</text>'
    (box,) = text_boxes(drawing(turned))
    assert box == TextBox("電網", pytest.approx(43), pytest.approx(60), pytest.approx(52), pytest.approx(80))
