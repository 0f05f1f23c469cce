"""Arithmetic of electricity: watts per chip, chips per gigawatt, households, outage minutes, growth.

Power is in watts (W), energy in watt-hours (Wh), outages in minutes.
"""

from collections.abc import Sequence

import numpy as np

from wattbook.models import FloatArray, Value, not_negative, positive, share

HOURS_PER_YEAR = 8760


def watts_per_chip(total_w: Value, chips: Value) -> Value:
    """Divide the power of a site (W) by its number of chips: W per chip, everything around the chip included."""
    not_negative("total_w", total_w)
    positive("chips", chips)
    return total_w / chips


def chips_supported(capacity_w: Value, chip_w: Value, pue: Value = 1.0, overhead: Value = 0.0) -> Value:
    """Tell how many chips a power capacity can feed at full load.

    Takes the capacity of the site (W), the rated power of one chip (W), the power usage effectiveness (site power over
    power of the computing equipment, at least 1) and ``overhead``: the power that processors, memory, network and
    storage around one chip draw, as a fraction of the chip's own.  Gives
    capacity_w / (chip_w * (1 + overhead) * pue), not rounded.
    Raises ValueError for a PUE below 1, a chip power that is not above 0, or a negative capacity or overhead.
    """
    not_negative("capacity_w", capacity_w)
    positive("chip_w", chip_w)
    not_negative("overhead", overhead)
    if not np.all(np.asarray(pue) >= 1):
        raise ValueError(f"pue must be at least 1, not {pue}")
    return capacity_w / (chip_w * (1 + overhead) * pue)


def energy_wh(power_w: Value, hours: Value = HOURS_PER_YEAR, utilisation: Value = 1.0) -> Value:
    """Give the energy (Wh) that a capacity (W) used for some hours at a mean utilisation (0 to 1) draws or yields."""
    not_negative("power_w", power_w)
    not_negative("hours", hours)
    share("utilisation", utilisation)
    return power_w * hours * utilisation


def households(capacity_w: Value, utilisation: Value, kwh_per_household: Value) -> Value:
    """Tell how many households use in a year what a capacity gives in a year.

    Takes the capacity (W), its mean utilisation (0 to 1) and the yearly use of one household (kWh).  Gives
    capacity_w / 1000 * utilisation * 8760 h / kwh_per_household, not rounded.
    """
    positive("kwh_per_household", kwh_per_household)
    return energy_wh(capacity_w, HOURS_PER_YEAR, utilisation) / 1000 / kwh_per_household


def saidi_contributions(minutes: Sequence[float] | FloatArray, customers: Sequence[float] | FloatArray) -> FloatArray:
    """Split an area's outage minutes among its utilities.

    Takes each utility's own SAIDI (minutes a year) and its number of customers.  Gives minutes * customers / all
    customers for each: the minutes that it adds to the area's figure.
    Raises ValueError for lists of different or zero length, negative or missing values, or no customers at all.
    """
    m = np.asarray(minutes, dtype=np.float64)
    n = np.asarray(customers, dtype=np.float64)
    if m.shape != n.shape or m.ndim != 1:
        raise ValueError(f"minutes and customers must be two lists of one length, not {m.shape} and {n.shape}")
    not_negative("minutes", m)
    not_negative("customers", n)
    positive("the number of customers", float(n.sum()))
    contributions: FloatArray = m * n / n.sum()
    return contributions


def saidi(minutes: Sequence[float] | FloatArray, customers: Sequence[float] | FloatArray) -> float:
    """Give the System Average Interruption Duration Index of several utilities together, in minutes a year.

    SAIDI is the minutes of interruption of all customers over the number of customers served (IEEE Std 1366,
    `ieee1366`), so utilities combine by the mean of their own SAIDI weighted by customers.  Takes and refuses what
    `saidi_contributions` does.
    """
    return float(saidi_contributions(minutes, customers).sum())


def cagr(start: Value, end: Value, years: Value) -> Value:
    """Give the compound annual growth rate, (end / start) ** (1 / years) - 1, as a fraction."""
    positive("start", start)
    not_negative("end", end)
    positive("years", years)
    result: Value = (end / start) ** (1 / years) - 1
    return result


def implied_prior(value: Value, growth: Value) -> Value:
    """Give the earlier value that a printed value and its growth rate (a fraction, above -1) imply."""
    positive("1 + growth", 1 + growth)
    return value / (1 + growth)
