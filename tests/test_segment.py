"""Tokens: offsets never lie, terms stay whole, both engines agree, and the measured figures are the committed ones."""

import csv
import importlib
import json
from collections.abc import Iterator
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wattbook.lexicon import load_dictionary
from wattbook.paths import DATA, ROOT
from wattbook.segment import Segmenter, to_simplified

HAN_AND_MORE = st.text(
    st.sampled_from("電網老化的寒武紀與輝達折舊費用後裏乾髮面〇3.5%abc,。—— \n\u3000𠮷é"), max_size=80
)


@pytest.fixture(scope="module")
def segmenter() -> Segmenter:
    return Segmenter()


def words(segmenter: Segmenter, text: str) -> list[str]:
    return segmenter.cut(text)


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield importlib.import_module("segmentation")


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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("投資4,230億美元", ["投資", "4,230億", "美元"]),
        ("約1.3兆美元,480兆瓦", ["約", "1.3兆", "美元", ",", "480", "兆瓦"]),
        ("60萬至80萬枚", ["60萬", "至", "80萬", "枚"]),
        ("3千億元與5百萬", ["3千億", "元", "與", "5百萬"]),
        ("辉达卖了3亿美元", ["辉达", "卖", "了", "3亿", "美元"]),
    ],
)
def test_a_number_takes_its_scale_and_leaves_the_unit(segmenter: Segmenter, text: str, expected: list[str]) -> None:
    assert words(segmenter, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("美國政府宣布", ["美國", "政府", "宣布"]),
        ("數千億美元的債務", ["數千億", "美元", "的", "債務"]),
        ("在發展中國家", ["在", "發展中國家"]),  # neither end is the term 中國
        ("而瑪氏中斷生產", ["而", "瑪氏", "中斷", "生產"]),
        ("隨著需求上升,著名的計畫", ["隨著", "需求", "上升", ",", "著名", "的", "計畫"]),
    ],
)
def test_the_cut_is_mended_where_jieba_is_known_to_err(segmenter: Segmenter, text: str, expected: list[str]) -> None:
    assert words(segmenter, text) == expected


def test_every_term_stays_whole_in_a_sentence(segmenter: Segmenter) -> None:
    """Each dictionary term in frames of everyday words, which must not pull its characters away."""
    frames = ["我們昨天談到{}。", "這與{}有關", "{}上升了三成", "他說,{}是問題", "對{}的看法"]
    terms = list(load_dictionary()["term"])
    cut = [(term, frame) for term in terms for frame in frames if term not in words(segmenter, frame.format(term))]
    assert len(cut) <= 0.01 * len(terms) * len(frames), cut


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
    assert Segmenter().cut(text) == [token.text for token in tokens]
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
def test_dictionary_terms_stay_whole_in_the_articles(corpus, benchmark: ModuleType) -> None:
    whole, total = benchmark.terms_whole()
    assert total > 3000
    assert whole / total >= 0.99


def test_the_committed_scores_are_those_of_this_engine(benchmark: ModuleType) -> None:
    with (DATA / "quality" / "segmentation.csv").open(encoding="utf-8") as lines:
        rows = {row["measure"]: row for row in csv.DictReader(lines)}
    found, sentences, _ = benchmark.measure(benchmark.GOLD)
    for name, value, *_ in benchmark.rows_of(found, sentences, "own gold"):
        assert (rows[name]["value"], rows[name]["n"]) == (value, str(sentences))
    assert found["wattbook", "as cut"]["f1"] > found["plain jieba", "as cut"]["f1"] + 0.03
    assert float(rows["terms-whole"]["value"]) >= 0.99


def test_scores_are_worked_out_right(benchmark: ModuleType) -> None:
    """Gold a|bc|d and found a|b|c|d share two spans of three and four."""
    found = benchmark.scores([[(0, 1), (1, 3), (3, 4)]], [[(0, 1), (1, 2), (2, 3), (3, 4)]])
    assert (found["precision"], found["recall"]) == (2 / 4, 2 / 3)
    assert found["f1"] == found["f1_low"] == found["f1_high"] == pytest.approx(4 / 7)


@pytest.mark.parametrize(
    ("words", "mapped"),
    [
        (["折舊費"], ["折舊", "費"]),
        (["科學家們"], ["科學", "家", "們"]),
        (["他們", "球員"], ["他們", "球員"]),
        (["位於", "成為"], ["位", "於", "成", "為"]),
        (["這個", "這種", "三年", "第二條"], ["這", "個", "這種", "三", "年", "第二", "條"]),
        (["H200", "2025", "3萬"], ["H200", "2025", "3萬"]),
    ],
)
def test_the_mapping_cuts_as_the_treebank_does(benchmark: ModuleType, words: list[str], mapped: list[str]) -> None:
    text = "".join(words)
    assert [text[a:b] for a, b in benchmark.to_gsd(text, benchmark.spans_of(words))] == mapped


def test_gold_files_of_both_formats_are_read(benchmark: ModuleType, tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"words": ["買", "Vera", "Rubin", "。"]}), encoding="utf-8")
    rows = [(1, "買", "SpaceAfter=No"), (2, "Vera", "_"), (3, "Rubin", "SpaceAfter=No"), (4, "。", "_")]
    lines = ["# text = x", *(f"{n}\t{word}" + "\t_" * 7 + f"\t{misc}" for n, word, misc in rows)]
    (tmp_path / "a.conllu").write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    ((text, spans),) = benchmark.read_gold(tmp_path / "a.jsonl")
    assert (text, spans) == ("買Vera Rubin。", [(0, 1), (1, 5), (6, 11), (11, 12)])
    ((text, spans),) = benchmark.read_gold(tmp_path / "a.conllu")
    assert (text.rstrip(), spans) == ("買Vera Rubin。", [(0, 1), (1, 5), (6, 11), (11, 12)])


def test_the_gold_has_no_empty_word_and_joins_to_sentences(benchmark: ModuleType) -> None:
    gold = list(benchmark.read_gold(benchmark.GOLD))
    assert len(gold) == 85
    for text, spans in gold:
        assert all(text[a:b].strip() for a, b in spans)
        assert text.endswith(("。", "？"))


def test_the_engines_agree_on_the_gold(benchmark: ModuleType) -> None:
    fast, plain = Segmenter("rjieba"), Segmenter("jieba")
    for text, _ in benchmark.read_gold(benchmark.GOLD):
        assert fast.tokens(text) == plain.tokens(text)
