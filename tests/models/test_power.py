import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from wattbook.models.power import (
    cagr,
    chips_supported,
    energy_wh,
    households,
    implied_prior,
    saidi,
    saidi_contributions,
    watts_per_chip,
)


def test_watts_per_chip():
    # 10 GW over 5 million chips.
    assert watts_per_chip(10e9, 5e6) == 2000
    assert watts_per_chip(np.array([10e9, 6e9]), 5e6).tolist() == [2000, 1200]


def test_chips_supported_by_hand():
    # A chip of 1000 W with 60% around it takes 1600 W, with a PUE of 1.25 it takes 2000 W: 1 GW feeds half a million.
    assert chips_supported(1e9, 1000, pue=1.25, overhead=0.6) == approx(500_000)
    assert chips_supported(1e9, 1000) == approx(1_000_000)


@given(st.floats(1e6, 1e11), st.floats(1, 1e4), st.floats(1, 3), st.floats(0, 3))
def test_chips_and_watts_are_each_others_inverse(capacity, chip, pue, overhead):
    chips = chips_supported(capacity, chip, pue, overhead)
    assert watts_per_chip(capacity, chips) == approx(chip * pue * (1 + overhead))


def test_energy_by_hand():
    # 1 GW at 90% for 8760 hours is 7.884 TWh; 50 W for two hours is 100 Wh.
    assert energy_wh(1e9, utilisation=0.9) == approx(7.884e12)
    assert energy_wh(50, 2) == 100


def test_households_by_hand():
    # 7.884 billion kWh at 10,512 kWh each: 750,000.
    assert households(1e9, 0.9, 10_512) == approx(750_000)


def test_saidi_by_hand():
    # (100*3000 + 400*1000) / 4000 = 75 + 100 = 175 minutes.
    assert saidi_contributions([100, 400], [3000, 1000]).tolist() == approx([75, 100])
    assert saidi([100, 400], [3000, 1000]) == approx(175)


@given(st.lists(st.tuples(st.floats(0, 1e4), st.integers(1, 10**7)), min_size=1))
def test_saidi_lies_between_the_best_and_the_worst(utilities):
    minutes, customers = zip(*utilities, strict=True)
    assert min(minutes) - 1e-6 <= saidi(minutes, customers) <= max(minutes) + 1e-6


@pytest.mark.parametrize(
    ("minutes", "customers"),
    [([1, 2], [1]), ([], []), ([1], [0]), ([-1], [5]), ([float("nan")], [5])],
)
def test_saidi_refuses(minutes, customers):
    with pytest.raises(ValueError):
        saidi(minutes, customers)


def test_growth_by_hand():
    # 1.1 * 1.1 = 1.21; 120 * 1.25 = 150.
    assert cagr(100, 121, 2) == approx(0.1)
    assert implied_prior(150, 0.25) == approx(120)


@pytest.mark.parametrize(
    "call",
    [
        lambda: watts_per_chip(1e9, 0),
        lambda: chips_supported(1e9, 0),
        lambda: chips_supported(1e9, 700, pue=0.9),
        lambda: chips_supported(1e9, 700, pue=float("nan")),
        lambda: chips_supported(1e9, 700, overhead=-0.1),
        lambda: energy_wh(1e9, utilisation=1.1),
        lambda: households(1e9, 0.9, 0),
        lambda: cagr(0, 1, 1),
        lambda: cagr(1, 2, 0),
        lambda: implied_prior(1, -1),
    ],
)
def test_impossible_inputs_are_refused(call):
    with pytest.raises(ValueError):
        call()
