"""Precision and recall of wattbook.quantities on the articles whose quantities a person marked.

Usage: python benchmarks/quantities_annotation.py [--misses]

tests/quantities/annotation.csv holds the places and values; the articles are the reader's own copy. A quantity is right
when its span, its unit and its values are; hedges are counted apart, among the quantities that are right. A damaged
number has no value, only its place and unit.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterator

from wattbook.corpus import Article, read_corpus
from wattbook.paths import ROOT, corpus_dir
from wattbook.quantities import find_quantities

ANNOTATION = ROOT / "tests" / "quantities" / "annotation.csv"
Place = tuple[str, int, int]
Reading = tuple[float, float, str]


def annotated() -> Iterator[tuple[Place, Reading, str]]:
    """Give each marked place with what was read there and its hedge."""
    with ANNOTATION.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            low, high = (float(row[end] or "nan") for end in ("low", "high"))
            yield (row["article_id"], int(row["start"]), int(row["end"])), (low, high, row["unit"]), row["modifier"]


def same(left: Reading, right: Reading) -> bool:
    """Tell whether units and values agree."""
    return left[2] == right[2] and all(
        (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9)
        for a, b in zip(left[:2], right[:2], strict=True)
    )


def measure(corpus: list[Article], *, show: bool = False) -> dict[str, float]:
    """Give precision, recall, the share of right hedges and the number of marked quantities; print misses if `show`."""
    wanted = {place: (reading, modifier) for place, reading, modifier in annotated()}
    articles = {article for article, _, _ in wanted}
    found = {
        (article.id, q.start, q.end): ((q.low, q.high, q.unit), q.modifier)
        for article in corpus
        if article.id in articles
        for q in find_quantities(article.prose)
    }
    hits = {place for place in wanted if place in found and same(wanted[place][0], found[place][0])}
    if show:
        for place in sorted({*wanted, *found} - hits):
            print(*place, "marked", wanted.get(place), "found", found.get(place))
    return {
        "precision": len(hits) / len(found),
        "recall": len(hits) / len(wanted),
        "modifier": sum(wanted[place][1] == found[place][1] for place in hits) / len(hits),
        "marked": len(wanted),
    }


def main(arguments: list[str]) -> int:
    folder = corpus_dir()
    if folder is None:
        print("the articles are not here: set WATTBOOK_CORPUS")
        return 2
    for name, value in measure(read_corpus(folder), show="--misses" in arguments).items():
        print(f"{name:10} {value:.3f}" if isinstance(value, float) else f"{name:10} {value}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
