"""The frame: Chinese marked, captions before pictures, tables that scroll, margin notes."""

import re

from wattbook.ledger import claim, format_value
from wattbook.site.language import language_of, mark_chinese
from wattbook.site.margin import notes
from wattbook.site.page import _correct


def test_chinese_is_marked_with_its_script() -> None:
    assert mark_chinese("<p>the grid 電網 ages</p>") == '<p>the grid <span lang="zh-Hant">電網</span> ages</p>'
    assert language_of("电网") == "zh-Hans"
    # Written alike in both scripts: the book's own.
    assert language_of("中文") == "zh-Hant"


def test_a_run_holds_its_marks_and_is_marked_once() -> None:
    assert mark_chinese("電網，老化。") == '<span lang="zh-Hant">電網，老化</span>。'
    marked = '<p lang="zh-Hant">電網 <b>老化</b></p>'
    assert mark_chinese(marked) == marked
    assert mark_chinese(marked + "電") == marked + '<span lang="zh-Hant">電</span>'


def test_what_may_hold_no_element_stays() -> None:
    for html in (
        "<option>電網</option>",
        "<svg><text>電網</text></svg>",
        '<a title="電網">x</a>',
        "<script>電</script>",
    ):
        assert mark_chinese(html) == html


def test_captions_stand_before_their_pictures() -> None:
    figure = '<figure class="a" id="x">\n<div>drawing</div><figcaption>says</figcaption>\n</figure>'
    moved = _correct(figure + "<p>after</p>")
    assert moved.index("says") < moved.index("drawing")
    assert moved.endswith("</figure><p>after</p>")
    assert _correct("<figure id='y'><div>no caption</div></figure>") == "<figure id='y'><div>no caption</div></figure>"


def test_tables_scroll_and_evidence_does_not() -> None:
    assert _correct('<table class="docutils align-default"><tr></tr></table>').startswith('<div class="wb-scroll"')
    ledger = '<table class="wb-evidence wb-ledger docutils align-default"><tr></tr></table>'
    assert _correct(ledger) == ledger


def test_the_margin_says_who_and_where_once_for_each_speaker() -> None:
    printed = claim("saidi-us-2024")
    (note,) = notes(["saidi-us-2024", "saidi-us-2024"])
    assert note.startswith(f"<b>{format_value(printed)}</b>")
    assert note.count(format_value(printed)) == 1


def test_the_code_of_settings_is_called_settings() -> None:
    summary = (
        '<summary aria-label="Toggle hidden content">\n<p class="collapsed admonition-title">Show</p>\n'
        '<p class="expanded admonition-title">Hide</p>\n</summary>'
    )
    cell = '<div class="cell tag_hide-input{} docutils container">\n<details class="admonition hide above-input">\n'
    body = "".join(cell.format(tag) + summary for tag in ("", " tag_parameters"))
    assert re.findall("<summary>(.*?)</summary>", _correct(body)) == ["Code", "Settings you can change"]
