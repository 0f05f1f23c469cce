import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.corpus import Article
from wattbook.kwic import Line, display_width, kwic, render, term_pattern


def article(body: str, id: str = "000-01") -> Article:
    return Article(id=id, title="題", source=None, body=body, file="000_x.txt", position=1, topic="電")


#        0 1 2 3 4 5 6 7 8 9
BODY = "小島的電網老了,電網要修"


def test_finds_with_offsets_and_context():
    lines = kwic([article(BODY)], "電網", window=3)
    # 電網 stands at 3-5 and, behind 老了 and a comma, at 8-10; the body is 12 long.
    assert lines == [
        Line("000-01", 3, "小島的", "電網", "老了,"),
        Line("000-01", 8, "老了,", "電網", "要修"),
    ]


def test_context_stops_at_the_ends_of_the_body():
    first, last = kwic([article("甲電乙丙丁戊電己")], "電", window=3)
    assert (first.left, first.right) == ("甲", "乙丙丁")
    assert (last.left, last.right) == ("丙丁戊", "己")


def test_a_window_of_zero_gives_no_context():
    (line,) = kwic([article("電價漲")], "價", window=0)
    assert (line.left, line.match, line.right) == ("", "價", "")


@pytest.mark.parametrize("term", ["電網", "电网", "电網"])
def test_either_script_finds_and_the_match_is_as_printed(term):
    assert [line.match for line in kwic([article("電網"), article("电网", "000-02")], term)] == ["電網", "电网"]


def test_a_character_inside_a_phrase_is_found():
    # OpenCC keeps 乾 in the phrase 乾坤 but turns it into 干 elsewhere: folding phrases would lose the first find.
    assert [line.start for line in kwic([article("乾坤未定,風乾機停")], "乾")] == [0, 6]


def test_capitals_do_not_matter():
    assert [line.match for line in kwic([article("買了NVIDIA和Nvidia")], "nvidia")] == ["NVIDIA", "Nvidia"]


def test_a_capital_that_grows_when_small_does_not_shift_offsets():
    # "İ".lower() is two characters long.
    (line,) = kwic([article("İİ電")], "電")
    assert line.start == 2


def test_finds_do_not_overlap():
    assert [line.start for line in kwic([article("電電電電電")], "電電")] == [0, 2]


def test_articles_keep_their_order():
    found = kwic([article("電", "003-02"), article("電", "000-01")], "電")
    assert [line.article_id for line in found] == ["003-02", "000-01"]


def test_the_term_is_plain_text_not_a_pattern():
    assert [line.start for line in kwic([article("abc a.c")], "a.c")] == [4]


def test_nothing_found():
    assert kwic([article(BODY)], "核") == []
    assert render([]) == ""


@pytest.mark.parametrize("term", ["", "  "])
def test_an_empty_term_is_refused(term):
    with pytest.raises(ValueError, match="empty"):
        kwic([article(BODY)], term)


def test_a_negative_window_is_refused():
    with pytest.raises(ValueError, match="-1"):
        kwic([article(BODY)], "電", window=-1)


# Sorting

SORTED = article("舊廠電網貴,新廠電價低,遠方電網壞,古舊電力少")


def test_right_sort_goes_by_what_follows():
    # 網貴 網壞 share 網 (U+7F51 when folded), after 价 (U+4EF7) and 力 (U+529B); 坏 (U+574F) is before 贵 (U+8D35).
    assert [line.right for line in kwic([SORTED], "電", 2, sort="right")] == ["價低", "力少", "網壞", "網貴"]


def test_left_sort_reads_outwards_from_the_find():
    # Next to the find: 厂 (U+5382) twice, 方 (U+65B9), 旧 (U+65E7); one further out 新 (U+65B0) is before 旧 (U+65E7).
    assert [line.left for line in kwic([SORTED], "電", 2, sort="left")] == ["新廠", "舊廠", "遠方", "古舊"]


def test_both_scripts_and_letter_cases_sort_as_one():
    lines = kwic([article("電網B 電价 電網a 電網Ａ 电网b")], "電", 2, sort="right")
    assert [line.right for line in lines] == ["价 ", "網a", "網Ａ", "網B", "网b"]


def test_equal_contexts_keep_their_order():
    lines = kwic([article("電甲", "003-02"), article("電甲", "000-01")], "電", 1, sort="right")
    assert [line.article_id for line in lines] == ["003-02", "000-01"]


def test_another_sort_is_refused():
    with pytest.raises(ValueError, match="up"):
        kwic([SORTED], "電", sort="up")


# Regular expressions


