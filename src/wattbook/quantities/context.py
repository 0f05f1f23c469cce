"""Where numerals stand that measure nothing: dates, clock times, codes, addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

_YEAR = "(?:19|20)\\d\\d"
_DATES = re.compile(
    "|".join(
        (
            r"https?://[!-~]{1,2000}",
            # 2024年-2025年, 2025-2026 年, 2025/26年度, 2026/2027 財年
            rf"(?<!\d){_YEAR} {{0,2}}(?:年度?|財年)? {{0,2}}[-–—~至到/及和、] {{0,2}}"
            rf"(?:{_YEAR}|\d\d) {{0,2}}(?:年度?|財年|會計年度)",
            rf"(?<!\d){_YEAR} {{0,2}}(?:年度?|財年|會計年度)",
            rf"(?<![\d.,]){_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.](?:[0-2]?\d|3[01])(?!\d)",
            r"(?:民國|公元前|西元前|公元|西元) {0,2}[0-9一二三四五六七八九十百千]{1,6} {0,2}年",
            r"[一二][〇零九一二三四五六七八][〇零一二三四五六七八九]{2} {0,2}年",
            # 25年上半年, 24年底
            r"(?<![\d.])[0-3]\d {0,2}年(?=[上下]半年|第|底|初|末|中旬"
            r"|[1-4一二三四] {0,2}季|Q[1-4]|(?:1[0-2]|[1-9]) {0,2}月)",
            r"\d{1,4} {0,2}(?:財年|世紀|年代)",
            r"[一二三四五六七八九十]{1,3}(?:世紀|年代)",
            # Months and days.
            r"(?<![\d.])(?:1[0-2]|0?[1-9]) {0,2}月(?:份|底|初|末|中旬|上旬|下旬)?"
            r"(?: {0,2}(?:[0-2]?\d|3[01]) {0,2}[日號](?!元|圓|幣))?"
            r"(?: {0,2}[-–—~至到] {0,2}(?:(?:1[0-2]|0?[1-9]) {0,2}月)? {0,2}(?:[0-2]?\d|3[01]) {0,2}[日號])?",
            r"(?<![\d.])(?:[0-2]?\d|3[01]) {0,2}[日號](?!元|圓|幣|本|文)",
            r"(?:十[一二]?|[一二三四五六七八九])月(?:份|底|初|末|中旬|上旬|下旬)?(?:[一二三]?十?[一二三四五六七八九]?[日號])?",
            # Quarters without 個 are names of quarters.
            r"(?<!連續)(?<!過去)(?<!未來)[1-4一二三四] {0,2}季度?(?!節)",
            # The first nine months of a year are a part of the calendar, as its first three quarters are.
            r"(?<=年)前 {0,2}[\d一二三四五六七八九十]{1,3} {0,2}個月",
            # Weekdays and clock times.
            r"(?:周|星期|禮拜)[一二三四五六日](?![個家座年項])",
            r"(?<!\d)\d{1,2}:\d\d(?::\d\d)?(?!\d)",
            r"(?<!\d)\d{3,4} {0,2}(?:GMT|UTC)",
            r"(?:上午|下午|中午|晚上|晚間|凌晨|清晨|時間|早上) {0,2}"
            r"[\d一二三四五六七八九十]{1,3} {0,2}[點時](?:[\d一二三四五六七八九十]{1,3}分|半)?",
            r"(?<![\d.])(?:[01]?\d|2[0-4]) {0,2}時(?:[0-5]?\d分)?(?!間|期|代|尚|機|數)",
            # Half-year and quarter codes, fiscal years.
            r"(?:(?:\d\d)?[12]H|H[12]|Q[1-4]|(?:\d\d)?[1-4]Q|FY|CY)'? {0,1}\d{0,4}(?:[-/]\d{2,4})?",
            # Ranks and numbered things.
            r"第 {0,2}[\d零一二三四五六七八九十百千萬]{1,9}"
            r"(?:[-–~至到、和及] {0,2}(?:第 {0,2})?[\d一二三四五六七八九十]{1,4})?",
            r"(?:前|Top|TOP|top) {0,2}[\d一二三四五六七八九十百]{1,5}(?=名|大(?!幅)|強|位)",
            r"其[一二三四五六七八九十]",
            r"\d{1,4} {0,2}號(?!稱)",
            r"[兩三四五六幾]條腿走路",
        )
    )
)
# Where one of the above can begin: literals, which the engine finds without trying each pattern at each character, and
# for numerals what must follow at once.
_AFTER_DIGITS = "(?= {0,2}[年財會世月日號季時GUHQ:./~至到及和、—–-])"
_AFTER_HAN = "(?=[〇零一二三四五六七八九十世年月季]| {1,2}季|條腿)"
_DATES_BEGIN = re.compile(
    "|".join(f"{digit}(?<![0-9]{digit})[0-9]*+{_AFTER_DIGITS}" for digit in "0123456789")
    + "".join(f"|{digit}{_AFTER_HAN}" for digit in "一二三四五六七八九十兩幾")
    + "|http|民國|公元|西元|周(?=[一二三四五六日])|星期|禮拜|上午|下午|中午|晚上|晚間|凌晨|清晨|早上|時間"
    "|第|前(?= {0,2}[0-9一二三四五六七八九十百])|其(?=[一二三四五六七八九十])|Top|TOP|top|FY|CY|H1|H2|Q"
)
# A Latin word, perhaps with a hyphen, that runs straight into digits: H200, GPT-4, x86, H100/200; not 500W-700W.
_CODE = re.compile(
    r"[A-Za-z](?<![A-Za-z]{2})[A-Za-z]*+(?:(?<![0-9][A-Za-z])(?<![0-9][A-Za-z]{2})(?<![0-9][A-Za-z]{3})[-'’_])?"
    r"\d[\dA-Za-z]*+(?:[./-][A-Za-z]{0,6}\d[\dA-Za-z]*+)*+(?:\.\d++)?"
)
_GLUED = re.compile(r"[A-Za-z]{2,}(?=\d)")
_CODE_UNIT = re.compile(r"%| {0,1}(?:[萬億兆]|美元|倍|個百分點|個基點)|\.\d")


# No number that a person wrote runs on for so many digits, scales and range words without a space or a unit.
_NOISE_SIGNS = "0-9零〇一二三四五六七八九十百千萬億兆壹貳叄肆伍陸柒捌玖拾佰仟兩倆數幾多餘半點分之又第負至到.,%~/^-"
_NOISE = re.compile(f"[{_NOISE_SIGNS}]*+")
_QUIET = re.compile(f"[^{_NOISE_SIGNS}]")
_NOISE_STEP = 500
_MASK = "\ufffc"


def anchored(begin: re.Pattern[str], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Give the matches of `pattern` from left to right, like finditer, trying it only where `begin` matches.

    `pattern` has many alternatives and would be tried at every character; `begin` is a choice of literals, to which
    the regular expression engine skips.
    """
    pos = 0
    for start in begin.finditer(text):
        if start.start() < pos:
            continue
        match = pattern.match(text, start.start())
        if match is not None:
            pos = match.end()
            yield match


