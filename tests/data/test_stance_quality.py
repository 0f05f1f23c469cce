"""The quality figures of the stance counts against the places that they were taken from."""

import re
from pathlib import Path

import pandas as pd
import pytest

from wattbook.lexicon import load_stance
from wattbook.paths import DATA
from wattbook.textstats import load_counts


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(Path(DATA) / "quality" / name, keep_default_na=False)


QUALITY = read("stance.csv").set_index("measure")
PLACES = read("stance_places.csv")


def test_every_category_has_its_precision() -> None:
    categories = set(load_stance()["category"])
    assert set(QUALITY.index) == {f"precision_{category}" for category in categories} | {"coverage_stance"}


def test_precision_is_the_share_of_places_that_fit() -> None:
    for category, rows in PLACES.groupby("category"):
        figure = QUALITY.loc[f"precision_{category}"]
        assert figure["n"] == len(rows)
        assert figure["value"] == round((rows["fits"] == "yes").mean(), 3)


def test_only_listed_words_were_read() -> None:
    listed = set(load_stance()[["category", "term"]].itertuples(index=False, name=None))
    assert set(PLACES[["category", "term"]].itertuples(index=False, name=None)) <= listed


@pytest.mark.corpus
def test_the_words_stand_where_the_places_say(corpus) -> None:
    bodies = {article.id: article.body for article in corpus}
    for row in PLACES.itertuples():
        assert bodies[row.article_id][row.start : row.end] == row.term


@pytest.mark.corpus
def test_coverage_is_what_the_counts_have_of_the_listed_words(corpus) -> None:
    counts = load_counts().groupby("token")["count"].sum()
    stand = counted = 0
    for _, rows in load_stance().groupby("category"):
        longest_first = sorted(map(re.escape, rows["term"]), key=len, reverse=True)
        stand += sum(len(re.findall("|".join(longest_first), article.prose)) for article in corpus)
        counted += counts.reindex(rows["term"], fill_value=0).sum()
    figure = QUALITY.loc["coverage_stance"]
    assert figure["n"] == stand
    assert figure["value"] == pytest.approx(counted / stand, abs=0.005)
