"""The times that claims are about: 2024, 2024Q4, 2025H1, 2025-08, 2025-12-09, and ranges of these (2024Q4/2025Q3)."""

import calendar
import re
from datetime import date

_PERIOD = re.compile(r"(\d{4})(?:-?Q([1-4])|-?H([12])|-(\d{2})(?:-(\d{2}))?)?")


def days(period: str) -> tuple[date, date] | None:
    """Give the first and the last day of a period; None for a timeless claim or a fiscal year (FY2026Q1).

    >>> days("2024Q4")
    (datetime.date(2024, 10, 1), datetime.date(2024, 12, 31))
    """
    first, _, last = period.partition("/")
    ends = [_PERIOD.fullmatch(part) for part in (first, last or first)]
    if ends[0] is None or ends[1] is None:
        return None
    try:
        return _bounds(ends[0])[0], _bounds(ends[1])[1]
    except ValueError:
        return None


def _bounds(match: re.Match[str]) -> tuple[date, date]:
    year, quarter, half, month, day = (int(part) if part else 0 for part in match.groups())
    if day:
        return date(year, month, day), date(year, month, day)
    if month:
        first, last = month, month
    elif quarter:
        first, last = 3 * quarter - 2, 3 * quarter
    elif half:
        first, last = 6 * half - 5, 6 * half
    else:
        first, last = 1, 12
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def nested(one: str, other: str) -> bool:
    """Tell whether one of two different periods lies inside the other."""
    a, b = days(one), days(other)
    if a is None or b is None or a == b:
        return False
    return (a[0] >= b[0] and a[1] <= b[1]) or (b[0] >= a[0] and b[1] <= a[1])
