"""A supply model: from wafers to chips to a share of the market.

Everything is per year unless said otherwise.
"""

from collections.abc import Sequence

import numpy as np

from wattbook.models import FloatArray, Value, not_negative, positive, share


def dies_per_wafer(die_area_mm2: Value, diameter_mm: float = 300.0) -> Value:
    """Estimate how many whole dies one round wafer gives, good and bad.

    Takes the area of one die (mm2) and the wafer's diameter (mm).  Gives
    pi * d**2 / (4 * area) - pi * d / sqrt(2 * area), not rounded: the area of the wafer over that of a die, less what
    the rim cuts off (de Vries 2005, `devries2005`).  Raises ValueError where no die fits by this estimate.
    """
    positive("die_area_mm2", die_area_mm2)
    positive("diameter_mm", diameter_mm)
    dies = np.pi * diameter_mm**2 / (4 * die_area_mm2) - np.pi * diameter_mm / np.sqrt(2 * die_area_mm2)
    positive("dies per wafer", dies)
    result: Value = dies
    return result


def units_made(wafers: Value, dies: Value, die_yield: Value, dies_per_chip: Value = 1.0) -> Value:
    """Give the chips made from some wafers: wafers * dies per wafer * yield / dies per chip.

    ``die_yield`` is the fraction of dies that work; ``dies_per_chip`` is 2 for a package with two dies.
    """
    not_negative("wafers", wafers)
    not_negative("dies", dies)
    share("die_yield", die_yield)
    positive("dies_per_chip", dies_per_chip)
    return wafers * dies * die_yield / dies_per_chip


def within_memory(units: Value, most: Value) -> Value:
    """Give the units that can be finished when memory limits them: the smaller of the two.

    Takes the good dies (or chips) made and the most that there is memory for, in one unit of count.
    """
    not_negative("units", units)
    not_negative("most", most)
    finished: Value = np.minimum(units, most)
    return finished


def project(start: float, growth: float | Sequence[float], years: int) -> FloatArray:
    """Carry a value forward by compound growth.

    Takes the value of the first year, the growth per year as a fraction (one for all years, or one per year) and the
    number of years to go on.  Gives years + 1 values, the first year's included.
    Raises ValueError for growth of -1 or below, or a number of rates that is not ``years``.
    """
    not_negative("start", start)
    not_negative("years", years)
    rates = np.asarray(growth, dtype=np.float64)
    if rates.ndim and rates.shape != (years,):
        raise ValueError(f"growth must be one rate or {years} of them, not {rates.size}")
    positive("1 + growth", 1 + rates)
    path: FloatArray = start * np.cumprod(np.insert(np.broadcast_to(1 + rates, years), 0, 1.0), dtype=np.float64)
    return path


def share_by_units(domestic: Value, foreign: Value) -> Value:
    """Give domestic units over all units, as a fraction; units are counted alike whatever they can do."""
    return share_by_compute(domestic, foreign, 1.0, 1.0)


def share_by_compute(domestic: Value, foreign: Value, domestic_tpp: Value, foreign_tpp: Value) -> Value:
    """Give the domestic share of computing power, as a fraction.

    Takes units from home and from abroad, and the performance of one unit of each in one common measure (such as
    total processing performance).  Raises ValueError for negative units, none at all, or performance not above 0.
    """
    not_negative("domestic", domestic)
    not_negative("foreign", foreign)
    positive("domestic_tpp", domestic_tpp)
    positive("foreign_tpp", foreign_tpp)
    home = domestic * domestic_tpp
    total = home + foreign * foreign_tpp
    positive("the total", total)
    return home / total
