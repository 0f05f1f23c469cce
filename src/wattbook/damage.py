"""Damage that converters, copying and layout left in a text, found by rule, and a repaired view beside the text.

The text itself is never altered.  The rules in ``data/lexicon/damage.csv`` were written for the fifteen articles,
where every hit was checked by eye.  On other texts a hit is a place to look at: 泡棉 is a wrong bubble in an economic
text and foam in a mattress shop's.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import pandas as pd

from wattbook.paths import DATA

DOUBLED = 60
"""A run of at least so many characters that an article prints twice is a doubled passage."""

_BLOCK = DOUBLED // 2
# So many earlier prints of a block are compared: enough for a text, and a bound for one made of a single phrase.
_PRINTS = 4

_EDGE = "。！？!?;；,，、 "
_BRACKETS = {"(": ")", "（": "）", "[": "]", "「": "」", "『": "』", "《": "》", "〈": "〉", "【": "】"}

# Where a caption or heading ends, a repaired text has a line break: no word and no word pair reaches across it.
_BREAK = "\n"


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


def _unpaired_brackets(text: str) -> list[Damage]:
    """Find brackets without their other half; the ``)`` after the number or letter of a list item needs none."""
    found = []
    open_at: list[int] = []
    for mark in re.finditer(f"[{re.escape(''.join([*_BRACKETS, *_BRACKETS.values()]))}]", text):
        if mark[0] in _BRACKETS:
            open_at.append(mark.start())
        elif open_at and _BRACKETS[text[open_at[-1]]] == mark[0]:
            open_at.pop()
        elif not re.search(r"(?:^|[\s。;；:：])\w{1,2}$", text[max(0, mark.start() - 3) : mark.start()]):
            found.append(mark.start())
    return [Damage(at, at + 1, text[at], "unpaired_bracket", "") for at in sorted(found + open_at)]


def _longer(text: str, before: int, at: int, free: int) -> tuple[int, int]:
    """Stretch the block that is printed at ``before`` and at ``at`` both ways, not back past ``free``.

    The second print does not reach into the first.
    """
    apart = at - before
    start, end = at, at + _BLOCK
    while start > free and start > apart and end - start < apart and text[start - 1] == text[start - 1 - apart]:
        start -= 1
    while end < len(text) and end - start < apart and text[end] == text[end - apart]:
        end += 1
    return start, end


def _doubled_passages(text: str) -> list[Damage]:
    """Find the second prints of passages.

    A passage of ``DOUBLED`` characters holds a whole block of half that length that begins at a multiple of it:
    looking up those alone keeps memory small beside the text.
    """
    found = []
    blocks: dict[str, list[int]] = {}
    listed = at = free = 0
    while at + _BLOCK <= len(text):
        while listed + _BLOCK <= at:
            prints = blocks.setdefault(text[listed : listed + _BLOCK], [])
            if len(prints) < _PRINTS:
                prints.append(listed)
            listed += _BLOCK
        spans = (_longer(text, before, at, free) for before in blocks.get(text[at : at + _BLOCK], ()))
        span = next(((start, end) for start, end in spans if end - start >= DOUBLED), None)
        if span is None:
            at += 1
            continue
        start, end = span
        start += len(text[start:end]) - len(text[start:end].lstrip(_EDGE))
        found.append(Damage(start, end, "", "doubled_passage", ""))
        at = free = end
    return found


def find_damage(text: str) -> list[Damage]:
    """Find the damaged places of ``text``, in order; offsets are string indices into it.

    Four kinds of rule: the patterns of `load_rules`; curly quotes that do not alternate (``mismatched_quotes``);
    brackets without their other half (``unpaired_bracket``); and runs of at least ``DOUBLED`` characters printed twice
    (``doubled_passage``, the second print).  Time grows with the length of the text.
    """
    return sorted(_by_rule(text) + _mismatched_quotes(text) + _unpaired_brackets(text) + _doubled_passages(text))


@dataclass(frozen=True)
class Normalised:
    """A repaired copy of a text, each of its characters tied to the place in the original that it stands for.

    Character i of ``text`` stands for ``original[starts[i]:ends[i]]``: itself where nothing was repaired, the whole
    damaged surface where it is part of a repair, and nothing (an empty span) where a line break was put in.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Give the original's offsets of what ``text[start:end]`` stands for.  Raises IndexError for an empty span."""
        if not 0 <= start < end <= len(self.text):
            raise IndexError(f"no characters at {start}:{end}")
        return self.starts[start], self.ends[end - 1]

    def index(self, at: int) -> int:
        """Give the index in ``text`` of what stands for the original's character ``at``, or of what follows it.

        Inside a damaged surface that is where its repair begins.
        """
        return bisect_right(self.ends, at)


