import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.intervals import RULES, Interval, printed_interval, printed_places

INF = math.inf


@pytest.mark.parametrize("name", RULES)
def test_each_rule_gives_the_range_of_its_example(name):
    rule = RULES[name]
    assert printed_interval(rule.printed, rule.low, rule.high, rule.unit, rule.modifier) == rule.interval


@pytest.mark.parametrize(
    ("printed", "low", "high", "unit", "modifier", "expected"),
    [
        ("3.6倍", 3.6, 3.6, "ratio", "exact", (3.55, 3.65)),
        ("16.01美分/千瓦時", 0.1601, 0.1601, "USD/kWh", "exact", (0.16005, 0.16015)),
        ("1億2000萬元", 1.2e8, 1.2e8, "CNY", "exact", (1.15e8, 1.25e8)),
        ("一億二千萬元", 1.2e8, 1.2e8, "CNY", "exact", (1.15e8, 1.25e8)),
        ("2千5百台", 2500, 2500, "item", "exact", (2450, 2550)),
        ("3.5萬億元", 3.5e12, 3.5e12, "CNY", "exact", (3.45e12, 3.55e12)),
        ("１００萬枚", 1e6, 1e6, "item", "exact", (0.95e6, 1.05e6)),
        ("百萬張", 1e6, 1e6, "item", "exact", (0.95e6, 1.05e6)),
        ("十五家", 15, 15, "item", "exact", (14.5, 15.5)),
        ("兩千零五家", 2005, 2005, "item", "exact", (2004.5, 2005.5)),
        ("一二〇人", 120, 120, "person", "exact", (115, 125)),
        ("三成", 30, 30, "percent", "exact", (25, 35)),
        ("百分之二十五", 25, 25, "percent", "exact", (24.5, 25.5)),
        ("百分之二點五", 2.5, 2.5, "percent", "exact", (2.45, 2.55)),
        ("十二點七五億元", 12.75e8, 12.75e8, "CNY", "exact", (12.745e8, 12.755e8)),
        ("五點", 5, 5, "index_point", "exact", (4.5, 5.5)),
        ("半年", 0.5, 0.5, "year", "exact", (0.45, 0.55)),
        ("0%", 0, 0, "percent", "exact", (-0.5, 0.5)),
        ("0.1%", -0.1, -0.1, "percent", "exact", (-0.15, -0.05)),
        ("一半", 0.5, 0.5, "ratio", "exact", (0.45, 0.55)),
        ("一年半", 1.5, 1.5, "year", "exact", (1.25, 1.75)),
        ("350萬到250萬塊", 2.5e6, 3.5e6, "item", "exact", (2.45e6, 3.55e6)),
        ("9000萬到12億元", 9e7, 1.2e9, "CNY", "exact", (8.55e7, 1.25e9)),
        ("3%到5.5%", -5.5, -3, "percent", "exact", (-5.55, -2.5)),
        ("60萬-80萬枚", 6e5, 8e5, "item", "about", (5.4e5, 8.8e5)),
        ("10到15年", 10, 15, "year", "exact", (9.5, 15.5)),
        ("2倍", 2, 2, "ratio", "about", (1.5, 2.5)),
        ("翻一番", 2, 2, "ratio", "exact", (1.5, 2.5)),
        ("三分之二", 2 / 3, 2 / 3, "ratio", "exact", (0.6, 2.2 / 3)),
        # About: a tenth, but at most five units in the last place.
        ("6倍", 6, 6, "ratio", "about", (5.4, 6.6)),
        ("3,335億美元", 333.5e9, 333.5e9, "USD", "about", (333e9, 334e9)),
        ("59.45%", 59.45, 59.45, "percent", "about", (59.40, 59.50)),
        ("69%", 69, 69, "percent", "about", (64, 74)),
        ("346兆美元", 346e12, 346e12, "USD", "about", (341e12, 351e12)),
        ("四分之一", 0.25, 0.25, "ratio", "about", (0.225, 0.275)),
    ],
)
def test_printed_interval_by_hand(printed, low, high, unit, modifier, expected):
    got = printed_interval(printed, low, high, unit, modifier)
    assert (got.low, got.high) == pytest.approx(expected, rel=1e-12)
    assert not got.low_open
    assert not got.high_open


