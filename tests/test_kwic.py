import pytest

from wattbook.corpus import Article
from wattbook.kwic import Line, display_width, kwic, render


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


@pytest.mark.parametrize(
    ("text", "columns"),
    [("", 0), ("abc", 3), ("電網", 4), ("Ａ,", 3), ("e\u0301", 1), ("ｱ", 1)],
)
def test_display_width(text, columns):
    assert display_width(text) == columns


def test_render_puts_finds_under_each_other():
    lines = [Line("000-01", 3, "小島", "電網", "老"), Line("000-01", 120, "aB", "电网", "")]
    # 小島 is four columns wide and aB two, so the second line gets two spaces more; places are padded to ten.
    assert render(lines) == "000-01:3    小島[電網]老\n000-01:120    aB[电网]"
    assert {display_width(row.split("[")[0]) for row in render(lines).split("\n")} == {16}
