"""Damage found by rule: on sentences written for the test, and nowhere in the sample articles."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.corpus import read_file
from wattbook.damage import DOUBLED, Damage, find_damage, load_rules, normalise, repair, token_effects
from wattbook.samples import sample_path

KINDS = {
    "vocabulary_conversion",
    "script_conversion",
    "global_replace",
    "missing_number",
    "garbled_number",
    "missing_text",
    "glued_text",
    "glued_heading",
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
        ("開拓「多通路」的水源。", "通路", "渠道"),
        ("島上的長板叢集成形。", "叢集", "集群"),
        ("換了新的網路裝置。", "裝置", "設備"),
        ("雙方仍有一定的聯絡。", "聯絡", "聯繫"),
        ("政策的支援力度不足。", "支援", "支持"),
        ("出貨的升騰不多。", "升騰", "昇騰"),
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
        "門市與通路都缺貨。",
        "晶片叢集啟用,行動裝置熱賣。",
        "計畫部署吉瓦級的電廠,達到億元級。",
        "兩點:1)省電;2)省水。(a)也行。",
        "《書》「引『內』」【題】[註]。",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert find_damage(text) == []


def test_a_number_that_is_gone_leaves_its_unit() -> None:
    assert kinds("去年電價升至千瓦時,今年建設吉瓦的機組。") == ["missing_number", "missing_number"]


@pytest.mark.parametrize("text", ["產能增至萬枚。", "損失高達億美元。", "去年部署兆瓦的儲能。", "達到太瓦時。"])
def test_numbers_are_missed_before_other_units_too(text: str) -> None:
    assert kinds(text) == ["missing_number"]


def test_a_heading_in_the_running_text() -> None:
    assert kinds("收在高點。匯市美元走高。") == ["glued_heading"]
    assert kinds("收在高點。匯市。美元走高。") == []


def test_brackets_need_their_other_half() -> None:
    assert find_damage("電價(平均漲了。") == [Damage(2, 3, "(", "unpaired_bracket", "")]
    assert find_damage("電價(平均))漲了。") == [Damage(6, 7, ")", "unpaired_bracket", "")]
    assert kinds("「電價(平均」漲了)。") == ["unpaired_bracket"] * 2


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


@pytest.mark.parametrize("shift", range(0, DOUBLED, 7))
@pytest.mark.parametrize("length", [DOUBLED, DOUBLED + 1, 3 * DOUBLED])
def test_a_doubled_passage_is_found_wherever_it_stands(shift: int, length: int) -> None:
    passage = "".join(chr(0x4E00 + n) for n in range(length))
    before = "".join(chr(0x6E00 + n) for n in range(shift))
    between = "".join(chr(0x7E00 + n) for n in range(shift + 11))
    (found,) = find_damage(before + passage + between + passage + "終")
    assert (found.start, found.end) == (shift + length + shift + 11, shift + length + shift + 11 + length)


@pytest.mark.parametrize("text", ["電" * 300_000, numbered(10, 12) * 8_000, "(" * 300_000, "“" * 300_000])
def test_time_grows_with_the_length(text: str) -> None:
    began = time.perf_counter()
    find_damage(text)
    assert time.perf_counter() - began < 20


SPOILT = st.lists(
    st.sampled_from(
        [
            "房市泡棉。",
            "導緻",
            "美中國部",
            "“",
            "”",
            "**",
            "匯市美元",
            "GoogleCEO",
            "電",
            "a1",
            "。",
            "(",
            numbered(10, 16),
        ]
    ),
    max_size=12,
).map("".join)


@given(SPOILT)
def test_offsets_point_at_the_surface(text: str) -> None:
    found = find_damage(text)
    assert found == sorted(found)
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
        assert one.surface == ("" if one.kind == "doubled_passage" else text[one.start : one.end])


# The repaired view


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("房市泡棉破了。", "房市泡沫破了。"),
        ("美中國部與GoogleCEO", "美國內部與Google CEO"),
        ("這是**重點**。", "這是重點。"),
        ("收高。匯市美元走高。", "收高。匯市\n美元走高。"),
        ("他說“好“。", "他說“好”。"),
        ("電價升至千瓦時。", "電價升至千瓦時。"),
        ("電價(平均。", "電價(平均。"),
        (numbered(10, 16) + "隔。" + numbered(10, 16), numbered(10, 16) + "隔。"),
    ],
)
def test_what_a_repair_writes(text: str, repaired: str) -> None:
    assert normalise(text).text == repaired


def test_a_span_of_the_repair_leads_back_to_the_text() -> None:
    text = "美中國部說房市泡棉破了"
    view = normalise(text)
    assert view.text == "美國內部說房市泡沫破了"
    at = view.text.index("泡沫")
    assert view.span(at, at + 2) == (7, 9)
    assert view.span(at, at + 1) == (7, 9)
    assert view.span(3, 5) == (0, 5)
    assert [view.index(i) for i in (0, 2, 4, 7, 9, len(text))] == [0, 0, 4, 7, 9, len(view.text)]
    with pytest.raises(IndexError):
        view.span(2, 2)


def test_a_break_stands_for_nothing() -> None:
    view = normalise("收高。匯市美元走高。")
    assert view.span(5, 6) == (5, 5)
    assert (view.index(4), view.index(5)) == (4, 6)


def test_only_the_kinds_asked_for_are_repaired() -> None:
    text = "房市泡棉,導緻停電"
    assert normalise(text, {"script_conversion"}).text == "房市泡棉,導致停電"
    assert normalise(text, set()).text == text


def test_a_doubled_passage_goes_before_what_is_damaged_in_it() -> None:
    twice = numbered(10, 16) + "房市泡棉。"
    assert normalise(twice + "隔。" + twice).text == numbered(10, 16) + "房市泡沫。隔。"


@given(SPOILT)
def test_offsets_of_a_repaired_text_go_there_and_back(text: str) -> None:
    view = normalise(text)
    assert len(view.starts) == len(view.ends) == len(view.text)
    assert view.starts == sorted(view.starts)
    assert view.ends == sorted(view.ends)
    for i, char in enumerate(view.text):
        start, end = view.span(i, i + 1)
        assert 0 <= start <= end <= len(text)
        if end - start == 1 and text[start] == char:
            assert view.index(start) == i
    # What no repair stands for was left out, and a text with its repairs undone is the text.
    undone, at = "", 0
    for start, end in dict.fromkeys(zip(view.starts, view.ends, strict=True)):
        undone += text[at:start] + text[start:end]
        at = end
    assert undone + text[at:] == text


@given(SPOILT)
def test_a_text_without_damage_is_its_own_repair(text: str) -> None:
    view = repair(text, [])
    assert (view.text, view.starts, view.ends) == (text, [*range(len(text))], [*range(1, len(text) + 1)])


def test_effects_on_counts_by_hand() -> None:
    text = "泡棉,泡沫,導緻"
    # One 泡棉 becomes the second 泡沫; 導緻 becomes 導致; words here are what stands between commas.
    assert token_effects(text, find_damage(text), lambda one: one.split(","), 100) == [
        ("script_conversion", "導緻", 1, 0),
        ("script_conversion", "導致", 0, 1),
        ("vocabulary_conversion", "泡棉", 1, 0),
        ("vocabulary_conversion", "泡沫", 1, 2),
        ("all", "導緻", 1, 0),
        ("all", "導致", 0, 1),
        ("all", "泡棉", 1, 0),
        ("all", "泡沫", 1, 2),
    ]


def test_effects_give_no_words_of_a_short_passage() -> None:
    text = numbered(10, 16) + "隔。" + numbered(10, 16)
    assert token_effects(text, find_damage(text), list, 1_000) == []
    long = token_effects(text, find_damage(text), list, 60)
    assert ("doubled_passage", "第", 12, 6) in long


def test_a_sound_text_has_no_effects() -> None:
    assert token_effects("他說“好“。", find_damage("他說“好“。"), list, 100) == []


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


@pytest.mark.corpus
def test_a_repaired_article_has_no_rule_left_to_apply(corpus) -> None:
    for article in corpus:
        before = {one.kind for one in find_damage(article.prose)}
        left = {one.kind for one in find_damage(normalise(article.prose).text)}
        assert left <= before
        assert not left & {"vocabulary_conversion", "script_conversion", "global_replace", "leftover_markup"}, (
            article.id
        )
        assert not left & {"glued_heading", "doubled_passage"}, article.id
