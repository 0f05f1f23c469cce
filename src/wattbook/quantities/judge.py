"""Whether a numeral beside a unit measures something, and what a numeral without a unit counts."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from wattbook.quantities.modifiers import modifier
from wattbook.quantities.numerals import Numeral
from wattbook.quantities.units import CURRENCIES, Unit

_ONE_TIME_BEFORE = re.compile(
    "(?:過去|未來|近|少|多|約|不到|不足|超過|逾|至少|為期|連續|整整|長達|僅|只需|達|需|花|短短|相隔|隔|滿|用了|提前|延長|延後"
    "|落後|領先|縮短|增加|等待|等)(?:了|約|近|出)? {0,2}$"
)
_ONE_TIME_AFTER = re.compile("多|以上|以內|之內|內|左右|後|來|間|期|半|的?時間|之久")
_DETERMINER = re.compile("[這那某每同另上下前新第哪任舊當各換的歷]$")
_GENERATION = re.compile("(?:整整|領先|落後|相差|差|至少|超過|約|對手)[^,。;、，；。]{0,8}$")
_MONEY_WORDS = re.compile(
    "元|美金|幣|市值|營收|收入|訂單|融資|資金|投資|估值|資本|利潤|獲利|虧損|銷售額|金額|價值|支出|預算|市場規模|債|成本|採購項目|費用|募"
)
_COUNT_BEFORE = re.compile("(?:量|數|數量|出貨|交付|產能|晶片|卡|GPU|部署|總數|供應|合計)(?:量|數)?[^,。;、\\d]{0,10}$")
_COUNT_AFTER = re.compile("級?的?(?: ?GPU| ?TPU| ?CPU|晶片|出貨|[^,。;、\\d]{0,4}(?:家庭|使用者|用戶|卡))")
# What a clause counts, by the last of these in it.
_HEAD = re.compile(
    "(?P<person>人口|人數|人次)|(?P<parameter>參數(?:總?量|數|規模)?)"
    "|(?P<item>(?:出貨|銷|產|下載|裝機|安裝|交付|保有|採購|點擊|訪問)總?量|數量|(?:用戶|使用者|會員|訂戶|家庭|門市|電晶體|晶體管)總?數?)"
    "|(?P<money>[額元幣]|市值|收入|資|利潤|費|價|支出)"
)
_CLAUSE = re.compile("[,、。:(]")
_CHIPS = re.compile(" {0,2}(?:GPU|TPU|CPU|chip)")
_INDEX = re.compile(
    "指數|點數|大盤|加權|台股|美股|港股|陸股|股市|滬指|上證|深證|恆生|斯達克|道瓊|道指|標普|納指|恆指|股指|成指|日經|費半|DAX|STOXX|景氣"
)
_REPORTED = re.compile("(?:從|由|收?報|收於|回落至|升至|降至|跌至|漲至|站上|為)(?:約)? {0,1}$")
_NAMES = "|".join(sorted(CURRENCIES, key=len, reverse=True))
_PAIR = re.compile(f"({_NAMES})[^。]{{0,12}}?[兌對](?:換)?({_NAMES})")
_QUOTED = re.compile("(?:報|至|在|為|於|到|破|及|上|守|點)[了約近]{0,2} {0,2}$")
_CODES = frozenset(CURRENCIES.values())
_BASES = frozenset({"EUR", "GBP", "AUD"})  # quoted in dollars; other currencies are quoted per dollar
_STOP = re.compile("[。!?;！？；\n]")
_TPP = re.compile("(?:TPP|總處理性能|總算力)[^,。“「]{0,12}(?:約|為|達|至|是|到|於|超過) {0,1}$")
_CALENDAR = re.compile(r"\d{4}|[一兩]千(?:零|九百).+")
_INTEREST = re.compile("息|利率")
_HALF_UNITS = frozenset({"年", "個月", "小時", "個小時", "成", "折", "個季度", "分鐘", "秒", "碼"})
_DOUBTFUL = frozenset("股點折碼代年")  # units that digits before them may not be counted in
_ZERO = frozenset("零〇")
_VAGUE_FORMS = frozenset({"several", "half", "pair", "string", "word", "fraction", "share", "dotted"})
_BEYOND = frozenset({"at_least", "over", "at_most", "under"})


class Measure(NamedTuple):
    """A unit found beside a numeral: the span it stretches to, and what it does to the value."""

    unit: Unit
    end: int
    more: bool
    add: float
    printed: str
    spread: bool = False


class Page:
    """A folded text with its sentence ends, so that looking back stops where the sentence began."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self.stops = [match.end() for match in _STOP.finditer(folded)]

    def sentence(self, at: int) -> int:
        """Give the number of the sentence that holds offset `at`, counted from 0."""
        return bisect_right(self.stops, at)

    def before(self, at: int, reach: int) -> str:
        """Give at most `reach` characters of the sentence before offset `at`."""
        index = self.sentence(at)
        start = self.stops[index - 1] if index else 0
        return self.folded[max(start, at - reach) : at]


