"""Damage that converters, copying and layout left in a text, found by rule; the text itself is never altered.

The rules in ``data/lexicon/damage.csv`` were written for the fifteen articles, where every hit was checked by eye.  On
other texts a hit is a place to look at: 泡棉 is a wrong bubble in an economic text and foam in a mattress shop's.
"""

import re
from functools import cache
from typing import NamedTuple

import pandas as pd

from wattbook.paths import DATA

DOUBLED = 60
"""A run of at least so many characters that an article prints twice is a doubled passage."""

_EDGE = "。！？!?;；,，、 "


class Damage(NamedTuple):
    """One damaged place: ``text[start:end]`` is ``surface``, or the second print of a doubled passage.

    ``surface`` is empty for a doubled passage, whose text is not kept.  ``meant`` is what must have stood there, empty
    where the text does not tell.
    """

    start: int
    end: int
    surface: str
    kind: str
    meant: str


@cache
def load_rules() -> pd.DataFrame:
    """Give the rules: columns ``pattern`` (a regular expression), ``kind``, ``meant``, ``note``.

    The table is shared; do not change it.
    """
    return pd.read_csv(DATA / "lexicon" / "damage.csv", dtype=str, keep_default_na=False, encoding="utf-8")


@cache
def _compiled() -> list[tuple[re.Pattern[str], str, str]]:
    rules = load_rules()[["pattern", "kind", "meant"]].itertuples(index=False, name=None)
    return [(re.compile(pattern), kind, meant) for pattern, kind, meant in rules]


def _by_rule(text: str) -> list[Damage]:
    return [
        Damage(*hit.span(), hit[0], kind, meant)
        for pattern, kind, meant in _compiled()
        for hit in pattern.finditer(text)
    ]


def _mismatched_quotes(text: str) -> list[Damage]:
    """Find curly quotes that do not alternate: an opening mark inside an open quote, a closing one outside of any."""
    found = []
    is_open = False
    for mark in re.finditer("[“”]", text):
        opens = mark[0] == "“"
        if opens == is_open:
            meant = "”" if opens else ""
            found.append(Damage(*mark.span(), mark[0], "mismatched_quotes", meant))
            is_open = False
        else:
            is_open = opens
    return found


def _doubled_passages(text: str) -> list[Damage]:
    found = []
    first_at: dict[str, int] = {}
    at = 0
    while at + DOUBLED <= len(text):
        before = first_at.setdefault(text[at : at + DOUBLED], at)
        if before + DOUBLED > at:
            at += 1
            continue
        end = at + DOUBLED
        while end < len(text) and before + end - at < at and text[end] == text[before + end - at]:
            end += 1
        start = at + len(text[at:end]) - len(text[at:end].lstrip(_EDGE))
        found.append(Damage(start, end, "", "doubled_passage", ""))
        at = end
    return found


def find_damage(text: str) -> list[Damage]:
    """Find the damaged places of ``text``, in order; offsets are string indices into it.

    Three kinds of rule: the patterns of `load_rules`; curly quotes that do not alternate (``mismatched_quotes``); and
    runs of at least ``DOUBLED`` characters printed twice (``doubled_passage``, the second print).
    """
    return sorted(_by_rule(text) + _mismatched_quotes(text) + _doubled_passages(text))