def noise(folded: str) -> list[tuple[int, int]]:
    """Give the spans of a folded text, at least 1000 characters each, of nothing but numerals and what joins them.

    Such a span covers two of the offsets 500, 1000, 1500 ..., so that only these are looked at.
    """
    spans: list[tuple[int, int]] = []
    at = _NOISE_STEP
    while at < len(folded):
        match = _NOISE.match(folded, at)
        end = at if match is None else match.end()
        if end - at >= _NOISE_STEP:
            before = folded[at - _NOISE_STEP : at]
            quiet = max((stop.end() for stop in _QUIET.finditer(before)), default=0)
            start = at - _NOISE_STEP + quiet
            if end - start >= 2 * _NOISE_STEP:
                spans.append((start, end))
        at += _NOISE_STEP * max(1, (end - at) // _NOISE_STEP)
    return spans


def masked(folded: str, spans: list[tuple[int, int]]) -> str:
    """Give a folded text with the sorted `spans` blotted out, every other offset kept."""
    pieces: list[str] = []
    pos = 0
    for start, end in spans:
        if end > pos:
            start = max(start, pos)
            pieces += (folded[pos:start], _MASK * (end - start))
            pos = end
    pieces.append(folded[pos:])
    return "".join(pieces)


def excluded(folded: str) -> list[tuple[int, int]]:
    """Give the spans of a folded text, in order, that hold dates, times, ranks or codes."""
    spans = [match.span() for match in anchored(_DATES_BEGIN, _DATES, folded)]
    for match in _CODE.finditer(folded):
        # AI20%, CAGR25%: a word glued to a real quantity.
        glued = _GLUED.match(match.group())
        if glued is not None and _CODE_UNIT.match(folded, match.end()) and match.group()[glued.end() :].isdecimal():
            continue
        spans.append(match.span())
    spans.sort()
    return spans
