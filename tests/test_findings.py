"""The figures of the landing page are those of the ledger, the audit and the public data."""

import pytest

from wattbook.charts.text import text_width
from wattbook.findings import FINDINGS
from wattbook.ledger import THEMES, claim


def test_every_finding_has_rows_a_source_and_words_for_all_of_them() -> None:
    assert set(FINDINGS) < set(THEMES)
    for find in FINDINGS.values():
        found = find()
        assert len(found.rows) >= 2
        assert found.source
        assert all(row.label in found.alternative and row.text in found.alternative for row in found.rows.itertuples())


@pytest.mark.parametrize("theme", FINDINGS)
def test_label_and_number_of_a_row_stand_apart(theme: str) -> None:
    """Both are written over the row's bar, in the 216 pixels of a card."""
    for row in FINDINGS[theme]().rows.itertuples():
        assert text_width(row.label) + text_width(row.text, bold=True) < 216 - 8, row.label


def test_the_grid_stands_on_the_last_three_auctions() -> None:
    assert list(FINDINGS["grid"]().rows["value"]) == [28.92, 269.92, 329.17]


def test_the_chinese_sum_grows_where_the_carriers_are_whole() -> None:
    """258 over the printed parts' 43, and over 43 with CN¥318.9 billion at 7.2 in place of the carriers' parts."""
    us, printed, whole = FINDINGS["capex"]().rows["value"]
    parts = sum(claim(f"capex-{firm}-2024").central for firm in ("chinamobile", "chinatelecom", "chinaunicom"))
    assert us / printed == pytest.approx(6, abs=0.1)
    assert whole == pytest.approx(claim("capex-cn7-2024").central - parts + 318.9e9 / 7.2)


def test_the_multiples_are_the_data_sheets() -> None:
    """15,832 / 2,368 TPP, 141 / 96 GB, 4.8 / 4.0 TB/s."""
    assert list(FINDINGS["h200"]().rows["value"])[1:] == pytest.approx([6.68581, 1.46875, 1.2])


def test_ranges_hold_their_values_and_an_open_share_ends_at_the_whole() -> None:
    for theme in ("chipshare", "depreciation"):
        rows = FINDINGS[theme]().rows
        assert ((rows["low"] <= rows["value"]) & (rows["value"] <= rows["high"])).all()
    assert FINDINGS["chipshare"]().rows["high"].max() == 100
