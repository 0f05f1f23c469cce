"""Counts of whole articles, as printed and repaired."""

import pandas as pd

from wattbook import views
from wattbook.articles import load_articles
from wattbook.paths import DATA


def test_counts_of_an_article_add_up_to_its_words() -> None:
    counts = views.article_counts()
    assert counts.groupby("article_id")["count"].sum().to_dict() == load_articles()["tokens"].to_dict()
    assert not counts.duplicated(["article_id", "token"]).any()


def test_repaired_counts_differ_where_the_effects_say_and_nowhere_else() -> None:
    printed, repaired = (
        views.article_counts(repaired=way).set_index(["article_id", "token"])["count"] for way in (False, True)
    )
    effects = pd.read_csv(DATA / "features" / "damage_effect.csv", keep_default_na=False).query("kind == 'all'")
    change = repaired.sub(printed, fill_value=0)
    for row in effects.itertuples():
        assert printed.get((row.article_id, row.token), 0) == row.as_printed
        assert repaired.get((row.article_id, row.token), 0) == row.repaired
    assert set(change.index[change != 0]) == set(effects[["article_id", "token"]].itertuples(index=False, name=None))
    # The bubble that became foam.
    assert ("000-05", "泡棉") in printed.index
    assert ("000-05", "泡棉") not in repaired.index
