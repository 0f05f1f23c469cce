"""Quantities: numerals joined to the units, ranges, rates and hedges around them."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import NamedTuple

from wattbook.quantities.context import anchored, excluded, masked, noise
from wattbook.quantities.judge import Measure, Page, bare_unit, currency_pair, refused
from wattbook.quantities.modifiers import modifier
from wattbook.quantities.numerals import DIGITS, Numeral, fold, numerals, skip
from wattbook.quantities.units import (
    CURRENCIES,
    DENOMINATORS,
    PER_AFTER,
    PER_BEFORE,
    PER_BEGIN,
    PER_PRICED,
    PREFIX,
    PREFIX_ENDS,
    PREFIX_MONEY,
    Unit,
    match_unit,
)


class Quantity(NamedTuple):
    """A number that measures something.

    `start` and `end` are half-open offsets into the text, `surface` the text between them. `low` and `high` are in
    `unit`, equal for a single value. `modifier` is exact, about, over, under, at_least or at_most. `flag` is empty,
    or says what is wrong: "damaged" (digits that cannot be right; low and high are nan), "unit" (the unit is
    garbled), "order" (a range whose ends are too far apart the wrong way round), "vague" (數百, 幾十: the span runs
    from 2 to 9 times the scale).
    """

    start: int
    end: int
    surface: str
    low: float
    high: float
    unit: str
    modifier: str
    flag: str


_CONNECTOR = re.compile(" {0,2}(?:-{1,2}|[—―]{1,2}|~|〜|至|到) {0,2}")
_LINK_REACH = 6  # the longest range sign with its spaces
_ASIDE_LINK = re.compile(r" ?\([^()]{1,40}\){1,2} ?(?:到|至|-|~) ?")
_RISE = re.compile(
    "(?:增加|減少|上調|下調|上漲|下跌|上升|下降|升|降|增|減|漲|跌|調高|調低|擴大|縮小|提高|成長|增長)"
    "[了約近逾]{0,2} {0,2}$"
)
_GROWTH = re.compile("[增成]長[了約近逾]{0,2} {0,2}$")
_HALF_AFTER = re.compile("半(?![數年導個天小價])")
_HALF_OK = frozenset({"year", "month", "week", "day", "hour", "minute"})
_PERCENT = Unit("percent", 100.0, "percent")
_RATIO = Unit("ratio", 1.0, "ratio")
_DOLLAR = Unit("USD", 1.0, "money")
_PARAMETERS = Unit("parameter", 1e9, "count")
_KILOWATT_HOUR = Unit("Wh", 1e3, "physical")
_CENT = Unit("CNY", 0.01, "money")
_PARAMETER = re.compile(" {0,1}B(?:級|以上|級以上)?(?:個)?參數| {0,1}B(?= {0,1}(?:的)?模型)")
_DOLLAR_WORD = re.compile("美(?![國元金股洲洋容麗聯方軍媒企債])")
_GARBLED = "美中繼資料"
_SPECIAL = re.compile(
    "(?P<double>翻(?:了|上)?(?:一)?倍|翻了?一?番)|(?P<quad>翻了?[兩二]番)"
    "|打(?P<even>對[折摺])|(?P<off>(?<![0-9.一二三四五六七八九十])[0-9一二三四五六七八九] {0,2}[0-9一二三四五六七八九]"
    " {0,2}折)(?![舊算扣射磨疊損])"
    "|(?P<half>(?<![另上下前後])一半(?!導)|(?<!過)半數|(?<=過)半數?(?![年天小])|(?<=大)半數)"
)
_SPECIAL_BEGIN = re.compile(
    "翻|打|一半|半|" + "|".join(f"{c} {{0,2}}[0-9一二三四五六七八九] {{0,2}}折" for c in "0123456789一二三四五六七八九")
)
_SPECIAL_VALUE = {"double": 2.0, "quad": 4.0, "half": 0.5, "even": 50.0}
_DEGREE_BEFORE = re.compile("(?:(?P<f>華氏)|(?P<c>攝氏))(?:溫度)? {0,1}$")
_ENGLISH = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}
_ENGLISH_SCALE = re.compile(" ?([BMKT]|million|billion|trillion|mn|bn|tn)(?![A-Za-z])")
_HAN_WORD = re.compile("[\u4e00-\u9fff]")
_FRACTION = re.compile(r"/(10|[2-9])(?=的|以上|左右|強|弱|[,、。;)]|$)")
_CALLED_YUAN = frozenset({"CNY", "TWD", "HKD", "SGD"})
_SAME_BELOW = re.compile("(" + "|".join(sorted(CURRENCIES, key=len, reverse=True)) + ")[,、()\\d元萬億 ]{0,12}下同")
_AND_CHANGE = re.compile("又? {0,1}")
_NUMERAL = re.compile("[0-9零〇一二三四五六七八九兩十百千萬億兆]")
_TENTH = re.compile(" {0,2}([一二三四五六七八九])(?![成個萬億])|([1-9])(?![.,]?[0-9]|[成個萬億%年月])|半")
_FEN = re.compile("分(?![之鐘析成析])")
_RATED = frozenset({"money", "physical"})  # what a rate may be a rate of
_WITHOUT_UNIT = frozenset({"dotted", "fraction", "share"})
_UNCOUNTED = frozenset("多餘幾來整")


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = fold(text)
        endless = noise(self.folded)
        self.noise = [(start, end) for start, end in endless if _NUMERAL.search(self.folded, start, end)]
        if endless:
            self.folded = masked(self.folded, endless)
        self.page = Page(self.folded)
        self.announced: list[tuple[int, str]] = []
        if "下同" in self.folded:
            self.announced = [(m.end(), CURRENCIES[m.group(1)]) for m in _SAME_BELOW.finditer(self.folded)]
        self.yuan = (-1, "CNY")  # the sentence that last named a currency of its own for 元
        self.out: list[Quantity] = []

    # --- what stands around a numeral -------------------------------------------------------------------------

    def measure(self, numeral: Numeral) -> Measure | None:
        """Give the unit after `numeral`, with a 多 or 餘 between the two, or None."""
        folded = self.folded
        at = numeral.end
        if folded.startswith(" ", at):
            at = skip(folded, at)
        if numeral.form in _WITHOUT_UNIT:
            if numeral.form == "dotted":
                return None
            if numeral.form == "share" and folded[numeral.start] in "百佰":
                return Measure(_PERCENT, numeral.end, numeral.more, 0.0, "百分之")
            return Measure(_RATIO, numeral.end, False, 0.0, "分之")
        if folded.startswith("B", at):
            parameter = _PARAMETER.match(folded, numeral.end)
            if parameter is not None:
                return Measure(_PARAMETERS, parameter.end(), False, 0.0, parameter.group())
        more = spread = False
        found = match_unit(folded, at)
        if found is None and folded[at : at + 1] in _UNCOUNTED:
            spread = folded[at] == "幾" and numeral.scale == 10.0
            more = folded[at] != "整" and not spread
            at += 1
            if folded.startswith(" ", at):
                at += 1
            found = match_unit(folded, at)
        if found is None:
            if numeral.scale in (1e4, 1e8, 1e12) and _DOLLAR_WORD.match(folded, numeral.end):
                return Measure(_DOLLAR, numeral.end + 1, more, 0.0, "美")
            return None
        unit, end = found
        if folded[at:end] == "個" and folded[end : end + 1] in ("多", "半"):
            # 兩個多月, 三個半月
            longer = match_unit("個" + folded[end + 1 : end + 4], 0)
            if longer is not None and longer[0].kind == "time":
                half = 0.5 if folded[end] == "半" else 0.0
                return Measure(longer[0], end + longer[1], more or not half, half, "個")
        printed = folded[at:end]
        if printed == "度" and numeral.scale >= 1e4:
            unit = _KILOWATT_HOUR
        if printed == "折" and numeral.form == "half":
            unit = _PERCENT
        add = 0.0
        halves = unit.name in _HALF_OK or unit.kind in ("physical", "ratio")
        if halves and folded.startswith("半", end) and _HALF_AFTER.match(folded, end):
            add, end = 0.5, end + 1
        elif printed == "成":
            tenth = _TENTH.match(folded, end)
            if tenth is not None:
                digit = tenth.group(1) or tenth.group(2)
                add = int(DIGITS.get(digit, digit)) / 10 if digit else 0.5
                end = tenth.end()
        return Measure(unit, end, more, add, printed, spread)

    def degrees(self, start: int, unit: Unit) -> tuple[int, Unit]:
        """Extend a number of degrees from `start` by 攝氏 or 華氏 before it; give the start and the unit."""
        if unit.name != "degree":
            return start, unit
        scale = _DEGREE_BEFORE.search(self.folded[max(0, start - 6) : start])
        if scale is None:
            return start, unit
        return start - len(scale.group()), Unit("degF" if scale.group("f") else "degC", 1.0, "physical")

    def rate(self, unit: Unit, start: int, end: int) -> tuple[int, int, str, float]:
        """Extend start:end by 每股 before or /吉瓦 after; give the span, the unit's name and its factor."""
        if unit.kind not in _RATED:
            return start, end, unit.name, unit.factor
        after = PER_AFTER.match(self.folded, end) if self.folded[end : end + 1] in PER_BEGIN else None
        if after is not None:
            name, factor = DENOMINATORS[after.group(1)]
            if not (unit.name == "barrel" and name not in ("day",)):
                return start, after.end(), f"{unit.name}/{name}", unit.factor / factor
        if self.folded.find("每", max(0, start - 26), start) < 0:
            return start, end, unit.name, unit.factor
        before = PER_BEFORE.search(self.folded[max(0, start - 9) : start])
        if before is not None:
            name, factor = DENOMINATORS[before.group(1)]
            return start - len(before.group()), end, f"{unit.name}/{name}", unit.factor / factor
        priced = PER_PRICED.search(self.folded[max(0, start - 26) : start]) if unit.kind == "money" else None
        if priced is not None:
            name, factor = DENOMINATORS[priced.group(1)]
            return start, end, f"{unit.name}/{name}", unit.factor / factor
        return start, end, unit.name, unit.factor

    def home(self, unit: Unit, start: int, end: int, *, named: bool) -> Unit:
        """Give the currency of the amount at start:end; a plain 元 is the one that the sentence or a 下同 named."""
        if unit.kind != "money":
            return unit
        sentence = self.page.sentence(start)
        if named or unit.name != "CNY" or self.folded[end - 1] != "元":
            if unit.name in _CALLED_YUAN:
                self.yuan = (sentence, unit.name)
            return unit
        if self.yuan[0] == sentence:
            return replace(unit, name=self.yuan[1])
        announced = [code for offset, code in self.announced if offset < start]
        return replace(unit, name=announced[-1]) if announced else unit

    # --- assembling -------------------------------------------------------------------------------------------

    def emit(self, start: int, end: int, low: float, high: float, unit: str, mod: str, flag: str) -> None:
        if self.out and start < self.out[-1].end:
            return
        if math.isfinite(low) and math.isfinite(high):
            single = low == high
            low = _tidy(low)
            high = low if single else _tidy(high)
        else:
            low, high, flag = math.nan, math.nan, "damaged"
        self.out.append(Quantity(start, end, self.text[start:end], low, high, unit, mod, flag))

    def scan(self) -> list[Quantity]:
        special = list(anchored(_SPECIAL_BEGIN, _SPECIAL, self.folded))
        blotted = sorted([*excluded(self.folded), *(match.span() for match in special)])
        found = numerals(masked(self.folded, blotted), shares=True)
        rows = [
            Quantity(start, end, self.text[start:end], math.nan, math.nan, "", "exact", "damaged")
            for start, end in self.noise
        ]
        index = 0
        while index < len(found):
            index += self.one(found, index)
        for match in special:
            kind = match.lastgroup or ""
            start, end = match.span(kind)
            value, unit = _SPECIAL_VALUE.get(kind, 0.0), "percent" if kind in ("even", "off") else "ratio"
            if kind == "off":
                tens, units = (DIGITS.get(c, c) for c in match.group(kind).replace(" ", "")[:2])
                value = float(f"{tens}{units}")
            mod = modifier(self.folded, start, end, unit, bare=False)
            if kind == "half" and self.folded[start - 1 : start] == "過":
                mod = "over"
            rows.append(Quantity(start, end, self.text[start:end], value, value, unit, mod, ""))
        return self.aside_ranges(_merged(self.out, rows))

    def aside_ranges(self, rows: list[Quantity]) -> list[Quantity]:
        """Join a range interrupted by a gloss, 5吉瓦(GW)到 6吉瓦; flag it where the ends are the wrong way round."""
        joined: list[Quantity] = []
        for row in rows:
            last = joined[-1] if joined else None
            if (
                last is not None
                and last.unit == row.unit
                and row.start - last.end <= 48
                and _ASIDE_LINK.fullmatch(self.folded, last.end, row.start)
            ):
                if last.low <= row.high:
                    surface = self.text[last.start : row.end]
                    joined[-1] = last._replace(end=row.end, surface=surface, high=row.high)
                    continue
                joined[-1] = last._replace(flag="order")
                row = row._replace(flag="order")
            joined.append(row)
        return joined

    def one(self, found: list[Numeral], index: int) -> int:
        """Read the quantity that begins with numeral `index`; give how many numerals it used."""
        folded = self.folded
        first = found[index]
        measure = self.measure(first)
        money = None
        if first.start and folded[first.start - 1] in PREFIX_ENDS:
            money = PREFIX.search(folded[max(0, first.start - 8) : first.start])
        if money is not None and measure is not None and measure.unit.kind == "money":
            code = PREFIX_MONEY[money.group().rstrip()]
            if measure.printed != "元" and measure.unit.name != code:
                money = None  # 4人民幣 5美元: the word before belongs to another number
        following = found[index + 1] if index + 1 < len(found) else None
        if following is not None and following.start - (measure.end if measure else first.end) <= _LINK_REACH:
            used = self.range_row(first, measure, following, money)
            if used:
                return used
        start, end = first.start, first.end
        if money is not None and first.form not in ("half", "word", "bare"):
            code = PREFIX_MONEY[money.group().rstrip()]
            tail = measure.end if measure is not None and measure.unit.kind == "money" else end
            suffix = _ENGLISH_SCALE.match(folded, end) if tail == end else None
            factor = _ENGLISH[suffix.group(1)[0].upper()] if suffix is not None else 1.0
            if suffix is not None:
                tail = suffix.end()
            if measure is None or measure.unit.kind == "money" or not _HAN_WORD.match(money.group()):
                self.row(first, start - len(money.group()), tail, Unit(code, factor, "money"), 0.0, False)
                return 1
        if measure is None:
            over = _FRACTION.match(folded, end) if first.form == "arabic" and first.scale == 1.0 else None
            if over is not None and first.value in range(1, int(over.group(1))):
                value = first.value / int(over.group(1))
                first = first._replace(end=over.end(), value=value, low=value, high=value, form="fraction")
                self.row(first, start, over.end(), _RATIO, 0.0, False)
                return 1 + (following is not None and following.start < over.end())
            unit = bare_unit(self.page, first, first.start)
            if unit is not None:
                if unit == "index_point" and folded[start - 1 : start] in ("正", "負") and first.value >= 0:
                    start -= folded[start - 1] == "正"
                self.row(first, start, end, Unit(unit, 1.0, "bare"), 0.0, False)
            elif first.form == "damaged":
                self.emit(start, end, math.nan, math.nan, "", "exact", "damaged")
            return 1
        if refused(self.page, first, measure):
            return 1
        start, unit_found = self.degrees(start, measure.unit)
        if measure.spread:  # 十幾年
            first = first._replace(low=first.value + 1, high=first.value + 9, form="several")
        end, used = measure.end, 1
        if unit_found.kind == "money":
            end, used, small = self.small_change(found, index, measure)
            first = first._replace(low=first.low + small, high=first.high + small)
        self.row(first, start, end, unit_found, measure.add, measure.more)
        return used

    def small_change(self, found: list[Numeral], index: int, measure: Measure) -> tuple[int, int, float]:
        """Read 三毛五分 after 五元; give the end, the numerals used and the amount in the larger unit."""
        end, used, amount, last = measure.end, 1, 0.0, measure.unit
        while index + used < len(found) and used < 3:
            part = found[index + used]
            if not _AND_CHANGE.fullmatch(self.folded, end, part.start):
                break
            inner = self.measure(part)
            if inner is None and last.name == "CNY" and _FEN.match(self.folded, part.end):
                inner = Measure(_CENT, part.end + 1, False, 0.0, "分")
            if inner is None or inner.unit.name != last.name or inner.unit.factor >= last.factor:
                break
            amount += part.value * inner.unit.factor / measure.unit.factor
            end, used, last = inner.end, used + 1, inner.unit
        return end, used, amount

    def row(self, numeral: Numeral, start: int, end: int, unit: Unit, add: float, more: bool) -> None:
        name, factor = unit.name, unit.factor
        if unit.kind in _RATED:
            unit = self.home(unit, start, end, named=start != numeral.start)
            start, end, name, factor = self.rate(unit, start, end)
            name = currency_pair(self.page, name, numeral)
        if numeral.form == "damaged":
            self.emit(start, end, math.nan, math.nan, name, "exact", "damaged")
            return
        mod = modifier(self.folded, start, end, name, bare=numeral.form == "bare")
        if name == "parameter" and "以上" in self.folded[start:end]:
            mod = "at_least"
        if mod == "exact" and (more or numeral.more):
            mod = "over"
        if mod == "exact" and numeral.form in ("several", "pair"):
            mod = "about"
        flag = "vague" if numeral.form == "several" else ""
        if self.folded.startswith(_GARBLED, end - 1) and unit.name == "USD":
            flag = "unit"
        low, high = (numeral.low + add) * factor, (numeral.high + add) * factor
        self.emit(start, end, low, high, name, mod, flag)

    def range_row(self, first: Numeral, measure: Measure | None, second: Numeral, money: re.Match[str] | None) -> int:
        """Emit one row for first–second if a range sign joins them; give the numerals used (0 or 2)."""
        folded = self.folded
        at = first.end if measure is None else measure.end
        link = _CONNECTOR.match(folded, at)
        start_second = second.start
        if link is None:
            return 0
        # In 20-30 the hyphen may have been read as the sign of 30.
        if link.end() != start_second and not (second.value < 0 and link.end() == start_second + 1):
            return 0
        if first.form in ("damaged", "half") or second.form in ("damaged", "half"):
            return 0
        other = self.measure(second)
        sign_money = PREFIX_MONEY[money.group().rstrip()] if money is not None else None
        if other is None and measure is not None and measure.printed == "百分之" and second.form in ("han", "arabic"):
            other = Measure(measure.unit, second.end, False, 0.0, "百分之")
            second = second._replace(low=second.low / 100, high=second.high / 100)  # 百分之三十到四十
        if other is None:
            name = sign_money or (bare_unit(self.page, second, first.start) if measure is None else None)
            if name is None:
                return 0
            unit, end, add = Unit(name, 1.0, "bare"), second.end, 0.0
        else:
            unit, end, add = other.unit, other.end, other.add
            if sign_money is not None and unit.kind == "money":
                unit = Unit(sign_money, 1.0, "money")
        joined = folded[link.start() : link.end()].strip()
        if measure is not None:
            same = measure.unit.name == unit.name and measure.unit.kind == unit.kind
            if not same and not (measure.printed == "個" and other is not None and folded[other.end - 2] in "個小星季"):
                return 0
            # 增加3%至8% tells a level. 成長3%至8% tells a range.
            before = folded[max(0, first.start - 8) : first.start]
            if (
                joined in ("至", "到")
                and _RISE.search(before)
                and not (unit.name == "percent" and _GROWTH.search(before))
            ):
                return 0
        if other is not None and second.form != "several" and refused(self.page, second, other):
            return 0
        low, high = first.low, abs(second.high) if second.value < 0 <= first.value else second.high
        # 40~50萬, 2-3億: the first number borrows the second's scale.
        if measure is None and first.scale == 1.0 and second.scale > 1.0 and first.high <= abs(second.unscaled):
            low *= second.scale
        factor_low = measure.unit.factor if measure is not None and measure.unit.name == unit.name else unit.factor
        start = first.start - (len(money.group()) if money is not None else 0)
        start, unit = self.degrees(start, unit)
        unit = self.home(unit, start, end, named=money is not None)
        begin, end, name, factor = self.rate(unit, start, end)
        low, high = low * factor_low * (factor / unit.factor), (high + add) * factor
        if low > high:
            low, high = high, low
        mod = modifier(folded, begin, end, name, bare=False)
        vague = "several" in (first.form, second.form)
        if mod == "exact" and vague:
            mod = "about"
        self.emit(begin, end, low, high, name, mod, "vague" if vague else "")
        return 2


def _tidy(value: float) -> float:
    """Give `value` without the last-bit noise of decimal scaling (16.01 * 0.01)."""
    return value if value.is_integer() and abs(value) < 1e12 else float(f"{value:.12g}")


def _merged(left: list[Quantity], right: list[Quantity]) -> list[Quantity]:
    """Give both lists in one order, without overlaps."""
    merged: list[Quantity] = []
    for quantity in sorted(left + right, key=lambda q: (q.start, -q.end)):
        if not merged or quantity.start >= merged[-1].end:
            merged.append(quantity)
    return merged


def find_quantities(text: str) -> list[Quantity]:
    """Find every number in `text` that measures something, in order and without overlaps.

    Dates, clock times, ordinals, codes and model names, and the indefinite 一 are left out. Values are in the
    canonical unit (4,230億美元 is 423e9 USD). Takes any string and raises nothing; the work grows linearly with it.
    """
    return _Scanner(text).scan()
