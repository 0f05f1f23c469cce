"""Properties that hold for any text, and the cost of hostile text."""

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook.quantities import find_numbers, find_ordinals, find_quantities

ALPHABET = (
    "0123456789.,-/~%$ 零一二兩三半十百千萬億兆點分之又第每約近超過多幾數至到年月日個家張元美瓦時倍成折翻報兌()。H"
)
texts = st.one_of(st.text(max_size=60), st.text(alphabet=ALPHABET, max_size=60))
UNITS = ("億美元", "%", "倍", "吉瓦", "個月", "萬枚", "TFLOPS", "英里")


@settings(max_examples=400, deadline=None)
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


@settings(max_examples=400, deadline=None)
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


def seconds(text: str) -> float:
    start = time.perf_counter()
    find_quantities(text)
    return time.perf_counter() - start


@pytest.mark.parametrize(
    "piece",
    ["9", "億", "1,", "1,234,", "a", "零", "萬億", "數", "約", "兩 ", "1分之", "1又", "-", "第", "(", "1至", "a-"],
)
def test_cost_grows_with_length_only(piece: str) -> None:
    short, long = (piece * (n // len(piece)) for n in (20_000, 200_000))
    once = min(seconds(short) for _ in range(3))
    assert seconds(long) / len(long) < 5 * once / len(short)