def finds(body: str, pattern: str) -> list[str]:
    return [line.match for line in kwic([article(body)], pattern, regex=True)]


@pytest.mark.parametrize(
    ("body", "pattern", "found"),
    [
        ("電網與電價,电网", "電(網|價)", ["電網", "電價", "电网"]),
        ("電網與電價", "电[网价]", ["電網", "電價"]),
        ("H100、h200、H20", r"H\d{3}", ["H100", "h200"]),
        ("用電3.5吉瓦", r"\d+\.\d+(?=吉瓦)", ["3.5"]),
        ("A電 電", r"\S電", ["A電"]),
        ("真的?電。真的？電", "真的？", ["真的?", "真的？"]),
        ("甲(乙)丙（乙）", "（乙）", ["(乙)", "（乙）"]),
        ("甲乙丙", "[一-龥]{2}", ["甲乙"]),
        ("電 a", r"[^\W\d]", ["電", "a"]),
        ("NVIDIA nvidia", r"\x4Evidia", ["NVIDIA", "nvidia"]),
        ("電電", "核*", []),
        ("電網", "核|", []),
    ],
)
def test_regular_expressions(body, pattern, found):
    assert finds(body, pattern) == found


def test_an_expression_for_a_class_of_brackets_names_the_brackets():
    assert finds("甲（乙)", "[（）]") == ["（", ")"]


@pytest.mark.parametrize("pattern", ["電(", "[", "*電", "(?P<電", "電{99999999999}", "\\"])
def test_a_wrong_expression_is_refused_in_one_line(pattern):
    with pytest.raises(ValueError, match="no regular expression") as caught:
        term_pattern(pattern, regex=True)
    assert "\n" not in str(caught.value)


@given(st.text(st.sampled_from("電网網a(）Ａ[.*?\\-|^ İ")))
def test_a_plain_term_finds_itself_whatever_its_characters(term):
    if term.strip():
        assert [line.match for line in kwic([article(term)], term)] == [term]


@given(st.text(st.sampled_from("電网網a()（）[]-.*?\\|^$Ａ"), max_size=12))
def test_any_expression_is_compiled_or_refused(pattern):
    try:
        term_pattern(pattern, regex=True)
    except ValueError as error:
        assert str(error)


def test_time_grows_with_the_text_only():
    # A search that starts over at each character would take minutes for a needle that almost matches everywhere.
    body = "電" * 400_000
    began = time.perf_counter()
    assert kwic([article(body)], "電" * 2_000 + "網") == []
    assert len(kwic([article(body)], "電" * 2_000)) == 200
    assert time.perf_counter() - began < 5


# Rendering


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("", 0),
        ("abc", 3),
        ("電網", 4),
        ("Ａ,", 3),
        ("e\u0301", 1),
        ("ｱ", 1),
        ("電\ufe0f", 2),
        ("電\u200b網", 4),
        ("“電”", 4),
    ],
)
def test_display_width(text, columns):
    assert display_width(text) == columns


def test_render_puts_finds_under_each_other():
    lines = [Line("000-01", 3, "小島", "電網", "老"), Line("000-01", 120, "aB", "电网", "")]
    # 小島 is four columns wide and aB two, so the second line gets two spaces more; places are padded to ten.
    assert render(lines) == "000-01:3    小島[電網]老\n000-01:120    aB[电网]\n"
    assert {display_width(row.split("[")[0]) for row in render(lines).splitlines()} == {16}


def test_what_follows_is_aligned_too_when_finds_differ_in_width():
    lines = [Line("000-01", 3, "島", "H20", "老"), Line("000-01", 9, "島", "電網", "新")]
    assert render(lines) == "000-01:3  島[H20] 老\n000-01:9  島[電網]新\n"


def test_control_characters_neither_break_lines_nor_columns():
    line = Line("000-01", 3, "小\t島", "電\n網", "\x1b[2J\u2028老")
    assert render([line]) == "000-01:3  小 島[電 網] [2J 老\n"


def test_json_has_the_text_as_it_is():
    line = Line("000-01", 3, "小\t島", "電網", "")
    assert json.loads(render([line], "json")) == [
        {"article_id": "000-01", "start": 3, "end": 5, "left": "小\t島", "match": "電網", "right": ""}
    ]
    assert json.loads(render([], "json")) == []
    assert "電網" in render([line], "json")


def test_damaged_text_is_shown_as_it_stands():
    text = "房市泡棉破了,導緻停電。"
    (line,) = kwic([article(text)], "破", 20)
    assert line.left + line.match + line.right == text
