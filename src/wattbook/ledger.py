"""The claims ledger: load, validate, look up, verify against the articles, write for readers."""

import csv
import difflib
import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from wattbook.corpus import Article
from wattbook.errors import InputError
from wattbook.intervals import ABOUT, Interval, is_calendar_year, printed_interval, printed_places
from wattbook.paths import DATA
from wattbook.quantities import Quantity, find_numbers, find_quantities

THEMES = ("grid", "capex", "h200", "chipshare", "depreciation", "market")
KINDS = ("observed", "estimate", "forecast", "target", "announced", "opinion")
MODIFIERS = ("exact", "about", "over", "under", "at_least", "at_most")
CURRENCIES = {
    "USD": "US$",
    "CNY": "CN¥",
    "TWD": "NT$",
    "HKD": "HK$",
    "CAD": "C$",
    "JPY": "JP¥",
    "EUR": "€",
}
# Unit -> singular and plural for readers.  Units with an SI ladder carry their symbol.
_NOUNS = {
    "year": ("year", "years"),
    "quarter": ("quarter", "quarters"),
    "month": ("month", "months"),
    "week": ("week", "weeks"),
    "day": ("day", "days"),
    "hour": ("hour", "hours"),
    "minute": ("minute", "minutes"),
    "second": ("second", "seconds"),
    "person": ("person", "people"),
    "share": ("share", "shares"),
    "parameter": ("parameter", "parameters"),
    "generation": ("generation", "generations"),
    "barrel": ("barrel", "barrels"),
    "bushel": ("bushel", "bushels"),
    "mile": ("mile", "miles"),
    "index_point": ("point", "points"),
    "percentage_point": ("percentage point", "percentage points"),
    "basis_point": ("basis point", "basis points"),
    "TPP": ("TPP", "TPP"),
}
_SYMBOLS = {
    "W": "W",
    "Wh": "Wh",
    "V": "V",
    "FLOPS": "FLOPS",
    "OPS": "OPS",
    "byte": "B",
    "byte/s": "B/s",
    "m": "m",
}
_SIMPLE = frozenset({*CURRENCIES, *_NOUNS, *_SYMBOLS, "currency_unspecified", "percent", "item", "ratio"} - {"byte/s"})
_ONLY_BELOW = {"kWh": "kWh", "oz": "ounce", "t": "tonne", "s": "second"}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_METRIC = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def is_unit(unit: str) -> bool:
    """Tell whether ``unit`` is one of the ledger's: a canonical unit, or a rate of two with a slash."""
    above, slash, below = unit.partition("/")
    return above in _SIMPLE and (not slash or below in _SIMPLE or below in _ONLY_BELOW)


@dataclass(frozen=True)
class Claim:
    """One row of ``data/claims.csv``: a number that an article prints, and who says so.

    ``low`` and ``high`` are in ``unit`` (canonical) and equal unless a range is printed; ``start`` and ``end`` are
    offsets of the number in the article's body; ``printed`` is what stands there.
    """

    claim_id: str
    theme: str
    subject: str
    metric: str
    period: str
    low: float
    high: float
    unit: str
    modifier: str
    kind: str
    attributed_to: str
    article_id: str
    start: int
    end: int
    printed: str
    statement_en: str
    note: str

    @cached_property
    def interval(self) -> Interval:
        """The range that the printed number commits to, in ``unit``."""
        return self.interval_at(ABOUT)

    def interval_at(self, about: float) -> Interval:
        """Give the range with another reach of "about", as a fraction of the number."""
        return printed_interval(self.printed, self.low, self.high, self.unit, self.modifier, about)

    @property
    def central(self) -> float:
        """The printed number in ``unit``; the middle of a range."""
        return (self.low + self.high) / 2


COLUMNS = tuple(Claim.__annotations__)
_NUMBERS = ("low", "high")
_OFFSETS = ("start", "end")


class UnknownIdError(KeyError):
    """No claim (or other ``what``) has this id; the message names the closest ids."""

    def __init__(self, claim_id: str, known: Iterable[str], what: str = "claim") -> None:
        close = difflib.get_close_matches(claim_id, known, n=3)
        super().__init__(f"no {what} {claim_id!r}" + (f"; close: {', '.join(close)}" if close else ""))

    def __str__(self) -> str:
        # KeyError would show the repr of the message.
        return str(self.args[0])


