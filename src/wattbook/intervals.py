"""What range a printed number commits to, and arithmetic on such ranges.

An author who prints 3.6 says no more than "between 3.55 and 3.65".  `printed_interval` turns what is printed into
that range by the rules listed in `RULES`; `Interval` carries ranges through sums, products and quotients, so that a
comparison can tell rounding from contradiction.  Interval arithmetic follows R. E. Moore, *Interval Analysis* (1966).
"""

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

# Two ends closer than this, relative to their size, count as the same number: floats carry about 16 digits, a chain of
# a dozen operations loses a few, and no printed number has more than eight.
TOLERANCE = 1e-9
# How far 約 reaches either way, as a fraction of the number.  A choice: `wattbook.audit.run_audit` takes another, to
# show how many verdicts hang on it.
ABOUT = 0.1


@dataclass(frozen=True)
class Interval:
    """All numbers between ``low`` and ``high``; an open end is not itself included.

    An infinite end is always open.  Raises ValueError for an empty interval.
    """

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def __post_init__(self) -> None:
        if math.isnan(self.low) or math.isnan(self.high) or self.low > self.high:
            raise ValueError(f"no interval from {self.low} to {self.high}")
        if math.isinf(self.low):
            object.__setattr__(self, "low_open", True)
        if math.isinf(self.high):
            object.__setattr__(self, "high_open", True)
        if self.low == self.high and (self.low_open or self.high_open):
            raise ValueError(f"no number between {self.low} and {self.high}, ends excluded")

    @classmethod
    def point(cls, value: float) -> "Interval":
        """Give the interval that holds one exact number."""
        return cls(value, value)

    @property
    def bounded(self) -> bool:
        """Whether both ends are finite."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    def contains(self, value: float) -> bool:
        """Tell whether ``value`` lies inside, float noise (`TOLERANCE`) forgiven."""
        return _below(self.low, value, strict=self.low_open) and _below(value, self.high, strict=self.high_open)

    def meets(self, other: "Interval") -> bool:
        """Tell whether some number lies in both, float noise (`TOLERANCE`) forgiven."""
        return _below(self.low, other.high, strict=self.low_open or other.high_open) and _below(
            other.low, self.high, strict=other.low_open or self.high_open
        )

    def __str__(self) -> str:
        left, right = "(" if self.low_open else "[", ")" if self.high_open else "]"
        return f"{left}{self.low:.10g}, {self.high:.10g}{right}"

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low, self.high_open, self.low_open)

    def __add__(self, other: "Interval") -> "Interval":
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def __sub__(self, other: "Interval") -> "Interval":
        return self + -other

    def __mul__(self, other: "Interval") -> "Interval":
        return self._corners(other, _product)

    def __truediv__(self, other: "Interval") -> "Interval":
        """Divide; an end at zero gives an infinite end.  Raises ZeroDivisionError with zero inside ``other``."""
        if other.low < 0 < other.high or other.low == other.high == 0:
            raise ZeroDivisionError(f"division by {other}, which holds zero")
        if self.low == self.high == 0:
            return self

        def quotient(x: float, x_open: bool, y: float, y_open: bool) -> tuple[float, bool]:
            if math.isinf(y):
                return _product(x, x_open, 0.0, True) if math.isfinite(x) else (0.0, True)
            if y == 0:
                # The end at zero is approached from the side on which the divisor lies.
                side = 1.0 if other.high > 0 else -1.0
                return (0.0, x_open) if x == 0 else (math.copysign(math.inf, x * side), True)
            return x / y, x_open or y_open

        return self._corners(other, quotient)

    def __pow__(self, exponent: float) -> "Interval":
        """Raise to an exact power.  Raises ValueError for a broken power of an interval below zero."""
        if exponent == 0:
            return Interval.point(1.0)
        if exponent < 0:
            return Interval.point(1.0) / self**-exponent
        if exponent != int(exponent) and self.low < 0:
            raise ValueError(f"{self} to the power {exponent} is not a real number")
        ends = [(self.low**exponent, self.low_open), (self.high**exponent, self.high_open)]
        if exponent % 2 == 0 and self.low < 0:
            if self.high > 0:
                ends.append((0.0, False))
            low, high = min(ends), max(ends, key=lambda end: (end[0], not end[1]))
            return Interval(low[0], high[0], low[1], high[1])
        return Interval(ends[0][0], ends[1][0], ends[0][1], ends[1][1])

    def _corners(
        self, other: "Interval", operation: Callable[[float, bool, float, bool], tuple[float, bool]]
    ) -> "Interval":
        """Combine every end with every end: the result's ends are among these."""
        found = [
            operation(x, x_open, y, y_open)
            for x, x_open in ((self.low, self.low_open), (self.high, self.high_open))
            for y, y_open in ((other.low, other.low_open), (other.high, other.high_open))
        ]
        low, high = min(value for value, _ in found), max(value for value, _ in found)
        return Interval(
            low,
            high,
            all(is_open for value, is_open in found if value == low),
            all(is_open for value, is_open in found if value == high),
        )


