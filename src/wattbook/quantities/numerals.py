"""Values of Arabic, Chinese and mixed numerals.

The reader is a hand-written left-to-right parser. Every character is looked at a bounded number of times, so
a megabyte of digits or of 億 costs a megabyte of work and no more.
"""

from __future__ import annotations

import math
import re
from typing import NamedTuple

# One character for one character, so that offsets into the folded text are offsets into the original. Every character
# of a rule in this package has its Simplified form here (a test holds the two together); the rules are Traditional.
_SIMPLIFIED = (
    "万亿两俩规卷档决罚买卖页个仑问帐净访设赁载铜铝顷张块颗点时台双对级数吨线兑纳欧镑们间组种余贰叁陆过约几达参后来内这仅单岁层亩国圆银亚占并侠债价别则员报场压将导属岛"
    "峡带币强径从恒应户采换损撑击据扩摄揽败敌于昼会东条栋极标样机槛权历杀气没冲减测温沪满涨渐润泽湾灾为无营获现琼产当叠发盏盘"
    "卢码礼称谷积笔节签纪纽经维缩总织继续义圣联脑举旧舱兹华兰处号亏装视订计记许诉评试话调谓证誉变丰负财货贯贷费资赋质购车军轻辆"
    "轮转连进运远选边乡销钱锁链钟长门开队阶际电韩顶项预领头额类饭体鸟丽齐龄龙"
)
_TRADITIONAL = (
    "萬億兩倆規捲檔決罰買賣頁個侖問帳淨訪設賃載銅鋁頃張塊顆點時台雙對級數噸線兌納歐鎊們間組種餘貳叄陸過約幾達參後來內這僅單歲層畝國圓銀亞佔併俠債價別則員報場壓將導屬島"
    "峽帶幣強徑從恆應戶採換損撐擊據擴攝攬敗敵於晝會東條棟極標樣機檻權歷殺氣沒沖減測溫滬滿漲漸潤澤灣災為無營獲現瓊產當疊發盞盤"
    "盧碼禮稱穀積筆節簽紀紐經維縮總織繼續義聖聯腦舉舊艙茲華蘭處號虧裝視訂計記許訴評試話調謂證譽變豐負財貨貫貸費資賦質購車軍輕輛"
    "輪轉連進運遠選邊鄉銷錢鎖鏈鐘長門開隊階際電韓頂項預領頭額類飯體鳥麗齊齡龍"
)
_VARIANTS = {
    "臺": "台",
    "週": "周",
    "爲": "為",
    "裏": "裡",
    "着": "著",
    "綫": "線",
    "﹪": "%",
    "–": "-",
    "−": "-",
    "，": "、",
}
_FOLD = str.maketrans(
    {
        **dict(zip(_SIMPLIFIED, _TRADITIONAL, strict=True)),
        **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
        "\u3000": " ",
        "\u00a0": " ",
        **_VARIANTS,
    }
)
# Runs, so that a text in one script costs no call per character.
_FOLDED = re.compile("[" + "".join(map(re.escape, map(chr, _FOLD))) + "]++")
# The signs that prose is full of, replaced one by one before the runs are looked for.
_FREQUENT = "，：（）"

# A full-width comma groups digits only among full-width digits; elsewhere it is punctuation.
_WIDE_COMMA = re.compile("，(?<=[０-９]，)(?=[０-９])")

DIGITS: dict[str, int] = {
    **{c: n for n, c in enumerate("零一二三四五六七八九")},
    **{c: n for n, c in enumerate("〇壹貳叄肆伍陸柒捌玖")},
    "兩": 2,
    "倆": 2,
    "貮": 2,
}
SMALL = {"十": 10, "百": 100, "千": 1000, "拾": 10, "佰": 100, "仟": 1000}
BIG = {"萬": 1e4, "億": 1e8, "兆": 1e12}
_FORMAL_ALSO_WORDS = frozenset("伍陸肆拾")  # 隊伍, 大陸, 放肆, 收拾: numerals only in company
_MORE = frozenset("多餘幾來")
_ZERO = frozenset("零〇")
_MAX_GAP = 4  # spaces tolerated inside one number
_MAX_DIGITS = 40
_MAX_VALUE = 1e30

