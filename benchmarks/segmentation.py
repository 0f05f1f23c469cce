"""Score the segmenter against a gold standard, plain jieba beside it, in one run.

    python benchmarks/segmentation.py [--write] [TREEBANK --version WHICH]

The gold is the project's own small one and, where it is given, a treebank: a file of JSON lines with ``words`` or a
CoNLL-U file (UD Chinese-GSD: ``zh_gsd-ud-dev.conllu``).  F1 compares the spans of words; the interval is a percentile
bootstrap over sentences.  ``--write`` puts the figures into data/quality/segmentation.csv and, where a treebank is
given, segmentation_treebank.csv, with its version (a release or a commit): it is not in this repository.

Treebanks differ in what they call a word, so each cut is scored twice: as it is, and mapped to the standard of UD
Chinese-GSD by three rules that know no word of the gold: a listed suffix is cut from a word of three or more
characters, 於 and 為 from the verb before them, and a numeral or 這 from the classifier after it.  The mapping is the
same for every system and is no part of the engine.
"""

import argparse
import csv
import json
import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import jieba
import numpy as np
from throughput import best

from wattbook.corpus import read_corpus, read_file
from wattbook.errors import InputError
from wattbook.lexicon import load_dictionary
from wattbook.paths import DATA, ROOT, corpus_dir
from wattbook.samples import sample_path
from wattbook.segment import Segmenter, to_simplified

GOLD = ROOT / "tests" / "gold" / "segmentation.jsonl"
OUT = DATA / "quality" / "segmentation.csv"
OUT_TREEBANK = DATA / "quality" / "segmentation_treebank.csv"
HOW = "benchmarks/segmentation.py --write"
RESAMPLES = 2000

# What GSD tags as suffix (PART/SFN): it makes a noun of the word before it.
SUFFIXES = frozenset(
    "者人員家師生長官們民性度率量額費數值型式類級版化法論學業界圈商廠店站廳院館所室局部會社團隊組處署"
    "機器車船槍爐線路網板卡片幣票券權制表單書品物體庫區省市縣鄉鎮村州國島山河湖海洋港灣洲街層面"
)
PARTICLES = frozenset("於為")
WHOLE = frozenset(["這種", "這次"])
COUNTED = re.compile(
    "(第?[一二兩三四五六七八九十百千萬億兆零〇幾數半]+|這)"
    "([個座家位名項條件種次場批顆輛台部張年月日天代成倍點歲分秒元])"
)

Spans = list[tuple[int, int]]
Found = dict[tuple[str, str], dict[str, float]]
Row = tuple[str, str, int, str, str]


def read_gold(path: Path) -> Iterator[tuple[str, Spans]]:
    """Give each sentence's text and the spans of its words; words that the gold joins without a space stay joined."""
    for words, spaces in _conllu(path) if path.suffix == ".conllu" else _json_lines(path):
        text, spans = "", []
        for word, space in zip(words, spaces, strict=True):
            spans.append((len(text), len(text) + len(word)))
            text += word + (" " if space else "")
        yield text, spans


def _json_lines(path: Path) -> Iterator[tuple[list[str], list[bool]]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        words = json.loads(line)["words"]
        # Two Latin words or numbers in a row were apart in the text.
        after = [*words[1:], "。"]
        yield words, [a[-1].isascii() and a[-1].isalnum() and b[0].isascii() and b[0].isalnum()
                      for a, b in zip(words, after, strict=True)]  # fmt: skip


def _conllu(path: Path) -> Iterator[tuple[list[str], list[bool]]]:
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line[:1].isdigit()]
        rows = [row for row in rows if row[0].isdigit()]
        if rows:
            yield [row[1] for row in rows], ["SpaceAfter=No" not in row[9] for row in rows]


def spans_of(words: list[str]) -> Spans:
    ends = np.cumsum([len(word) for word in words]).tolist()
    return [(end - len(word), end) for word, end in zip(words, ends, strict=True) if word.strip()]


def systems() -> dict[str, Callable[[str], Spans]]:
    plain = jieba.Tokenizer()
    ours, without = Segmenter(), Segmenter(terms=[])
    return {
        "wattbook": lambda text: [(start, end) for _, start, end in ours.tokens(text)],
        "wattbook without its dictionary": lambda text: [(start, end) for _, start, end in without.tokens(text)],
        "jieba on t2s": lambda text: spans_of(plain.lcut(to_simplified(text))),
        "plain jieba": lambda text: spans_of(plain.lcut(text)),
    }


def to_gsd(text: str, spans: Spans) -> Spans:
    """Cut suffixes, verb particles and classifiers off, as UD Chinese-GSD does."""
    mapped: Spans = []
    for start, end in spans:
        tail: Spans = []
        while (end - start > 2 and text[end - 1] in SUFFIXES and text[end - 2] >= "\u4e00") or (
            end - start > 1 and text[end - 1] in PARTICLES and text[start] >= "\u4e00"
        ):
            tail.insert(0, (end - 1, end))
            end -= 1
        counted = COUNTED.fullmatch(text, start, end)
        if counted and counted[0] not in WHOLE:
            tail.insert(0, counted.span(2))
            end = counted.end(1)
        mapped += [(start, end), *tail]
    return mapped


