"""The scanner's quality: what it must reach, and the figures of data/quality/quantities.csv worked out again."""

import csv
import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from wattbook.corpus import Article
from wattbook.paths import DATA, ROOT

# The test cases of Recognizers-Text: a folder of the reader's own, as the articles are.
SPECS = Path(os.environ.get("RECOGNIZERS_SPECS", ROOT.parent / "shared" / "peers" / "recognizers" / "Specs"))
Recorded = dict[str, dict[str, str]]


@pytest.fixture
def recorded() -> Recorded:
    with (DATA / "quality" / "quantities.csv").open(encoding="utf-8", newline="") as lines:
        return {row["measure"]: row for row in csv.DictReader(lines)}


@pytest.fixture
def benchmark() -> Iterator[object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "benchmarks")
        yield lambda name: importlib.import_module(f"quantities_{name}")


def test_the_annotation_is_in_order_and_spans_both_files(benchmark) -> None:
    places = [place for place, _, _ in benchmark("annotation").annotated()]
    assert places == sorted(set(places))
    assert {article.split("-")[0] for article, _, _ in places} == {"000", "003"}
    assert len({article for article, _, _ in places}) == 5


def test_a_miss_and_a_wrong_find_are_both_counted(benchmark, monkeypatch: pytest.MonkeyPatch) -> None:
    """The value of 3億美元 and the hedge of 6% are marked otherwise; 7天 is not marked at all."""
    module: ModuleType = benchmark("annotation")
    marked = [(("000-99", 0, 4), (4e8, 4e8, "USD"), "exact"), (("000-99", 6, 8), (6.0, 6.0, "percent"), "exact")]
    monkeypatch.setattr(module, "annotated", lambda: iter(marked))
    article = Article("000-99", "", None, "3億美元,約6%,7天", "", 1, "")
    assert module.measure([article]) == {"precision": 1 / 3, "recall": 1 / 2, "modifier": 0.0, "marked": 2}


@pytest.mark.corpus
def test_precision_and_recall_are_those_recorded_and_high(corpus: list[Article], benchmark, recorded: Recorded) -> None:
    figures = benchmark("annotation").measure(corpus)
    for name in ("precision", "recall", "modifier"):
        row = recorded[f"annotation-{name}"]
        assert (row["value"], row["n"]) == (f"{figures[name]:.3f}", str(figures["marked"]))
    assert figures["precision"] >= 0.97
    assert figures["recall"] >= 0.97
    assert figures["modifier"] >= 0.95


def test_the_agreement_with_the_suite_is_that_recorded_and_high(benchmark, recorded: Recorded) -> None:
    if not SPECS.is_dir():
        pytest.skip("the test cases of Recognizers-Text are not here (set RECOGNIZERS_SPECS)")
    agreed = benchmark("peers").agreement(SPECS)
    for model, (good, total) in agreed.items():
        row = recorded[f"suite-{model}"]
        assert (row["value"], row["n"]) == (f"{good / total:.3f}", str(total))
    assert agreed["all"][0] / agreed["all"][1] >= 0.95


def test_the_recorded_speed_reaches_its_target_on_the_articles(recorded: Recorded) -> None:
    """The target is for prose. The sample articles, with several times as many numbers, are recorded without one."""
    speeds = {name.removeprefix("speed-"): row for name, row in recorded.items() if name.startswith("speed-")}
    assert set(speeds) == {"articles", "samples"}
    assert {row["unit"] for row in speeds.values()} == {"times"}
    assert float(speeds["articles"]["value"]) >= 100
    assert 1 < float(speeds["samples"]["value"]) < float(speeds["articles"]["value"])