def read_rows(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """Read a CSV file that has exactly these columns; give each row with its line number.

    Raises InputError naming file and line: no such file, invalid UTF-8, other columns, a row of another length, a
    line break inside a cell (a row must be one line, so that line numbers can be told from row numbers).
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    except UnicodeDecodeError:
        raise InputError(str(path), "not valid UTF-8") from None
    found = []
    for line, raw in enumerate(text.rstrip("\n").split("\n"), start=1):
        try:
            cells = next(csv.reader([raw], strict=True), [])
        except csv.Error as error:
            raise InputError(f"{path}:{line}", f"not a CSV row of its own: {error}") from None
        if line == 1:
            if tuple(cells) != tuple(columns):
                raise InputError(f"{path}:1", f"the columns must be {','.join(columns)}")
        elif len(cells) != len(columns):
            raise InputError(f"{path}:{line}", f"{len(cells)} cells instead of {len(columns)}")
        else:
            found.append((line, dict(zip(columns, cells, strict=True))))
    return found


def load_claims(path: Path | None = None) -> pd.DataFrame:
    """Read and validate the ledger (``data/claims.csv``, or the file named).

    Gives one row per claim in file order, columns as in `Claim`; ``low`` and ``high`` are floats in the claim's unit,
    ``start`` and ``end`` integers, the rest text.  Row n of the table is line n + 2 of the file.  Article ids are held
    against ``features/articles.csv`` beside the ledger where that exists.  Raises InputError "file:line: what".
    """
    path = path or DATA / "claims.csv"
    articles = path.parent / "features" / "articles.csv"
    known = set(pd.read_csv(articles, dtype=str)["article_id"]) if articles.exists() else None
    rows, ids = [], dict[str, int]()
    for line, row in read_rows(path, COLUMNS):
        where = f"{path}:{line}"
        values = _values(row, where)
        if fault := _first_fault(Claim(**values), known):
            raise InputError(where, fault)
        if (claim_id := row["claim_id"]) in ids:
            raise InputError(where, f"claim_id {claim_id!r} is already used in line {ids[claim_id]}")
        ids[claim_id] = line
        rows.append(values)
    types = dict.fromkeys(COLUMNS, "str") | dict.fromkeys(_NUMBERS, "float64") | dict.fromkeys(_OFFSETS, "int64")
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(types)


def _values(row: dict[str, str], where: str) -> dict[str, Any]:
    values: dict[str, Any] = dict(row)
    for column in _NUMBERS:
        try:
            values[column] = float(row[column])
        except ValueError:
            raise InputError(where, f"{column} {row[column]!r} is not a number") from None
    for column in _OFFSETS:
        if not row[column].isdecimal():
            raise InputError(where, f"{column} {row[column]!r} is not an offset")
        values[column] = int(row[column])
    return values


def _first_fault(claim: Claim, articles: set[str] | None) -> str | None:
    """Say what is wrong with a claim, or None."""
    if not _SLUG.fullmatch(claim.claim_id):
        return f"claim_id {claim.claim_id!r} is not a slug (a-z, 0-9, single hyphens)"
    for column, allowed in (("theme", THEMES), ("kind", KINDS), ("modifier", MODIFIERS)):
        if (value := getattr(claim, column)) not in allowed:
            return f"{column} {value!r} is none of {', '.join(allowed)}"
    for column in ("subject", "attributed_to"):
        if not _SLUG.fullmatch(getattr(claim, column)):
            return f"{column} {getattr(claim, column)!r} is not an entity id"
    if not _METRIC.fullmatch(claim.metric):
        return f"metric {claim.metric!r} is not snake_case"
    if not is_unit(claim.unit):
        return f"unit {claim.unit!r} is not a canonical unit"
    if not (math.isfinite(claim.low) and math.isfinite(claim.high)):
        return "low and high must be finite"
    if claim.low > claim.high:
        return f"low {claim.low:g} is above high {claim.high:g}"
    if articles is not None and claim.article_id not in articles:
        return f"article_id {claim.article_id!r} is not in features/articles.csv"
    if claim.start >= claim.end:
        return f"start {claim.start} is not before end {claim.end}"
    if len(claim.printed) != claim.end - claim.start:
        return f"printed has {len(claim.printed)} characters, the span {claim.end - claim.start}"
    if not claim.statement_en.strip():
        return "statement_en is empty"
    return None


def as_claims(claims: pd.DataFrame) -> dict[str, Claim]:
    """Give the rows of a ledger table as `Claim` objects by id, in order."""
    return {
        str(row["claim_id"]): Claim(**{str(name): value for name, value in row.items()})
        for row in claims[list(COLUMNS)].to_dict("records")
    }


@lru_cache(maxsize=4)
def _cached(path: Path, changed: int) -> dict[str, Claim]:
    return as_claims(load_claims(path))


def all_claims(path: Path | None = None) -> dict[str, Claim]:
    """Give every claim of the ledger by id; the file is read again only when it has changed."""
    path = path or DATA / "claims.csv"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        raise InputError(str(path), "no such file") from None
    return _cached(path, changed)


def claim(claim_id: str) -> Claim:
    """Give one claim of ``data/claims.csv``.  Raises UnknownIdError, a KeyError that names the closest ids."""
    claims = all_claims()
    if claim_id not in claims:
        raise UnknownIdError(claim_id, claims)
    return claims[claim_id]


@dataclass(frozen=True)
class Problem:
    """A claim that its article does not bear out: its id, its line in the ledger, what differs."""

    claim_id: str
    line: int
    what: str


def verify(claims: pd.DataFrame, articles: Iterable[Article], features: Path | None = None) -> list[Problem]:
    """Hold every claim against the articles; give what does not fit, in ledger order.

    Takes a table from `load_claims`, the articles, and the folder of ``articles.csv`` (default ``data/features``).
    For each claim the body must show ``printed`` at ``start:end``, and `find_quantities` must read a quantity there
    (its span equal to or around the claim's) with the same low, high, unit and modifier.  Two notes change the second
    comparison only.  ``damaged:`` and how: the text has damaged the number, so it cannot be read back.  ``bare:`` and
    why: the numeral stands without a unit, which was given to it by hand, so the numeral alone is read.  An article
    whose SHA-256 is not the recorded one is a problem of the first claim on it.
    Raises InputError when ``articles.csv`` is missing.
    """
    recorded_at = (features or DATA / "features") / "articles.csv"
    if not recorded_at.exists():
        raise InputError(str(recorded_at), "no such file: run wattbook ingest first")
    recorded = pd.read_csv(recorded_at, dtype=str).set_index("article_id")["sha256"].to_dict()
    by_id = {article.id: article for article in articles}
    read: dict[str, list[Quantity]] = {}
    problems = []
    for claim, index in zip(as_claims(claims).values(), claims.index, strict=True):
        line = int(index) + 2
        article = by_id.get(claim.article_id)
        if claim.article_id not in read:
            read[claim.article_id] = find_quantities(article.body) if article else []
            if article is None:
                problems.append(Problem(claim.claim_id, line, f"article {claim.article_id} is not among the files"))
            elif hashlib.sha256(article.body.encode()).hexdigest() != recorded.get(article.id):
                what = f"article {article.id} is not the text that features/articles.csv records (SHA-256)"
                problems.append(Problem(claim.claim_id, line, what))
        if article is not None and (wrong := _mismatch(claim, article.body, read[article.id])):
            problems.append(Problem(claim.claim_id, line, wrong))
    return problems


def _mismatch(claim: Claim, body: str, quantities: list[Quantity]) -> str | None:
    shown = body[claim.start : claim.end]
    if shown != claim.printed:
        return f"the article shows {shown!r} at {claim.start}:{claim.end}, the ledger {claim.printed!r}"
    if claim.note.startswith("damaged:"):
        return None
    if claim.note.startswith("bare:"):
        numerals = [(n.low, n.high) for n in find_numbers(shown) if (n.start, n.end) == (0, len(shown))]
        if (claim.low, claim.high) in numerals:
            return None
        return f"{claim.printed!r} does not read as the bare numeral {claim.low:.12g}"
    there = [q for q in quantities if q.start <= claim.start and claim.end <= q.end]
    if not there:
        return f"no quantity is read at {claim.start}:{claim.end} ({claim.printed!r})"
    if any(
        math.isclose(q.low, claim.low, rel_tol=1e-9)
        and math.isclose(q.high, claim.high, rel_tol=1e-9)
        and (q.unit, q.modifier) == (claim.unit, claim.modifier)
        for q in there
    ):
        return None
    seen = "; ".join(_plain(q.low, q.high, q.unit, q.modifier) for q in there)
    ours = _plain(claim.low, claim.high, claim.unit, claim.modifier)
    return f"{claim.printed!r} reads as {seen}, the ledger has {ours}"


def _plain(low: float, high: float, unit: str, modifier: str) -> str:
    return f"{modifier} {low:.12g}..{high:.12g} {unit}" if low != high else f"{modifier} {low:.12g} {unit}"


# --- for readers ---------------------------------------------------------------------------------------------

_BEFORE = {"about": "about ", "over": "over ", "under": "under ", "at_least": "at least ", "at_most": "up to "}
_PLAIN = ((1.0, ""),)
_WORDS = ((1.0, ""), (1e6, " million"), (1e9, " billion"), (1e12, " trillion"))
_PREFIXES = ((1.0, " "), (1e3, " k"), (1e6, " M"), (1e9, " G"), (1e12, " T"), (1e15, " P"), (1e18, " E"))
_SMALL_PREFIXES = ((1e-9, " n"), (1e-6, " µ"), (1e-3, " m"), (1.0, " "), (1e3, " k"))
# Classifiers of things that are made and shipped; for the others (家, 個, 項) a bare number reads better.
_PIECES = re.compile(r"[枚張片塊顆台臺套輛支]")
_POWERS = (
    (r"吉瓦|GW", 1e9, "GW"),
    (r"兆瓦|百萬瓦|MW", 1e6, "MW"),
    (r"千瓦|kW|KW", 1e3, "kW"),
)


@dataclass(frozen=True)
class _Style:
    """How values of a unit are written: ``before`` number, step word, ``one`` or ``many``; in units of ``per``."""

    before: str = ""
    ladder: tuple[tuple[float, str], ...] = _PLAIN
    one: str = ""
    many: str = ""
    per: float = 1.0


def _style(unit: str, size: float, printed: str, metric: str) -> _Style:
    above, _, below = unit.partition("/")
    if unit in _SYMBOLS:
        ladder = _SMALL_PREFIXES if unit == "m" else _PREFIXES
        return _Style("", ladder, _SYMBOLS[unit], _SYMBOLS[unit])
    if below:
        return _rate(above, below, size, printed, metric)
    if unit in CURRENCIES:
        return _Style(CURRENCIES[unit], _WORDS)
    if unit in _NOUNS:
        one, many = _NOUNS[unit]
        return _Style("", _WORDS, f" {one}", f" {many}")
    match unit:
        case "percent":
            return _Style("", _PLAIN, "%", "%")
        case "ratio":
            return _Style("", _WORDS, "×", "×")
        case "currency_unspecified":
            suffix = " (currency not stated)"
            return _Style("", _WORDS, suffix, suffix)
        case "item" if _PIECES.search(printed) or "unit" in metric.split("_") or "units" in metric.split("_"):
            return _Style("", _WORDS, " unit", " units")
        case _:
            return _Style("", _WORDS)


def _rate(above: str, below: str, size: float, printed: str, metric: str) -> _Style:
    if below == "kWh" and above in ("USD", "EUR", "CAD") and size < 1:
        cents = {"USD": "¢", "EUR": " euro cents", "CAD": " Canadian cents"}[above]
        return _Style("", ((0.01, f" {cents.strip()}"),), "/kWh", "/kWh")
    if below in ("W", "Wh"):
        for pattern, size_of, name in _POWERS:
            if re.search(pattern, printed):
                name += below[1:]
                upper = _style(above, size * size_of, "", metric)
                return _Style(upper.before, upper.ladder, f"{upper.one}/{name}", f"{upper.many}/{name}", 1 / size_of)
    upper = _style(above, size, printed, metric)
    if below in CURRENCIES:
        suffix = f" per {CURRENCIES[below]}"
    elif below in _SYMBOLS or below == "kWh":
        suffix = f"/{below}"
    elif (above, below) == ("barrel", "day"):
        suffix = " a day"
    else:
        suffix = f" per {_ONLY_BELOW.get(below) or _NOUNS.get(below, ('unit',))[0]}"
    return _Style(upper.before, upper.ladder, upper.one + suffix, upper.many + suffix, upper.per)


def _decimals(value: float, place: float, exact: bool) -> int:
    """Count the decimals that show ``value`` to ``place``; more where an exact value would be cut."""
    decimals = max(0, -math.floor(math.log10(place) + 1e-9))
    while exact and decimals < 6 and not math.isclose(round(value, decimals), value, rel_tol=1e-9):
        decimals += 1
    return decimals


def _write(low: float, high: float, places: tuple[float, float], style: _Style, exact: bool) -> str:
    if style.one == " year" and is_calendar_year(low) and is_calendar_year(high):
        return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"
    low, high = low / style.per, high / style.per
    low_place, high_place = places[0] / style.per, places[1] / style.per
    largest = max(abs(low), abs(high))
    # The next step is taken when rounding to the last place reaches it: 999.96 to one decimal is 1.
    reach = largest + max(low_place, high_place) / 2 if not exact else largest * (1 + 1e-9)
    step, word = max((s for s in style.ladder if s[0] <= reach), default=style.ladder[0])
    if low != high and low and abs(low) < step / 10:
        # 950 million to 1.2 trillion: each end with its own word.
        one = _write(low * style.per, low * style.per, (places[0], places[0]), style, exact)
        other = _write(high * style.per, high * style.per, (places[1], places[1]), style, exact)
        return f"{one} to {other}"
    decimals = [_decimals(v / step, p / step, exact) for v, p in ((low, low_place), (high, high_place))]
    if exact and word in (" million", " billion", " trillion") and max(decimals) > 3:
        step, word = 1.0, ""
        decimals = [_decimals(v, p, exact) for v, p in ((low, low_place), (high, high_place))]
    texts = [f"{abs(v) / step:,.{d}f}" for v, d in zip((low, high), decimals, strict=True)]
    if not exact:
        texts = [text.rstrip("0").rstrip(".") if "." in text else text for text in texts]
    suffix = style.one if low == high and texts[0] == "1" and not word.strip() else style.many
    sign = "−" if low < 0 else ""
    if low == high:
        return f"{sign}{style.before}{texts[0]}{word}{suffix}"
    if low < 0:
        return f"{sign}{style.before}{texts[0]} to {'−' if high < 0 else ''}{texts[1]}{word}{suffix}"
    return f"{style.before}{texts[0]}–{texts[1]}{word}{suffix}"


def format_value(claim: Claim) -> str:
    """Write a claim's number for readers: modifier, number with the digits printed, scale word or prefix, unit.

    "662.6 minutes", "US$423 billion", "about 600,000–800,000 units", "25%", "6×", "2.3 GW", "16.01 ¢/kWh".
    """
    before = _BEFORE.get(claim.modifier, "")
    if claim.unit == "ratio" and claim.low == claim.high < 1 and re.search("分之|半", claim.printed):
        return f"{before}{Fraction(claim.low).limit_denominator(20)}"
    places = printed_places(claim.printed, claim.low, claim.high)
    size = max(abs(claim.low), abs(claim.high))
    style = _style(claim.unit, size, claim.printed, claim.metric)
    return before + _write(claim.low, claim.high, places, style, exact=True)


def format_quantity(low: float, unit: str, digits: int = 4, high: float | None = None) -> str:
    """Write a computed number (or a range up to ``high``) in a canonical unit, to so many significant digits."""
    high = low if high is None else high
    if not (math.isfinite(low) and math.isfinite(high)):
        return "∞" if high > 0 else "−∞"
    low_place, high_place = (
        10.0 ** (math.floor(math.log10(abs(value))) - digits + 1) if value else 1.0 for value in (low, high)
    )
    style = _style(unit, max(abs(low), abs(high)), "", "")
    return _write(low, high, (low_place, high_place), style, exact=False)
