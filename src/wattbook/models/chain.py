"""One chain: power feeds chips, chips cost dollars, dollars become charges, charges weigh on income."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.stats import qmc

from wattbook.models import FloatArray, Value, positive
from wattbook.models.power import chips_supported

LINKS = ("capacity", "watts", "price", "life")


class Chain(NamedTuple):
    """What follows from a capacity: chips, their price in all, a year's charge, and its part of an income."""

    chips: Value
    dollars: Value
    charge: Value
    share: Value


def chain(capacity: Value, watts: Value, price: Value, life: Value, income: Value) -> Chain:
    """Go from watts to write-offs.

    Takes a capacity (W), the power of a whole site per chip (W), the price of a chip, its useful life (years) and a
    yearly income (money as the price).  Chips are those that the capacity feeds at full load, the charge is that of
    the straight line without salvage in a full year, the share is charge over income.
    Raises ValueError where anything but the capacity is not above 0, or the capacity is negative.
    """
    positive("price", price)
    positive("life", life)
    positive("income", income)
    chips = chips_supported(capacity, watts)
    dollars = chips * price
    charge = dollars / life
    return Chain(chips, dollars, charge, charge / income)


@dataclass(frozen=True)
class Range:
    """The two ends of a link's range."""

    low: float
    high: float

    def at(self, part: Value) -> Value:
        """Give the value at a part of the way from the low to the high end."""
        return self.low + part * (self.high - self.low)


def draw(number: int, seed: int) -> pd.DataFrame:
    """Draw, for each link and independently, how far from the low to the high end of its range it lies.

    Gives ``number`` rows of even (uniform) draws from 0 to 1 with one column per link; the same seed gives the same
    rows.  They are the points of a scrambled Sobol sequence, which fill the ranges evenly: a few hundred, as a page
    can hold, give nearly what many thousand random draws would.
    Raises ValueError where ``number`` is no power of two, as the sequence needs.
    """
    if number < 1 or number & (number - 1):
        raise ValueError(f"the number of draws must be a power of two, not {number}")
    points = qmc.Sobol(len(LINKS), seed=seed).random(number)
    return pd.DataFrame(points, columns=list(LINKS))


def spread(draws: pd.DataFrame, ranges: Mapping[str, Range], income: float) -> pd.DataFrame:
    """Carry draws through the chain: one row per draw, the columns of `Chain`."""
    drawn: list[FloatArray] = [
        np.asarray(ranges[name].at(draws[name].to_numpy(dtype=np.float64)), dtype=np.float64) for name in LINKS
    ]
    capacity, watts, price, life = drawn
    return pd.DataFrame(chain(capacity, watts, price, life, income)._asdict(), index=draws.index)
