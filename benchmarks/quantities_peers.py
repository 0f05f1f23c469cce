"""Agreement of wattbook.quantities with the Chinese specs of Microsoft Recognizers-Text.

Usage: python benchmarks/quantities_peers.py SPECS_FOLDER [--misses]

SPECS_FOLDER holds Number/Chinese and NumberWithUnit/Chinese. A case agrees when the lists of spans are the same and
every value is the same to nine digits (and, where the spec names a unit, the unit too). How the models map:

NumberModel        find_numbers: bare cardinals, whatever they count.
OrdinalModel       find_ordinals.
PercentModel       find_quantities: rows of percent and percentage_point, and fractions over a bare 千 or 萬
                   (千分之一), which are `ratio` here, times 100.
CurrencyModel      find_quantities: rows of money; a currency named without a number is not a quantity here, so
                   such a case disagrees. The suite gives no unit factor, so values are compared as they are.
DimensionModel     find_quantities: rows of length, area, weight, data, power, energy and frequency. The suite's unit
                   is turned into ours (Centimeter -> 0.01 m).
AgeModel           find_quantities: rows of year, month, week and day.
TemperatureModel   find_quantities: rows of degree, degC and degF; a unit named without a number disagrees.

A range is one row here; the suite reports its upper end alone, so a range is cut to its last number. 每股1.95港元 is
one row of HKD/share here; the suite reports the money alone, so the 每股 is cut.

All cases count, including those the suite marks as not supported by some of its own implementations.
"""

from __future__ import annotations

import json
import math
import re
import sys
from pathlib import Path

from wattbook.quantities import Quantity, find_numbers, find_ordinals, find_quantities

MODELS = {
    "NumberModel": "Number",
    "PercentModel": "Number",
    "OrdinalModel": "Number",
    "CurrencyModel": "NumberWithUnit",
    "DimensionModel": "NumberWithUnit",
    "AgeModel": "NumberWithUnit",
    "TemperatureModel": "NumberWithUnit",
}
UNITS = {
    "Chinese yuan": ("CNY", 1), "United States dollar": ("USD", 1), "Dollar": ("USD", 1), "Euro": ("EUR", 1),
    "Swiss franc": ("CHF", 1), "Hong Kong dollar": ("HKD", 1), "New Taiwan dollar": ("TWD", 1),
    "Japanese yen": ("JPY", 1), "Nigerian naira": ("NGN", 1), "Bitcoin": ("BTC", 1),
    "Mu": ("mu", 1), "Kilogram": ("g", 1e3), "Gram": ("g", 1), "Microgram": ("g", 1e-6), "Ton": ("t", 1),
    "Jin": ("jin", 1), "Liang": ("liang", 1), "Centimeter": ("m", 0.01), "Meter": ("m", 1), "Kilometer": ("m", 1e3),
    "Bit": ("bit", 1), "Kilobit": ("bit", 1e3), "Kilobyte": ("byte", 1e3), "Megabyte": ("byte", 1e6),
    "Hertz": ("Hz", 1), "Megahertz": ("Hz", 1e6), "Kilowatt": ("W", 1e3), "Kilocalorie": ("cal", 1e3),
    "Year": ("year", 1), "Month": ("month", 1), "Week": ("week", 1), "Day": ("day", 1),
    "Degree": ("degree", 1), "C": ("degC", 1), "F": ("degF", 1),
}  # fmt: skip
MONEY = {"USD", "CNY", "TWD", "HKD", "CAD", "JPY", "EUR", "GBP", "KRW", "CHF", "AUD", "SGD", "INR", "RUB", "NGN", "BTC"}
DIMENSION = {
    "mu",
    "g",
    "t",
    "jin",
    "liang",
    "m",
    "m2",
    "mile",
    "foot",
    "inch",
    "L",
    "bit",
    "byte",
    "Hz",
    "W",
    "Wh",
    "V",
    "cal",
}
AGE = {"year", "month", "week", "day"}
TEMPERATURE = {"degree", "degC", "degF"}

Row = tuple[int, int, float, str]


def wanted(model: str, case: dict[str, object]) -> list[Row]:
    rows: list[Row] = []
    for result in case["Results"]:  # type: ignore[attr-defined]
        resolution = result.get("Resolution") or {}
        value = str(resolution.get("value")).rstrip("%")
        unit = str(resolution.get("unit") or "")
        name, factor = UNITS[unit] if unit else ("", 1)
        number = math.nan if value == "None" else float(value) * factor
        rows.append((result["Start"], result["End"] + 1, number, name))
    return rows


def cut(q: Quantity) -> Quantity:
    if q.low != q.high and (last := re.search(r"[-~至到—] *(?=[^-~至到—]+$)", q.surface)):
        return q._replace(start=q.start + last.end(), surface=q.surface[last.end() :], low=q.high)
    if "/" in q.unit and (per := re.match("每(?:股|桶|噸|盎司)", q.surface)):
        return q._replace(start=q.start + per.end(), surface=q.surface[per.end() :], unit=q.unit.partition("/")[0])
    return q


def ours(model: str, text: str) -> list[Row]:
    if model == "NumberModel":
        return [(n.start, n.end, n.value, "") for n in find_numbers(text)]
    if model == "OrdinalModel":
        return [(n.start, n.end, n.value, "") for n in find_ordinals(text)]
    rows: list[Row] = []
    for q in map(cut, find_quantities(text)):
        if model == "PercentModel":
            if q.unit in ("percent", "percentage_point"):
                rows.append((q.start, q.end, q.low, ""))
            elif q.unit == "ratio" and q.surface[0] in "千仟萬百":
                rows.append((q.start, q.end, q.low * 100, ""))
            continue
        kinds = {"CurrencyModel": MONEY, "DimensionModel": DIMENSION, "AgeModel": AGE, "TemperatureModel": TEMPERATURE}
        if q.unit in kinds[model]:
            rows.append((q.start, q.end, q.low, q.unit))
    return rows


def same(left: list[Row], right: list[Row]) -> bool:
    return len(left) == len(right) and all(
        a[:2] == b[:2] and math.isclose(a[2], b[2], rel_tol=1e-9, abs_tol=1e-15) and a[3] == b[3]
        for a, b in zip(left, right, strict=True)
    )


def agreement(folder: Path, *, show: bool = False) -> dict[str, tuple[int, int]]:
    """Give per model, and for "all", the number of cases that agree and the number of cases; print misses if `show`."""
    agreed: dict[str, tuple[int, int]] = {}
    for model, kind in MODELS.items():
        cases = json.loads((folder / kind / "Chinese" / f"{model}.json").read_text(encoding="utf-8-sig"))
        good = 0
        for case in cases:
            want, got = wanted(model, case), ours(model, case["Input"])
            if same(want, got):
                good += 1
            elif show:
                print(f"{model}: {case['Input'][:80]}\n    suite {want}\n    ours  {got}")
        agreed[model] = good, len(cases)
    agreed["all"] = sum(good for good, _ in agreed.values()), sum(total for _, total in agreed.values())
    return agreed


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    for model, (good, total) in agreement(Path(arguments[0]), show="--misses" in arguments).items():
        print(f"{model:18}{good:5} of {total:4}  {good / total:6.1%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
