"""How a number is hedged, from the words on either side of it."""

from __future__ import annotations

import re

_BEFORE = (
    (
        "at_most",
        "(?:沒有?|未能?|從未|不曾)(?:突破|超過)|不超過|不高於|不多於|不大於|至多|最多|最高可達|最高達|最高|上限為|上限|≤",
    ),
    ("at_least", "數以|不低於|不少於|不小於|不下|至少|最少|起碼|最低|≥"),
    ("under", "不足|不到|不滿|未滿|未達|低於|少於|小於|短於|跌破|失守|<"),
    ("over", "超過|逾|遠超|超|多於|大於|高於|長於|突破|高過|破|>"),
    ("about", "大約|約莫|約|將近|接近|逼近|直逼|靠近|幾近|幾乎|近乎|近|大概|差不多|大致|估計有|~|≈|上下"),
)
_FILLER = "了|有|為|是|在|到|達到|達|至|佔|共|可達|可|未來|個|要|僅|只|需|過|著|的|等於|相當於|花費|花|長達|出"
_LEADING = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _BEFORE) + ")"
    f" {{0,2}}(?:{_FILLER})?(?:{_FILLER})? {{0,2}}$"
)
# The signs with which a match of the pattern above can end: most numbers have another before them, and cost no search.
_LEADING_END = frozenset(
    word.rstrip(")")[-1] for words in (_FILLER, *(words for _, words in _BEFORE)) for word in words.split("|")
) | {" "}
_WINDOW = 14
# 高於七家公司 compares with the seven; it does not say "more than seven".
_COMPARISONS = frozenset({"高於", "低於", "大於", "小於", "長於", "短於"})
_COUNTS = frozenset({"item", "person"})
# 約為上年的三成: the hedge governs the number from before a possessive phrase.
_DISTANT = re.compile(
    "(?:(?P<over>超過(?!去)|遠超過)|(?P<under>不到|不足)|(?P<about>約為|約是|約佔|約相當於|大約是|幾乎是|接近於|接近))"
    "(?!預期)(?:[^,。;、:!?\n\\d%]|(?<=[A-Za-z\\d])\\d){1,18}的 {0,2}$"
)
_DISTANT_END = frozenset("的 )")
_ASIDE = re.compile(r"\([^()]{0,40}\)")
_RECENT_UNITS = frozenset({"year", "quarter", "month", "week", "day"})
_TAILS = {
    "近": ("最", "附", "新"),
    "約": ("合", "條", "簽", "節", "續", "公", "紐", "制", "特"),
    "超": ("高", "買", "賣"),
    "破": ("打", "看"),
}
_BREAKS = frozenset(["", *" ,。:;、(「“\n"])
_RECENT_NEXT = re.compile("多?來|間|裡")
_AFTER = (
    ("at_least", "及?以上|起跳|起(?!訴|點|步|家|來|伏|碼)|或(?:以上|更高|更多|更長)"),
    ("at_most", "及?以下|以內|之內|或更低|或更少|封頂"),
    ("over", "強(?=[的,、。;)]|$)|多(?![個家種重樣媒元國數年月])|餘(?!額|下|地)|開外"),
    ("about", "左右|上下|附近|等級|級別|量級|級(?!別|數)|許(?![可多])"),
    ("under", "不到|弱(?=[的,、。;)]|$)"),
)
_TRAILING = re.compile(" {0,2}(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _AFTER) + ")")
_TRAILING_BEGIN = frozenset(" 及以起或之封強多餘開左上附等級量許不弱")


def modifier(text: str, start: int, end: int, unit: str, *, bare: bool) -> str:
    """Give exact, about, over, under, at_least or at_most for the number at start:end of a folded text.

    `bare` tells that the number is a scale without a digit (百億), where a leading 上 means "at least".
    """
    after = leading = None
    if text[end : end + 1] in _TRAILING_BEGIN:
        trailing = _TRAILING.match(text, end)
        after = trailing.lastgroup if trailing is not None else None
    window = text[max(0, start - _WINDOW) : start]
    if window[-1:] in _LEADING_END:
        leading = _LEADING.search(window)
    if leading is not None:
        name = leading.lastgroup or "exact"
        word = leading.group(name)
        before = window[: leading.start()]
        if _not_a_hedge(word, before, unit) or (word == "近" and _recent(before, text, end, unit)):
            name = ""
        elif word == "超過" and before.endswith("不"):
            name = "at_most"
        if name:
            return name if not (name == "about" and after in ("at_least", "at_most")) else after or name
    if bare and window.endswith(("上", "成")):
        return "at_least"
    if after is not None:
        return after
    if unit in ("ratio", "percent") and window[-1:] in _DISTANT_END:
        distant = _DISTANT.search(_ASIDE.sub("", text[max(0, start - 60) : start])[-26:])
        # 超過甲的33% sets one figure above another; 超過甲的四分之一 sizes the first.
        if distant is not None and not (unit == "percent" and distant.lastgroup == "over"):
            return distant.lastgroup or "exact"
    return "exact"


def _not_a_hedge(word: str, before: str, unit: str) -> bool:
    """Tell whether `word` is the tail of another word (合約, 高超, 最近) or compares instead of hedging."""
    if word == "上下":
        return True
    if word in _COMPARISONS:
        return unit in _COUNTS
    return before.endswith(_TAILS.get(word, ()))


def _recent(before: str, text: str, end: int, unit: str) -> bool:
    """Tell whether 近 before a span of time means the last (近兩年) and not nearly (等待近四年)."""
    if unit not in _RECENT_UNITS:
        return False
    return _RECENT_NEXT.match(text, end) is not None or before[-1:] in _BREAKS
