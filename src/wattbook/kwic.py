"""Key word in context: a concordance of the reader's own copy of the articles."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from wattbook.corpus import Article
from wattbook.script import to_simplified_converter


@dataclass(frozen=True)
class Line:
    """One find: ``match`` begins at ``start`` of the article's body; ``left`` and ``right`` stand around it."""

    article_id: str
    start: int
    left: str
    match: str
    right: str


@cache
def _fold_character(character: str) -> str:
    folded: str = to_simplified_converter().convert(character).lower()
    # Two characters for one would shift every offset after it.
    return folded if len(folded) == 1 else character


def _fold(text: str) -> str:
    """Write Traditional as Simplified and capitals as small letters, character by character: the length stays.

    Converting whole phrases would let the same character come out differently inside the term and inside the text.
    """
    return "".join(map(_fold_character, text))


def kwic(articles: Iterable[Article], term: str, window: int = 10) -> list[Line]:
    """Find a term in articles, with its surroundings.

    Takes articles, the term (Traditional or Simplified, capitals or small letters alike) and how many characters to
    show on each side.  Gives one line per find, in the order of the articles and inside each from left to right; finds
    do not overlap.  Raises ValueError for an empty term or a negative window.
    """
    if not term.strip():
        raise ValueError("the term is empty")
    if window < 0:
        raise ValueError(f"the window must be at least 0 characters, not {window}")
    needle = _fold(term)
    lines = []
    for article in articles:
        folded = _fold(article.body)
        start = folded.find(needle)
        while start >= 0:
            end = start + len(needle)
            lines.append(
                Line(
                    article_id=article.id,
                    start=start,
                    left=article.body[max(0, start - window) : start],
                    match=article.body[start:end],
                    right=article.body[end : end + window],
                )
            )
            start = folded.find(needle, end)
    return lines


def display_width(text: str) -> int:
    """Give the columns that a text takes on a terminal: two for a wide character, none for a combining mark."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def render(lines: Iterable[Line]) -> str:
    """Write a concordance with the finds under each other: article and offset, left, [match], right; one line each."""
    rows = [(f"{line.article_id}:{line.start}", line) for line in lines]
    place_width = max((len(place) for place, _ in rows), default=0)
    left_width = max((display_width(line.left) for _, line in rows), default=0)
    return "\n".join(
        f"{place:<{place_width}}  {' ' * (left_width - display_width(line.left))}{line.left}[{line.match}]{line.right}"
        for place, line in rows
    )
