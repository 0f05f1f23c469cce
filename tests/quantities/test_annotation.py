"""The scanner against quantities that a person marked in five articles before the scanner was tuned."""

import csv
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from wattbook.corpus import Article
from wattbook.quantities import find_quantities

ANNOTATION = Path(__file__).with_name("annotation.csv")
Marked = tuple[str, int, int]
Reading = tuple[float, float, str]


def annotated() -> Iterator[tuple[Marked, Reading, str]]:
    with ANNOTATION.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            low, high = (float(row[end] or "nan") for end in ("low", "high"))
            yield (row["article_id"], int(row["start"]), int(row["end"])), (low, high, row["unit"]), row["modifier"]


def same(left: Reading, right: Reading) -> bool:
    """Tell whether unit and values agree; a damaged number has none."""
    return left[2] == right[2] and all(
        (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=1e-9)
        for a, b in zip(left[:2], right[:2], strict=True)
    )


def measure(corpus: list[Article]) -> dict[str, float]:
    """Give precision, recall and the share of hedges read alike, with the number of quantities marked."""
    wanted = {place: (reading, modifier) for place, reading, modifier in annotated()}
    articles = {place[0] for place in wanted}
    found = {
        (article.id, q.start, q.end): ((q.low, q.high, q.unit), q.modifier)
        for article in corpus
        if article.id in articles
        for q in find_quantities(article.prose)
    }
    hits = [place for place in wanted if place in found and same(wanted[place][0], found[place][0])]
    return {
        "annotated": len(wanted),
        "precision": len(hits) / len(found),
        "recall": len(hits) / len(wanted),
        "modifier_agreement": sum(wanted[place][1] == found[place][1] for place in hits) / len(hits),
    }


def test_annotation_is_in_order_and_spans_both_files() -> None:
    places = [place for place, _, _ in annotated()]
    assert places == sorted(set(places))
    assert {place[0].split("-")[0] for place in places} == {"000", "003"}
    assert len({place[0] for place in places}) >= 4


@pytest.mark.corpus
def test_precision_and_recall(corpus: list[Article]) -> None:
    figures = measure(corpus)
    assert figures["precision"] >= 0.97
    assert figures["recall"] >= 0.97
    assert figures["modifier_agreement"] >= 0.95
