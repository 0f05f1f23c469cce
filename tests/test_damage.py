"""Damage found by rule: on sentences written for the test, and nowhere in the sample articles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.corpus import read_file
from wattbook.damage import DOUBLED, Damage, find_damage, load_rules
from wattbook.samples import sample_path

KINDS = {
    "vocabulary_conversion",
    "script_conversion",
    "global_replace",
    "missing_number",
    "garbled_number",
    "missing_text",
    "glued_text",
    "leftover_markup",
}


def kinds(text: str) -> list[str]:
    return [found.kind for found in find_damage(text)]


@pytest.mark.parametrize(
    ("text", "surface", "meant"),
    [
        ("學者警告房市泡棉。", "泡棉", "泡沫"),
        ("島上改革的處理程序很慢。", "處理程序", "進程"),
        ("股價今天明顯回呼。", "回呼", "回調"),
        ("某基金(程式碼:ABC)上漲。", "程式碼", "代碼"),
        ("市長的支援率下滑。", "支援", "支持"),
        ("他把兩件事聯絡在一起。", "聯絡", "聯繫"),
        ("新的儲能係統故障。", "儲能係統", "儲能系統"),
        ("此舉導緻停電。", "導緻", "導致"),
        ("島國限製出口稻米。", "限製", "限制"),
        ("兩天后公司關門。", "后", "後"),
        ("美中國部意見不一。", "美中國部", "美國內部"),
        ("扶植中中國國產業。", "中中國國產", "中國產"),
    ],
)
def test_a_wrong_word_is_found_and_named(text: str, surface: str, meant: str) -> None:
    (found,) = find_damage(text)
    assert (found.surface, found.meant) == (surface, meant)
    assert text[found.start : found.end] == surface


@pytest.mark.parametrize(
    "text",
    [
        "作業系統的處理中程序已經結束。",
        "工程師支援夜班,也把程式碼寫好。",
        "請與客服聯絡。",
        "工廠限制出口,但限量製出新品。",
        "其中中國國產晶片占三成。",
        "電價升至3美分/千瓦時。",
        "計畫建設2吉瓦的電廠。",
        "天后宮前面的系統很多。",
        "先看Excel再說。",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert find_damage(text) == []


def test_a_number_that_is_gone_leaves_its_unit() -> None:
    assert kinds("去年電價升至千瓦時,今年建設吉瓦的機組。") == ["missing_number", "missing_number"]


def test_markup_that_was_left_behind() -> None:
    assert kinds("這是**重點**。l第一:省電。") == ["leftover_markup"] * 3


def test_quotes_must_alternate() -> None:
    assert find_damage("他說“好“,又說“走”。") == [Damage(4, 5, "“", "mismatched_quotes", "”")]
    assert find_damage("他說好”,又說“走”。") == [Damage(3, 4, "”", "mismatched_quotes", "")]
    assert find_damage("“好”與“走”都行。") == []


def numbered(start: int, stop: int) -> str:
    """Sentences of which no two are alike."""
    return "".join(f"第{n}台機器每天用掉{n * 7}度電。" for n in range(start, stop))


def test_a_passage_printed_twice_is_reported_where_it_comes_again() -> None:
    twice = numbered(10, 16)
    assert len(twice) >= DOUBLED
    text = twice + "中間隔著一句。" + twice + "結尾。"
    (found,) = find_damage(text)
    assert (found.kind, found.surface) == ("doubled_passage", "")
    assert text[found.start : found.end] == twice


def test_one_sentence_said_again_is_no_doubled_passage() -> None:
    once = "甲乙丙丁戊己庚辛壬癸" + numbered(10, 13)
    assert len(once) < DOUBLED
    assert find_damage(once + "。別的話。" + once) == []


def test_three_prints_are_two_repeats() -> None:
    again = numbered(20, 27)
    assert kinds(again * 3) == ["doubled_passage"] * 2


@given(st.text(st.sampled_from("泡棉“”l*后兩天電。 a1"), max_size=200))
def test_offsets_point_at_the_surface(text: str) -> None:
    found = find_damage(text)
    assert found == sorted(found)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.surface == ("" if one.kind == "doubled_passage" else text[one.start : one.end])


def test_the_sample_articles_are_sound() -> None:
    assert [found for article in read_file(sample_path()) for found in find_damage(article.prose)] == []


def test_rules_are_well_formed() -> None:
    rules = load_rules()
    assert not rules["pattern"].duplicated().any()
    assert set(rules["kind"]) == KINDS
    assert (rules["note"] != "").all()
    for pattern in rules["pattern"]:
        assert not re.search(pattern, ""), pattern
    # What should have stood there is known for a wrong word, and unknown for a lost one.
    wrong = rules["kind"].isin(["vocabulary_conversion", "script_conversion", "global_replace"])
    assert (rules.loc[wrong, "meant"] != "").all()
    assert (rules.loc[rules["kind"].isin(["missing_number", "missing_text"]), "meant"] == "").all()


@pytest.mark.corpus
def test_every_rule_has_a_place_in_the_articles(corpus) -> None:
    text = "\n".join(article.prose for article in corpus)
    assert [pattern for pattern in load_rules()["pattern"] if not re.search(pattern, text)] == []


@pytest.mark.corpus
def test_what_is_found_in_the_articles_is_short(corpus) -> None:
    for article in corpus:
        for found in find_damage(article.prose):
            assert sum("\u4e00" <= c <= "\u9fff" for c in found.surface) <= 12