# Words that begin with a numeral and hold no number. Checked at the numeral's start.
_WORDS = re.compile(
    "壹切|一(?:切|看|些|樣|般|起|直|定|旦|致|律|向|下|味|再|度|貫|路|邊|方面|邊|體|同|共|併|齊|舉|帶|線|流|次性|系列|攬子|部分"
    "|視同仁|如既往|蹶不振|石[二三]鳥|言|心|手|目|刻|時|新|頭|股腦|成不變|回事|口氣|條龍|則|來|經|生|身|道)"
    "|二(?:選一|手|維|極管|氧化|進)|三(?:位一體|番兩次|天兩頭|明治|星|峽|亞|角)|四(?:川|處|周|肢|海|季如)"
    "|五(?:角大|花八|穀|金|官|四運)|六(?:合彩|神)|七(?:俠|巨頭|夕)|八(?:卦|達通)|九(?:龍|九|寨)"
    "|十(?:足|分(?!之|鐘|析|布)|字|全|五五|四五|三五)"
    "|百(?:度|姓|貨|合|科|分點)|千(?:禧|金|古)|萬(?:一|聖|歲|劫|無|能)|兆(?:豐|頭|示)|億(?:萬富)|兩(?:兩|岸|手空)"
    "|半(?:導體|島|徑|夜|路|精度)"
)
_ARABIC = re.compile(r"[0-9]++(?:[.,][0-9]++)*+|(?<![.0-9])\.[0-9]++")
_EXPONENT = re.compile(r"[eE][+-]?\d{1,3}(?![\dA-Za-z])")
_POWER = re.compile(r"\^([+-]{0,2})(\d{1,6}(?:\.\d{1,6})?)(?!\d)")
_SUFFIX = re.compile(r" {0,2}[kKM](?![A-Za-z0-9])")
_PERCENT = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})? ?%")
_SLASH = re.compile(r"/(\d{1,9})(?![\d.,/A-Za-z%])")
_MIXED_FRACTION = re.compile(r" (\d{1,9})/(\d{1,9})(?![\d.,/])")
_OVER = re.compile(" {0,4}分 {0,4}之 {0,4}")
_AND = re.compile(" {0,4}又 {0,4}")
_HAN = "零〇一二三四五六七八九十百千萬億兆壹貳叄肆伍陸柒捌玖拾佰仟兩倆貮"
# Where a numeral can begin; 數 and 幾 only before a scale.
_START = re.compile(
    f"[0-9.{_HAN}半數幾](?:(?<=[0-9])[0-9]*+|(?<=[數幾])(?= {{0,4}}[十百千萬億兆拾佰仟])|(?<![0-9數幾]))"
)
_SI = {"千": "[瓦米克赫卡伏帕焦升]|比特|字節|位元", "兆": "[瓦赫帕焦伏]|字節|位元|比特|歐姆"}
_SI_AFTER = {scale: re.compile(units) for scale, units in _SI.items()}
# The numerals most text is made of, read without the parser: nothing follows that could make them longer.
_GOES_ON = f"[{_HAN}數幾多餘來又打kKM]|分 {{0,4}}之"
_OF_UNIT = "|".join(f"{scale}(?:{units})" for scale, units in _SI.items())
_ON = f" {{0,4}}(?!{_OF_UNIT})"
_END = f"(?!{_ON}(?:[0-9^點]|{_GOES_ON}))"
_PLAIN = re.compile(
    r"((?:[0-9]{1,3}(?:,[0-9]{3})++|[0-9]{1,15}+)(?:\.[0-9]{1,15}+)?+)"
    f"(?: {{0,4}}(?!{_OF_UNIT})([萬億兆]){_END}|(?![0-9eE^]|[.,][0-9]|{_ON}(?:{_GOES_ON})))"
    f"|([一二三四五六七八九兩]){_END}"
)
_DOZEN = re.compile("打(?![擊造折摺算開破電印仗敗壓球包車通])")
_NOT_SEVERAL_BEFORE = frozenset("指人倍總次件個基函常係位參戶")


