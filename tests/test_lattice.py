"""The words jieba weighs, against its own cut and against sums worked out here."""

from itertools import pairwise
from math import exp

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook.lattice import lattice
from wattbook.segment import Segmenter, to_simplified

TEXT = "石灰岩屬於寒武紀與奧陶紀的地層"
PLAIN = jieba.Tokenizer()


def path(text: str, **how: object) -> list[str]:
    table = lattice(text, **how)
    return list(table.loc[table["on_path"], "word"])


def test_the_path_covers_the_text() -> None:
    table = lattice(TEXT)
    on_path = table[table["on_path"]]
    assert "".join(on_path["word"]) == TEXT
    assert all(TEXT[row.start : row.end] == row.word for row in table.itertuples())


def test_the_path_has_the_highest_sum_of_all_ways_through() -> None:
    text = "電網老化得快"
    table = lattice(text, terms=["電網老化"])
    words = table.groupby("start")[["end", "log_probability"]].apply(lambda rows: rows.to_numpy().tolist())

    def sums(at: int) -> list[float]:
        return [p + rest for end, p in words[at] for rest in sums(int(end))] if at < len(text) else [0.0]

    assert table.loc[table["on_path"], "log_probability"].sum() == pytest.approx(max(sums(0)))
    assert len(sums(0)) > 4


@settings(max_examples=20)
@given(st.text(st.sampled_from("電網老化寒武紀與的地層比預期更快"), min_size=1, max_size=12))
def test_jieba_without_guessing_cuts_along_the_path(text: str) -> None:
    # Without the hidden Markov model jieba's cut is the path itself.
    assert [to_simplified(word) for word in path(text)] == list(PLAIN.cut(to_simplified(text), HMM=False))


def test_probabilities_are_shares_of_the_dictionary() -> None:
    table = lattice("的").iloc[0]
    PLAIN.initialize()
    assert table["frequency"] == PLAIN.FREQ["的"]
    assert exp(table["log_probability"]) == pytest.approx(PLAIN.FREQ["的"] / PLAIN.total)


def test_a_traditional_name_is_no_word_until_it_is_folded() -> None:
    assert "寒武紀" not in set(lattice(TEXT, folded=False)["word"])
    assert "寒武紀" in path(TEXT)


def test_a_term_that_is_added_is_taken() -> None:
    assert "奧陶紀的地層" not in set(lattice(TEXT)["word"])
    assert "奧陶紀的地層" in path(TEXT, terms=["奧陶紀的地層"])
    assert "奧陶紀的地層" in Segmenter("jieba", terms=["奧陶紀的地層"]).cut(TEXT)


def test_a_character_that_no_dictionary_has_stands_alone() -> None:
    row = lattice("鿄").iloc[0]
    assert (row["word"], row["frequency"], bool(row["on_path"])) == ("鿄", 0, True)


def test_words_follow_each_other() -> None:
    table = lattice(TEXT)
    on_path = table[table["on_path"]]
    assert all(a == b for (_, a), (b, _) in pairwise(zip(on_path["start"], on_path["end"], strict=True)))
