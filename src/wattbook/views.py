"""Ledger, audit and articles as the chapters show them: with readable names instead of ids."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from html import escape, unescape

import pandas as pd
from IPython.display import HTML

from wattbook.articles import load_articles
from wattbook.features import is_word
from wattbook.ledger import Claim, all_claims, claim, format_value
from wattbook.lexicon import load_entities, load_stopwords, load_themes
from wattbook.paths import DATA
from wattbook.profiles import glosses
from wattbook.quoted import reported
from wattbook.textstats import document_term_matrix, keyness, keyness_intervals, load_counts, term_counts

# A bound that has no end is drawn this far out, relative to the printed number.
_OPEN_END = 0.25
# Letters of a table's cell (Han count twice): so few stay on one line, more than these want a broader column.
_SHORT, _MIDDLE, _LONG = 12, 24, 70


@cache
def _names() -> dict[str, str]:
    entities = load_entities()
    return dict(zip(entities["entity_id"], entities["name_en"], strict=True))


def entity_name(entity_id: str) -> str:
    """Give an entity's English name; an id that is not in the lexicon raises KeyError."""
    return _names()[entity_id]


def claims_frame(claim_ids: Iterable[str]) -> pd.DataFrame:
    """Give claims as rows for a chart or table, in the order asked for.

    Columns: ``claim_id``, ``subject`` and ``who`` (English names), ``metric``, ``period``, ``kind``, ``article``
    (short label), ``low``/``high`` (as printed, canonical unit), ``mid``, ``least``/``most`` (the range that the print
    commits to; an open end is cut off a quarter beyond the print, where ``bounded`` is False), ``value`` (written for
    readers) and ``statement``.  An unknown id raises KeyError.
    """
    return pd.DataFrame([_row(claim(claim_id)) for claim_id in claim_ids])


def claims_about(*, theme: str | None = None, metric: str | None = None, subject: str | None = None) -> pd.DataFrame:
    """Give every claim with this theme, metric and subject (each of them only where named), as ``claims_frame``."""
    wanted = {"theme": theme, "metric": metric, "subject": subject}
    chosen = [
        one.claim_id
        for one in all_claims().values()
        if all(value is None or getattr(one, name) == value for name, value in wanted.items())
    ]
    return claims_frame(chosen)


def _row(one: Claim) -> dict[str, object]:
    interval = one.interval
    low = interval.low if interval.low > float("-inf") else one.low - _OPEN_END * abs(one.low)
    high = interval.high if interval.high < float("inf") else one.high + _OPEN_END * abs(one.high)
    return {
        "claim_id": one.claim_id,
        "subject": entity_name(one.subject),
        "who": entity_name(one.attributed_to),
        "metric": one.metric,
        "period": one.period,
        "kind": one.kind,
        "article": load_articles().loc[one.article_id, "label"],
        "low": one.low,
        "high": one.high,
        "mid": one.central,
        "least": low,
        "most": high,
        "bounded": interval.bounded,
        "value": format_value(one),
        "statement": one.statement_en,
    }


def theme_passages(theme: str, at_least: int = 3) -> list[str]:
    """List the ids of the passages in which at least so many different marker terms of a theme occur."""
    markers = load_themes()
    terms = set(markers.loc[markers["theme"] == theme, "term"])
    counts = load_counts()
    found = counts[counts["token"].isin(terms)].groupby("passage_id")["token"].nunique()
    return list(found.index[found >= at_least])


def reported_sources(passages: Collection[str], most: int = 10) -> pd.DataFrame:
    """Give whom some passages report, for a table: the sources named most often, then the others in one row."""
    counts = reported(passages)
    counts["names"] = counts["source"]
    shown, rest = counts.head(most), counts.iloc[most:]
    if len(rest):
        last = {"names": f"{len(rest)} others", "times": rest["times"].sum(), "by_pronoun": rest["by_pronoun"].sum()}
        shown = pd.concat([shown, pd.DataFrame([last])])
    columns = {"names": "Who is reported", "times": "Times", "by_pronoun": "Of these by he or it"}
    return shown[list(columns)].rename(columns=columns)


def marking_words(
    passages: Iterable[str], number: int, at_least: int = 3, more_glosses: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Give the content words that mark some passages against all others, by the ``z`` of keyness.

    A word counts from ``at_least`` occurrences in the passages on.  Columns: ``word`` with its English gloss where the
    dictionary or ``more_glosses`` has one, ``here`` and ``elsewhere`` (counts), ``times`` (how many times as frequent)
    with the 95% interval of a bootstrap over passages, ``times_low`` and ``times_high``, and ``z``.
    """
    matrix = document_term_matrix(content_counts(), by="passage")
    counted = set(matrix.docs)
    target = [passage for passage in passages if passage in counted]
    inside = term_counts(matrix, target)
    found = keyness(inside, term_counts(matrix) - inside)
    found = found[found["n_target"] >= at_least].head(number)
    spread = keyness_intervals(matrix, target, list(found["feature"]))
    english = glosses() | dict(more_glosses or {})
    return pd.DataFrame(
        {
            "word": [f"{w} {english[w]}" if english.get(w, w) != w else w for w in found["feature"]],
            "here": found["n_target"].to_numpy(),
            "elsewhere": found["n_reference"].to_numpy(),
            "times": 2 ** spread["log_ratio"].to_numpy(),
            "times_low": 2 ** spread["low"].to_numpy(),
            "times_high": 2 ** spread["high"].to_numpy(),
            "z": found["z"].to_numpy(),
        }
    )


def content_counts() -> pd.DataFrame:
    """Give the token counts without function words, punctuation, digits and single characters."""
    counts = load_counts()
    stop = load_stopwords()
    keep = [
        len(token) > 1 and token not in stop and is_word(token) and not token[0].isdigit() for token in counts["token"]
    ]
    return counts[keep].reset_index(drop=True)


def article_counts(*, repaired: bool = False) -> pd.DataFrame:
    """Give the token counts of whole articles: article_id, token, count; as printed, or with their damage repaired.

    The repaired counts are those of `wattbook.damage.token_effects`: the texts themselves stay as printed.
    """
    counts = load_counts().groupby(["article_id", "token"], sort=False)["count"].sum()
    if repaired:
        effects = pd.read_csv(DATA / "features" / "damage_effect.csv", keep_default_na=False)
        effects = effects[effects["kind"] == "all"].set_index(["article_id", "token"])
        counts = counts.add(effects["repaired"] - effects["as_printed"], fill_value=0)
    return counts[counts > 0].astype(int).reset_index(name="count")


def table(data: pd.DataFrame) -> HTML:
    """Show a frame as a plain table without its index; a wide one scrolls by itself."""
    body = data.to_html(index=False, border=0, classes="wb-table", na_rep="–", justify="left")
    body = re.sub(r"<td>([^<]*)</td>", _sized_cell, body)
    columns = escape(", ".join(map(str, data.columns)), quote=True)
    return HTML(f'<div class="wb-scroll" role="region" tabindex="0" aria-label="Table: {columns}">{body}</div>')  # type: ignore[no-untyped-call]


def _sized_cell(cell: re.Match[str]) -> str:
    """Say how wide a cell has to be at least: a short text stays on one line, a long one is not squeezed."""
    letters = sum(1 + (ord(letter) > 0x2E7F) for letter in unescape(cell[1]))
    kind = "short" if letters <= _SHORT else "long" if letters > _LONG else "middle" if letters > _MIDDLE else ""
    return f'<td class="wb-{kind}">{cell[1]}</td>' if kind else cell[0]