class Numeral(NamedTuple):
    """One numeral in a text.

    `start` and `end` are offsets, half-open. `value` is the number as it stands; `low` and `high` differ from it
    only where the numeral itself is a spread (二三十, 十幾, 數百). `more` tells 多, 餘 or 幾 within it. `scale` is
    the last multiplier (1e4 in 40萬) and `unscaled` the value without it. `form` is "arabic", "han", "bare" (a
    scale with no digit: 百萬), "several" (數百萬), "pair" (兩三), "half" (半), "word" (一 and 兩 alone), "fraction"
    or "damaged" (digits that cannot be right; the value is nan).
    """

    start: int
    end: int
    value: float
    low: float
    high: float
    more: bool
    scale: float
    unscaled: float
    form: str


def fold(text: str) -> str:
    """Give `text` with full-width and Simplified characters of numbers and units replaced one for one."""
    text = _WIDE_COMMA.sub(",", text)
    for sign in _FREQUENT:
        text = text.replace(sign, _FOLD[ord(sign)])
    return _FOLDED.sub(lambda run: run.group().translate(_FOLD), text)


def skip(text: str, at: int) -> int:
    """Give the first offset at or after `at` that is no space, within the gap a number may hold."""
    if not text.startswith(" ", at):
        return at
    stop = min(len(text), at + _MAX_GAP)
    while at < stop and text[at] == " ":
        at += 1
    return at


def _simple(text: str, at: int) -> Numeral | None:
    """Read 42, 4,230億 or 三 at `at` where nothing can prolong it; else None."""
    match = _PLAIN.match(text, at)
    if match is None:
        return None
    run, scale, digit = match.groups()
    if digit:
        form = "word" if digit in "一兩" else "han"
        return _plain(at, at + 1, float(DIGITS[digit]), form)
    number = float(run.replace(",", "") if "," in run else run)
    factor = BIG[scale] if scale else 1.0
    value = number * factor
    return Numeral(at, match.end(), value, value, value, False, factor, number, "arabic")


def _plain(at: int, end: int, value: float, form: str) -> Numeral:
    return Numeral(at, end, value, value, value, False, 1.0, value, form)


def _arabic(text: str, at: int) -> list[Numeral]:
    """Read the digit run at `at`; more than one numeral where commas or dots only separate."""
    match = _ARABIC.match(text, at)
    if match is None:
        return []
    run, end = match.group(), match.end()
    if "," not in run and run.count(".") <= 1:
        exponent = _EXPONENT.match(text, end)
        if exponent is not None:
            run, end = run + exponent.group(), exponent.end()
        if len(run) > _MAX_DIGITS:
            return [_plain(at, end, math.nan, "damaged")]
        return [_plain(at, end, float(run), "arabic")]
    whole, _, decimals = run.partition(".")
    groups = whole.split(",")
    if "," in run and "," not in decimals and "." not in decimals and all(len(g) == 3 for g in groups[1:]):
        lead = groups[0]
        if len(lead) <= 3 and len(run) <= _MAX_DIGITS:
            return [_plain(at, end, float(run.replace(",", "")), "arabic")]
        if not (len(lead) == 4 and lead[:2] in ("19", "20")):
            return [_plain(at, end, math.nan, "damaged")]
    pieces: list[Numeral] = []
    dotted = run.count(".") > 1 and "," not in run
    for piece in re.finditer(r"\d++" if dotted else r"\d++(?:\.\d++)?+", run):
        number = piece.group()
        value = float(number) if len(number) <= _MAX_DIGITS else math.nan
        form = "damaged" if math.isnan(value) else "dotted" if dotted else "arabic"
        pieces.append(_plain(at + piece.start(), at + piece.end(), value, form))
    return pieces


def _is_scale(text: str, at: int) -> float:
    """Give the multiplier at `at`, or 0; the 千 of 千瓦 and the 兆 of 兆瓦 belong to the unit."""
    if at >= len(text):
        return 0.0
    char = text[at]
    factor = float(SMALL.get(char, 0)) or BIG.get(char, 0.0)
    si = _SI_AFTER.get(char)
    if factor and si is not None and si.match(text, at + 1):
        return 0.0
    return factor


