"""The fifteen articles as the book knows them: bibliographic facts, never their text."""

from functools import cache

import pandas as pd

from wattbook.paths import DATA


@cache
def load_articles() -> pd.DataFrame:
    """Give one row per article, indexed by ``article_id``: the derived facts joined with the curated notes.

    ``date`` is inferred (``date_basis`` says from what) and may be a month only; ``label`` is the short name that
    charts and tables use.
    """
    derived = pd.read_csv(DATA / "features" / "articles.csv", dtype={"article_id": str}, keep_default_na=False)
    notes = pd.read_csv(DATA / "article_notes.csv", dtype=str, keep_default_na=False)
    return derived.merge(notes, on="article_id", validate="one_to_one").set_index("article_id")
