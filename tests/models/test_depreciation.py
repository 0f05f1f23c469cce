import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from wattbook.models.depreciation import (
    accumulated,
    book_value,
    cohort_books,
    cohort_expense,
    double_declining_balance,
    first_year_effect,
    income_path,
    life_change_effect,
    resale_curve,
    straight_line,
    sum_of_years_digits,
)

METHODS = [straight_line, double_declining_balance, sum_of_years_digits]


def test_straight_line_by_hand():
    # (1000 - 100) / 3 = 300 a year.
    assert straight_line(1000, 3, salvage=100).tolist() == approx([300, 300, 300])
    # 1100 / 5.5 = 200 a year, 100 in the last half.
    assert straight_line(1100, 5.5).tolist() == approx([200, 200, 200, 200, 200, 100])


def test_double_declining_balance_by_hand():
    # 2/5 of what is left: 400 of 1000, 240 of 600, 144 of 360. Then 2/5 of 216 = 86.4 < 216 / 2 years = 108: level.
    assert double_declining_balance(1000, 5).tolist() == approx([400, 240, 144, 108, 108])


def test_double_declining_balance_stops_at_the_salvage():
    # 400, 240, 144 leave 216; 86.4 more would pass 200, so 16; nothing in the last year.
    assert double_declining_balance(1000, 5, salvage=200).tolist() == approx([400, 240, 144, 16, 0])


def test_double_declining_balance_over_a_fractional_life():
    # Rate 2/2.5 = 0.8: 800 of 1000, 160 of 200; the last half year takes the 40 left.
    assert double_declining_balance(1000, 2.5).tolist() == approx([800, 160, 40])


def test_sum_of_years_digits_by_hand():
    # 5 + 4 + 3 + 2 + 1 = 15; 1500 / 15 = 100.
    assert sum_of_years_digits(1500, 5).tolist() == approx([500, 400, 300, 200, 100])
    # 5.5 + 4.5 + 3.5 + 2.5 + 1.5 + 0.5 = 18; (2000 - 200) / 18 = 100.
    assert sum_of_years_digits(2000, 5.5, salvage=200).tolist() == approx([550, 450, 350, 250, 150, 50])


@pytest.mark.parametrize("method", METHODS)
def test_a_machine_for_one_year_goes_in_that_year(method):
    assert method(700, 1, salvage=100).tolist() == approx([600])


@pytest.mark.parametrize("method", METHODS)
@given(
    cost=st.floats(1, 1e9),
    life=st.integers(1, 40) | st.floats(0.25, 40),
    salvage_share=st.floats(0, 1),
)
def test_every_method_writes_off_cost_less_salvage_and_never_speeds_up(method, cost, life, salvage_share):
    expense = method(cost, life, salvage=cost * salvage_share)
    assert expense.sum() == approx(cost - cost * salvage_share, abs=1e-6 * cost)
    assert (expense >= -1e-9 * cost).all()
    assert (np.diff(expense) <= 1e-9 * cost).all()
    assert len(expense) == np.ceil(life)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("cost", "life", "salvage", "said"),
    [(-1, 5, 0, "cost"), (1, 0, 0, "life"), (1, float("nan"), 0, "life"), (1, 5, -1, "salvage"), (1, 5, 2, "salvage")],
)
def test_methods_refuse(method, cost, life, salvage, said):
    with pytest.raises(ValueError, match=said):
        method(cost, life, salvage)


def test_accumulated_and_book_value():
    assert accumulated([500, 300, 200]).tolist() == [500, 800, 1000]
    assert book_value(1000, [500, 300, 200]).tolist() == [1000, 500, 200, 0]


CAPEX = {2024: 100.0, 2025: 200.0}


def test_cohorts_over_full_years_by_hand():
    # 25 a year from 2024 to 2027 and 50 a year from 2025 to 2028.
    expense = cohort_expense(CAPEX, 4, convention="full_year")
    assert expense.to_dict() == approx({2024: 25, 2025: 75, 2026: 75, 2027: 75, 2028: 50})
    assert expense.index.name == "year"