class _Integer:
    """Accumulates one numeral from digits and scales, read left to right."""

    def __init__(self) -> None:
        self.groups: list[tuple[float, float]] = []
        self.section = 0.0
        self.digit: float | None = None
        self.small = math.inf
        self.last = 0.0
        self.zero = False
        self.more = False
        self.several = False
        self.lead: float | None = None

    @property
    def empty(self) -> bool:
        return not self.groups and not self.section and self.digit is None

    def take_small(self, factor: float) -> bool:
        if factor >= self.small:
            return False
        if self.digit is None:
            if not (self.empty or self.zero or factor == 10):
                return False
            self.digit = 1.0
        self.section += self.digit * factor
        self.digit, self.small, self.last, self.zero = None, factor, factor, False
        return True

    def take_big(self, factor: float) -> bool:
        value = self.section + (self.digit or 0.0)
        if value == 0 and self.groups:
            if self.last not in (1e4, 1e8, 1e12):
                return False
            held, scale = self.groups.pop()
            self.groups.append((held * factor, scale * factor))
        else:
            while self.groups and self.groups[-1][1] < factor:
                value += self.groups.pop()[0]
            implied = 1.0 if self.digit is None and not self.section else 0.0  # 億 alone is one of it; 0億 is none
            self.groups.append(((value or implied) * factor, factor))
        self.section, self.digit, self.small = 0.0, None, math.inf
        self.last, self.zero = factor, False
        return True

    def total(self) -> float:
        value = sum(held for held, _ in self.groups) + self.section
        if self.digit is not None:
            shorthand = self.last / 10 if self.last > 10 and not self.zero else 1.0
            value += self.digit * shorthand
        return value


def _digits_run(text: str, at: int) -> int:
    """Give the end of the run of Chinese digits at `at`, no spaces, at most 12 long."""
    end = at
    while end < len(text) and end - at < 12 and text[end] in DIGITS:
        if text[end] in "兩倆" and end > at and text[at:end] != "一":
            break  # 二兩 is a weight, 一兩年 a spread
        end += 1
    return end


