"""Who bears a fee on sales, and what daily leverage does to a fund."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from wattbook.models import FloatArray, Value, not_negative, positive, share


@dataclass(frozen=True)
class FeeSplit:
    """Where the money of a sale goes under a fee; amounts per unit sold, except ``units`` and the totals."""

    price: Value
    """What the buyer pays."""
    buyer_extra: Value
    """What the buyer pays above the price without the fee."""
    fee: Value
    """What the Treasury gets."""
    seller_net: Value
    """What the seller keeps of the price."""
    seller_loss: Value
    """What the seller keeps less than without the fee; ``buyer_extra + seller_loss = fee``."""
    margin: Value
    """``seller_net`` less the cost."""
    units: Value
    """Units sold, as a multiple of those sold without the fee."""
    treasury_total: Value
    """``fee * units``: the Treasury's take per unit that would have been sold without the fee."""
    profit_total: Value
    """``margin * units``: the seller's profit per unit that would have been sold without the fee."""


def fee_split(
    price: Value, fee_share: Value, cost: Value, pass_through: Value = 0.0, elasticity: Value = 0.0
) -> FeeSplit:
    """Split a fee that is a share of gross sales between the one who sells and the one who buys.

    Takes the price per unit without the fee (P), the fee as a share of what the buyer pays (f, below 1), the
    seller's cost per unit, the share of the fee that is shifted into the price (t, 0 to 1) and the price elasticity
    of demand (e, 0 or below).

    The fee is f times the price paid, P'.  The buyer bears the share t of it on top of P::

        P' = P + t * f * P'        so        P' = P / (1 - t * f)

    The Treasury gets f * P', the seller nets (1 - f) * P', and the units sold change by (P' / P) ** e (constant
    elasticity).  With t = 0 the price stays and the seller nets (1 - f) * P; with t = 1 the seller still nets P.  A
    fee of 25% that is shifted whole raises the price by a third, not by 25%: it is charged on the raised price too.
    Raises ValueError where a share is not a fraction, f is 1, the price is not above 0, or e is above 0.
    """
    positive("price", price)
    share("fee_share", fee_share)
    positive("1 - fee_share", 1 - fee_share)
    not_negative("cost", cost)
    share("pass_through", pass_through)
    if not np.all(np.asarray(elasticity) <= 0):
        raise ValueError(f"elasticity must be 0 or below, not {elasticity}")
    paid = price / (1 - pass_through * fee_share)
    fee = fee_share * paid
    net = paid - fee
    margin = net - cost
    units = (paid / price) ** elasticity
    return FeeSplit(
        price=paid,
        buyer_extra=paid - price,
        fee=fee,
        seller_net=net,
        seller_loss=price - net,
        margin=margin,
        units=units,
        treasury_total=fee * units,
        profit_total=margin * units,
    )


@dataclass(frozen=True)
class FeeSwitch:
    """The price elasticities of demand at which a seller's best answer to a fee changes; from weak to strong."""

    shift: float
    """Up to here (nearer 0) it is best to shift the fee whole; also the elasticity at which a seller who sets the price
    freely would have chosen the one without the fee (the Lerner condition)."""
    even: float
    """Here shifting it whole and bearing it whole bring the same profit."""
    bear: float
    """From here on (further from 0) it is best to bear the fee whole; between ``shift`` and here, to shift a part."""


def fee_switch(price: float, fee_share: float, cost: float) -> FeeSwitch:
    """Give the elasticities at which the best share of a fee to shift changes, in the model of `fee_split`.

    Profit at the price paid P' is ((1 - f) P' - c) (P' / P) ** e, so that its slope is 0 where
    e = -(1 - f) P' / ((1 - f) P' - c): -(1 - f) P / ((1 - f) P - c) with nothing shifted, -P / (P - c) with all of it.
    Raises ValueError where there is no fee, or the seller who bears it would sell at no more than cost.
    """
    positive("price", price)
    share("fee_share", fee_share)
    positive("fee_share", fee_share)
    not_negative("cost", cost)
    net = (1 - fee_share) * price
    positive("net of the fee and the cost", net - cost)
    even = np.log((net - cost) / (price - cost)) / -np.log(1 - fee_share)
    return FeeSwitch(shift=-price / (price - cost), even=float(even), bear=-net / (net - cost))


@dataclass(frozen=True)
class LeveragedPath:
    """Values over time of 1 put in at the start; each array has one entry more than there were days."""

    index: FloatArray
    """The index itself."""
    fund: FloatArray
    """A fund that gives a multiple of each day's return."""
    multiple: FloatArray
    """The same multiple of the index's whole return since the start: what the fund is often taken for."""

    @property
    def drag(self) -> float:
        """What the fund ends above (+) or below (-) the multiple of the whole return."""
        return float(self.fund[-1] - self.multiple[-1])


def leveraged_fund(returns: Sequence[float] | FloatArray, leverage: float) -> LeveragedPath:
    """Follow a fund that is set back to a fixed leverage every day.

    Takes the daily returns of the index as fractions (-0.05 for -5%) and the leverage (3 for a triple fund, -1 for
    an inverse one).  The fund is the running product of 1 + leverage * return (Cheng and Madhavan 2009,
    `cheng2009`), 0 from the day on which a loss reaches all of it.  Fees and financing are left out.
    Raises ValueError for no returns, or an index return below -1.
    """
    daily = np.asarray(returns, dtype=np.float64)
    if daily.ndim != 1 or not daily.size:
        raise ValueError("returns must be a list of at least one daily return")
    not_negative("1 + return", 1 + daily)
    index: FloatArray = np.cumprod(np.insert(1 + daily, 0, 1.0), dtype=np.float64)
    fund: FloatArray = np.cumprod(np.insert(np.maximum(1 + leverage * daily, 0.0), 0, 1.0), dtype=np.float64)
    return LeveragedPath(index=index, fund=fund, multiple=np.asarray(1 + leverage * (index - 1)))


def volatility_decay(leverage: Value, variance: Value) -> Value:
    """Give the factor by which realised variance shrinks a daily leveraged fund.

    Takes the leverage (L) and the variance of the index's returns summed over the holding period.  In continuous
    time fund = index ** L * exp(-(L**2 - L) / 2 * variance) (Cheng and Madhavan 2009, `cheng2009`); the last factor
    is given.
    """
    not_negative("variance", variance)
    result: Value = np.exp(-(leverage**2 - leverage) / 2 * variance)
    return result
