"""The tables of the second reading say what the data hold."""

import pytest

from wattbook.second_reading import load_reading, shared_spans
from wattbook.site.second_reading import _TABLES


def test_figures_are_written_as_what_they_are() -> None:
    head, *body = _TABLES["agreement"]()
    assert len(head) == 4
    rows = {row[0]: row[1:3] for row in body}
    assert rows["numbers kept by the first reading"] == [str(len(load_reading("first"))), ""]
    assert rows["same unit"][0].endswith("%")
    assert 0 < float(rows["same kind beyond chance"][0]) <= 1


def test_articles_and_settlement_add_up() -> None:
    first, second = load_reading("first"), load_reading("second")
    _, *body = _TABLES["articles"]()
    sums = [sum(int(row[i]) for row in body) for i in (1, 2, 3)]
    assert sums == [len(first), len(second), len(shared_spans(first, second))]
    _, *body = _TABLES["settlement"]()
    for row in body:
        differences, *settled = map(int, row[1:])
        assert sum(settled) == differences
        assert min(settled) >= 0


@pytest.mark.parametrize("name", _TABLES)
def test_rows_are_as_long_as_their_head(name: str) -> None:
    rows = _TABLES[name]()
    assert len(rows) > 2
    assert {len(row) for row in rows} == {len(rows[0])}
