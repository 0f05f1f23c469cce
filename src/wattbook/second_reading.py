"""How far two readings of the same articles agree: which numbers they kept, and what they say each one is.

The first reading is the ledger as it stood when the second one was made (``data/first_reading.csv``); the second
(``data/second_reading.csv``) was made from the articles alone, without sight of the ledger.  Both hold spans and ids,
no text.  The figures of `agreement` are kept in ``data/quality/second_reading.csv``.
"""

import math
from pathlib import Path

import pandas as pd

from wattbook.paths import DATA

COLUMNS = ("article_id", "start", "end", "low", "high", "unit", "kind", "attributed_to", "subject")
_FIELDS = ("value", "unit", "kind", "attributed_to", "subject")
_RELATIVE = 1e-6  # Float noise, or the last of seven printed digits.


def load_reading(which: str, folder: Path | None = None) -> pd.DataFrame:
    """Read the ``first`` or the ``second`` reading: one row per number kept, columns `COLUMNS`.

    ``start`` and ``end`` are offsets in the article's body, ``low`` and ``high`` are in ``unit``.
    """
    return pd.read_csv((folder or DATA) / f"{which}_reading.csv", dtype={"article_id": "str"})[list(COLUMNS)]


def shared_spans(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Pair the numbers that both readings kept: spans of one article that overlap, one to one.

    Where several overlap, the pair with the most characters in common comes first, then text order.  Gives
    ``article_id`` and the other columns of both sides with the suffixes ``_first`` and ``_second``.
    """
    pairs = first.reset_index(names="row").merge(
        second.reset_index(names="row"), on="article_id", suffixes=("_first", "_second")
    )
    ends, starts = pairs[["end_first", "end_second"]].min(axis=1), pairs[["start_first", "start_second"]].max(axis=1)
    pairs = pairs.assign(common=ends - starts)
    pairs = pairs[pairs["common"] > 0].sort_values(
        ["common", "article_id", "start_first", "start_second"], ascending=[False, True, True, True]
    )
    taken: dict[str, set[int]] = {"row_first": set(), "row_second": set()}
    kept = []
    for index, row in pairs.iterrows():
        if all(row[side] not in taken[side] for side in taken):
            kept.append(index)
            for side in taken:
                taken[side].add(row[side])
    pairs = pairs.loc[kept].sort_values(["article_id", "start_first"], ignore_index=True)
    return pairs.drop(columns=["row_first", "row_second", "common"])


def cohens_kappa(first: "pd.Series[str]", second: "pd.Series[str]") -> float:
    """Give Cohen's kappa of two equally long series of labels: agreement beyond chance, at most 1.

    (observed - expected) / (1 - expected), where expected is the agreement of two readers who give each label as often
    as these do, but at random (Cohen 1960).  NaN where both give only one label, the same.  Raises ValueError for
    series of different lengths or without a label.

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


def _close(one: "pd.Series[float]", other: "pd.Series[float]") -> "pd.Series[bool]":
    return (one - other).abs() <= _RELATIVE * pd.concat([one.abs(), other.abs()], axis=1).max(axis=1)


def _same(pairs: pd.DataFrame, field: str, one: str = "first", other: str = "second") -> "pd.Series[bool]":
    """Tell per pair whether two sides say the same in a field; ``value`` stands for both ends."""
    if field == "value":
        return _close(pairs[f"low_{one}"], pairs[f"low_{other}"]) & _close(pairs[f"high_{one}"], pairs[f"high_{other}"])
    return pairs[f"{field}_{one}"] == pairs[f"{field}_{other}"]


def agreement(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Measure how far two readings agree: columns measure, value, n, unit, how.

    ``n`` is what a share is of; ``unit`` is count, share or kappa.  Ids are compared as they stand, so that a company
    and its brand differ.
    """
    pairs = shared_spans(first, second)
    n = len(pairs)
    share = {field: float(_same(pairs, field).mean()) for field in _FIELDS}
    sizes = [column for column in pairs if str(column).startswith(("low_", "high_"))]
    magnitude = float(_same(pairs.assign(**pairs[sizes].abs()), "value").mean())
    kappa = cohens_kappa(pairs["kind_first"], pairs["kind_second"])
    rows = [
        ("numbers kept by the first reading", len(first), len(first), "count", "rows of first_reading.csv"),
        ("numbers kept by the second reading", len(second), len(second), "count", "rows of second_reading.csv"),
        ("numbers kept by both", n, n, "count", "spans that overlap, paired one to one"),
        ("second reading's numbers in the first", n / len(second), len(second), "share", "both / second"),
        ("first reading's numbers in the second", n / len(first), len(first), "share", "both / first"),
        ("same value", share["value"], n, "share", "both ends equal, in canonical units"),
        ("same value, sign apart", magnitude, n, "share", "one reader wrote falls as negative numbers"),
        ("same unit", share["unit"], n, "share", "same canonical unit"),
        ("same kind", share["kind"], n, "share", "observed, estimate, forecast, target, announced, opinion"),
        ("same kind beyond chance", kappa, n, "kappa", "Cohen's kappa over the six kinds"),
        ("same speaker", share["attributed_to"], n, "share", "same entity id"),
        ("same subject", share["subject"], n, "share", "same entity id"),
    ]
    return pd.DataFrame(rows, columns=["measure", "value", "n", "unit", "how"])


def by_article(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Count per article the numbers that the first reading, the second and both kept."""
    counts = {
        name: reading.groupby("article_id").size()
        for name, reading in (("first", first), ("second", second), ("both", shared_spans(first, second)))
    }
    return pd.DataFrame(counts).fillna(0).astype(int).reset_index(names="article_id")


def settlement(first: pd.DataFrame, second: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """Tell how each disagreement was settled, by the ledger as it is now: columns what, differences, first, second.

    A row per field counts the shared numbers on which the readings differ and whose version the ledger has; the last
    two rows count the numbers that only one reading kept (``first`` or ``second``: those that the ledger has).  What is
    left of ``differences`` was settled in a third way, or left out.
    """
    now = claims[list(COLUMNS)]
    pairs = shared_spans(first, second)
    with_now = pairs.merge(
        now.rename(columns={column: f"{column}_now" for column in COLUMNS if column not in ("article_id", "start")}),
        left_on=["article_id", "start_first"],
        right_on=["article_id", "start"],
    )
    rows = []
    for field in _FIELDS:
        differ = with_now[~_same(with_now, field)]
        sides = [int(_same(differ, field, side, "now").sum()) for side in ("first", "second")]
        rows.append((field, len(differ), *sides))
    places = set(zip(now["article_id"], now["start"], strict=True))
    for side, reading in (("first", first), ("second", second)):
        both = set(zip(pairs["article_id"], pairs[f"start_{side}"], strict=True))
        alone = set(zip(reading["article_id"], reading["start"], strict=True)) - both
        kept = len(alone & places)
        rows.append((f"only in the {side}", len(alone), *((kept, 0) if side == "first" else (0, kept))))
    return pd.DataFrame(rows, columns=["what", "differences", "first", "second"])
