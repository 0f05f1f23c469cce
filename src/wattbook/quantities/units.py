"""The unit table: what is printed, the canonical unit, and the factor between them.

Factors are exact by definition (SI prefixes, 1 美分 = 0.01 USD, 1 盎司 left as an ounce). 度 counts as a kilowatt
hour after 萬 or 億 or before 電, as in everyday Chinese; otherwise it is a degree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A canonical unit name, the factor onto it, and the kind of thing it measures."""

    name: str
    factor: float
    kind: str


_TABLE: dict[str, Unit] = {}


def _add(kind: str, name: str, factor: float, *surfaces: str) -> None:
    for surface in surfaces:
        _TABLE[surface] = Unit(name, factor, kind)


# Money.
_MONEY = {
    "USD": ("美元", "美金", "美圓", "美刀", "元美元", "元美金", "USD", "US$"),
    "CNY": ("元", "元人民幣", "人民幣", "人民幣元", "塊錢", "圓", "RMB", "CNY"),
    "TWD": ("新台幣", "台幣", "元新台幣", "元台幣", "新台幣元", "台幣元", "TWD", "NTD", "NT$"),
    "HKD": ("港元", "港幣", "元港幣", "元港元", "港圓", "HKD", "HK$"),
    "CAD": ("加元", "加幣", "加拿大元", "CAD", "C$"),
    "JPY": ("日元", "日圓", "日幣", "円", "JPY"),
    "EUR": ("歐元", "EUR"),
    "GBP": ("英鎊", "GBP"),
    "KRW": ("韓元", "韓圓", "韓幣", "KRW"),
    "CHF": ("瑞士法郎", "瑞郎", "CHF"),
    "AUD": ("澳元", "澳幣", "AUD"),
    "SGD": ("新加坡元", "新元", "SGD"),
    "INR": ("盧比", "印度盧比", "INR"),
    "RUB": ("盧布", "RUB"),
    "NGN": ("奈拉", "NGN"),
    "BTC": ("個比特幣", "枚比特幣", "比特幣"),
}
for _code, _surfaces in _MONEY.items():
    _add("money", _code, 1.0, *_surfaces)
# Names that stand for a currency without an amount: 美元, but not 元 or $.
CURRENCIES = {
    name: code for code, names in _MONEY.items() for name in names if len(name) > 1 and name[0] not in "元塊個枚U"
}
_add("money", "USD", 0.01, "美分")
_add("money", "EUR", 0.01, "歐分")
_add("money", "CNY", 0.1, "角", "毛")
_add("money", "JPY", 0.01, "日本銭", "日本錢")

# Shares of a whole and rates of interest.
_add("percent", "percent", 1.0, "%")
_add("percent", "percent", 10.0, "成", "折")
_add("percent", "percentage_point", 1.0, "個百分點", "百分點", "pp")
_add("percent", "basis_point", 25.0, "碼")  # the step in which Taiwan counts changes of interest rates
_add("percent", "basis_point", 1.0, "個基點", "基點", "bp", "bps")

# SI.
_PREFIX_HAN = {"": 1.0, "千": 1e3, "兆": 1e6, "百萬": 1e6, "吉": 1e9, "十億": 1e9, "太": 1e12, "拍": 1e15}
for _p, _f in _PREFIX_HAN.items():
    _add("physical", "Wh", _f, f"{_p}瓦時", f"{_p}瓦小時", f"{_p}瓦特小時")
    _add("physical", "W", _f, f"{_p}瓦", f"{_p}瓦特")
    _add("physical", "V", _f, f"{_p}伏", f"{_p}伏特")
    _add("physical", "Hz", _f, f"{_p}赫", f"{_p}赫茲")
    _add("physical", "byte", _f, f"{_p}字節", f"{_p}位元組")
    _add("physical", "bit", _f, f"{_p}比特", f"{_p}位元")