def _integer(text: str, at: int) -> Numeral | None:
    """Read one numeral without sign, decimal 點 or 分之 at `at`."""
    number = _Integer()
    pos = end = at
    han = arabic = False
    bare_start = bool(_is_scale(text, at)) and text[at] not in "十拾"
    spread: tuple[float, float] | None = None
    tail_scale = 1.0

    first = text[at]
    if first in "數幾" and _is_scale(text, skip(text, at + 1)):
        if at and text[at - 1] in _NOT_SEVERAL_BEFORE and first == "數":
            return None
        number.several = True
        number.digit = 1.0
        pos = end = at + 1
        bare_start = False
    elif first in DIGITS:
        stop = _digits_run(text, at)
        if stop - at == 2 and _is_scale(text, stop):
            few, many = DIGITS[first], DIGITS[text[at + 1]]
            if 0 < few < many:
                spread = (float(few), float(many))
                number.digit = 1.0
                pos = end = stop
                han = True
        if spread is None and stop - at >= 2:
            chars = text[at:stop]
            values = [DIGITS[c] for c in chars]
            if stop - at == 2 and chars[0] in _ZERO:
                return None
            if stop - at == 2 and 0 < values[0] < values[1]:
                numeral = _plain(at, stop, float(values[0] * 10 + values[1]), "pair")
                return numeral._replace(low=float(values[0]), high=float(values[1]))
            if _is_scale(text, stop) and not any(c in _ZERO for c in chars[:-1]):
                return None
            return _plain(at, stop, float("".join(map(str, values))), "string")

    while True:
        here = skip(text, pos) if not number.empty or number.zero else pos
        if here >= len(text):
            break
        char = text[here]
        factor = _is_scale(text, here)
        if factor:
            if char in SMALL:
                if not number.take_small(factor):
                    break
            elif not number.take_big(factor):
                break
            han = True
            pos = end = here + 1
            tail_scale = factor
            continue
        if char in _ZERO:
            if number.digit is not None or number.zero:
                break
            number.zero = True
            if number.empty:
                pos = here + 1
                end = here + 1
                han = True
                continue
            follow = skip(text, here + 1)
            nxt = text[follow] if follow < len(text) else ""
            if not (nxt in DIGITS or nxt in SMALL or nxt.isdecimal() or nxt == "幾") or nxt == "":
                number.zero = False
                break
            pos = here + 1
            han = True
            continue
        if char in DIGITS:
            if number.digit is not None:
                break
            if char == "兩" and number.last and not _is_scale(text, here + 1):
                break  # 三千兩百兩: the second 兩 is a weight
            number.digit = float(DIGITS[char])
            han = True
            pos = end = here + 1
            if number.last:
                tail_scale = 1.0
            continue
        if (char.isdecimal() and char.isascii()) or (char == "." and number.empty and not number.zero):
            if number.digit is not None:
                break
            pieces = _arabic(text, here)
            if not pieces:
                break
            piece = pieces[0]
            if piece.form == "damaged":
                if number.empty:
                    return piece
                break
            if number.empty and not number.zero:
                if len(pieces) > 1 or piece.form == "dotted":
                    return piece
                number.digit = piece.value
                arabic = True
                pos = end = piece.end
                continue
            follow_scale = _is_scale(text, skip(text, piece.end))
            if len(pieces) == 1 and follow_scale and follow_scale < number.last:
                number.digit = piece.value
                pos = end = piece.end
                continue
            glued = here == pos and piece.value == int(piece.value) and len(pieces) == 1
            if glued and (number.zero or len(text[piece.start : piece.end]) == round(math.log10(number.last))):
                number.zero = True  # literal units: no shorthand
                number.digit = piece.value
                pos = end = piece.end
                tail_scale = 1.0
                if follow_scale > number.last:
                    continue
            break
        if char in _MORE and not number.empty:
            follow = skip(text, here + 1)
            if _is_scale(text, follow) in BIG.values():
                if char == "來" and not han:
                    break
                number.more = True
                pos = here + 1
                continue
            break
        break

    if number.empty and not (number.zero and han):
        return None
    # A numeral that trails off in 零 with nothing after it ends before the 零.
    value = number.total()
    if not math.isfinite(value) or value > _MAX_VALUE:
        return _plain(at, end, math.nan, "damaged")
    low = high = value
    if spread is not None:
        low, high = value * spread[0], value * spread[1]
        value = low
    if number.several:
        low, high = 2 * value, 9 * value
    if number.several:
        form = "several"
    elif bare_start and end - at <= 4 and number.digit is None and not any(c in DIGITS for c in text[at:end]):
        form = "bare"
    elif arabic:
        form = "arabic"
    else:
        form = "word" if end - at == 1 and text[at] in "一兩" else "han"
    unscaled = value / tail_scale
    return Numeral(at, end, value, low, high, number.more, tail_scale, unscaled, form)


def _decimal(text: str, numeral: Numeral) -> Numeral:
    """Extend a Chinese numeral by 點 and its decimals, if they follow."""
    at = skip(text, numeral.end)
    if at >= len(text) or text[at] != "點" or numeral.form not in ("han", "word", "several"):
        return numeral
    pos = at + 1
    digits = ""
    end = numeral.end
    while len(digits) < 20:
        here = skip(text, pos)
        if here >= len(text) or text[here] not in DIGITS or text[here] in "兩倆":
            break
        digits += str(DIGITS[text[here]])
        pos = end = here + 1
    if not digits:
        return numeral
    scale = _is_scale(text, end)
    if scale and scale not in BIG.values():
        return numeral  # 三點五十分 is a time
    value = numeral.value + float("0." + digits)
    while scale in BIG.values():
        value *= scale
        if value > _MAX_VALUE:
            return numeral
        end += 1
        numeral = numeral._replace(scale=scale)
        scale = _is_scale(text, end)
    return numeral._replace(end=end, value=value, low=value, high=value, unscaled=value / numeral.scale, form="han")


def _signed(text: str, at: int) -> tuple[float, int]:
    return (-1.0, at + 1) if text.startswith("負", at) else (1.0, at)


