"""The hand-edited word lists in ``data/lexicon`` and the entity finder that is built from them.

All lists keep Traditional-script keys.  Text is compared in a folded form (Simplified script, lower case, half-width,
one kind of middle dot) that has the same length as the text, so an offset found in one holds in the other.
"""

import unicodedata
from functools import cache
from typing import NamedTuple

import pandas as pd

from wattbook.paths import DATA
from wattbook.script import to_simplified_converter

# The dots that stand between the parts of a transliterated name.
_MIDDLE_DOTS = "•‧∙⋅・"


class Entity(NamedTuple):
    """One row of ``entities.csv``.

    ``name_zh`` is empty where no Chinese name is in use, ``parent_id`` is the owner, maker, employer or containing
    place (empty when there is none), ``wikidata`` a Q-number or empty.
    """

    entity_id: str
    name_en: str
    name_zh: str
    type: str
    parent_id: str
    wikidata: str


class Mention(NamedTuple):
    """A name found in a text: ``text[start:end]`` folds to the same form as ``alias``, and is it where it is listed."""

    entity_id: str
    start: int
    end: int
    alias: str


@cache
def _load(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / "lexicon" / name, dtype=str, keep_default_na=False, encoding="utf-8")


def load_dictionary() -> pd.DataFrame:
    """Give the segmenter's terms: columns ``term``, ``gloss_en``, ``category``.

    The table is shared; do not change it.
    """
    return _load("dictionary.csv")


def load_entities() -> pd.DataFrame:
    """Give the entities, one row each, with the fields of `Entity` as columns.

    The table is shared; do not change it.
    """
    return _load("entities.csv")


def load_aliases() -> pd.DataFrame:
    """Give the names of the entities: columns ``entity_id``, ``alias``.  The table is shared; do not change it."""
    return _load("aliases.csv")


def load_entity_keys() -> pd.DataFrame:
    """Tell where the public tables hold rows on an entity: columns ``entity_id``, ``table``, ``column``, ``value``.

    The table is shared; do not change it.
    """
    return _load("entity_keys.csv")


def load_themes() -> pd.DataFrame:
    """Give the marker terms of each theme: columns ``theme``, ``term``.  The table is shared; do not change it."""
    return _load("themes.csv")


def load_stance() -> pd.DataFrame:
    """Give the hedges, boosters, risk and opportunity words and metaphor families.

    Columns: ``category``, ``term``, ``gloss_en``.  The table is shared; do not change it.
    """
    return _load("stance.csv")


def load_synonyms() -> pd.DataFrame:
    """Give the search groups: columns ``group_id``, ``term``.  The table is shared; do not change it."""
    return _load("synonyms.csv")


def load_shields() -> pd.DataFrame:
    """Give longer words that hold a name which they do not mean: 美國 in 歐美國家.

    Columns: ``term``, ``holds`` (the name), ``gloss_en``.  The table is shared; do not change it.
    """
    return _load("shields.csv")


def load_reporting_verbs() -> pd.DataFrame:
    """Give the verbs that report what a source says.

    Columns: ``verb``, ``gloss_en``, ``stance``, ``subject`` (what the verb's source must be).  The table is shared; do
    not change it.
    """
    return _load("reporting_verbs.csv")


def load_source_nouns() -> pd.DataFrame:
    """Give the nouns for sources without a name: columns ``noun``, ``gloss_en``, ``kind``.

    ``kind`` is ``unnamed`` or ``document``, or what the antecedent of an anaphor is: ``person``, ``company``, ``bank``,
    ``media``, ``organisation`` (any but media) or ``any``.  The table is shared; do not change it.
    """
    return _load("source_nouns.csv")


@cache
def load_stopwords() -> frozenset[str]:
    """Give the Traditional-script function words that text statistics leave out."""
    return frozenset((DATA / "lexicon" / "stopwords.txt").read_text(encoding="utf-8").split())


@cache
def _entities() -> dict[str, Entity]:
    rows = load_entities()[list(Entity._fields)].itertuples(index=False, name=None)
    return {row[0]: Entity._make(row) for row in rows}