@pytest.mark.parametrize(
    ("unit", "modifier", "expected"),
    [
        ("USD", "over", Interval(5, INF, low_open=True)),
        ("USD", "under", Interval(0, 5, high_open=True)),
        ("percent", "under", Interval(-INF, 5, high_open=True)),
        ("item", "at_least", Interval(5, INF)),
        ("item", "at_most", Interval(0, 5)),
    ],
)
def test_one_sided_modifiers(unit, modifier, expected):
    assert printed_interval("5", 5, 5, unit, modifier) == expected


@pytest.mark.parametrize(
    ("printed", "value", "below"),
    [
        ("10多個", 10, 20),
        ("5000多億美元", 5e11, 6e11),
        ("2萬多億美元", 2e12, 3e12),
        ("120餘家", 120, 130),
        ("三十多人", 30, 40),
    ],
)
def test_and_some_ends_below_the_next_unit_of_the_last_place(printed, value, below):
    expected = Interval(value, below, low_open=True, high_open=True)
    assert printed_interval(printed, value, value, "item", "over") == expected


def test_an_unknown_modifier_is_refused():
    with pytest.raises(ValueError, match="roughly"):
        printed_interval("5", 5, 5, "item", "roughly")


@pytest.mark.parametrize(
    ("printed", "value", "place"),
    [("4,230億美元", 423e9, 1e9), ("600億元", 600e8, 1e10), ("2.50%", 2.5, 0.01), ("945", 945, 1), ("翻倍", 2, 1)],
)
def test_last_significant_place(printed, value, place):
    assert printed_places(printed, value, value) == pytest.approx((place, place))


@given(
    digits=st.integers(0, 10**7),
    decimals=st.integers(0, 4),
    scale=st.sampled_from([("", 1), ("萬", 1e4), ("億", 1e8), ("兆", 1e12)]),
    modifier=st.sampled_from(["exact", "about", "at_least", "at_most"]),
)
def test_a_closed_range_holds_the_printed_number(digits, decimals, scale, modifier):
    text = f"{digits / 10**decimals:,.{decimals}f}"
    value = float(text.replace(",", "")) * scale[1]
    got = printed_interval(f"{text}{scale[0]}元", value, value, "CNY", modifier)
    assert got.contains(value)
    if modifier in ("exact", "about"):
        # Only zero is exact; no range is wider than the number itself, a lone last digit apart.
        assert got.high - got.low > 0 or value == 0
        assert got.high - got.low <= max(abs(value), 10**-decimals * scale[1]) * 1.001


@given(
    a=st.integers(1, 10**6), b=st.integers(1, 10**6), modifier=st.sampled_from(["exact", "about"]), sign=st.booleans()
)
def test_a_range_holds_both_its_ends(a, b, modifier, sign):
    first, second = sorted((a, b))
    low, high = (-second, -first) if sign else (first, second)
    got = printed_interval(f"{first}至{second}萬", low * 1e4, high * 1e4, "CNY", modifier)
    assert got.contains(low * 1e4)
    assert got.contains(high * 1e4)


# --- arithmetic --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (Interval(1, 2) + Interval(3, 5), Interval(4, 7)),
        (Interval(1, 2) - Interval(3, 5), Interval(-4, -1)),
        (Interval(-1, 2) * Interval(3, 5), Interval(-5, 10)),
        (Interval(-2, 3) * Interval(-4, 5), Interval(-12, 15)),
        (Interval(1, 2) / Interval(4, 8), Interval(0.125, 0.5)),
        (Interval(1, 2) / Interval(0, 4), Interval(0.25, INF)),
        (Interval(1, 2) / Interval(-4, 0), Interval(-INF, -0.25)),
        (Interval(0, 2) / Interval(0, 4), Interval(0, INF)),
        (Interval(0, 0) / Interval(0, 4), Interval(0, 0)),
        (Interval(2, 3) ** 2, Interval(4, 9)),
        (Interval(-2, 3) ** 2, Interval(0, 9)),
        (Interval(-3, 2) ** 2, Interval(0, 9)),
        (Interval(-3, -2) ** 2, Interval(4, 9)),
        (Interval(-2, 3) ** 3, Interval(-8, 27)),
        (Interval(2, 4) ** -1, Interval(0.25, 0.5)),
        (Interval(4, 9) ** 0.5, Interval(2, 3)),
        (Interval(4, 9) ** 0, Interval(1, 1)),
        (-Interval(1, 2, low_open=True), Interval(-2, -1, high_open=True)),
        # over 5, twice: the end stays open; a closed zero is reached whatever it is multiplied with
        (Interval(5, INF, low_open=True) * Interval(2, 2), Interval(10, INF, low_open=True)),
        (Interval(0, 1) * Interval(5, INF, low_open=True), Interval(0, INF)),
        (Interval(0, 1, low_open=True) * Interval(2, 3), Interval(0, 3, low_open=True)),
        (Interval(1, 2) / Interval(5, INF), Interval(0, 0.4, low_open=True)),
        (Interval(1, INF) / Interval(2, INF), Interval(0, INF, low_open=True)),
    ],
)
def test_arithmetic_by_hand(result, expected):
    assert result == expected