for _p, _f in {"": 1.0, "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}.items():
    _add("physical", "Wh", _f, f"{_p}Wh", f"{_p}WH")
    _add("physical", "W", _f, f"{_p}W", f"{_p}w" if _p else "W")
    _add("physical", "V", _f, f"{_p}V")
    _add("physical", "Hz", _f, f"{_p}Hz")
    _add("physical", "FLOPS", _f, f"{_p}FLOPS", f"{_p}FLOP/s", f"{_p}Flops")
    if _p:
        _add("physical", "OPS", _f, f"{_p}OPS")
        _add("physical", "byte", _f, f"{_p}B", f"{_p}iB")
        _add("physical", "byte/s", _f, f"{_p}B/s", f"{_p}B/秒", f"{_p}Bps")
        _add("physical", "bit/s", _f, f"{_p}bps", f"{_p}b/s", f"{_p}bit/s")
_add("physical", "Wh", 1e3, "度電")
_add("physical", "m", 1.0, "米", "公尺", "m")
_add("physical", "m", 1e3, "公里", "千米", "km")
_add("physical", "m", 1e-2, "厘米", "公分", "cm", "CM")
_add("physical", "m", 1e-3, "毫米", "公釐", "mm")
_add("physical", "m", 1e-6, "微米", "um", "μm", "µm")
_add("physical", "m", 1e-9, "奈米", "納米", "nm")
_add("physical", "mile", 1.0, "英里", "哩")
_add("physical", "foot", 1.0, "英尺", "呎")
_add("physical", "inch", 1.0, "英寸", "英吋", "吋")
_add("physical", "m2", 1.0, "平方米", "平方公尺")
_add("physical", "m2", 1e6, "平方公里", "平方千米")
_add("physical", "m2", 1e4, "公頃")
_add("physical", "foot2", 1.0, "平方英尺", "平方呎")
_add("physical", "acre", 1.0, "英畝")
_add("physical", "mu", 1.0, "畝")
_add("physical", "ping", 1.0, "坪")
_add("physical", "g", 1.0, "克", "公克")
_add("physical", "g", 1e3, "千克", "公斤", "kg")
_add("physical", "g", 1e-3, "毫克", "mg")
_add("physical", "g", 1e-6, "微克")
_add("physical", "jin", 1.0, "斤")
_add("physical", "liang", 1.0, "兩")
_add("physical", "t", 1.0, "噸", "公噸")
_add("physical", "oz", 1.0, "盎司")
_add("physical", "lb", 1.0, "磅")
_add("physical", "L", 1.0, "公升", "升")
_add("physical", "m3", 1.0, "立方米", "立方公尺")
_add("physical", "gallon", 1.0, "加侖")
_add("physical", "cal", 1e3, "千卡", "大卡")
_add("physical", "barrel", 1.0, "桶")
_add("physical", "bushel", 1.0, "蒲式耳")
_add("physical", "degree", 1.0, "度")
_add("physical", "degC", 1.0, "攝氏度", "°C", "℃")
_add("physical", "degF", 1.0, "華氏度", "°F", "℉")

# Time.
_add("time", "year", 1.0, "年", "個年頭", "整年")
_add("time", "year", 1.0, "歲", "周歲")
_add("time", "quarter", 1.0, "個季度", "個季", "個財季", "季度", "季")
_add("time", "month", 1.0, "個月", "個月大")
_add("time", "week", 1.0, "周", "個周", "個星期", "星期", "個禮拜", "周大")
_add("time", "day", 1.0, "天", "天大", "個交易日", "個工作日", "日", "晝夜")
_add("time", "hour", 1.0, "小時", "個小時", "個鐘頭")
_add("time", "minute", 1.0, "分鐘")
_add("time", "second", 1.0, "秒", "秒鐘")
_add("time", "second", 1e-3, "毫秒", "ms")

# Counts.
_add("count", "share", 1.0, "股")
_add("count", "parameter", 1.0, "參數", "個參數")
_add("count", "generation", 1.0, "代")
_add("count", "person", 1.0, "人", "名", "位", "個人", "人次")
_add("ratio", "ratio", 1.0, "倍", "x", "X")
_add("index", "index_point", 1.0, "點")
_CLASSIFIERS = (
    "個家枚顆張塊片座台套款種項條件只隻份篇部輛架艘棟間所宗筆批輪次場類派組支株章節戶"
    "對雙粒根封扇例起門本支盞艙趟列層處檔杯瓶箱頁票席棵句"
)
for _c in _CLASSIFIERS:
    _add("count", "item", 1.0, _c)
_add("count", "item", 1.0, "家庭", "台套", "件套")

# What may not follow a one-character unit for it to be that unit (部 in 部署, 代 in 代表 ...).
_NOT_BEFORE = {
    "元": "宇素老件年旦首月宵器",
    "成": "分為長立功本果員熟交就品年都千",
    "折": "舊算扣射磨疊損",
    "年": "代級薪報會版款輕度頭齡輪初末底",
    "周": "期邊末年歲轉遭一二三四五六日",
    "天": "然王下才氣津空使文機花平線涯敵人地真生候候賦",
    "日": "元圓幣本報前後常益漸起內前期",
    "秒": "殺",
    "股": "東價權份市票指本民息利神災盤王市腦",
    "代": "表工理碼價差替際言號碼數",
    "人": "工類民均口事力才為形物造稱士",
    "名": "單字稱義為列額譽牌",
    "碼": "頭表",
    "層": "級面次出",
    "處": "理於置境分罰長方女死決",
    "檔": "案次期",
    "箱": "型體",
    "票": "據房價面數決",
    "席": "位次捲卷地",
    "頁": "岩面",
    "位": "於居列置元數址階移",
    "倍": "增受感數",
    "點": "擊評出名半鐘頭",
    "家": "庭電長族居用鄉具裡",
    "個": "性別體股案人位",
    "張": "力",
    "塊": "錢鏈",
    "片": "面段",
    "台": "灣積北中南股電幣階",
    "套": "現利路餐",
    "種": "族植子",
    "項": "目",
    "條": "款件例約",
    "部": "署長門隊份分落",
    "間": "接隔",
    "所": "有以謂得需屬",
    "次": "要級日年旗數貸",
    "場": "景所地合",
    "類": "似股比型別",
    "派": "發出遣",
    "組": "成織建合件裝",
    "支": "持援付出撐配架",
    "章": "程",
    "節": "點能省目約日",
    "戶": "外口",
    "對": "於手應比華美中沖外抗等稱話方",
    "雙": "方重",
    "根": "據本",
    "封": "裝鎖殺測裝",
    "例": "如外子",
    "起": "訴點步家來伏碼",
    "門": "檻戶市",
    "本": "土地國公次季月周年輪益身質來月能",
    "列": "入為車出表",
    "度": "假過",
    "米": "飯其蘭",
    "磅": "礡薄",
    "坪": "林數效",
    "克": "服制里拉",
    "斤": "斤",
    "升": "級至到高值幅息溫破",
    "季": "節後報前",
    "月": "底初末中旬份球亮薪",
    "毛": "利病澤",
    "角": "度色落逐",
    "圓": "滿桌形",
    "輪": "胎流",
    "只": "有是要能會需不",
    "款": "項",
    "批": "評准發判",
    "筆": "者電試記",
}
# 十個月大的孩子, but not 十個月大漲.
_AGES = frozenset({"個月大", "周大", "天大"})
# Latin units must not run on into a word.
_LATIN_END = "(?![A-Za-z0-9])"


def _pattern(surfaces: list[str]) -> str:
    parts = []
    for surface in sorted(surfaces, key=len, reverse=True):
        part = re.escape(surface)
        if surface[-1].isascii() and surface[-1].isalpha():
            part += _LATIN_END
        elif surface in _AGES:
            part += "(?=[的了,。、;)]|$)"
        elif surface in _NOT_BEFORE:
            part += f"(?![{_NOT_BEFORE[surface]}])"
        parts.append(part)
    return "|".join(parts)


# One pattern per first character, so that a word that is no unit costs one look-up.
_UNITS = {first: re.compile(_pattern([s for s in _TABLE if s[0] == first])) for first in {s[0] for s in _TABLE}}
_SPACED_POINT = re.compile("個? {0,4}百 {0,4}分 {0,4}點")

# Signs and words that stand before the number.
PREFIX_MONEY = {
    "US$": "USD", "NT$": "TWD", "HK$": "HKD", "C$": "CAD", "CA$": "CAD", "$": "USD", "€": "EUR", "£": "GBP",
    "¥": "CNY", "￥": "CNY", "人民幣": "CNY", "新台幣": "TWD", "台幣": "TWD", "港幣": "HKD", "RMB": "CNY",
    "USD": "USD", "TWD": "TWD", "NTD": "TWD", "HKD": "HKD", "CNY": "CNY", "EUR": "EUR", "JPY": "JPY",
    "CAD": "CAD", "美金": "USD", "歐元": "EUR",
}  # fmt: skip
PREFIX = re.compile("(?:" + "|".join(re.escape(p) for p in sorted(PREFIX_MONEY, key=len, reverse=True)) + ") {0,2}$")
# A sign is looked for only after one of these.
PREFIX_ENDS = frozenset({*(prefix[-1] for prefix in PREFIX_MONEY), " "})

# Denominators of rates: canonical name and factor (1 MW in the denominator is 1e6 W).
DENOMINATORS: dict[str, tuple[str, float]] = {
    "股": ("share", 1.0),
    "桶": ("barrel", 1.0),
    "噸": ("t", 1.0),
    "公噸": ("t", 1.0),
    "盎司": ("oz", 1.0),
    "oz": ("oz", 1.0),
    "千瓦時": ("kWh", 1.0),
    "千瓦小時": ("kWh", 1.0),
    "度電": ("kWh", 1.0),
    "度": ("kWh", 1.0),
    "kWh": ("kWh", 1.0),
    "兆瓦時": ("kWh", 1e3),
    "MWh": ("kWh", 1e3),
    "吉瓦": ("W", 1e9),
    "GW": ("W", 1e9),
    "兆瓦": ("W", 1e6),
    "百萬瓦": ("W", 1e6),
    "MW": ("W", 1e6),
    "千瓦": ("W", 1e3),
    "kW": ("W", 1e3),
    "瓦": ("W", 1.0),
    "W": ("W", 1.0),
    "日": ("day", 1.0),
    "天": ("day", 1.0),
    "秒": ("s", 1.0),
    "s": ("s", 1.0),
    "小時": ("hour", 1.0),
    "年": ("year", 1.0),
    "月": ("month", 1.0),
}
_DEN = "|".join(sorted(map(re.escape, DENOMINATORS), key=len, reverse=True))
PER_AFTER = re.compile(f" {{0,2}}(?:/ {{0,2}}每?|每|per )({_DEN})(?![A-Za-z])")
PER_BEGIN = frozenset(" /每p")
# 每年 and 每月 before an amount say when it falls due, not what it is divided by.
_BEFORE = "|".join(
    sorted((re.escape(d) for d in DENOMINATORS if d not in ("日", "天", "年", "月", "s")), key=len, reverse=True)
)
PER_BEFORE = re.compile(f"每 {{0,1}}({_BEFORE})(?:為|約|價格)? {{0,2}}$")
# 每吉瓦造價約: what is priced stands between the two, and outside the span.
_PRICES = "造價|成本|價格?|租金|費用|投資額?|營收|獲利|盈利|盈餘|收益|淨利|股利|股息|配息|淨值"
_COMES_TO = (
    "突破|跌破|升至|降至|漲至|跌至|高達|達到|約為|大約|接近|超過|不到|低於|高於|僅為|僅|達|約|為|是|近|逾|破|上看|從|由"
)
PER_PRICED = re.compile(f"每 {{0,1}}({_BEFORE})[^,。;、:每\\d]{{0,6}}(?:{_PRICES})(?:{_COMES_TO}){{0,3}} {{0,2}}$")


def match_unit(text: str, at: int) -> tuple[Unit, int] | None:
    """Give the unit printed at `at` of a folded text and the offset after it, or None."""
    units = _UNITS.get(text[at : at + 1])
    if units is None:
        return None
    match = units.match(text, at)
    surface = match.group() if match is not None else ""
    if surface in "個百":
        spaced = _SPACED_POINT.match(text, at)
        if spaced is not None:
            return _TABLE["個百分點"], spaced.end()
    return (_TABLE[surface], at + len(surface)) if surface else None
