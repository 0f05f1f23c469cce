"""Key word in context: a concordance of the reader's own copy of the articles."""

import json
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from wcwidth import wcswidth

from wattbook.corpus import Article
from wattbook.lexicon import fold

Sort: TypeAlias = Literal["position", "left", "right"]

# What would move the cursor or break the line when printed.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Line:
    """One find: ``match`` begins at ``start`` of the article's body; ``left`` and ``right`` stand around it.

    All three are as printed in the article.
    """

    article_id: str
    start: int
    left: str
    match: str
    right: str

    @property
    def end(self) -> int:
        """Where the find ends: ``match`` is ``body[start:end]``."""
        return self.start + len(self.match)


def _fold_pattern(pattern: str) -> str:
    """Fold the characters that a regular expression names, but none of its syntax.

    A full-width bracket or question mark folds to an ASCII one, which must not become an operator; and the two ends of
    a range in a class stay, because their folded forms may stand the other way round.
    """
    parts: list[str] = re.findall(r"\\.|.", pattern, re.DOTALL)
    folded = []
    in_class = False
    for before, part, after in zip(["", *parts], parts, [*parts[1:], ""], strict=False):
        if part.isascii():
            in_class = part == "[" or (in_class and part != "]")
            folded.append(part)
        elif in_class and "-" in (before, after):
            folded.append(part)
        else:
            folded.append(re.escape(fold(part[-1])))
    return "".join(folded)


def term_pattern(term: str, *, regex: bool = False) -> re.Pattern[str]:
    """Give the pattern that finds ``term`` in a folded text.

    Without ``regex`` the term is plain text.  With it, the term is a regular expression of Python's `re`, matched
    without regard to script and letter case.  Raises ValueError for an empty term and for a regular expression that
    `re` refuses.
    """
    if not term.strip():
        raise ValueError("is empty")
    if not regex:
        return re.compile(re.escape(fold(term)))
    try:
        with warnings.catch_warnings():
            # Python warns of classes that a later version may read otherwise; the reader asked for a find.
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(_fold_pattern(term), re.IGNORECASE)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is no regular expression: {error}") from None


def kwic(
    articles: Iterable[Article], term: str, window: int = 10, *, regex: bool = False, sort: Sort = "position"
) -> list[Line]:
    """Find a term in articles, with its surroundings.

    Takes articles, the term (Traditional or Simplified, capitals or small letters alike; a regular expression with
    ``regex``) and how many characters to show on each side.  Gives one line per find.  Finds do not overlap, and a
    regular expression that matches the empty string there finds nothing there.  Time grows with the length of the
    articles; only a reader's own regular expression can make it grow faster.

    ``position`` keeps the order of the articles and of the finds in them.  ``right`` sorts by the text after the find,
    ``left`` by the text before it read outwards from the find, last character first, as concordancers do; both
    scripts sort as one, characters by code point, and equal contexts keep their order.

    Raises ValueError as `term_pattern`, for a negative window and for another ``sort``.
    """
    if window < 0:
        raise ValueError(f"the window must be at least 0 characters, not {window}")
    pattern = term_pattern(term, regex=regex)
    lines = [
        Line(
            article_id=article.id,
            start=hit.start(),
            left=article.body[max(0, hit.start() - window) : hit.start()],
            match=article.body[hit.start() : hit.end()],
            right=article.body[hit.end() : hit.end() + window],
        )
        for article in articles
        for hit in pattern.finditer(fold(article.body))
        if hit[0]
    ]
    match sort:
        case "position":
            return lines
        case "left":
            return sorted(lines, key=lambda line: fold(line.left)[::-1])
        case "right":
            return sorted(lines, key=lambda line: fold(line.right))
    raise ValueError(f"no sort {sort!r}")


def display_width(text: str) -> int:
    """Give the columns that a text takes on a terminal: two for a wide character, none for a combining mark.

    Characters whose width Unicode leaves open (“, …, ·) are taken as narrow.
    """
    return int(wcswidth(text))


def render(lines: Iterable[Line], form: Literal["table", "json"] = "table") -> str:
    """Write a concordance, a newline at its end where there is anything.

    ``table`` puts the finds under each other: article and offset, left, [match], right; one line each.  Line breaks
    and other control characters of the text are shown as spaces.  ``json`` is a list with article_id, start, end,
    left, match and right, the text as it is in the article.
    """
    if form == "json":
        rows = [
            {
                "article_id": line.article_id,
                "start": line.start,
                "end": line.end,
                "left": line.left,
                "match": line.match,
                "right": line.right,
            }
            for line in lines
        ]
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    shown = [
        (f"{line.article_id}:{line.start}", *(_CONTROL.sub(" ", text) for text in (line.left, line.match, line.right)))
        for line in lines
    ]
    place_width = max((len(place) for place, *_ in shown), default=0)
    left_width = max((display_width(left) for _, left, *_ in shown), default=0)
    match_width = max((display_width(match) for *_, match, _ in shown), default=0)
    return "".join(
        f"{place:<{place_width}}  {' ' * (left_width - display_width(left))}{left}"
        f"[{match}]{' ' * (match_width - display_width(match))}{right}".rstrip(" ")
        + "\n"
        for place, left, match, right in shown
    )
