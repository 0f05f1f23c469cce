"""Ingest: the same bytes each time, and no way back to a sentence."""

import csv
import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from wattbook.corpus import Article, read_file
from wattbook.features import COLUMNS, FLOATS, INTEGERS, extract, passages, sentences, word_pairs
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


def test_counts_add_up_to_the_words_of_the_passages() -> None:
    for article in read_file(sample_path()):
        derived = extract(article)
        counted: Counter[str] = Counter()
        for passage, _, count in derived.token_counts:
            counted[passage] += count
        assert counted == {passage: words for passage, _, _, _, words in derived.passages}


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


def test_columns_are_of_the_kinds_that_the_codebook_says() -> None:
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    described = {
        resource["path"]: resource["schema"]["fields"] for resource in package["resources"] if "schema" in resource
    }
    for name, columns in COLUMNS.items():
        kinds = {field["name"]: field["type"] for field in described[f"features/{name}.csv"]}
        assert tuple(kinds) == columns
        assert {column for column in columns if kinds[column] == "integer"} == INTEGERS & set(columns)
        assert {column for column in columns if kinds[column] == "number"} == FLOATS & set(columns)


def test_every_article_has_features_and_notes() -> None:
    with (DATA / "features" / "articles.csv").open(encoding="utf-8") as file:
        derived = {row["article_id"] for row in csv.DictReader(file)}
    with (DATA / "article_notes.csv").open(encoding="utf-8") as file:
        assert {row["article_id"] for row in csv.DictReader(file)} == derived
    assert len(derived) == 15
