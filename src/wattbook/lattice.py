"""How jieba comes to its cut: the words that a text can be made of, and the most probable way through them."""

from collections.abc import Iterable
from functools import cache
from math import log
from typing import Any

import jieba
import pandas as pd

from wattbook.segment import FREQUENCY, to_simplified


@cache
def _tokenizer(terms: frozenset[str]) -> Any:
    # Reading jieba's dictionary takes a second, copying it a tenth of one.
    plain = jieba.dt
    plain.initialize()
    if not terms:
        return plain
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = plain.FREQ.copy(), plain.total, True
    for term in sorted(terms):
        tokenizer.add_word(term, FREQUENCY)
    return tokenizer


def lattice(text: str, *, terms: Iterable[str] = (), folded: bool = True) -> pd.DataFrame:
    """Give the words that jieba weighs against each other in ``text``.

    Takes a run of Han characters, the terms to add to jieba's dictionary (in either script), and whether the text is
    folded to Simplified for the look-up, as the book's segmenter does, or looked up as it is.

    Gives start, end, word (as in ``text``), frequency (in the dictionary; 0 for a character that is not in it),
    log_probability (natural logarithm of its share of all frequencies, 0 taken as 1) and on_path: whether it lies on
    the path with the highest sum.  Of two equal paths jieba takes the longer words.  Characters alone on the path are
    then joined by jieba's hidden Markov model where it takes them for a word that the dictionary lacks; that step is
    not part of the lattice.
    """
    looked_up = to_simplified(text) if folded else text
    tokenizer = _tokenizer(frozenset(to_simplified(term) if folded else term for term in terms))
    dag = tokenizer.get_DAG(looked_up)
    route: dict[int, tuple[float, int]] = {}
    tokenizer.calc(looked_up, dag, route)
    path, at = set(), 0
    while at < len(text):
        path.add((at, route[at][1] + 1))
        at = route[at][1] + 1
    total = log(tokenizer.total)
    rows = [
        (start, last + 1, text[start : last + 1], frequency, log(frequency or 1) - total, (start, last + 1) in path)
        for start, lasts in dag.items()
        for last in lasts
        for frequency in [tokenizer.FREQ.get(looked_up[start : last + 1]) or 0]
    ]
    return pd.DataFrame(rows, columns=["start", "end", "word", "frequency", "log_probability", "on_path"])
