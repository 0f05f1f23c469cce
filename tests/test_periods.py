from datetime import date

import pytest

from wattbook.periods import days, nested


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2024", (date(2024, 1, 1), date(2024, 12, 31))),
        ("2024Q1", (date(2024, 1, 1), date(2024, 3, 31))),
        ("2024-Q4", (date(2024, 10, 1), date(2024, 12, 31))),
        ("2025H1", (date(2025, 1, 1), date(2025, 6, 30))),
        ("2025H2", (date(2025, 7, 1), date(2025, 12, 31))),
        ("2024-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2025-12-09", (date(2025, 12, 9), date(2025, 12, 9))),
        ("2024Q4/2025Q3", (date(2024, 10, 1), date(2025, 9, 30))),
        ("2025/2030", (date(2025, 1, 1), date(2030, 12, 31))),
        ("", None),
        ("FY2026Q1", None),
        ("FY2012/2025", None),
        ("2025-13", None),
        ("2025-02-30", None),
        ("0000", None),
    ],
)
def test_first_and_last_day(period, expected):
    assert days(period) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("2024", "2024Q4", True),
        ("2025-11", "2025", True),
        ("2024", "2024", False),
        ("2024Q1/2024Q4", "2024", False),
        ("2024", "2025", False),
        ("2024Q4/2025Q1", "2024", False),
        ("", "2024", False),
        ("FY2025", "2025Q1", False),
    ],
)
def test_one_period_inside_another(one, other, expected):
    assert nested(one, other) is expected
    assert nested(other, one) is expected
