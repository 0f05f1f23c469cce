"""How far two readings of the same articles agree: which numbers they kept, and what they say each one is.

The first reading is the ledger as it stood when the second one was made (``data/first_reading.csv``); the second
(``data/second_reading.csv``) was made from the articles alone, without sight of the ledger.  Both hold spans and ids,
no text.  What was found is in ``data/quality/second_reading.csv``, written by `agreement`.
"""

import math
from pathlib import Path

import pandas as pd

from wattbook.paths import DATA

COLUMNS = ("article_id", "start", "end", "low", "high", "unit", "kind", "attributed_to", "subject")
_RELATIVE = 1e-6  # two values count as equal that differ by float noise or by the last of eight printed digits


def load_reading(which: str, folder: Path | None = None) -> pd.DataFrame:
    """Read the ``first`` or the ``second`` reading: one row per number kept, columns `COLUMNS`.

    ``start`` and ``end`` are offsets in the article's body, ``low`` and ``high`` are in ``unit``.
    """
    return pd.read_csv((folder or DATA) / f"{which}_reading.csv", dtype={"article_id": "str"})[list(COLUMNS)]


def shared_spans(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Pair the numbers that both readings kept: spans of one article that overlap, one to one.

    Where several overlap, the pair with the most characters in common comes first, then text order.  Gives the
    columns of both sides with the suffixes ``_first`` and ``_second``.
    """
    pairs = first.reset_index().merge(second.reset_index(), on="article_id", suffixes=("_first", "_second"))
    common = pairs[["end_first", "end_second"]].min(axis=1) - pairs[["start_first", "start_second"]].max(axis=1)
    pairs = pairs.assign(common=common)[common > 0]
    pairs = pairs.sort_values(["common", "article_id", "start_first", "index_first"], ascending=[False, True, True, True])
    taken_first, taken_second, kept = set[int](), set[int](), []
    for row, one, other in zip(pairs.index, pairs["index_first"], pairs["index_second"], strict=True):
        if one not in taken_first and other not in taken_second:
            taken_first.add(one)
            taken_second.add(other)
            kept.append(row)
    pairs = pairs.loc[kept].sort_values(["article_id", "start_first"], ignore_index=True)
    return pairs.drop(columns=["index_first", "index_second", "common"])


def cohens_kappa(first: pd.Series, second: pd.Series) -> float:
    """Give Cohen's kappa of two equally long series of labels (Cohen 1960): agreement beyond chance, at most 1.

    (observed - expected) / (1 - expected), where expected is the agreement of two readers who give each label as often
    as these do but at random.  NaN where chance alone would agree always.

    >>> round(cohens_kappa(pd.Series(list("aabb")), pd.Series(list("aaba"))), 3)
    0.5
    """
    one, other = list(first), list(second)
    if len(one) != len(other) or not one:
        raise ValueError("two series of the same length, at least one label long, are needed")
    n = len(one)
    observed = sum(a == b for a, b in zip(one, other, strict=True)) / n
    expected = sum(one.count(label) * other.count(label) for label in {*one, *other}) / n**2
    return (observed - expected) / (1 - expected) if expected < 1 else math.nan


def agreement(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Measure how far two readings agree: columns measure, value, n, unit, how.

    ``n`` is what a share is of.  Value and unit are compared as they stand; kind, speaker and subject by their ids.
    """
    shared = shared_spans(first, second)
    n = len(shared)

    def same(column: str) -> float:
        return float((shared[f"{column}_first"] == shared[f"{column}_second"]).mean()) if n else math.nan

    values = [
        all(math.isclose(a, b, rel_tol=_RELATIVE) for a, b in ((row.low_first, row.low_second), (row.high_first, row.high_second)))
        for row in shared.itertuples()
    ]
    rows = [
        ("numbers kept by the first reading", len(first), len(first), "count", "rows of first_reading.csv"),
        ("numbers kept by the second reading", len(second), len(second), "count", "rows of second_reading.csv"),
        ("numbers kept by both", n, n, "count", "overlapping spans, one to one"),
        ("of the second reading, also in the first", n / len(second), len(second), "share", "shared / second"),
        ("of the first reading, also in the second", n / len(first), len(first), "share", "shared / first"),
        ("same value", sum(values) / n, n, "share", "both ends equal, in canonical units"),
        ("same unit", same("unit"), n, "share", "same canonical unit"),
        ("same kind", same("kind"), n, "share", "observed, estimate, forecast, target, announced, opinion"),
        ("kind, beyond chance", cohens_kappa(shared["kind_first"], shared["kind_second"]), n, "kappa", "Cohen's kappa"),
        ("same speaker", same("attributed_to"), n, "share", "same entity in attributed_to"),
        ("same subject", same("subject"), n, "share", "same entity in subject"),
    ]
    return pd.DataFrame(rows, columns=["measure", "value", "n", "unit", "how"])
