"""Pages as readers get them: captions first, tables that scroll, Chinese marked with its language."""

import pytest

from wattbook.site.language import language_of, mark_chinese
from wattbook.site.page import _correct


@pytest.mark.parametrize(
    ("run", "language"), [("電網", "zh-Hant"), ("电网", "zh-Hans"), ("人工智能", "zh-Hant"), ("中国大陆", "zh-Hans")]
)
def test_the_script_is_told_from_the_characters(run: str, language: str) -> None:
    assert language_of(run) == language


def test_chinese_in_text_is_marked_and_nothing_else() -> None:
    marked = mark_chinese('<p title="電網">the grid (電網) and 电网, <code>折舊</code></p>')
    assert marked == (
        '<p title="電網">the grid (<span lang="zh-Hant">電網</span>) and <span lang="zh-Hans">电网</span>, '
        '<code><span lang="zh-Hant">折舊</span></code></p>'
    )


def test_a_run_keeps_the_marks_inside_it() -> None:
    assert mark_chinese("電網、電價。") == '<span lang="zh-Hant">電網、電價</span>。'


@pytest.mark.parametrize(
    "left",
    [
        '<script>let a = "電網";</script>',
        "<svg><text>電網</text></svg>",
        "<select><option>電網</option></select>",
        '<p lang="zh-Hant">電網<br>電<b>價</b></p>',
        "<!-- 電網 -->",
        "no Chinese < here",
    ],
)
def test_what_is_marked_or_not_read_stays(left: str) -> None:
    assert mark_chinese(left) == left


def test_marking_goes_on_after_an_element_that_is_left() -> None:
    assert mark_chinese("<svg><text>電</text></svg>網").endswith('<span lang="zh-Hant">網</span>')
    assert mark_chinese('<b lang="zh">電</b></i>網').endswith('<span lang="zh-Hant">網</span>')


def test_captions_come_before_their_own_figures() -> None:
    body = '<figure id="a"><svg></svg></figure><figure id="b"><i></i><figcaption>B</figcaption></figure>'
    assert _correct(body) == (
        '<figure id="a"><svg></svg></figure><figure id="b"><figcaption>B</figcaption><i></i></figure>'
    )


def test_tables_and_code_scroll_by_themselves() -> None:
    made = _correct('<table class="docutils align-default"><tr></tr></table><div class="highlight"><pre>x</pre></div>')
    assert '<div class="wb-scroll" role="group" aria-label="Table" tabindex="0"><table' in made
    assert '<pre tabindex="0">' in made