def _negative_before(text: str, at: int) -> bool:
    """Tell whether the - or 負 before `at` is a minus sign, not a hyphen or the end of 正負."""
    if text[at - 1] == "負":
        return text[at - 2 : at - 1] != "正"  # 正負2%
    if at == 1:
        return True
    before = text[at - 2]
    if before in " (,。、:;=“「\n\t為是約達至降跌到於在長幅率速減升增報":
        return True
    # 同比-5.3%: a minus sign. 百分之三-5%: a range.
    return "\u4e00" <= before <= "\u9fff" and before not in _HAN and _PERCENT.match(text, at) is not None


def _top(text: str, at: int) -> Numeral | None:
    """Read the numeral above 分之 at `at`."""
    sign, start = _signed(text, at)
    if start >= len(text) or not _START.match(text, start):
        return None
    top = _integer(text, start)
    if top is None or top.form in ("damaged", "several"):
        return None
    top = _suffixed(text, _decimal(text, top))
    return top._replace(value=sign * top.value, low=sign * top.low, high=sign * top.high)


def _fraction(text: str, numeral: Numeral) -> Numeral:
    """Extend `numeral` to a fraction (四分之一) or a mixed one (三又二分之一), if one follows."""
    over = _OVER.match(text, numeral.end)
    if over is not None and numeral.value:
        top = _top(text, over.end())
        if top is not None:
            low, high = sorted((top.low / numeral.value, top.high / numeral.value))
            form = "share" if numeral.form == "bare" else "fraction"
            return Numeral(numeral.start, top.end, top.value / numeral.value, low, high, top.more, 1.0, low, form)
    both = _AND.match(text, numeral.end)
    if both is not None and _START.match(text, both.end()):
        bottom = _integer(text, both.end())
        if bottom is not None and bottom.value:
            over = _OVER.match(text, bottom.end)
            top = _top(text, over.end()) if over is not None else None
            if top is not None:
                return _plain(numeral.start, top.end, numeral.value + top.value / bottom.value, "fraction")
    return numeral


def _slashed(text: str, numeral: Numeral) -> Numeral:
    """Extend an Arabic numeral to a fraction written with a slash (3/5, 1 4/3)."""
    if numeral.form != "arabic" or numeral.scale != 1.0 or numeral.value % 1:
        return numeral
    mixed = _MIXED_FRACTION.match(text, numeral.end)
    if mixed is not None and float(mixed.group(2)):
        value = numeral.value + float(mixed.group(1)) / float(mixed.group(2))
        return _plain(numeral.start, mixed.end(), value, "fraction")
    slash = _SLASH.match(text, numeral.end)
    if slash is not None and float(slash.group(1)):
        return _plain(numeral.start, slash.end(), numeral.value / float(slash.group(1)), "fraction")
    return numeral


def _suffixed(text: str, numeral: Numeral) -> Numeral:
    """Apply a k or M written after Arabic digits, or a 打 (dozen)."""
    factor, end = 1.0, numeral.end
    suffix = _SUFFIX.match(text, numeral.end) if numeral.form == "arabic" else None
    if suffix is not None:
        factor, end = (1e3 if suffix.group().strip() in "kK" else 1e6), suffix.end()
    elif _DOZEN.match(text, numeral.end) and numeral.form not in ("bare", "damaged"):
        factor, end = 12.0, numeral.end + 1
    if factor == 1.0:
        return numeral
    return numeral._replace(
        end=end,
        value=numeral.value * factor,
        low=numeral.low * factor,
        high=numeral.high * factor,
        scale=numeral.scale * factor,
    )


def _powered(text: str, numeral: Numeral) -> Numeral:
    """Apply an exponent written with a caret (2^5)."""
    power = _POWER.match(text, numeral.end)
    if power is None or numeral.form != "arabic":
        return numeral
    exponent = float(power.group(2)) * (-1 if power.group(1).count("-") % 2 else 1)
    try:
        value = math.pow(numeral.value, exponent)
    except (OverflowError, ValueError):
        return numeral
    return _plain(numeral.start, power.end(), value, "arabic")