class _Edit(NamedTuple):
    start: int
    end: int
    instead: str


def _edit(damage: Damage) -> _Edit | None:
    """Tell how a damaged place is repaired; None where nothing better than the text is known."""
    if damage.meant:
        return _Edit(damage.start, damage.end, damage.meant)
    if damage.kind in ("glued_text", "glued_heading"):
        return _Edit(damage.end, damage.end, _BREAK)
    if damage.kind in ("leftover_markup", "doubled_passage"):
        return _Edit(damage.start, damage.end, "")
    return None


def _edits(found: Iterable[Damage]) -> list[_Edit]:
    """Give the repairs in order and without overlap: doubled passages first, then what begins first."""
    passages = sorted(edit for one in found if one.kind == "doubled_passage" and (edit := _edit(one)))
    begins = [edit.start for edit in passages]
    kept = list(passages)
    reached = 0
    others = sorted(edit for one in found if one.kind != "doubled_passage" and (edit := _edit(one)))
    for edit in others:
        before = bisect_right(begins, max(edit.start, edit.end - 1)) - 1
        if edit.start >= reached and (before < 0 or passages[before].end <= edit.start):
            kept.append(edit)
            reached = edit.end
    return sorted(kept)


def repair(text: str, found: Iterable[Damage]) -> Normalised:
    """Derive the view of ``text`` in which these damaged places are repaired, as `normalise` does.

    Where two places overlap, a doubled passage goes before the other, and else the one that begins first.
    """
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for start, end, instead in [*_edits(list(found)), _Edit(len(text), len(text), "")]:
        parts += (text[at:start], instead)
        starts += [*range(at, start), *[start] * len(instead)]
        ends += [*range(at + 1, start + 1), *[end] * len(instead)]
        at = end
    return Normalised("".join(parts), starts, ends)


def normalise(text: str, kinds: Collection[str] | None = None) -> Normalised:
    """Derive a repaired view of ``text``; the text itself stays as it is.

    A damaged place whose sense is known (``meant``) is written as meant; the second print of a doubled passage and
    leftover markup are left out; a line break ends a caption or heading that ran into a sentence.  Missing numbers and
    words stay missing.  ``kinds`` names the kinds of damage to repair, all of them without it.
    """
    return repair(text, [one for one in find_damage(text) if kinds is None or one.kind in kinds])


def token_effects(
    text: str, found: Iterable[Damage], words: Callable[[str], list[str]], at_least: int
) -> list[tuple[str, str, int, int]]:
    """Tell which words are counted otherwise once damage is repaired.

    Takes a text, its damage, what cuts a text into the words that are counted, and how many words a doubled passage
    must have: the words of a shorter one would be those of a sentence, so it stays as printed.  Gives rows of kind,
    word, count as printed, count repaired: for each kind of damage repaired alone and then for all together (kind
    ``all``); kinds and words in order, words that keep their count left out.
    """
    # A quotation mark turned round changes no word.
    wording = [
        one
        for one in found
        if one.kind != "mismatched_quotes"
        and (one.kind != "doubled_passage" or len(words(text[one.start : one.end])) >= at_least)
        and _edit(one)
    ]
    if not wording:
        return []
    by_kind = {kind: [one for one in wording if one.kind == kind] for kind in sorted({one.kind for one in wording})}
    printed = Counter(words(text))
    rows = []
    for kind, some in [*by_kind.items(), ("all", wording)]:
        repaired = Counter(words(repair(text, some).text))
        changed = sorted(word for word in printed | repaired if printed[word] != repaired[word])
        rows += [(kind, word, printed[word], repaired[word]) for word in changed]
    return rows
