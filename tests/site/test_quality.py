"""The tables of measured quality say what data/quality holds."""

import pytest

from wattbook.site.quality import TABLES, figures


@pytest.mark.parametrize("name", TABLES)
def test_rows_are_as_long_as_their_head(name: str) -> None:
    head, *body = TABLES[name]()
    assert body
    assert {len(row) for row in body} == {len(head)}


@pytest.mark.parametrize("name", ["quantities", "entities", "attribution"])
def test_every_measure_has_its_row(name: str) -> None:
    """A measure that a benchmark adds to the file is not left out of the page."""
    assert len(TABLES[name]()) == 1 + len(figures(name))


def test_segmentation_shows_every_way_of_cutting_by_both_standards() -> None:
    _, *body = TABLES["segmentation"]()
    golds = figures("segmentation"), figures("segmentation_treebank")
    measured = [row["value"] for gold in golds for name, row in gold.items() if name.startswith("f1-")]
    assert sorted(row[5] for row in body) == sorted(measured)
    for *_, f1, ends in body:
        low, high = map(float, ends.split(" to "))
        assert low <= float(f1) <= high


def test_figures_are_written_as_what_they_are() -> None:
    rows = {row[0]: row[1:] for row in TABLES["quantities"]()}
    assert rows["suite: all seven models"][1] == figures("quantities")["suite-all"]["n"]
    assert rows["suite: all seven models"][0].endswith("%")
    assert rows["speed beside the suite's package, the fifteen articles"][0].endswith(" times")