def test_cohorts_from_mid_year_by_hand():
    # 2024's: 12.5, 25, 25, 25, 12.5; 2025's: 25, 50, 50, 50, 25 from 2025 on.
    expected = {2024: 12.5, 2025: 50, 2026: 75, 2027: 75, 2028: 62.5, 2029: 25}
    assert cohort_expense(CAPEX, 4).to_dict() == approx(expected)
    assert cohort_expense(pd.Series(CAPEX), 4).to_dict() == approx(expected)


def test_cohorts_with_another_method_and_a_gap_by_hand():
    # Three years by digits: 3/6, 2/6, 1/6 of 60 from 2023 (30, 20, 10), of 6 from 2026 (3, 2, 1); none between.
    expense = cohort_expense({2026: 6.0, 2023: 60.0}, 3, sum_of_years_digits, convention="full_year")
    assert expense.to_dict() == approx({2023: 30, 2024: 20, 2025: 10, 2026: 3, 2027: 2, 2028: 1})


@given(
    capex=st.dictionaries(st.integers(2000, 2040), st.floats(0, 1e6), min_size=1, max_size=8),
    life=st.floats(0.5, 15),
    method=st.sampled_from(METHODS),
    convention=st.sampled_from(["half_year", "full_year"]),
)
def test_all_that_is_bought_is_written_off(capex, life, method, convention):
    expense = cohort_expense(capex, life, method, convention)
    assert expense.sum() == approx(sum(capex.values()), abs=1e-6)
    assert expense.index[0] == min(capex)


@pytest.mark.parametrize(
    ("capex", "convention", "said"),
    [({}, "half_year", "empty"), ({2024: -1.0}, "half_year", "2024"), (CAPEX, "quarter", "quarter")],
)
def test_cohorts_refuse(capex, convention, said):
    with pytest.raises(ValueError, match=said):
        cohort_expense(capex, 4, convention=convention)


def test_life_change_by_hand():
    # New machines: 120/5 - 120/6 = 24 - 20.
    assert life_change_effect(120, 6, 5) == approx(4)
    # Two years on, 80 is left, to go in three more years instead of four: 26.667 - 20.
    assert life_change_effect(120, 6, 5, age=2) == approx(6.6667, abs=1e-4)
    # Longer lives lower the expense: 132/6 - 132/5.5 = 22 - 24.
    assert life_change_effect(132, 5.5, 6) == approx(-2)


def test_life_change_takes_arrays():
    assert life_change_effect(np.array([120.0, 60.0]), 6, np.array([5.0, 3.0])).tolist() == approx([4, 10])


@pytest.mark.parametrize(("old", "new", "age"), [(0, 5, 0), (6, 0, 0), (6, 5, 5), (6, 5, -1)])
def test_life_change_refuses(old, new, age):
    with pytest.raises(ValueError):
        life_change_effect(100, old, new, age)


def test_first_year_of_a_shorter_life_by_hand():
    # 60 bought in mid-2025, life 6 to 3 at the end of the year: 55 left over 2.5 years is 22, against 10.
    assert first_year_effect({2025: 60}, 6, 3) == approx(12)
    # A year older: 45 over 1.5 years is 30; two years older: 35, all in the year, for half a year is left.
    assert first_year_effect({2024: 60, 2025: 0}, 6, 3) == approx(20)
    assert first_year_effect({2023: 60, 2025: 0}, 6, 3) == approx(25)
    # Past the new life: 15 left goes at once, against 10; in its last half year 5 goes either way.
    assert first_year_effect({2021: 60, 2025: 0}, 6, 3) == approx(5)
    assert first_year_effect({2020: 60, 2025: 0}, 6, 3) == 0
    # The years add up, and an unchanged life changes nothing.
    assert first_year_effect(pd.Series({2023: 60, 2024: 60, 2025: 60}), 6, 3) == approx(57)
    assert first_year_effect({2020: 60, 2025: 60}, 6, 6) == approx(0)


@pytest.mark.parametrize(
    ("bought", "old", "new"), [({}, 6, 3), ({2025: -1}, 6, 3), ({2025: 1}, 3, 6), ({2025: 1}, 6, 0)]
)
def test_first_year_of_a_shorter_life_refuses(bought, old, new):
    with pytest.raises(ValueError):
        first_year_effect(bought, old, new)