def numerals(folded: str, *, shares: bool) -> list[Numeral]:
    """Read every numeral of a folded text, left to right, none overlapping.

    With `shares`, 百分之五 is one numeral of 0.05 and form "share"; without, it is the 五 alone.
    """
    found: list[Numeral] = []
    pos = 0
    for match in _START.finditer(folded):
        at = match.start()
        if at < pos:
            continue
        char = folded[at]
        if char.isdecimal() or char == ".":
            numeral = _simple(folded, at)
            if numeral is None:
                pieces = _arabic(folded, at)
                if not pieces:
                    continue
                if len(pieces) > 1 or pieces[0].form == "damaged":
                    found += pieces[:-1]
                    last = pieces[-1]
                    if last.form == "arabic":
                        # Only the last piece can carry a scale or a unit of its own.
                        last = _integer(folded, last.start) or last
                    found.append(last)
                    pos = last.end
                    continue
        elif char == "半":
            if folded.startswith("百", at + 1):
                found.append(_plain(at, at + 2, 50.0, "han"))
                pos = at + 2
            elif not _WORDS.match(folded, at):
                found.append(_plain(at, at + 1, 0.5, "half"))
                pos = at + 1
            continue
        else:
            word = _WORDS.match(folded, at)
            if word is not None:
                pos = word.end()
                continue
            numeral = _simple(folded, at)
        if numeral is None:
            numeral = _integer(folded, at)
            if numeral is None:
                pos = at + 1
                continue
            if numeral.end - numeral.start == 1 and char in _FORMAL_ALSO_WORDS:
                follow = skip(folded, numeral.end)
                if not (folded.startswith(("點", "折"), follow)):
                    pos = numeral.end
                    continue
            numeral = _decimal(folded, numeral)
            if shares or numeral.form != "bare":
                numeral = _fraction(folded, numeral)
            if numeral.form != "fraction":
                numeral = _powered(folded, _suffixed(folded, numeral))
        if at and folded[at - 1] in "-負" and _negative_before(folded, at) and numeral.form != "damaged":
            numeral = numeral._replace(
                start=at - 1,
                value=-numeral.value,
                low=-numeral.high,
                high=-numeral.low,
                unscaled=-numeral.unscaled,
            )
        found.append(numeral)
        pos = numeral.end
    return found


_CURRENCY_NEXT = re.compile("美元|美刀|美金|歐元|日元|港元|折")
_LETTER = re.compile("[A-Za-z]")


def find_numbers(text: str) -> list[Numeral]:
    """Find every cardinal numeral of `text`, whatever it counts; offsets are into `text`.

    Left out: scales with no digit (萬), vague ones (數百), 兩兩 and other words that merely contain a numeral,
    digits glued to a Latin word (H200), and 一 or 兩 before a currency, where it is part of a price.
    """
    folded = fold(text)
    kept: list[Numeral] = []
    for numeral in numerals(folded, shares=False):
        if numeral.form in ("bare", "several", "half", "pair", "damaged"):
            continue
        if numeral.form == "word" and _CURRENCY_NEXT.match(folded, numeral.end):
            continue
        if numeral.start and _LETTER.match(folded, numeral.start - 1):
            continue
        kept.append(_slashed(folded, numeral))
    return _without_overlaps(kept)


def _without_overlaps(found: list[Numeral]) -> list[Numeral]:
    """Drop a numeral that an earlier one, once extended, has swallowed."""
    kept: list[Numeral] = []
    for numeral in found:
        if not kept or numeral.start >= kept[-1].end:
            kept.append(numeral)
    return kept


def find_ordinals(text: str) -> list[Numeral]:
    """Find ordinals (第三, 第 250); the span includes 第."""
    folded = fold(text)
    found: list[Numeral] = []
    for numeral in numerals(folded, shares=False):
        at = numeral.start
        while at and numeral.start - at < _MAX_GAP and folded[at - 1] == " ":
            at -= 1
        if at and folded[at - 1] == "第" and numeral.form not in ("half", "damaged", "bare", "several"):
            found.append(numeral._replace(start=at - 1))
    return found
