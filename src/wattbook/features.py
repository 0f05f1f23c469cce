"""Articles to ``data/features``: counts, quantities and mentions, from which no sentence can be put together again.

What is kept is what research libraries share as extracted features: token counts per passage with the order gone,
word pairs seen at least twice, numbers with units and offsets, entity mentions with offsets, damaged places with
offsets, and bibliographic facts.
"""

import csv
import hashlib
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from wattbook.attribution import find_attributions
from wattbook.corpus import Article
from wattbook.damage import find_damage
from wattbook.errors import InputError
from wattbook.lexicon import find_mentions
from wattbook.quantities import find_quantities
from wattbook.segment import Engine, Segmenter, Token

PASSAGE_TOKENS = 100
PAIR_SEEN = 2

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
}


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


def is_word(token: str) -> bool:
    """Tell a word or number from punctuation and symbols."""
    return _WORD.search(token) is not None


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
    at = 0
    for begin, end in sentences(text):
        inside = []
        while at < len(tokens) and tokens[at].start < end:
            inside.append(tokens[at])
            at += 1
        if text[begin:end] in seen:
            continue
        seen.add(text[begin:end])
        for first, second in pairwise(inside):
            if first.end == second.start and all(
                is_word(t.text) and not _NUMBER.fullmatch(t.text) for t in (first, second)
            ):
                pairs[first.text, second.text] += 1
    return pairs


@cache
def _segmenter(engine: Engine) -> Segmenter:
    return Segmenter(engine)


def extract(article: Article, engine: Engine = "auto") -> ArticleFeatures:
    """Derive the features of one article; offsets count into its body, the closing source is left out of the text."""
    text = article.prose
    tokens = _segmenter(engine).tokens(text)
    parts = passages(text, tokens)
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
        quantities=[(article.id, *astuple(found)) for found in find_quantities(text)],
        mentions=[(article.id, found.entity_id, found.start, found.end, found.alias) for found in find_mentions(text)],
        attributions=[
            (article.id, *found, next(name for name, part in named if found.verb_start < part.end))
            for found in find_attributions(text)
        ],
        damage=[(article.id, *found) for found in find_damage(text)],
    )


def extract_all(
    articles: list[Article], *, engine: Engine = "auto", workers: int | None = None, scheduler: str | None = None
) -> Iterator[ArticleFeatures]:
    """Derive the features of many articles, in order, on ``workers`` processes or on the Dask cluster at ``scheduler``.

    Without ``workers`` every core is used.
    """
    work = partial(extract, engine=engine)
    if scheduler:
        from distributed import Client

        with Client(scheduler) as client:  # type: ignore[no-untyped-call]
            yield from client.gather(client.map(work, articles))
        return
    count = min(workers or os.cpu_count() or 1, len(articles))
    if count == 1:
        yield from map(work, articles)
        return
    with ProcessPoolExecutor(count) as pool:
        yield from pool.map(work, articles)


def tables(features: Iterable[ArticleFeatures]) -> dict[str, list[tuple[Any, ...]]]:
    """Put the features of all articles into the tables of ``COLUMNS``, rows in a fixed order."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}
    pairs: Counter[tuple[str, str]] = Counter()
    in_articles: Counter[tuple[str, str]] = Counter()
    for one in features:
        rows["articles"].append(one.article)
        for name in ("passages", "token_counts", "quantities", "mentions", "attributions", "damage"):
            rows[name] += getattr(one, name)
        pairs.update(one.pairs)
        in_articles.update(one.pairs.keys())
    rows["collocations"] = [
        (*pair, count, in_articles[pair]) for pair, count in sorted(pairs.items()) if count >= PAIR_SEEN
    ]
    return rows


@contextmanager
def _replacing(path: Path) -> Iterator[Any]:
    """Open a temporary file that takes ``path``'s place when all went well."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
            yield out
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write(rows: dict[str, list[tuple[Any, ...]]], out: Path) -> None:
    """Write the tables as CSV into the folder ``out``, each whole or not at all."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(str(out), error.strerror or "cannot be made") from None
    for name, columns in COLUMNS.items():
        replacing: AbstractContextManager[Any] = _replacing(out / f"{name}.csv")
        with replacing as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(tuple(_plain(value) for value in row) for row in rows[name])


def _plain(value: Any) -> Any:
    """Write a float that is whole without its point, and a missing one as nothing."""
    if isinstance(value, float):
        if value != value:
            return ""
        return int(value) if value.is_integer() else repr(value)
    return value