def _product(x: float, x_open: bool, y: float, y_open: bool) -> tuple[float, bool]:
    if x == 0 or y == 0:
        # Zero times anything is zero (an infinite end included), reached when the zero itself is.
        return 0.0, not ((x == 0 and not x_open) or (y == 0 and not y_open))
    return x * y, x_open or y_open


def _below(low: float, high: float, *, strict: bool) -> bool:
    if math.isinf(low) or math.isinf(high):
        return low < high
    slack = TOLERANCE * max(abs(low), abs(high))
    return low < high - slack if strict else low <= high + slack


@dataclass(frozen=True)
class Rule:
    """One rule of `printed_interval` with an example: what is printed, what it measures, what it commits to."""

    text: str
    printed: str
    low: float
    high: float
    unit: str
    modifier: str
    interval: Interval


RULES: dict[str, Rule] = {
    "decimals": Rule(
        "Every digit after a decimal point counts, zeros too: half a unit in the last printed place.",
        "3.60倍",
        3.6,
        3.6,
        "ratio",
        "exact",
        Interval(3.595, 3.605),
    ),
    "whole number": Rule(
        "A whole number that does not end in zero: half a unit in its last place.",
        "945太瓦時",
        945e12,
        945e12,
        "Wh",
        "exact",
        Interval(944.5e12, 945.5e12),
    ),
    "trailing zeros": Rule(
        "Zeros that end a whole number say nothing about precision: half a unit in the last place before them.",
        "4,230億美元",
        423e9,
        423e9,
        "USD",
        "exact",
        Interval(422.5e9, 423.5e9),
    ),
    "round number": Rule(
        "One digit followed by zeros (and 十, 百, 千 alone): 5% either way, because half a unit of that digit would "
        "allow 50 to 150 for 100.",
        "100萬枚",
        1e6,
        1e6,
        "item",
        "exact",
        Interval(950e3, 1050e3),
    ),
    "zero": Rule(
        "A zero that is no percentage or index means none at all.",
        "0吉瓦",
        0,
        0,
        "W",
        "exact",
        Interval(0, 0),
    ),
    "calendar year": Rule(
        "A year from 1900 to 2100 is a date, not a length of time: that year, its zeros included.",
        "2020年",
        2020,
        2020,
        "year",
        "exact",
        Interval(2019.5, 2020.5),
    ),
    "Chinese numerals": Rule(
        "Numerals written in characters are read as digits; then the same rules.",
        "一千五百億美元",
        150e9,
        150e9,
        "USD",
        "exact",
        Interval(145e9, 155e9),
    ),
    "and a half": Rule(
        "A whole number followed by 半 is given to the nearest half: a quarter either way.",
        "兩年半",
        2.5,
        2.5,
        "year",
        "exact",
        Interval(2.25, 2.75),
    ),
    "fraction": Rule(
        "A fraction in words (四分之一, 一半): 10% either way. 百分之五 is a percentage, not a fraction.",
        "四分之一",
        0.25,
        0.25,
        "ratio",
        "exact",
        Interval(0.225, 0.275),
    ),
    "no numeral": Rule(
        "A word without a numeral: the digits of its value, then the same rules.",
        "翻倍",
        2,
        2,
        "ratio",
        "exact",
        Interval(1.5, 2.5),
    ),
    "range": Rule(
        "A range: each end by the rules above, outwards.",
        "3至5年",
        3,
        5,
        "year",
        "exact",
        Interval(2.5, 5.5),
    ),
    "about": Rule(
        "約, 近, 左右: 10% either way, but at most five units in the last place, and never less than the rules above.",
        "60%",
        60,
        60,
        "percent",
        "about",
        Interval(54, 66),
    ),
    "about, many digits": Rule(
        "The same rule where the last place decides: 約3,335 says more than 'three thousand odd'.",
        "3,335億美元",
        333.5e9,
        333.5e9,
        "USD",
        "about",
        Interval(333.0e9, 334.0e9),
    ),
    "over": Rule(
        "超過, 逾: everything above the number, the number itself excluded.",
        "50%",
        50,
        50,
        "percent",
        "over",
        Interval(50, math.inf, low_open=True),
    ),
    "and some": Rule(
        "多, 餘 after the numeral: above the number, below the next unit of its last place.",
        "5000多億美元",
        500e9,
        500e9,
        "USD",
        "over",
        Interval(500e9, 600e9, low_open=True, high_open=True),
    ),
    "under": Rule(
        "不足, 低於: everything from zero up to the number, itself excluded; percentages and index points, which can "
        "be negative, have no lower end.",
        "8吉瓦",
        8e9,
        8e9,
        "W",
        "under",
        Interval(0, 8e9, high_open=True),
    ),
    "at least": Rule(
        "至少, 以上: the number and everything above it.",
        "5年",
        5,
        5,
        "year",
        "at_least",
        Interval(5, math.inf),
    ),
    "at most": Rule(
        "最多, 以內: the number and everything below it, down to zero as for 'under'.",
        "20%",
        20,
        20,
        "percent",
        "at_most",
        Interval(-math.inf, 20),
    ),
}

