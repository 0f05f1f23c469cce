"""Traditional-Chinese text to tokens that keep their offsets.

jieba's dictionary is Simplified, so Traditional text is folded to Simplified for the cut only: Latin and number runs
are taken out by rule, Han runs are converted with OpenCC ``t2s`` (which keeps lengths), cut with jieba and the
project's dictionary, and the original text is sliced by the offsets of the cut.  Two rules mend the cut: a word that
jieba guessed is cut at function words, and a word of jieba's that holds a term of the project gives it free.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from itertools import accumulate, chain, pairwise, repeat
from typing import Literal, NamedTuple

from wattbook.lexicon import load_dictionary
from wattbook.script import to_simplified_converter

Engine = Literal["auto", "jieba", "rjieba"]

# One frequency for every dictionary term, above that of jieba's most frequent word: a term stays whole, and of two
# that overlap the longer one wins.
FREQUENCY = 1_000_000

# What is taken out before the cut: numbers, Latin words, dashes, and the ASCII signs that jieba would join to a word.
# A number takes its scale with it (4,230亿), except where 兆 is the mega of a unit (480兆瓦).  Other signs stay: jieba
# gives each of them back as a word of its own.  Rarer ideographs, on which the engines differ, go out too, one by one.
# One class of first characters lets the scan skip Han quickly.
_TAKEN_OUT = re.compile(
    r"""[0-9A-Za-z\u00c0-\u024f—…─\-.+\#&_%\u3400-\u4dbf\U00010000-\U0010ffff]
    (?: (?<=[0-9])[0-9]* (?:[.,][0-9]+)* [百千]? (?:[万亿]|兆(?![瓦赫帕欧字位]))+
    |   (?<=[0-9A-Za-z\u00c0-\u024f]) [0-9A-Za-z\u00c0-\u024f]* (?:[.,:'’&/+\-_][0-9A-Za-z\u00c0-\u024f]+)* [%+]?
    |   (?<=([—…─\-.])) \1*
    )?""",
    re.VERBOSE,
)

# What stands for a run of so many characters that was taken out: a sign, or a Latin word that jieba gives back whole
# and ends at the percent sign, so that two runs side by side stay two.  No other Latin letter is left in.
_STAND_INS = (",", *("q" * length + "%" for length in range(1, 64)))

# What t2s leaves as it is although mainland usage has another character: the aspect particle 著 (not 著名, 顯著), and
# the second character of 計畫 and its kin.  Each pattern begins with the character itself, to which the scan can skip.
_ASPECT = re.compile("著(?<![显卓名编论巨专合原遗拙土]著)(?![名作称者书述录论])")
_PLAN = re.compile("画(?<=[计规企策筹]画)")

# Function words and numerals, Simplified: no new word has one inside it, so jieba's guess is cut around them.
_FUNCTION_WORDS = frozenset(
    "的了着过和与及或而但在是也都就还又把被让给从到对向由等之于以不没很最这那其更再只才会将已曾要能"
    "一二三四五六七八九十两几数"
)
_FUNCTION_WORD = re.compile(f"[{''.join(sorted(_FUNCTION_WORDS))}]|[^{''.join(sorted(_FUNCTION_WORDS))}]+")
_NUMERAL = re.compile("[多数几两一二三四五六七八九十百千万亿兆]+")

_MOST_REMEMBERED = 1 << 16

Cut = Callable[[str], Iterable[str]]
Knows = Callable[[str], bool]


class Token(NamedTuple):
    """A token and where it stands: ``text`` is exactly ``input[start:end]``."""

    text: str
    start: int
    end: int


# A named tuple's own constructor is a Python function, and making tokens is what most time goes into.
_new = tuple.__new__


def to_simplified(text: str) -> str:
    """Fold Traditional characters to Simplified ones, same length: index i of the result stands for index i."""
    folded: str = to_simplified_converter().convert(text)
    folded = _PLAN.sub("划", _ASPECT.sub("着", folded))
    if len(folded) != len(text):
        raise AssertionError("the conversion changed a length: offsets would be wrong")
    return folded


def _stand_in(run: re.Match[str]) -> str:
    length = len(run[0])
    return _STAND_INS[length - 1] if length <= len(_STAND_INS) else "q" * (length - 1) + "%"


@cache
def _jieba(terms: frozenset[str]) -> tuple[Cut, Knows]:
    import jieba

    jieba.setLogLevel(60)
    tokenizer = jieba.Tokenizer()
    for term in sorted(terms):
        tokenizer.add_word(term, FREQUENCY)
    # A prefix of a word is in the table too, with frequency 0.
    return tokenizer.cut, lambda word: bool(tokenizer.FREQ.get(word))


@cache
def _rjieba(terms: frozenset[str]) -> tuple[Cut, Knows]:
    import rjieba

    tokenizer = rjieba.Jieba()
    for term in sorted(terms):
        tokenizer.add_word(term, FREQUENCY, None)
    return tokenizer.cut, tokenizer.has_word


class _Remembered(dict[str, tuple[int, ...]]):
    """How words are split, worked out when first asked for; a text repeats its words.  Forgets all when it is full."""

    def __init__(self, split: Callable[[str], tuple[int, ...]]) -> None:
        self._split = split

    def __missing__(self, word: str) -> tuple[int, ...]:
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        self[word] = parts = self._split(word)
        return parts


class Segmenter:
    """Cuts text into tokens with one engine and one dictionary.

    ``engine`` is ``jieba`` (pure Python), ``rjieba`` (the same algorithm in Rust) or ``auto``, which takes rjieba
    where it is installed.  Both give the same tokens.  ``terms`` are the domain terms to keep whole, in either
    script; without them the project's dictionary is taken.
    """

    def __init__(self, engine: Engine = "auto", terms: Iterable[str] | None = None) -> None:
        words = load_dictionary()["term"] if terms is None else terms
        self._terms = frozenset(to_simplified(word) for word in words if _is_han(word))
        if engine == "auto":
            try:
                self._cut, self._knows = _rjieba(self._terms)
            except ImportError:
                self._cut, self._knows = _jieba(self._terms)
        else:
            self._cut, self._knows = (_rjieba if engine == "rjieba" else _jieba)(self._terms)
        self._parts = _Remembered(self._split)

    def cut(self, text: str) -> list[str]:
        """Cut ``text`` into words, in order; nothing is left out but white space."""
        return [text[start:end] for start, end in pairwise(self._bounds(text)) if not text[start].isspace()]

    def tokens(self, text: str) -> list[Token]:
        """Cut ``text`` as `cut` does, and say where each word stands."""
        bounds = self._bounds(text)
        words = [text[start:end] for start, end in pairwise(bounds)]
        # ``zip`` uses its one tuple again where nobody keeps it, so a token is one allocation and not two.
        tokens = map(_new, repeat(Token), zip(words, bounds, bounds[1:], strict=False))
        return [token for token in tokens if not token[0].isspace()]

    def _bounds(self, text: str) -> list[int]:
        """Give where each word of ``text`` begins, and last where the text ends."""
        rest = _TAKEN_OUT.sub(_stand_in, to_simplified(text))
        # One call for the whole text: calling the engine run by run costs more than the cutting.
        return list(accumulate(chain.from_iterable(map(self._parts.__getitem__, self._cut(rest))), initial=0))

    def _split(self, word: str) -> tuple[int, ...]:
        """Give the lengths of the parts that one of the engine's words is cut into, most often just its own."""
        if len(word) == 1 or word in self._terms:
            return (len(word),)
        for at in range(1, len(word)):
            head, tail = word[:at], word[at:]
            if (head in self._terms and self._stands_alone(tail)) or (tail in self._terms and self._stands_alone(head)):
                return self._split(head) + self._split(tail)
        if not _FUNCTION_WORDS.isdisjoint(word) and not self._knows(word):
            return tuple(map(len, _FUNCTION_WORD.findall(word)))
        return (len(word),)

    def _stands_alone(self, part: str) -> bool:
        return _NUMERAL.fullmatch(part) is not None or (len(part) > 1 and self._knows(part))


def _is_han(word: str) -> bool:
    return re.fullmatch(r"[\u4e00-\u9fd5]+", word) is not None
