"""How the cost of a machine is spread over the years it serves.

Every method gives one expense per year of service, first year first.  A life may be fractional (5.5 years gives six
entries, the last for the half year that is left).  The methods are those that US accounting names as systematic and
rational allocations of cost: FASB Accounting Standards Codification, Topic 360 (`fasb360`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal, TypeAlias

import numpy as np
import pandas as pd

from wattbook.models import FloatArray, Value, not_negative, positive

Method: TypeAlias = Callable[[float, float], FloatArray]
Convention: TypeAlias = Literal["half_year", "full_year"]


def _remaining(cost: float, life: float, salvage: float) -> FloatArray:
    """Check the arguments that every method takes; give the years left at the start of each year of service."""
    not_negative("cost", cost)
    positive("life", life)
    not_negative("salvage", salvage)
    if salvage > cost:
        raise ValueError(f"salvage must not exceed the cost: {salvage} > {cost}")
    return life - np.arange(ceil(life), dtype=np.float64)


def straight_line(cost: float, life: float, salvage: float = 0.0) -> FloatArray:
    """Spread a cost evenly.

    Takes the cost, the useful life in years and the value left at its end (same money as the cost).  Gives the
    expense of each year of service, (cost - salvage) / life, the last in proportion to the part of a year left;
    they add up to cost - salvage.
    Raises ValueError for a life that is not above 0, a negative amount, or a salvage above the cost.
    """
    left = _remaining(cost, life, salvage)
    return np.minimum(left, 1.0) * (cost - salvage) / life


def double_declining_balance(cost: float, life: float, salvage: float = 0.0) -> FloatArray:
    """Write off each year twice the straight-line rate of what is still on the books.

    As is usual, the method switches to straight line over the years left in the first year where that gives the
    larger expense, and never writes off below the salvage value.  Takes and gives what `straight_line` does.
    """
    expense = []
    book = float(cost)
    for left in _remaining(cost, life, salvage):
        declining = 2 / life * book
        level = (book - salvage) / max(left, 1.0)
        expense.append(min(max(declining, level), book - salvage))
        book -= expense[-1]
    return np.array(expense, dtype=np.float64)


def sum_of_years_digits(cost: float, life: float, salvage: float = 0.0) -> FloatArray:
    """Write off each year in proportion to the years left at its start: 5/15, 4/15 … 1/15 for a life of five.

    A fractional life counts down the same way: 5.5/18, 4.5/18 … 0.5/18.  Takes and gives what `straight_line` does.
    """
    left = _remaining(cost, life, salvage)
    expense: FloatArray = (cost - salvage) * left / left.sum()
    return expense


def accumulated(expense: Sequence[float] | FloatArray) -> FloatArray:
    """Give the depreciation charged up to the end of each year, from the expense of each year."""
    return np.cumsum(np.asarray(expense, dtype=np.float64))


def book_value(cost: float, expense: Sequence[float] | FloatArray) -> FloatArray:
    """Give what is on the books at purchase and at the end of each year: one entry more than ``expense``."""
    return np.concatenate(([cost], cost - accumulated(expense)))


def cohort_expense(
    capex_by_year: Mapping[int, float] | pd.Series,
    life: float,
    method: Method = straight_line,
    convention: Convention = "half_year",
) -> pd.Series:
    """Add up the depreciation of many years' purchases, calendar year by calendar year.

    Takes the purchases of each calendar year, one useful life in years and one method for all of them, no salvage.
    Timing: under ``half_year`` each year's purchases count as made in mid-year, so a calendar year carries half of one
    year of service and half of the one before; under ``full_year`` they count as made on 1 January.  Gives a Series of
    expense indexed by ``year``, from the first purchase to the last write-off; it adds up to the purchases.
    Raises ValueError for no purchases, a negative one, an unknown convention, or a life that is not above 0.
    """
    purchases = pd.Series(capex_by_year, dtype=np.float64)
    if purchases.empty:
        raise ValueError("capex_by_year is empty")
    if convention not in ("half_year", "full_year"):
        raise ValueError(f"convention must be 'half_year' or 'full_year', not {convention!r}")
    pattern = method(1.0, life)
    if convention == "half_year":
        pattern = (np.append(pattern, 0.0) + np.insert(pattern, 0, 0.0)) / 2
    bought = list(zip(purchases.index.astype(int).tolist(), purchases.tolist(), strict=True))
    first, last = min(bought)[0], max(bought)[0]
    total = np.zeros(last - first + len(pattern))
    for year, amount in bought:
        not_negative(f"capex of {year}", amount)
        total[year - first : year - first + len(pattern)] += amount * pattern
    years = pd.RangeIndex(first, first + len(total), name="year")
    return pd.Series(total, index=years, name="expense")


def cohort_books(
    capex_by_year: Mapping[int, float] | pd.Series,
    life: float,
    method: Callable[[float, float, float], FloatArray],
    salvage: float,
    resale: "ResaleCurve",
) -> pd.DataFrame:
    """Follow many years' purchases through the books, from the first year of purchases to the last.

    Takes the purchases of each calendar year, one life in years, method and salvage (a fraction of the price) for all
    of them, and what used machines fetch.  Purchases count as made in mid-year, as in `cohort_expense`.  Gives per
    ``year`` the ``expense``, the ``book`` value at the end of the year and the ``resale`` value then, each machine at
    its age of half a year, a year and a half, and so on.
    Raises what the method does, and ValueError for no purchases.
    """
    purchases = pd.Series(capex_by_year, dtype=np.float64)
    if purchases.empty:
        raise ValueError("capex_by_year is empty")
    left = book_value(1.0, method(1.0, life, salvage))
    years = pd.RangeIndex(int(purchases.index.min()), int(purchases.index.max()) + 1, name="year")
    # What is left after 0, 1, 2 ... whole years of service, as far as the years reach.
    left = np.concatenate((left, np.full(len(years) + 1, left[-1])))[: len(years) + 1]
    book = (left[:-1] + left[1:]) / 2
    charge = -np.diff(np.insert(book, 0, 1.0))
    fetched = np.asarray(resale.fraction(np.arange(len(years), dtype=np.float64) + 0.5))
    total = pd.DataFrame(0.0, index=years, columns=["expense", "book", "resale"])
    for year, amount in purchases.items():
        served = len(years) - (int(str(year)) - years[0])
        parts = np.column_stack((charge, book, fetched))[:served]
        total.iloc[len(years) - served :] += amount * parts
    return total


def life_change_effect(gross: Value, old_life: Value, new_life: Value, age: Value = 0.0) -> Value:
    """Tell by how much a year's straight-line expense changes when the assumed useful life changes.

    Takes the original cost, both lives in years and how many years of the old life have passed (0 for new machines).
    A change of life is a change of estimate: it is applied from then on to the book value left, not to the past (FASB
    Topic 250, `fasb250`).  So the new expense is gross * (1 - age / old_life) / (new_life - age), the old one
    gross / old_life; the difference is given, per year, above 0 where the expense rises.
    Raises ValueError where a life is not above 0 or the age is not below both lives.
    """
    not_negative("gross", gross)
    positive("old_life", old_life)
    not_negative("age", age)
    positive("old_life - age", old_life - age)
    positive("new_life - age", new_life - age)
    return gross * (1 - age / old_life) / (new_life - age) - gross / old_life


def first_year_effect(capex_by_year: Mapping[int, float] | pd.Series, old_life: float, new_life: float) -> float:
    """Tell how much a fleet's straight-line expense rises in the first year of a shorter life.

    Takes the purchases of each calendar year (made in mid-year) and both lives in years.  The life changes when the
    last of these years ends.  The change is prospective, as in `life_change_effect`: what is left of each year's
    purchases is charged over what is left of the new life, all of it within the year where that is a year or less.
    Raises ValueError for no purchases, a negative one, a life that is not above 0, or a new life above the old one.
    """
    purchases = pd.Series(capex_by_year, dtype=np.float64)
    if purchases.empty:
        raise ValueError("capex_by_year is empty")
    positive("new_life", new_life)
    not_negative("old_life - new_life", old_life - new_life)
    last = int(purchases.index.max())
    rise = 0.0
    for year, amount in purchases.items():
        not_negative(f"capex of {year}", amount)
        age = last - int(str(year)) + 0.5
        left = max(1 - age / old_life, 0.0)
        rise += amount * (left / max(new_life - age, 1.0) - min(1 / old_life, left))
    return float(rise)


@dataclass(frozen=True)
class ResaleCurve:
    """What a used machine fetches, as a fraction of its price when new, by age in years.

    ``ages`` rise from 0; ``fractions`` belong to them, the first is 1.
    """

    ages: tuple[float, ...]
    fractions: tuple[float, ...]

    def fraction(self, age: Value) -> Value:
        """Give the fraction at an age of at least 0, straight on a log scale between points.

        Beyond the last point the last stretch goes on.  Straight on a log scale means that the value falls by the
        same fraction every year.
        """
        not_negative("age", age)
        logs = np.log(self.fractions)
        slope = (logs[-1] - logs[-2]) / (self.ages[-1] - self.ages[-2])
        beyond = np.maximum(np.asarray(age) - self.ages[-1], 0.0)
        result: Value = np.exp(np.interp(age, self.ages, logs) + slope * beyond)
        return result

    @property
    def geometric_rate(self) -> float:
        """The one yearly rate of decline, as a fraction, that leads from new to the last point."""
        return float(1 - self.fractions[-1] ** (1 / self.ages[-1]))

    def expense(self, cost: float, years: int) -> FloatArray:
        """Give the value lost in each of the first ``years`` years by a machine that cost ``cost`` new."""
        not_negative("cost", cost)
        values = cost * np.asarray(self.fraction(np.arange(years + 1, dtype=np.float64)))
        return -np.diff(values)


def resale_curve(points: Sequence[tuple[float, float]]) -> ResaleCurve:
    """Make a resale curve from seen prices.

    Takes (age in years, price as a fraction of the price when new) pairs, ages above 0, in any order; (0, 1) is
    added.  Raises ValueError for no points, a repeated age, or a fraction that is not above 0.
    """
    if not points:
        raise ValueError("a resale curve needs at least one point")
    ages, fractions = zip(*sorted(points), strict=True)
    if len(set(ages)) < len(ages):
        raise ValueError("two points have the same age")
    for age, fraction in points:
        positive("age", age)
        positive(f"fraction at age {age}", fraction)
    return ResaleCurve((0.0, *map(float, ages)), (1.0, *map(float, fractions)))


def income_path(income: float, charge: float, growth: float, rest: float, expense: pd.Series, base: int) -> pd.Series:
    """Carry an operating income forward under another path of charges.

    Takes the operating income and the depreciation of the year ``base``, the yearly growth (a fraction) of their sum,
    that is of income before depreciation, the charge that ``expense`` does not hold (kept the same in every year),
    and the charges by year.  Gives for each year of ``expense``
    (income + charge) * (1 + growth) ** (year - base) - rest - expense.
    Raises ValueError for growth of -1 or below.
    """
    positive("1 + growth", 1 + growth)
    ahead = expense.index.to_numpy(dtype=np.float64) - base
    before = pd.Series((income + charge) * (1 + growth) ** ahead, index=expense.index)
    return before - rest - expense
