"""The chain from watts to write-offs, by hand."""

import numpy as np
import pandas as pd
import pytest
from pytest import approx

from wattbook.models.chain import LINKS, Range, chain, draw, spread

RANGES = {
    "capacity": Range(1e9, 2e9),
    "watts": Range(1000, 2000),
    "price": Range(30_000, 50_000),
    "life": Range(3, 6),
}


def test_one_chain_by_hand() -> None:
    # 1.5 GW at 1,500 W feed a million chips; at 40,000 dollars each 40 billion; over four years 10 billion, a fifth
    # of an income of 50 billion.
    assert chain(1.5e9, 1500, 40_000, 4, 50e9) == approx((1e6, 40e9, 10e9, 0.2))


def test_a_life_shorter_than_a_year_is_charged_at_its_yearly_rate() -> None:
    assert chain(1e9, 1000, 1000, 0.5, 1e9).charge == approx(2e9)


@pytest.mark.parametrize("fault", [{"price": 0}, {"life": 0}, {"income": 0}, {"watts": 0}, {"capacity": -1}])
def test_faults_are_named(fault: dict[str, float]) -> None:
    given = {"capacity": 1e9, "watts": 1000, "price": 1000, "life": 3, "income": 1e9} | fault
    with pytest.raises(ValueError, match=r"capacity|price|life|income|chip"):
        chain(**given)


def test_draws_are_even_independent_and_the_same_for_a_seed() -> None:
    drawn = draw(2**14, 7)
    assert list(drawn.columns) == list(LINKS)
    assert drawn.equals(draw(2**14, 7)) and not drawn.equals(draw(2**14, 8))
    # Mean 1/2 and variance 1/12 of an even draw from 0 to 1; no correlation.
    assert drawn.mean().to_numpy() == approx(0.5, abs=0.01)
    assert drawn.var().to_numpy() == approx(1 / 12, abs=0.003)
    assert np.abs(drawn.corr().to_numpy() - np.eye(4)).max() < 0.03


def test_every_part_of_a_range_is_drawn_once() -> None:
    for column in draw(64, 3).to_numpy().T:
        assert sorted(np.floor(column * 64)) == list(range(64))


def test_few_draws_give_what_many_random_ones_give() -> None:
    few = spread(draw(512, 20251208), RANGES, 100e9)["charge"].quantile([0.05, 0.5, 0.95])
    random = pd.DataFrame(np.random.default_rng(1).uniform(size=(200_000, 4)), columns=list(LINKS))
    many = spread(random, RANGES, 100e9)["charge"].quantile([0.05, 0.5, 0.95])
    assert few.to_numpy() == approx(many.to_numpy(), rel=0.05)


@pytest.mark.parametrize("number", [0, -2, 500])
def test_draws_come_in_powers_of_two(number: int) -> None:
    with pytest.raises(ValueError, match="power of two"):
        draw(number, 1)


def test_draws_run_through_the_chain_at_the_ends_and_between() -> None:
    draws = draw(2, 1)
    draws.iloc[0], draws.iloc[1] = 0.0, [1.0, 1.0, 1.0, 0.5]
    got = spread(draws, RANGES, 100e9)
    assert got.iloc[0].tolist() == approx(chain(1e9, 1000, 30_000, 3, 100e9))
    assert got.iloc[1].tolist() == approx(chain(2e9, 2000, 50_000, 4.5, 100e9))
