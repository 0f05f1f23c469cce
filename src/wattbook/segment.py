"""Traditional-Chinese text to tokens that keep their offsets.

jieba's dictionary is Simplified, so Traditional text is folded to Simplified for the cut only: Latin and number runs
are taken out by rule, Han runs are converted with OpenCC ``t2s`` (which keeps lengths), cut with jieba and the
project's dictionary, and the original text is sliced by the offsets of the cut.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Literal, NamedTuple

from wattbook.lexicon import load_dictionary
from wattbook.script import to_simplified_converter

Engine = Literal["auto", "jieba", "rjieba"]

# One frequency for every dictionary term, above that of jieba's most frequent word: a term stays whole, and of two
# that overlap the longer one wins.
FREQUENCY = 1_000_000

# Han here is the range that jieba's own dictionary and model cover; rarer ideographs fall to the last branch.
_RUN = re.compile(
    r"(?P<han>[\u4e00-\u9fd5]+)"
    r"|(?P<latin>[A-Za-z0-9\u00c0-\u024f]+(?:[.,:'’&/+\-_][A-Za-z0-9\u00c0-\u024f]+)*[%+]?)"
    r"|(?P<space>\s+)"
    r"|(?P<other>(.)(?:(?<=[—…─\-.。·])\5)*)",
    re.DOTALL,
)


class Token(NamedTuple):
    """A token and where it stands: ``text`` is exactly ``input[start:end]``."""

    text: str
    start: int
    end: int


def to_simplified(text: str) -> str:
    """Fold Traditional characters to Simplified ones, same length: index i of the result stands for index i."""
    folded: str = to_simplified_converter().convert(text)
    if len(folded) != len(text):
        raise AssertionError("the t2s conversion changed a length: offsets would be wrong")
    return folded


@cache
def _jieba_cut(terms: frozenset[str]) -> Callable[[str], Iterable[str]]:
    import jieba

    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    for term in sorted(terms):
        tokenizer.add_word(term, FREQUENCY)
    return tokenizer.cut  # type: ignore[no-any-return]


@cache
def _rjieba_cut(terms: frozenset[str]) -> Callable[[str], Iterable[str]]:
    import rjieba

    tokenizer = rjieba.Jieba()
    for term in sorted(terms):
        tokenizer.add_word(term, FREQUENCY, None)
    return tokenizer.cut


class Segmenter:
    """Cuts text into tokens with one engine and one dictionary.

    ``engine`` is ``jieba`` (pure Python), ``rjieba`` (the same algorithm in Rust) or ``auto``, which takes rjieba
    where it is installed.  Both give the same tokens.  ``terms`` are the domain terms to keep whole, in either
    script; without them the project's dictionary is taken.
    """

    def __init__(self, engine: Engine = "auto", terms: Iterable[str] | None = None) -> None:
        words = load_dictionary()["term"] if terms is None else terms
        han = frozenset(to_simplified(word) for word in words if _is_han(word))
        if engine == "auto":
            try:
                self._cut = _rjieba_cut(han)
            except ImportError:
                self._cut = _jieba_cut(han)
        else:
            self._cut = _rjieba_cut(han) if engine == "rjieba" else _jieba_cut(han)

    def tokens(self, text: str) -> list[Token]:
        """Cut ``text``; the tokens are in order and leave out nothing but white space."""
        return list(self._tokens(text))

    def _tokens(self, text: str) -> Iterator[Token]:
        folded = to_simplified(text)
        for run in _RUN.finditer(text):
            start, end = run.span()
            if run.lastgroup == "han":
                for word in self._cut(folded[start:end]):
                    stop = start + len(word)
                    yield Token(text[start:stop], start, stop)
                    start = stop
            elif run.lastgroup != "space":
                yield Token(text[start:end], start, end)


def _is_han(word: str) -> bool:
    return re.fullmatch(r"[\u4e00-\u9fd5]+", word) is not None
