"""Properties that hold for any text, and the cost of hostile text."""

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook.corpus import read_file
from wattbook.quantities import context, find_numbers, find_ordinals, find_quantities, modifiers
from wattbook.samples import sample_path

ALPHABET = (
    "0123456789.,-/~%$ 零一二兩三半十百千萬億兆點分之又第每約近超過多幾數至到年月日個家張元美瓦時倍成折翻報兌()。H"
)
texts = st.one_of(st.text(max_size=60), st.text(alphabet=ALPHABET, max_size=60))
UNITS = ("億美元", "%", "倍", "吉瓦", "個月", "萬枚", "TFLOPS", "英里")


@settings(max_examples=200, deadline=None)
@given(texts)
def test_rows_are_ordered_disjoint_and_true_to_the_text(text: str) -> None:
    end = 0
    for q in find_quantities(text):
        assert end <= q.start < q.end <= len(text)
        assert q.surface == text[q.start : q.end]
        assert q.unit or q.flag == "damaged"
        assert q.modifier in {"exact", "about", "over", "under", "at_least", "at_most"}
        if q.flag == "damaged":
            assert math.isnan(q.low)
            assert math.isnan(q.high)
        else:
            assert math.isfinite(q.low)
            assert q.low <= q.high < math.inf
        end = q.end


@settings(max_examples=200, deadline=None)
@given(texts)
def test_numerals_are_ordered_and_disjoint(text: str) -> None:
    for find in (find_numbers, find_ordinals):
        end = 0
        for n in find(text):
            assert end <= n.start < n.end <= len(text)
            assert n.low <= n.high
            end = n.end


@given(st.integers(1, 999), st.sampled_from(UNITS), st.sampled_from(["出貨", "支出為", "(", ""]))
def test_surroundings_do_not_change_the_value(number: int, unit: str, before: str) -> None:
    alone = find_quantities(f"{number}{unit}")
    among = find_quantities(f"{before}{number}{unit}。")
    assert [(q.low, q.unit) for q in among] == [(q.low, q.unit) for q in alone]
    assert len(alone) == 1


@given(st.integers(1, 500), st.integers(1, 400))
def test_range_has_both_ends(low: int, more: int) -> None:
    (q,) = find_quantities(f"約{low}至{low + more}吉瓦")
    assert (q.low, q.high) == (low * 1e9, (low + more) * 1e9)


DATE_PIECES = (
    *("2024年", "2025/26財年", "24年底", "12月5日", "3號", "9:30", "8時", "1H25", "930", "GMT", "2025-12-01", "3至5年"),
    *(
        "三季",
        "四 季",
        "周三",
        "兩條腿走路",
        "第十",
        "前9個月",
        "前三大",
        "其二",
        "上午十點",
        "一九八四年",
        "十二月三日",
    ),
    *("Q3", "FY2025", "Top10", "http://x", "21世紀", "民國百年", "80吉瓦", "三百", "幾", "、", "12", "十", ".", "-"),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*DATE_PIECES, *ALPHABET]), max_size=8).map("".join))
def test_no_date_is_lost_where_none_is_thought_to_begin(text: str) -> None:
    """The places where a date is tried are all those where one is, but for the middle of a run of digits."""
    tried = [match.span() for match in context.anchored(context._DATES_BEGIN, context._DATES, text)]
    found, at = [], 0
    while at < len(text):
        within = text[at].isdecimal() and at > 0 and text[at - 1].isdecimal()
        match = None if within else context._DATES.match(text, at)
        if match is not None:
            found.append(match.span())
        at = match.end() if match is not None else at + 1
    assert tried == found


BEFORE = (
    "約",
    "大約",
    "不超過",
    "未能突破",
    "數以",
    "跌破",
    "將近",
    "上限為",
    "至多",
    "≤",
    "等於",
    "達到",
    "花",
    "的",
    "了",
    " ",
    "高",
)
AFTER = (
    "以上",
    "及以下",
    "起跳",
    "或更多",
    "封頂",
    "以內",
    "之內",
    "強的",
    "多的",
    "餘",
    "開外",
    "左右",
    "等級",
    "量級",
    "許",
    "不到",
    "弱,",
)


@given(st.lists(st.sampled_from([*BEFORE, *AFTER, *ALPHABET]), max_size=5).map("".join))
def test_no_hedge_is_lost_where_none_is_thought_to_be(text: str) -> None:
    if modifiers._LEADING.search(text):
        assert text[-1] in modifiers._LEADING_END
    if modifiers._TRAILING.match(text):
        assert text[0] in modifiers._TRAILING_BEGIN


def seconds(text: str, rounds: int = 3) -> float:
    """Give the processor time of reading `text`, the best of several rounds: other work on the machine only adds."""
    took = []
    for _ in range(rounds):
        start = time.process_time()
        find_quantities(text)
        took.append(time.process_time() - start)
    return min(took)


def filled(piece: str, length: int) -> str:
    return (piece * (length // len(piece) + 1))[:length]


# A quadratic reader would take ten times as long per character on ten times the text.
LINEAR = 4


def assert_linear(piece: str, length: int) -> None:
    short = max(seconds(filled(piece, length)), 1e-3)
    assert seconds(filled(piece, 10 * length), rounds=1) <= LINEAR * 10 * short or (
        seconds(filled(piece, 10 * length)) <= LINEAR * 10 * short
    )


PIECES = ["9", "億", "1,", "1,234,", "a", "零", "萬億", "數", "約", "兩 ", "1分之", "1又", "-", "第", "(", "1至", "a-"]


@pytest.mark.parametrize("piece", [*PIECES, "9 ", ". ", "5億元", "每股約"])
def test_cost_grows_with_length_only(piece: str) -> None:
    assert_linear(piece, 4_000)


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet=ALPHABET, min_size=1, max_size=12))
def test_cost_of_any_repeated_text_is_linear(piece: str) -> None:
    assert_linear(piece, 2_000)


@pytest.fixture(scope="module")
def prose_rate() -> float:
    """Processor seconds per byte of the package's sample articles, which are prose with a number per sentence or so."""
    prose = "\n".join(article.prose for article in read_file(sample_path())) * 20
    return seconds(prose) / len(prose.encode())


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet="0123456789.%-/零〇一二三五九十百千萬億兆點分之又至到第數多餘幾半", min_size=1, max_size=12))
def test_numerals_without_end_cost_no_more_than_prose(prose_rate: float, piece: str) -> None:
    line = filled(piece, 20_000)
    assert seconds(line) / len(line.encode()) <= prose_rate


def test_numerals_without_end_are_one_damaged_row() -> None:
    line = "支出為" + "9億.至" * 400 + "。下一句是3億美元。"
    damaged, money = find_quantities(line)
    assert (damaged.start, damaged.end, damaged.flag) == (3, 3 + 1600, "damaged")
    assert (money.surface, money.low) == ("3億美元", 3e8)
    assert len(find_quantities("9%、" * 400)) == 400