def refused(page: Page, numeral: Numeral, measure: Measure) -> bool:
    """Tell whether numeral plus unit is a phrase that measures nothing (一家, 上半年, 半導體, 零件)."""
    form = numeral.form
    if form == "arabic" and measure.printed not in _DOUBTFUL:
        return False
    folded, start, unit = page.folded, numeral.start, measure.unit
    before = folded[max(0, start - 12) : start]
    if form == "half":
        return measure.printed not in _HALF_UNITS or before.endswith(("上", "下", "前", "後", "多", "大"))
    if form == "bare":
        if before.endswith(("成千上", "倍", "分", "第")):
            return True
        if measure.more:
            return False  # 百餘家
        long = numeral.end - numeral.start > 1 or numeral.value >= 1e4
        return not long and (unit.kind == "physical" or not before.endswith(("上", "近", "逾", "過", "破", "超")))
    if form != "arabic":
        if folded[start : numeral.end] in _ZERO and (unit.kind == "count" or measure.printed == "成"):
            return True
        if form == "string" and unit.kind != "percent":
            return True
        if form == "word" and folded[start] == "一" and _indefinite(folded, numeral, measure, before):
            return True
    if unit.name == "share" and folded[measure.end : measure.end + 1] in ("”", "」", "』"):
        return True  # 「七股」 is a nickname
    if unit.kind == "index":
        return _INDEX.search(page.before(start, 40)) is None
    if measure.printed == "折" and numeral.value >= 10:
        return True
    if measure.printed == "碼" and not _INTEREST.search(page.before(start, 24)):
        return True
    if unit.name == "generation" and before.endswith(("第", "前", "上", "下")):
        return True
    year = measure.printed == "年" and 1900 <= numeral.value <= 2100
    return year and _CALENDAR.fullmatch(folded[start : numeral.end]) is not None


def _indefinite(folded: str, numeral: Numeral, measure: Measure, before: str) -> bool:
    """Tell whether 一 before the unit is an article (一家公司) and not a number (過去一年, 至少一家)."""
    unit = measure.unit
    if measure.add:
        return False  # 一年半
    if unit.kind == "money":
        return measure.printed in ("角", "毛", "圓")
    if _DETERMINER.search(before):
        return True
    if unit.name == "generation":
        return _GENERATION.search(before) is None
    if unit.kind == "time" and unit.name not in ("hour", "minute", "second"):
        whole = measure.printed == "整年" or folded[numeral.end] == "整"
        return not (whole or _ONE_TIME_BEFORE.search(before) or _ONE_TIME_AFTER.match(folded, measure.end))
    if unit.kind == "count":
        return modifier(folded, numeral.start, measure.end, unit.name, bare=False) not in _BEYOND
    return measure.printed in ("兩", "度")


def bare_unit(page: Page, numeral: Numeral, start: int) -> str | None:
    """Give the unit of a number (or of a range from `start`) printed without one, or None if nothing tells it."""
    scaled = numeral.scale in (1e4, 1e8, 1e12)
    if numeral.form in _VAGUE_FORMS or not (scaled or numeral.form == "arabic"):
        return None
    folded = page.folded
    before = page.before(start, 40)
    if numeral.form == "bare" and before.endswith("成千上"):
        return None
    if scaled:
        behind = folded[numeral.end : numeral.end + 14]
        # 100億的晶片 may be money for chips; 100萬的晶片 is chips.
        of = numeral.scale >= 1e8 and behind.lstrip().startswith("的")
        if _COUNT_AFTER.match(behind.removeprefix(" ")) and not of:
            return "item"
        clause = _CLAUSE.split(before)[-1]
        heads = [head.lastgroup for head in _HEAD.finditer(clause)]
        if heads and heads[-1] != "money" and numeral.form != "bare":
            return heads[-1]
        money = _MONEY_WORDS.search(before[-16:]) or _MONEY_WORDS.search(behind[:12])
        if numeral.scale >= 1e8 and (money or numeral.form != "bare"):
            return "currency_unspecified"
        if _COUNT_BEFORE.search(before):
            return "item"
        return "currency_unspecified" if money and numeral.form != "bare" else None
    if "," in folded[numeral.start : numeral.end] and _CHIPS.match(folded, numeral.end):
        return "item"
    if numeral.value >= 100 and _TPP.search(before):
        return "TPP"
    if _REPORTED.search(before.rstrip("正負")):
        wide = page.before(start, 60)
        if _INDEX.search(wide[-18:]):
            return "index_point"
        if numeral.value > 50 or "." in folded[numeral.start : numeral.end]:
            return _quotation(wide)
    return None


def _quotation(before: str) -> str | None:
    """Give the unit in which markets quote the last pair of currencies (美元兌日圓) that `before` names, if any."""
    pairs = _PAIR.findall(before)
    if not pairs:
        return None
    base, other = (CURRENCIES[name] for name in pairs[-1])
    if base == other:
        return None
    if "USD" in (base, other):
        foreign = other if base == "USD" else base
        return f"USD/{foreign}" if foreign in _BASES else f"{foreign}/USD"
    return f"{other}/{base}"


def currency_pair(page: Page, unit: str, numeral: Numeral) -> str:
    """Turn a price of one currency in another into its rate where the sentence quotes the pair."""
    if numeral.scale != 1.0 or unit not in _CODES:
        return unit
    before = page.before(numeral.start, 40)
    if ("兌" not in before and "對" not in before) or not _QUOTED.search(before):
        return unit
    rate = _quotation(before)
    return rate if rate is not None and rate.startswith(unit) else unit