def entity(entity_id: str) -> Entity:
    """Give the entity with this id; an id that is not in the list raises a KeyError that names it."""
    try:
        return _entities()[entity_id]
    except KeyError:
        raise KeyError(f"no entity has the id {entity_id!r}") from None


class _FoldTable(dict[int, str]):
    """What each character folds to, worked out when it is first seen (the form `str.translate` asks for)."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = "·" if char in _MIDDLE_DOTS else _same_length(char, unicodedata.normalize("NFKC", char))
        folded = _same_length(folded, folded.lower())
        # A lone surrogate is no character: OpenCC cannot encode it.
        if not 0xD800 <= code <= 0xDFFF:
            folded = _same_length(folded, to_simplified_converter().convert(folded))
        self[code] = folded
        return folded


def _same_length(char: str, changed: str) -> str:
    return changed if len(changed) == 1 else char


_FOLD = _FoldTable()


def fold(text: str) -> str:
    """Give the form in which names are compared: Simplified (OpenCC t2s), lower case, half-width; same length.

    Each character is folded by itself, so a part of a text always folds to the same part of the folded text.
    """
    folded = text.translate(_FOLD)
    assert len(folded) == len(text), "folding must keep the length: offsets depend on it"
    return folded


class _Node:
    """A node of a character trie; ``alias`` or ``is_term`` is set where a name or a dictionary term ends."""

    __slots__ = ("alias", "children", "is_term")

    def __init__(self) -> None:
        self.children: dict[str, _Node] = {}
        self.alias: tuple[str, list[str]] | None = None  # the entity, and the listed spellings that end here
        self.is_term = False


def _insert(root: _Node, folded: str) -> _Node:
    node = root
    for char in folded:
        node = node.children.setdefault(char, _Node())
    return node


@cache
def _trie() -> _Node:
    root = _Node()
    for entity_id, alias in load_aliases().itertuples(index=False):
        node = _insert(root, fold(alias))
        if node.alias is None:
            node.alias = (entity_id, [])
        node.alias[1].append(alias)
    for term in (*load_dictionary()["term"], *load_shields()["term"]):
        _insert(root, fold(term)).is_term = True
    return root


def _is_word_char(char: str) -> bool:
    """Tell letters and digits of alphabetic scripts from Han, kana and the rest, which are written without spaces."""
    return char.isalnum() and ord(char) < 0x2E80


def _cuts_word(folded: str, start: int, end: int) -> bool:
    """Tell whether ``start`` or ``end`` falls inside a Latin word or a number."""
    return any(
        0 < at < len(folded) and _is_word_char(folded[at - 1]) and _is_word_char(folded[at]) for at in (start, end)
    )


def find_mentions(text: str) -> list[Mention]:
    """Find the names of entities in ``text``, in order and without overlap.

    The leftmost name wins, and of those that start together the longest.  Both scripts and any letter case match.  A
    Latin name never matches inside a longer word or number (H20 is not in H200), and no name matches inside a longer
    term of the dictionary or of the shields.  Offsets are string indices into ``text``.
    """
    folded = fold(text)
    begins = _trie().children
    mentions: list[Mention] = []
    free_from = 0  # where the last name ended
    term_end = 0  # how far the dictionary terms that started before this position reach
    for start, char in enumerate(folded):
        node = begins.get(char)
        if node is None:
            continue  # most characters begin no name
        names: list[tuple[int, tuple[str, list[str]]]] = []
        longest_term = 0
        end = start + 1
        while node is not None:
            if (node.alias is not None or node.is_term) and not _cuts_word(folded, start, end):
                if node.alias is not None:
                    names.append((end, node.alias))
                else:
                    longest_term = end
            node = node.children.get(folded[end]) if end < len(folded) else None
            end += 1
        if start >= free_from and names:
            end, (entity_id, spellings) = names[-1]
            if end >= longest_term and end > term_end:
                printed = text[start:end]
                # The first spelling listed stands for one that is not.
                mentions.append(Mention(entity_id, start, end, printed if printed in spellings else spellings[0]))
                free_from = end
        term_end = max(term_end, longest_term)
    return mentions
