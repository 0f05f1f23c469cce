"""Ingest: the same bytes each time, and no way back to a sentence."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.corpus import Article, read_file
from wattbook.features import COLUMNS, extract, extract_all, passages, sentences, tables, word_pairs, write
from wattbook.paths import DATA
from wattbook.samples import sample_path
from wattbook.segment import Token


def spaced(text: str) -> list[Token]:
    """Each character a token: enough to test what is built on tokens."""
    return [Token(c, i, i + 1) for i, c in enumerate(text) if not c.isspace()]


def test_sentences_keep_their_closing_marks() -> None:
    text = "他說:「會停電。」真的嗎?!沒有句點"
    assert [text[a:b] for a, b in sentences(text)] == ["他說:「會停電。」", "真的嗎?!", "沒有句點"]


@given(st.text(st.sampled_from("電價。!?」 a1"), max_size=300))
def test_sentences_cover_the_text(text: str) -> None:
    spans = list(sentences(text))
    assert all(a < b for a, b in spans)
    assert [a for a, _ in spans[1:]] == [b for _, b in spans[:-1]]
    assert not text[spans[-1][1] if spans else 0 :].strip()


def test_a_passage_has_at_least_a_hundred_words() -> None:
    text = ("電" * 60 + "。") * 3 + "網" * 10 + "。"
    (first, second) = passages(text + "力" * 95 + "。", spaced(text + "力" * 95 + "。"))
    # 60 + 60 words reach 100; 60 + 10 do not and take the 95 too.
    assert [len(first.words), len(second.words)] == [120, 165]
    assert (first.start, first.end, second.start) == (0, 122, 122)


def test_a_short_rest_joins_the_passage_before() -> None:
    text = "電" * 100 + "。" + "網" * 5 + "。"
    (only,) = passages(text, spaced(text))
    assert len(only.words) == 105
    assert only.end == len(text)


def test_a_short_text_is_one_passage() -> None:
    (only,) = passages("停電。", spaced("停電。"))
    assert only.words == ("停", "電")


def test_pairs_stand_next_to_each_other_and_repeated_sentences_count_once() -> None:
    text = "甲乙,丙。甲乙,丙。乙丙 丁"
    assert word_pairs(text, spaced(text)) == Counter({("甲", "乙"): 1, ("乙", "丙"): 1})


def test_both_engines_and_any_number_of_workers_give_the_same_rows() -> None:
    articles = read_file(sample_path())
    one = tables(extract_all(articles, engine="rjieba", workers=1))
    assert one == tables(extract_all(articles, engine="jieba", workers=2))
    # Nothing is damaged in the sample articles.
    assert {name: len(rows) > 0 for name, rows in one.items()} == (
        dict.fromkeys(COLUMNS, True) | {"damage": False, "damage_effect": False}
    )


def test_counts_add_up_to_the_words_of_the_passages() -> None:
    rows = tables(extract_all(read_file(sample_path()), workers=1))
    counted: Counter[str] = Counter()
    for passage, _, count in rows["token_counts"]:
        counted[passage] += count
    assert counted == {passage: words for passage, _, _, _, words in rows["passages"]}


def test_offsets_count_into_the_body() -> None:
    (article, *_) = read_file(sample_path())
    derived = extract(article)
    assert derived.quantities
    for _, start, end, surface, *_ in derived.quantities:
        assert article.body[start:end] == surface
    for _, _, start, end, _ in derived.mentions:
        assert end <= len(article.prose)
        assert start < end


def test_damaged_places_are_listed() -> None:
    article = Article("x-01", "題", "報紙", "房市泡棉破了,店家的儲能係統也關了。(報紙)", "x.txt", 1, "題")
    assert extract(article).damage == [
        ("x-01", 2, 4, "泡棉", "vocabulary_conversion", "泡沫"),
        ("x-01", 10, 14, "儲能係統", "script_conversion", "儲能系統"),
    ]


def test_what_repairs_would_change_is_listed_word_by_word() -> None:
    article = Article("x-01", "題", "報紙", "房市泡棉破了,泡沫破了。(報紙)", "x.txt", 1, "題")
    assert extract(article).damage_effect == [
        ("x-01", kind, *row) for kind in ("vocabulary_conversion", "all") for row in (("泡棉", 1, 0), ("泡沫", 1, 2))
    ]


def test_the_source_line_is_not_part_of_the_text() -> None:
    article = Article("x-01", "題", "報紙", "電價上漲。(報紙)", "x.txt", 1, "題")
    assert "報紙" not in {token for _, token, _ in extract(article).token_counts}


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    rows = tables(extract_all(read_file(sample_path()), workers=1))
    write(rows, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    broken = {**rows, "passages": [("p", object.__new__(_Unprintable))]}
    with pytest.raises(RuntimeError):
        write(broken, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


class _Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("cannot be written")


@pytest.mark.corpus
def test_the_committed_features_are_those_of_the_articles(corpus, tmp_path: Path) -> None:
    write(tables(extract_all(corpus, engine="jieba", workers=1)), tmp_path)
    for name in COLUMNS:
        assert (tmp_path / f"{name}.csv").read_bytes() == (DATA / "features" / f"{name}.csv").read_bytes(), name


def test_every_article_has_features_and_notes() -> None:
    with (DATA / "features" / "articles.csv").open(encoding="utf-8") as file:
        derived = {row["article_id"] for row in csv.DictReader(file)}
    with (DATA / "article_notes.csv").open(encoding="utf-8") as file:
        assert {row["article_id"] for row in csv.DictReader(file)} == derived
    assert len(derived) == 15
