"""Whom the articles report: the attributions of data/features, by source and by passage."""

from collections.abc import Collection, Mapping
from functools import cache
from math import sqrt

import pandas as pd

from wattbook.lexicon import load_entities
from wattbook.paths import DATA

# The two-sided 95% point of the normal distribution.
_Z = 1.959964


@cache
def load_attributions() -> pd.DataFrame:
    """Give one row per place where an article reports a source; see the data dictionary for the columns."""
    return pd.read_csv(DATA / "features" / "attributions.csv", keep_default_na=False)


def reported(passages: Collection[str]) -> pd.DataFrame:
    """Count whom these passages report.

    Gives one row per source, most often reported first: ``source`` (English name, or "without a name"), ``named``,
    ``times``, of these ``by_pronoun`` (the name is a guess: the nearest that fits), and ``articles``.
    """
    found = load_attributions()
    found = found[found["passage_id"].isin(set(passages))]
    entities = load_entities().set_index("entity_id")
    names = entities["name_en"]
    named = (found["entity_id"] != "") & (found["kind"] != "unnamed")
    table = pd.DataFrame(
        {
            "source": found["entity_id"].map(names).where(named, "without a name"),
            "named": named,
            "pronoun": (found["kind"] == "anaphor") & named,
            "article": found["article_id"],
        }
    )
    counted = table.groupby(["source", "named"]).agg(
        times=("article", "size"), by_pronoun=("pronoun", "sum"), articles=("article", "nunique")
    )
    return counted.reset_index().sort_values(["times", "source"], ascending=[False, True], ignore_index=True)


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Give the 95% score interval of a share (Wilson 1927, `wilson1927`).

    It stays inside 0 to 1 and is fit for few trials; it takes the trials as independent.  Raises ValueError where
    there are no trials, or more hits than trials.
    """
    if not 0 <= hits <= trials or not trials:
        raise ValueError(f"{hits} of {trials} is no share")
    part, square = hits / trials, _Z**2
    middle = (part + square / (2 * trials)) / (1 + square / trials)
    half = _Z / (1 + square / trials) * sqrt(part * (1 - part) / trials + square / (4 * trials**2))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def unnamed_shares(groups: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Tell, for groups of passages, how many of their reports have a source without a name.

    Gives ``group``, ``reports``, ``unnamed``, ``share``, ``low`` and ``high`` (`wilson`); a group that reports nobody
    is left out.
    """
    rows = []
    for group, passages in groups.items():
        counts = reported(passages)
        reports, unnamed = int(counts["times"].sum()), int(counts.loc[~counts["named"], "times"].sum())
        if reports:
            rows.append((group, reports, unnamed, unnamed / reports, *wilson(unnamed, reports)))
    return pd.DataFrame(rows, columns=["group", "reports", "unnamed", "share", "low", "high"])
