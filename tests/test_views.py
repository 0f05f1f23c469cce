"""Counts of whole articles, as printed and repaired."""

import re

import pandas as pd
import pytest
from pytest import approx

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


COUNTS = pd.DataFrame(
    [
        ("000-01", f"000-01-p0{p}", token, count)
        for p, token, count in (
            (1, "電網", 4),
            (1, "公司", 6),
            (2, "電網", 2),
            (2, "公司", 8),
            (3, "電網", 1),
            (3, "公司", 19),
            (4, "公司", 20),
        )
    ],
    columns=["article_id", "passage_id", "token", "count"],
)


def test_marking_words_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "content_counts", lambda: COUNTS)
    found = views.marking_words(["000-01-p01", "000-01-p02"], 5, more_glosses={"公司": "firm"}).set_index("word")
    assert list(found.index) == ["電網 power grid", "公司 firm"]
    # 6 of 20 words here, 1 of 40 elsewhere: twelve times as frequent. The other word: 14/20 over 39/40.
    assert found["times"].tolist() == approx([12, 0.7 / 0.975])
    assert found[["here", "elsewhere"]].to_numpy().tolist() == [[6, 1], [14, 39]]
    assert (found["times_low"] < found["times"]).all() and (found["times"] < found["times_high"]).all()


def test_rare_words_do_not_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "content_counts", lambda: COUNTS)
    assert list(views.marking_words(["000-01-p01", "000-01-p02"], 5, at_least=7)["here"]) == [14]


def test_reported_sources_put_the_rest_into_one_row() -> None:
    passages = views.theme_passages("grid", 2)
    everybody, few = views.reported_sources(passages, 100), views.reported_sources(passages, 3)
    assert len(few) == 4
    assert few["Who is reported"].iloc[-1] == f"{len(everybody) - 3} others"
    assert few["Times"].sum() == everybody["Times"].sum()


def test_a_table_says_which_cells_are_short_and_which_are_not_to_be_squeezed() -> None:
    shown = views.table(
        pd.DataFrame({"a": ["2025-11-19"], "b": ["x" * 80], "c": ["電網老化與折舊年限之爭論"], "d": ["x" * 20]})
    )
    kinds = re.findall(r'<td(?: class="wb-(\w+)")?>', str(shown.data))
    assert kinds == ["short", "long", "", ""]