def scores(gold: list[Spans], found: list[Spans]) -> dict[str, float]:
    """Give precision, recall and F1 with a 95% bootstrap interval over sentences."""
    counts = np.array([(len(set(g) & set(f)), len(g), len(f)) for g, f in zip(gold, found, strict=True)])
    generator = np.random.default_rng(20251209)
    drawn = counts[generator.integers(len(counts), size=(RESAMPLES, len(counts)))].sum(axis=1)
    low, high = np.quantile(2 * drawn[:, 0] / (drawn[:, 1] + drawn[:, 2]), (0.025, 0.975))
    right, wanted, given = counts.sum(axis=0)
    return {
        "precision": right / given,
        "recall": right / wanted,
        "f1": 2 * right / (wanted + given),
        "f1_low": low,
        "f1_high": high,
    }


def measure(path: Path) -> tuple[Found, int, int]:
    """Score every system on one gold file: by system and standard; with the numbers of sentences and words."""
    sentences = list(read_gold(path))
    gold = [spans for _, spans in sentences]
    found = {}
    for name, cut in systems().items():
        cuts = [cut(text) for text, _ in sentences]
        found[name, "as cut"] = scores(gold, cuts)
        found[name, "GSD"] = scores(
            gold, [to_gsd(text, spans) for (text, _), spans in zip(sentences, cuts, strict=True)]
        )
    return found, len(sentences), sum(map(len, gold))


def terms_whole() -> tuple[int, int]:
    """Count dictionary terms in the articles: those that are one token, and all that no longer term's token holds.

    An occurrence across two words (國企 in 中國 企業) and one of two that overlap count as cut.
    """
    folder = corpus_dir()
    if folder is None:
        raise InputError("WATTBOOK_CORPUS", "no corpus folder: the share of whole terms needs the articles")
    terms = set(load_dictionary()["term"])
    lengths = range(2, 1 + max(map(len, terms)))
    segmenter = Segmenter()
    whole = total = 0
    for article in read_corpus(folder):
        body = article.body
        covering = {at: token for token in segmenter.tokens(body) for at in range(token.start, token.end)}
        for start, length in product(range(len(body)), lengths):
            term = body[start : start + length]
            if len(term) == length and term in terms:
                token = covering[start]
                held = token.text in terms and len(token.text) > length and token.end >= start + length
                total += not held
                whole += (token.start, token.end) == (start, start + length)
    return whole, total


def speed_ratios() -> tuple[float, float, int]:
    """Compare the engine with plain ``jieba.cut`` on one core, in one run.

    Gives how many times as fast it cuts into words and into words with offsets, and the characters measured.
    """
    text = "\n".join(article.prose for article in read_file(sample_path())) * 20
    plain, ours = jieba.Tokenizer(), Segmenter()
    works = {"plain": lambda: list(plain.cut(text)), "cut": lambda: ours.cut(text), "tokens": lambda: ours.tokens(text)}
    took = best(works)
    return took["plain"] / took["cut"], took["plain"] / took["tokens"], len(text)


def rows_of(found: Found, sentences: int, gold: str) -> list[Row]:
    """Give a row for every score on one gold."""
    rows = []
    for (system, standard), row in found.items():
        name = system.replace(" ", "-") + ("-gsd" if standard == "GSD" else "")
        how = f"{HOW}; {gold}, " + ("mapped to the GSD standard" if standard == "GSD" else "as cut")
        rows += [(f"{measure}-{name}", f"{value:.3f}", sentences, "ratio", how) for measure, value in row.items()]
    return rows


def rows_without_gold() -> list[Row]:
    """Measure the share of whole terms and the speed."""
    whole, total = terms_whole()
    cut, tokens, characters = speed_ratios()
    return [
        ("terms-whole", f"{whole / total:.4f}", total, "ratio", f"{HOW}; dictionary terms in the articles"),
        ("speed-cut", f"{cut:.1f}", characters, "times", f"{HOW}; plain jieba.cut is 1, one core, same run"),
        ("speed-tokens", f"{tokens:.1f}", characters, "times", f"{HOW}; the same, with the offsets of every word"),
    ]


def write(path: Path, rows: list[Row]) -> None:
    """Write measured figures as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("measure", "value", "n", "unit", "how"))
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("treebank", nargs="?", type=Path)
    parser.add_argument("--version", help="which treebank it is, for the record")
    parser.add_argument("--write", action="store_true", help="write data/quality/")
    arguments = parser.parse_args()
    if arguments.write and arguments.treebank and not arguments.version:
        parser.error("--version is needed: the figures must say what they were measured on")
    jieba.setLogLevel(60)
    for path in filter(None, (GOLD, arguments.treebank)):
        found, sentences, words = measure(path)
        print(f"{path.name}: {sentences} sentences, {words} words; dictionary of {len(load_dictionary())} terms")
        for (system, standard), row in found.items():
            print(f"  {system:32s} {standard:7s} P {row['precision']:.3f}  R {row['recall']:.3f}  "
                  f"F1 {row['f1']:.3f} [{row['f1_low']:.3f}, {row['f1_high']:.3f}]")  # fmt: skip
        if arguments.write and path == GOLD:
            write(OUT, rows_of(found, sentences, "own gold") + rows_without_gold())
        elif arguments.write:
            write(OUT_TREEBANK, rows_of(found, sentences, arguments.version))


if __name__ == "__main__":
    main()