_SIGNED = frozenset({"percent", "percentage_point", "basis_point", "index_point"})
_DIGIT = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "兩": 2, "两": 2}
_STEP = {"十": 10, "百": 100, "千": 1000}
_SCALE = {"百": 10**2, "千": 10**3, "萬": 10**4, "万": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
_GROUP = r"(?:\d+(?:\.\d+)?|[〇零一二兩两三四五六七八九十百千]+(?:點[〇零一二三四五六七八九]+)?)"
_SCALES = r"[百千萬万億亿兆]"
_PART = re.compile(rf"({_GROUP})({_SCALES}*)")
_WORDS = re.compile(
    rf"(?P<below>{_GROUP})分之(?P<above>{_GROUP})"
    rf"|(?P<alone>(?<![年月日天時倍個週])一?半)"
    rf"|(?P<number>{_GROUP}(?:{_SCALES}+{_GROUP})*)(?P<scale>{_SCALES}*)(?P<half>(?:個|年|月|天|日|週|小時|倍)?半)?"
)

_AND_SOME = re.compile("[多餘]")


@dataclass(frozen=True)
class _Numeral:
    """A numeral as printed, before its scale word and unit: value, unit of the last significant place, half width."""

    value: Decimal
    place: Decimal
    half: Decimal


def _plain(value: Decimal, decimals: int) -> _Numeral:
    if decimals:
        place = Decimal(1).scaleb(-decimals)
        return _Numeral(value, place, place / 2)
    digits = str(int(value))
    significant = digits.rstrip("0")
    place = Decimal(1).scaleb(len(digits) - len(significant)) if significant else Decimal(1)
    round_number = len(significant) == 1 and len(digits) > 1
    return _Numeral(value, place, value / 20 if round_number else place / 2)


def _decimals(text: str) -> int:
    return len(re.split("[.點]", text)[1]) if re.search("[.點]", text) else 0


def _group(text: str) -> Decimal:
    """Read digits, or Chinese numerals up to the thousands."""
    if text[0].isdecimal():
        return Decimal(text)
    whole, _, decimals = text.partition("點")
    if decimals:
        return _group(whole) + _group(decimals).scaleb(-len(decimals))
    if not any(c in _STEP for c in text):
        return Decimal("".join(str(_DIGIT[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in _STEP:
            total += (1 if digit is None else digit) * _STEP[c]
            digit = None
        else:
            digit = _DIGIT[c] or None
    return Decimal(total + (digit or 0))


def _number(text: str, trailing: str) -> tuple[Decimal, int]:
    """Read 1億2000(萬) in units of its last scale word; give the value and its decimals."""
    parts = [(group, math.prod(_SCALE[c] for c in scale)) for group, scale in _PART.findall(text + trailing)]
    decimals = _decimals(parts[-1][0])
    return sum((_group(group) * factor for group, factor in parts), Decimal(0)) / parts[-1][1], decimals


def _numerals(printed: str) -> list[_Numeral]:
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", unicodedata.normalize("NFKC", printed))
    found = []
    for match in _WORDS.finditer(text):
        if match["alone"]:
            found.append(_Numeral(Decimal("0.5"), Decimal("0.1"), Decimal("0.05")))
        elif match["above"] and match["below"] in ("百", "千", "萬"):
            found.append(_plain(_group(match["above"]), _decimals(match["above"])))
        elif match["above"]:
            value = _group(match["above"]) / _group(match["below"])
            found.append(_Numeral(value, Decimal("0.01"), value / 10))
        else:
            value, decimals = _number(match["number"], match["scale"])
            if match["half"]:
                found.append(_Numeral(value + Decimal("0.5"), Decimal("0.1"), Decimal("0.25")))
            else:
                found.append(_plain(value, decimals))
    return found


def _ends(printed: str, low: float, high: float) -> list[tuple[Decimal, _Numeral, Decimal]]:
    """Pair each end with its numeral and with the scale that leads from the numeral to the canonical unit.

    The scale needs no table of units: it is the value divided by the numeral.
    """
    values = [Decimal(repr(float(low))), Decimal(repr(float(high)))]
    numerals = _numerals(printed)[: 1 if low == high else 2]
    if len(numerals) == 1:
        numerals = numerals * 2
    # 350萬到250萬, and a fall of 3% to 5% that is stored as -5 to -3: the larger number comes first.
    for order in (numerals, numerals[::-1]):
        pairs = [(value, numeral, _scale(value, numeral)) for value, numeral in zip(values, order, strict=False)]
        if pairs and all(_is_power_of_ten(scale) for _, _, scale in pairs):
            return pairs
    # No numeral (翻倍), or one that is not the value's (翻一番): the value's own digits.
    return [
        (value, _plain(abs(value), max(0, -int(value.normalize().as_tuple().exponent))), Decimal(1)) for value in values
    ]


def _scale(value: Decimal, numeral: _Numeral) -> Decimal:
    return abs(value) / numeral.value if value and numeral.value else Decimal(1)


def _is_power_of_ten(scale: Decimal) -> bool:
    return math.isclose(log := math.log10(scale), round(log), abs_tol=1e-6)


def printed_places(printed: str, low: float, high: float) -> tuple[float, float]:
    """Give the size of the last significant place of each end, in the canonical unit.

    >>> printed_places("4,230億美元", 423e9, 423e9)
    (1000000000.0, 1000000000.0)
    """
    lower, upper = (float(numeral.place * scale) for _, numeral, scale in _ends(printed, low, high))
    return lower, upper


def is_calendar_year(value: float) -> bool:
    """Tell a date from a length of time, both in years."""
    return 1900 <= value <= 2100


def printed_interval(printed: str, low: float, high: float, unit: str, modifier: str, about: float = ABOUT) -> Interval:
    """Give the range, in the canonical unit, that a printed number commits to.

    Takes the text as printed (number and unit; a leading 約 or 超過 is in ``modifier``), its value in the canonical
    unit (``low`` and ``high`` are equal unless it is a range), the unit and the modifier (exact, about, over, under,
    at_least, at_most), and how far "about" reaches, as a fraction of the number.  Raises ValueError for another
    modifier.

    The rules, each with its example, are in `RULES`:

    - 3.60倍 -> [3.595, 3.605]: every decimal counts
    - 945太瓦時 -> [944.5, 945.5] TWh: half a unit in the last place
    - 4,230億美元 -> [422.5, 423.5] billion: zeros that end a whole number do not count
    - 100萬枚 -> [0.95, 1.05] million: one digit followed by zeros gives 5%
    - 0吉瓦 -> [0, 0]: none
    - 2020年 -> [2019.5, 2020.5]: a calendar year
    - 一千五百億美元 -> [145, 155] billion: numerals in characters alike
    - 兩年半 -> [2.25, 2.75]: a half is the nearest half
    - 四分之一 -> [0.225, 0.275]: a fraction in words gives 10%
    - 翻倍 -> [1.5, 2.5]: no numeral, the value's own digits
    - 3至5年 -> [2.5, 5.5]: both ends outwards
    - 約60% -> [54, 66]: 10%, but 約3,335億 -> [3,330, 3,340]: at most five units in the last place
    - 5000多億 -> (5,000, 6,000): below the next unit of the last place
    - 超過50% -> (50, inf); 不足8吉瓦 -> [0, 8) GW; 至少5年 -> [5, inf); 最多20% -> (-inf, 20]

    >>> str(printed_interval("3.6倍", 3.6, 3.6, "ratio", "exact"))
    '[3.55, 3.65]'
    """
    floor = -math.inf if unit in _SIGNED or high < 0 else 0.0
    match modifier:
        case "over" if _AND_SOME.search(printed):
            return Interval(low, low + printed_places(printed, low, high)[0], low_open=True, high_open=True)
        case "over":
            return Interval(low, math.inf, low_open=True)
        case "at_least":
            return Interval(low, math.inf)
        case "under":
            return Interval(floor, high, high_open=True)
        case "at_most":
            return Interval(floor, high)
        case "exact" if unit == "year" and is_calendar_year(low) and is_calendar_year(high):
            return Interval(low - 0.5, high + 0.5)
        case "exact" | "about" if low == high == 0 and unit not in _SIGNED:
            return Interval.point(0.0)
        case "exact" | "about":
            reach = Decimal(repr(about)) if modifier == "about" else Decimal(0)
            widths = [
                max(numeral.half * scale, min(abs(value) * reach, 5 * numeral.place * scale))
                for value, numeral, scale in _ends(printed, low, high)
            ]
            return Interval(float(Decimal(repr(float(low))) - widths[0]), float(Decimal(repr(float(high))) + widths[1]))
    raise ValueError(f"no modifier {modifier!r}")
