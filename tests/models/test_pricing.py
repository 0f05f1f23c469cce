from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from wattbook.models.pricing import fee_split, fee_switch, leveraged_fund, volatility_decay


def test_a_fee_that_the_seller_bears_by_hand():
    split = fee_split(40_000, 0.25, 10_000)
    # The price stays: 10,000 of 40,000 to the Treasury, 30,000 to the seller, 20,000 of it above cost.
    assert (split.price, split.buyer_extra, split.fee) == (40_000, 0, 10_000)
    assert (split.seller_net, split.seller_loss, split.margin) == (30_000, 10_000, 20_000)
    assert (split.units, split.treasury_total, split.profit_total) == (1, 10_000, 20_000)


def test_a_fee_that_the_buyer_bears_by_hand():
    split = fee_split(40_000, 0.25, 10_000, pass_through=1, elasticity=-1)
    # 40,000 / 0.75 = 53,333.33; a quarter of it is 13,333.33; 40,000 is left to the seller.
    assert split.price == approx(53_333.33, abs=0.01)
    assert split.fee == approx(13_333.33, abs=0.01)
    assert split.buyer_extra == approx(13_333.33, abs=0.01)
    assert split.seller_net == approx(40_000)
    # With an elasticity of -1 a price 4/3 as high sells 3/4 as many: 13,333.33 * 0.75 and 30,000 * 0.75.
    assert split.units == approx(0.75)
    assert split.treasury_total == approx(10_000)
    assert split.profit_total == approx(22_500)


def test_a_fee_that_both_bear_by_hand():
    split = fee_split(35_000, 0.25, 0, pass_through=0.5)
    # 35,000 / (1 - 0.125) = 40,000; fee 10,000; the buyer pays 5,000 more, the seller keeps 30,000: 5,000 less.
    assert (split.price, split.fee) == (approx(40_000), approx(10_000))
    assert (split.buyer_extra, split.seller_loss) == (approx(5_000), approx(5_000))


@given(st.floats(1, 1e6), st.floats(0, 0.95), st.floats(0, 1), st.floats(-5, 0))
def test_the_fee_is_what_both_lose(price, fee_share, pass_through, elasticity):
    split = fee_split(price, fee_share, 0, pass_through, elasticity)
    assert split.buyer_extra + split.seller_loss == approx(split.fee, abs=1e-6 * price)
    assert split.fee == approx(fee_share * split.price)
    assert split.buyer_extra == approx(pass_through * split.fee, abs=1e-6 * price)
    assert split.units <= 1


def test_fee_switch_by_hand():
    switch = fee_switch(40_000, 0.25, 12_000)
    # Shifted whole the seller has 28,000 a chip, borne whole 18,000 of 30,000: -40/28, ln(18/28) / ln(4/3), -30/18.
    assert switch.shift == approx(-1.428571, abs=1e-6)
    assert switch.even == approx(log(18 / 28) / log(4 / 3))
    assert switch.even == approx(-1.5358, abs=1e-4)
    assert switch.bear == approx(-1.666667, abs=1e-6)


@given(st.floats(1_000, 1e5), st.floats(0.02, 0.5), st.floats(0.05, 0.4))
def test_fee_switch_is_where_the_best_part_changes(price, fee_share, cost_share):
    cost, parts = cost_share * price, np.linspace(0, 1, 101)
    switch = fee_switch(price, fee_share, cost)
    assert switch.bear < switch.even < switch.shift < 0

    def profit(elasticity):
        return fee_split(price, fee_share, cost, parts, elasticity).profit_total

    assert np.argmax(profit(switch.shift * 0.999)) == 100
    assert np.argmax(profit(switch.bear * 1.001)) == 0
    between = profit((switch.shift + switch.bear) / 2)
    assert max(between) > max(between[0], between[-1])
    assert profit(switch.even)[0] == approx(profit(switch.even)[-1])


@pytest.mark.parametrize("arguments", [(0, 0.25, 0), (1, 0, 0), (1, 1, 0), (1, 0.25, -1), (1, 0.25, 0.75)])
def test_fee_switch_refuses(arguments):
    with pytest.raises(ValueError):
        fee_switch(*arguments)


def test_fee_split_takes_arrays():
    split = fee_split(30_000, 0.25, 0, np.array([0.0, 1.0]))
    assert split.price.tolist() == approx([30_000, 40_000])


@pytest.mark.parametrize(
    "arguments",
    [(0, 0.25, 0), (1, -0.1, 0), (1, 1, 0), (1, 0.25, -1), (1, 0.25, 0, 1.1), (1, 0.25, 0, 0, 0.5)],
)
def test_fee_split_refuses(arguments):
    with pytest.raises(ValueError):
        fee_split(*arguments)


def test_leveraged_fund_by_hand():
    path = leveraged_fund([0.1, -0.1], 3)
    # Index 1.1 * 0.9 = 0.99; fund 1.3 * 0.7 = 0.91; three times the loss of 1% would be 0.97.
    assert path.index.tolist() == approx([1, 1.1, 0.99])
    assert path.fund.tolist() == approx([1, 1.3, 0.91])
    assert path.multiple.tolist() == approx([1, 1.3, 0.97])
    assert path.drag == approx(-0.06)


def test_a_steady_climb_helps_the_fund():
    # Index 1.21, fund 1.3 * 1.3 = 1.69, three times the gain 1.63.
    assert leveraged_fund([0.1, 0.1], 3).drag == approx(0.06)


def test_a_fund_that_lost_everything_stays_at_nothing():
    assert leveraged_fund([-0.4, 0.5], 3).fund.tolist() == [1, 0, 0]


@given(st.lists(st.floats(-0.3, 0.3), min_size=1, max_size=30))
def test_leverage_of_one_is_the_index(returns):
    path = leveraged_fund(returns, 1)
    assert path.fund.tolist() == approx(path.index.tolist())


def test_volatility_decay_by_hand():
    # (9 - 3) / 2 * 0.04 = 0.12, exp(-0.12) = 0.886920; an inverse fund: (1 + 1) / 2 * 0.04, exp(-0.04) = 0.960789.
    assert volatility_decay(3, 0.04) == approx(0.886920, abs=1e-6)
    assert volatility_decay(-1, 0.04) == approx(0.960789, abs=1e-6)
    assert volatility_decay(1, 0.04) == 1


def test_the_continuous_formula_is_close_to_the_daily_path():
    # A year that swings 1% up and down: variance 252 * 0.0001.
    path = leveraged_fund([0.01, -0.01] * 126, 3)
    predicted = path.index[-1] ** 3 * volatility_decay(3, 252 * 0.01**2)
    assert log(path.fund[-1]) == approx(log(predicted), abs=1e-3)


@pytest.mark.parametrize("returns", [[], [-1.1], [float("nan")], [[0.1]]])
def test_leveraged_fund_refuses(returns):
    with pytest.raises(ValueError):
        leveraged_fund(returns, 3)
