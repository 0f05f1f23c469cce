"""Tokens: offsets never lie, terms stay whole, both engines agree."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.lexicon import load_dictionary
from wattbook.segment import Segmenter, to_simplified

HAN_AND_MORE = st.text(
    st.sampled_from("電網老化的寒武紀與輝達折舊費用後裏乾髮面〇3.5%abc,。—— \n\u3000𠮷é"), max_size=80
)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


def words(segmenter: Segmenter, text: str) -> list[str]:
    return [token.text for token in segmenter.tokens(text)]


def test_terms_that_plain_jieba_cuts_stay_whole(segmenter: Segmenter) -> None:
    assert words(segmenter, "寒武紀與海光資訊") == ["寒武紀", "與", "海光資訊"]
    assert words(segmenter, "提高折舊費用") == ["提高", "折舊費用"]


def test_latin_and_numbers_are_runs(segmenter: Segmenter) -> None:
    assert words(segmenter, "GPT-4用3.5%的H200,共1,024枚") == [
        "GPT-4",
        "用",
        "3.5%",
        "的",
        "H200",
        ",",
        "共",
        "1,024",
        "枚",
    ]


def test_the_longer_term_wins() -> None:
    short_and_long = Segmenter(terms=["資本", "資本支出", "資本支出率"])
    assert words(short_and_long, "資本支出率上升") == ["資本支出率", "上升"]
    assert words(short_and_long, "資本支出上升") == ["資本支出", "上升"]


def test_the_readers_own_term_changes_the_cut() -> None:
    assert "青山電力" in words(Segmenter(terms=["青山電力"]), "青山電力漲價")
    assert "青山電力" not in words(Segmenter(terms=[]), "青山電力漲價")


@given(st.one_of(st.text(), HAN_AND_MORE))
def test_tokens_are_slices_and_leave_out_only_white_space(text: str) -> None:
    tokens = Segmenter().tokens(text)
    position = 0
    for token in tokens:
        assert token.start < token.end
        assert text[token.start : token.end] == token.text
        assert not text[position : token.start].strip()
        position = token.end
    assert not text[position:].strip()


@given(st.one_of(st.text(), HAN_AND_MORE))
def test_the_engines_agree(text: str) -> None:
    assert Segmenter("jieba").tokens(text) == Segmenter("rjieba").tokens(text)


@given(st.text())
def test_folding_keeps_the_length(text: str) -> None:
    assert len(to_simplified(text)) == len(text)


@pytest.mark.corpus
def test_the_engines_agree_on_the_articles(corpus) -> None:
    fast, plain = Segmenter("rjieba"), Segmenter("jieba")
    for article in corpus:
        assert fast.tokens(article.body) == plain.tokens(article.body)


@pytest.mark.corpus
def test_dictionary_terms_stay_whole_in_the_articles(corpus, segmenter: Segmenter) -> None:
    terms = [re.escape(term) for term in load_dictionary()["term"]]
    whole = total = 0
    for article in corpus:
        tokens = segmenter.tokens(article.body)
        covering = {i: token for token in tokens for i in range(token.start, token.end)}
        for term in terms:
            for found in re.finditer(term, article.body):
                total += 1
                token = covering[found.start()]
                whole += token.start <= found.start() and found.end() <= token.end
    assert total > 3000
    assert whole / total >= 0.99