@pytest.mark.parametrize("divisor", [Interval(-1, 1), Interval(0, 0)])
def test_division_by_a_range_around_zero_is_refused(divisor):
    with pytest.raises(ZeroDivisionError):
        Interval(1, 2) / divisor


def test_a_broken_power_below_zero_is_refused():
    with pytest.raises(ValueError, match="not a real number"):
        Interval(-1, 2) ** 0.5


@pytest.mark.parametrize("ends", [(2, 1, False, False), (math.nan, 1, False, False), (1, 1, True, False)])
def test_no_empty_interval(ends):
    with pytest.raises(ValueError):
        Interval(*ends)


def test_open_ends_exclude_their_number():
    assert not Interval(50, INF, low_open=True).contains(50)
    assert Interval(50, INF, low_open=True).contains(50.001)
    assert not Interval(1, 2, high_open=True).meets(Interval(2, 3))
    assert Interval(1, 2).meets(Interval(2, 3))
    assert not Interval(1, 2).meets(Interval(2.001, 3))


def test_float_noise_does_not_decide():
    assert Interval(3.55, 3.65).contains(3.65 * (1 + 1e-12))
    assert not Interval(3.55, 3.65).contains(3.6501)
    assert not Interval(0.3, 1, low_open=True).contains(0.1 + 0.2)


def test_intervals_are_written_with_their_ends():
    assert str(Interval(0, INF, low_open=True)) == "(0, inf)"
    assert str(Interval(1, 2.5)) == "[1, 2.5]"


@st.composite
def interval_and_point(draw, least=-1e6):
    a, b = draw(st.floats(least, 1e6)), draw(st.floats(least, 1e6))
    low, high = min(a, b), max(a, b)
    return Interval(low, high), min(max(low + draw(st.floats(0, 1)) * (high - low), low), high)


@given(interval_and_point(), interval_and_point())
def test_arithmetic_encloses_every_point_result(first, second):
    (x, a), (y, b) = first, second
    for result, value in ((x + y, a + b), (x - y, a - b), (x * y, a * b)):
        assert result.low <= value <= result.high


@given(interval_and_point(), interval_and_point(least=1e-6), st.booleans())
def test_quotients_enclose_every_point_result(first, second, negative):
    (x, a), (y, b) = first, second
    if negative:
        y, b = -y, -b
    assert (x / y).low <= a / b <= (x / y).high


@given(interval_and_point(), st.integers(0, 4))
def test_powers_enclose_every_point_result(drawn, exponent):
    x, a = drawn
    assert (x**exponent).contains(a**exponent)


@given(interval_and_point(least=1e-3), st.integers(-3, -1), st.booleans())
def test_negative_powers_enclose_every_point_result(drawn, exponent, negative):
    x, a = drawn
    if negative:
        x, a = -x, -a
    assert (x**exponent).contains(a**exponent)


def test_about_may_reach_farther_or_less_far() -> None:
    # 60 with 5% and 20%; the last place stays the least, five of it the most.
    assert printed_interval("60%", 60, 60, "percent", "about", 0.05) == Interval(57, 63)
    assert printed_interval("6倍", 6, 6, "ratio", "about", 0.2) == Interval(4.8, 7.2)
    assert printed_interval("45%", 45, 45, "percent", "about", 0.2) == Interval(40, 50)
    assert printed_interval("6倍", 6, 6, "ratio", "about", 0.05) == Interval(5.5, 6.5)
    assert printed_interval("6倍", 6, 6, "ratio", "exact", 0.2) == Interval(5.5, 6.5)