def test_resale_curve_by_hand():
    curve = resale_curve([(3, 0.125), (1, 0.5)])
    # Halves in the first year; then 1/2 to 1/8 in two years, which is a half a year again, and so on beyond.
    assert [curve.fraction(age) for age in (0, 1, 2, 3, 4)] == approx([1, 0.5, 0.25, 0.125, 0.0625])
    assert curve.fraction(np.array([0.5, 3.5])).tolist() == approx([0.5**0.5, 0.5**3.5])
    assert curve.geometric_rate == approx(0.5)
    assert curve.expense(1000, 4).tolist() == approx([500, 250, 125, 62.5])


def test_resale_curve_with_a_bend_by_hand():
    # 100 to 81 in two years is 0.9 a year; 81 to 27 in one is a third.
    curve = resale_curve([(2, 0.81), (3, 0.27)])
    assert curve.fraction(1) == approx(0.9)
    assert curve.fraction(4) == approx(0.09)
    # The cube root of 0.27 is 0.64633.
    assert curve.geometric_rate == approx(0.35367, abs=1e-5)


def test_implied_rate_of_one_point():
    # 0.766309 ** 3 = 0.45, so 45% after three years is a loss of 23.3691% a year.
    assert resale_curve([(3, 0.45)]).geometric_rate == approx(0.233691, abs=1e-6)


@pytest.mark.parametrize("points", [[], [(1, 0.5), (1, 0.4)], [(0, 1)], [(1, 0)]])
def test_resale_curve_refuses(points):
    with pytest.raises(ValueError):
        resale_curve(points)


def test_resale_curve_refuses_the_past():
    with pytest.raises(ValueError, match="age"):
        resale_curve([(1, 0.5)]).fraction(-1)


def test_cohort_books_by_hand():
    # 100 bought in 2023 and 200 in 2024, two years, a tenth salvage; half the price is fetched after one year.
    got = cohort_books({2023: 100, 2024: 200, 2025: 0}, 2, straight_line, 0.1, resale_curve([(1.0, 0.5)]))
    # A year costs 0.45: 0.225 in the first half-year, 0.45 in the next whole one, 0.225 in the last half.
    assert got["expense"].tolist() == approx([22.5, 45 + 45, 22.5 + 90])
    assert got["book"].tolist() == approx([77.5, 32.5 + 155, 10 + 65])
    # Half a year old, then a year and a half, then two and a half.
    half = 0.5**0.5
    assert got["resale"].tolist() == approx([100 * half, 50 * half + 200 * half, 25 * half + 100 * half])


@pytest.mark.parametrize("method", METHODS)
@given(life=st.floats(1, 8), paid=st.lists(st.floats(0, 1e6), min_size=1, max_size=8))
def test_cohort_books_agree_with_cohort_expense(method, life, paid):
    bought = dict(enumerate(paid, start=2023))
    books = cohort_books(bought, life, method, 0.0, resale_curve([(1.0, 0.5)]))
    assert books["expense"].tolist() == approx(
        cohort_expense(bought, life, method).loc[list(bought)].tolist(), abs=1e-6
    )
    # What was paid and is not written off is on the books.
    assert books["book"].tolist() == approx((np.cumsum(paid) - books["expense"].cumsum()).tolist(), abs=1e-4)


def test_cohort_books_of_nothing_are_an_error():
    with pytest.raises(ValueError, match="empty"):
        cohort_books({}, 3, straight_line, 0.0, resale_curve([(1.0, 0.5)]))


def test_income_path_by_hand():
    # 100 earned after 20 of charges: 120 before, a tenth more next year: 132 - 5 - 40.
    got = income_path(100, 20, 0.1, 5, pd.Series({2025: 15, 2026: 40}), 2025)
    assert got.to_dict() == approx({2025: 100, 2026: 87})
    with pytest.raises(ValueError, match="growth"):
        income_path(100, 20, -1, 5, pd.Series({2025: 15}), 2025)
