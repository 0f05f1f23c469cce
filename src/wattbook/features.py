"""An article to its features: counts, quantities and mentions, from which no sentence can be put together again.

What is kept is what research libraries share as extracted features: token counts per passage with the order gone,
word pairs seen at least twice, numbers with units and offsets, entity mentions with offsets, damaged places with
offsets and what repairing them would do to the counts, and bibliographic facts.
"""

import hashlib
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import pairwise
from operator import attrgetter
from typing import Any

from wattbook.attribution import find_attributions
from wattbook.corpus import Article
from wattbook.damage import find_damage, token_effects
from wattbook.lexicon import find_mentions
from wattbook.quantities import find_quantities
from wattbook.segment import Engine, Segmenter, Token

PASSAGE_TOKENS = 100

_SENTENCE_END = re.compile(r"[。！？!?]+[”’」』）)\"']*")
_WORD = re.compile(r"\w")
_NUMBER = re.compile(r"[\d.,%]+[百千萬億兆万亿]*")

COLUMNS: dict[str, tuple[str, ...]] = {
    "articles": (
        "article_id",
        "source_file",
        "position",
        "title",
        "source",
        "topic",
        "characters",
        "sha256",
        "tokens",
        "passages",
    ),
    "passages": ("passage_id", "article_id", "start", "end", "tokens"),
    "token_counts": ("passage_id", "token", "count"),
    "collocations": ("first", "second", "count", "articles"),
    "quantities": ("article_id", "start", "end", "surface", "low", "high", "unit", "modifier", "flag"),
    "mentions": ("article_id", "entity_id", "start", "end", "alias"),
    "attributions": (
        "article_id",
        "kind",
        "entity_id",
        "source_start",
        "source_end",
        "verb",
        "verb_start",
        "verb_end",
        "passage_id",
    ),
    "damage": ("article_id", "start", "end", "surface", "kind", "meant"),
    "damage_effect": ("article_id", "kind", "token", "as_printed", "repaired"),
}
_COUNTS = {"position", "characters", "tokens", "passages", "count", "articles", "as_printed", "repaired"}
_OFFSETS = {"start", "end", "source_start", "source_end", "verb_start", "verb_end"}
INTEGERS = frozenset(_COUNTS | _OFFSETS)
FLOATS = frozenset({"low", "high"})
"""The columns that hold numbers; all others hold text."""

_QUANTITY = attrgetter(*COLUMNS["quantities"][1:])


@dataclass(frozen=True)
class Passage:
    """Consecutive sentences of one article: offsets into its body, and its words without punctuation."""

    start: int
    end: int
    words: tuple[str, ...]


@dataclass(frozen=True)
class ArticleFeatures:
    """The rows that one article adds to each table, and the word pairs of its distinct sentences."""

    article: tuple[Any, ...]
    passages: list[tuple[Any, ...]]
    token_counts: list[tuple[Any, ...]]
    pairs: Counter[tuple[str, str]]
    quantities: list[tuple[Any, ...]]
    mentions: list[tuple[Any, ...]]
    attributions: list[tuple[Any, ...]]
    damage: list[tuple[Any, ...]]
    damage_effect: list[tuple[Any, ...]]


# The same few thousand tokens make up most of any text.
@lru_cache(maxsize=1 << 14)
def is_word(token: str) -> bool:
    """Tell a word or number from punctuation and symbols."""
    return _WORD.search(token) is not None


@lru_cache(maxsize=1 << 14)
def _pairs_up(token: str) -> bool:
    """Tell whether a token can be half of a word pair: a word, but no number."""
    return is_word(token) and _NUMBER.fullmatch(token) is None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Give the offsets of the sentences of a text, end marks and closing quotes included."""
    start = 0
    for mark in _SENTENCE_END.finditer(text):
        yield start, mark.end()
        start = mark.end()
    if text[start:].strip():
        yield start, len(text)


def passages(text: str, tokens: Iterable[Token]) -> list[Passage]:
    """Join sentences into passages of at least ``PASSAGE_TOKENS`` words; a short last one joins the one before."""
    words = [token for token in tokens if is_word(token.text)]
    found: list[Passage] = []
    first = at = 0
    start: int | None = None
    for begin, end in sentences(text):
        start = begin if start is None else start
        while at < len(words) and words[at].start < end:
            at += 1
        if at - first >= PASSAGE_TOKENS:
            found.append(Passage(start, end, tuple(token.text for token in words[first:at])))
            first, start = at, None
    if start is not None and first < at:
        rest = Passage(start, len(text), tuple(token.text for token in words[first:at]))
        if found:
            last = found.pop()
            rest = Passage(last.start, rest.end, last.words + rest.words)
        found.append(rest)
    return found


def word_pairs(text: str, tokens: list[Token]) -> Counter[tuple[str, str]]:
    """Count neighbouring words with nothing between them; a sentence that an article prints twice counts once."""
    pairs: Counter[tuple[str, str]] = Counter()
    seen: set[str] = set()
    starts = [token.start for token in tokens]
    at = 0
    for begin, end in sentences(text):
        inside = tokens[at : (at := bisect_left(starts, end, at))]
        if text[begin:end] in seen:
            continue
        seen.add(text[begin:end])
        pairs.update(
            (first.text, second.text)
            for first, second in pairwise(inside)
            if first.end == second.start and _pairs_up(first.text) and _pairs_up(second.text)
        )
    return pairs


@cache
def _segmenter(engine: Engine) -> Segmenter:
    return Segmenter(engine)


def _words(engine: Engine, text: str) -> list[str]:
    return [word for word in _segmenter(engine).cut(text) if is_word(word)]


def extract(article: Article, engine: Engine = "auto") -> ArticleFeatures:
    """Derive the features of one article; offsets count into its body, the closing source is left out of the text."""
    text = article.prose
    tokens = _segmenter(engine).tokens(text)
    parts = passages(text, tokens)
    damage = find_damage(text)
    named = [(f"{article.id}-p{n:02d}", part) for n, part in enumerate(parts, start=1)]
    return ArticleFeatures(
        article=(
            article.id,
            article.file,
            article.position,
            article.title,
            article.source or "",
            article.topic,
            len(article.body),
            hashlib.sha256(article.body.encode()).hexdigest(),
            sum(len(part.words) for part in parts),
            len(parts),
        ),
        passages=[(name, article.id, part.start, part.end, len(part.words)) for name, part in named],
        token_counts=[
            (name, token, count) for name, part in named for token, count in sorted(Counter(part.words).items())
        ],
        pairs=word_pairs(text, tokens),
        quantities=[(article.id, *_QUANTITY(found)) for found in find_quantities(text)],
        mentions=[(article.id, found.entity_id, found.start, found.end, found.alias) for found in find_mentions(text)],
        attributions=[
            (article.id, *found, next(name for name, part in named if found.verb_start < part.end))
            for found in find_attributions(text)
        ],
        damage=[(article.id, *found) for found in damage],
        damage_effect=[
            (article.id, *row) for row in token_effects(text, damage, partial(_words, engine), PASSAGE_TOKENS)
        ],
    )
