"""The audit: does what the articles print add up, and where do they contradict each other?

A check (``data/checks.csv``) computes its left side from claims and facts and compares it with its right side, once
with the printed numbers and once with the intervals they stand for.  The verdict is never stored, always computed.
"""

import ast
import itertools
import json
import math
import operator
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pint
from pint.facets.plain import PlainUnit

from wattbook.errors import InputError
from wattbook.intervals import ABOUT, Interval
from wattbook.ledger import (
    CURRENCIES,
    THEMES,
    Claim,
    all_claims,
    as_claims,
    format_quantity,
    format_value,
    is_unit,
    read_rows,
)
from wattbook.paths import DATA
from wattbook.periods import nested

CHECK_KINDS = (
    "sum",
    "ratio",
    "growth",
    "share",
    "conversion",
    "price",
    "power",
    "prior",
    "date",
    "same",
    "lookup",
    "count",
)
VERDICTS = ("consistent", "rounding", "inconsistent", "contested", "derived")
RESULT_COLUMNS = (
    "check_id",
    "theme",
    "kind",
    "left",
    "right",
    "left_value",
    "left_low",
    "left_high",
    "right_value",
    "right_low",
    "right_high",
    "unit",
    "verdict",
    "working",
    "comment_en",
)
_CHECK_COLUMNS = ("check_id", "theme", "kind", "left", "right", "comment_en")
_METRIC_COLUMNS = ("metric", "over_time", "definition_en")
_FACT_COLUMNS = ("fact_id", "value", "low", "high", "unit", "source", "note")

# Every currency is its own dimension: an exchange rate is needed to get from one to another.  Things that are counted
# (chips, people, shares of stock) share one dimension, so that a price per share times shares is money.  A year has
# 365 days, 8,760 hours: the convention of the power sector.
_UNITS = [
    *(f"{prefix}- = {factor} = {symbol}-" for prefix, factor, symbol in (
        ("nano", 1e-9, "n"), ("kilo", 1e3, "k"), ("mega", 1e6, "M"), ("giga", 1e9, "G"), ("tera", 1e12, "T"),
        ("peta", 1e15, "P"), ("exa", 1e18, "E"),
    )),
    *(f"{code} = [{code}]" for code in CURRENCIES),
    "currency_unspecified = [currency_unspecified]",
    "item = [item]",
    "person = item",
    "share = item",
    "parameter = [parameter]",
    "generation = [generation]",
    "index_point = [index_point]",
    "TPP = [TPP]",
    "V = [voltage]",
    "ratio = 1",
    "percent = 0.01",
    "percentage_point = 0.01",
    "basis_point = 0.0001",
    "second = [time] = s",
    "minute = 60 second",
    "hour = 60 minute",
    "day = 24 hour",
    "week = 7 day",
    "year = 365 day",
    "quarter = year / 4",
    "month = year / 12",
    "W = [power]",
    "Wh = W * hour",
    "byte = [information] = B",
    "flop = [floating_point_operation]",
    "FLOPS = flop / second",
    "op = [operation]",
    "OPS = op / second",
    "m = [length]",
    "mile = 1609.344 m",
    "barrel = [barrel]",
    "bushel = [bushel]",
    "g = [mass]",
    "t = 1000000 g",
    "oz = 31.1034768 g",
]  # fmt: skip
# Tried in this order for a result whose unit nothing in the check names.
_CANONICAL = (
    "ratio",
    *CURRENCIES,
    "currency_unspecified",
    "item",
    "W",
    "Wh",
    "year",
    "FLOPS",
    "OPS",
    "byte",
    "byte/s",
    "TPP",
    "m",
    *(f"{code}/{per}" for code in CURRENCIES for per in ("kWh", "W", "item", "barrel", "oz", "t", "year")),
    "item/year",
    "W/item",
    "W/year",
    "FLOPS/W",
)


@cache
def _registry() -> "pint.UnitRegistry[float]":
    registry: pint.UnitRegistry[float] = pint.UnitRegistry(None)
    registry.load_definitions(_UNITS)
    return registry


@cache
def _base(unit: str) -> tuple[float, PlainUnit]:
    """Give the factor onto base units, and these.  Raises ValueError for a unit that does not exist."""
    try:
        quantity = _registry().Quantity(1.0, _registry().parse_units(unit)).to_base_units()
    except (pint.PintError, AttributeError, TypeError) as error:
        raise ValueError(f"no unit {unit!r}") from error
    return float(quantity.magnitude), quantity.units


@dataclass(frozen=True)
class Fact:
    """One row of ``data/external/lookup_facts.csv``: a number that a reader can look up, and where.

    Without ``low`` and ``high`` in the file it is exact.
    """

    fact_id: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    note: str

    @property
    def central(self) -> float:
        """The number itself."""
        return self.value

    @property
    def interval(self) -> Interval:
        """The range that the source gives, or the number alone."""
        return Interval(self.low, self.high)


Sourced = Claim | Fact


def load_facts(path: Path | None = None) -> dict[str, Fact]:
    """Read the facts by id; none where the file does not exist.  Raises InputError "file:line: what"."""
    path = path or DATA / "external" / "lookup_facts.csv"
    facts: dict[str, Fact] = {}
    for line, row in read_rows(path, _FACT_COLUMNS) if path.exists() else ():
        where = f"{path}:{line}"
        try:
            value = float(row["value"])
            low, high = float(row["low"] or value), float(row["high"] or value)
        except ValueError:
            raise InputError(where, "value, low and high must be numbers") from None
        if not (low <= value <= high and math.isfinite(low) and math.isfinite(high)):
            raise InputError(where, f"{value:g} is not between {low:g} and {high:g}")
        if not is_unit(row["unit"]):
            raise InputError(where, f"unit {row['unit']!r} is not a canonical unit")
        if row["fact_id"] in facts:
            raise InputError(where, f"fact_id {row['fact_id']!r} is used twice")
        facts[row["fact_id"]] = Fact(row["fact_id"], value, low, high, row["unit"], row["source"], row["note"])
    return facts


@dataclass(frozen=True)
class Check:
    """One row of ``data/checks.csv``."""

    check_id: str
    theme: str
    kind: str
    left: str
    right: str
    comment_en: str


def load_checks(path: Path | None = None) -> list[Check]:
    """Read and validate the checks, in file order.  Raises InputError "file:line: what"."""
    path = path or DATA / "checks.csv"
    checks: list[Check] = []
    seen: set[str] = set()
    for line, row in read_rows(path, _CHECK_COLUMNS):
        check, where = Check(**row), f"{path}:{line}"
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", check.check_id):
            raise InputError(where, f"check_id {check.check_id!r} is not a slug (a-z, 0-9, single hyphens)")
        if check.check_id in seen:
            raise InputError(where, f"check_id {check.check_id!r} is used twice")
        if check.theme not in THEMES:
            raise InputError(where, f"theme {check.theme!r} is none of {', '.join(THEMES)}")
        if check.kind not in CHECK_KINDS:
            raise InputError(where, f"kind {check.kind!r} is none of {', '.join(CHECK_KINDS)}")
        if not check.left.strip():
            raise InputError(where, "left is empty")
        seen.add(check.check_id)
        checks.append(check)
    return checks


# --- expressions -----------------------------------------------------------------------------------------------

_REFERENCE = re.compile(r"\{(fact:)?([A-Za-z0-9_-]+)\}")
# A unit is names joined by * and /: pint would work out powers, and 9**9**9 never ends.
_UNIT = re.compile(r"[A-Za-z_]+([*/][A-Za-z_]+)*")
# What a reference is called while Python parses the expression.
_INTERNAL = re.compile(r"\b_r\d+\b")
_LONGEST = 2000
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
_ON_NUMBERS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_ON_INTERVALS: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_POINT_ZERO = Interval.point(0.0)


@dataclass(frozen=True)
class _Node:
    """A piece of an expression: an operation on ``parts``, a number, or a reference (``name``), in base ``unit``."""

    unit: PlainUnit
    operation: str = ""
    parts: tuple["_Node", ...] = ()
    number: float = 0.0
    name: str = ""

    def value(self, numbers: Mapping[str, float]) -> float:
        """Work the expression out with one number per reference."""
        if not self.operation:
            return numbers[self.name] if self.name else self.number
        first = self.parts[0].value(numbers)
        if self.operation == "**":
            power = first**self.number
            if isinstance(power, complex):
                raise ValueError(f"{first:g} to the power {self.number:g} is not a real number")
            return float(power)
        return _ON_NUMBERS[self.operation](first, self.parts[1].value(numbers))

    def range(self, ranges: Mapping[str, Interval]) -> Interval:
        """Enclose the expression's values over these ranges; exact where no reference occurs twice."""
        if not self.operation:
            return ranges[self.name] if self.name else Interval.point(self.number)
        first = self.parts[0].range(ranges)
        if self.operation == "**":
            return first**self.number
        return _ON_INTERVALS[self.operation](first, self.parts[1].range(ranges))

    def slope(self, name: str, ranges: Mapping[str, Interval]) -> Interval:
        """Enclose the derivative by one reference over these ranges."""
        if not self.operation:
            return Interval.point(1.0 if self.name == name else 0.0)
        first, d_first = self.parts[0].range(ranges), self.parts[0].slope(name, ranges)
        if self.operation == "**":
            if d_first == _POINT_ZERO:
                return _POINT_ZERO
            return Interval.point(self.number) * first ** (self.number - 1) * d_first
        second, d_second = self.parts[1].range(ranges), self.parts[1].slope(name, ranges)
        match self.operation:
            case "+":
                return d_first + d_second
            case "-":
                return d_first - d_second
            case "*":
                return d_first * second + first * d_second
        if d_second == _POINT_ZERO:
            return d_first / second
        return (d_first * second - first * d_second) / second**2

    def divisors(self) -> list["_Node"]:
        """List what is divided by, a divisor's own divisors left out; a negative power divides by its base."""
        if self.operation == "/":
            return [*self.parts[0].divisors(), self.parts[1]]
        if self.operation == "**" and self.number < 0:
            return [self.parts[0]]
        return [divisor for part in self.parts for divisor in part.divisors()]

    def names(self) -> list[str]:
        """List the references, one entry per occurrence, left to right."""
        return [self.name] if self.name else [name for part in self.parts for name in part.names()]


def _enclose(node: _Node, ranges: Mapping[str, Interval]) -> Interval:
    """Enclose an expression as tightly as its monotonicity allows.

    Plain interval arithmetic forgets that both a in (a - b) / a are the same number and gives too wide a range.  Where
    the derivative keeps its sign over the ranges, the extremes lie at the ends of that reference; fixing it there
    leaves an expression in which every other reference occurs once, for which interval arithmetic is exact.
    """
    for divisor in node.divisors():
        # A quotient rises or falls throughout only where its divisor cannot be zero in between.
        if (enclosed := _enclose(divisor, ranges)).low < 0 < enclosed.high:
            raise ZeroDivisionError(f"division by {enclosed}, which holds zero")
    names = node.names()
    repeated = sorted({name for name in names if names.count(name) > 1})
    lower, upper = dict(ranges), dict(ranges)
    for name in repeated:
        interval = ranges[name]
        slope = node.slope(name, ranges)
        if not interval.bounded or slope.low < 0 < slope.high:
            return node.range(ranges)
        ends = Interval.point(interval.low), Interval.point(interval.high)
        lower[name], upper[name] = ends if slope.low >= 0 else ends[::-1]
    low, high = node.range(lower), node.range(upper)
    if low.low >= high.high:
        # One point, from two sides of the float noise.
        return Interval(high.high, low.low)
    # A repeated reference is taken at its end even where that is excluded: the cautious reading.
    return Interval(low.low, high.high, low.low_open, high.high_open)


def _tree(node: ast.expr, names: Mapping[str, Sourced]) -> _Node:
    """Turn a syntax tree into a `_Node`.  Raises ValueError for what is not allowed or does not fit."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return _Node(_base("ratio")[1], number=_finite(number))
        case ast.Subscript(value=ast.Constant(value=int() | float() as number), slice=unit):
            name = ast.unparse(unit).replace(" ", "")
            if not _UNIT.fullmatch(name):
                raise ValueError(f"no unit {name!r}")
            factor, base = _base(name)
            return _Node(base, number=_finite(number) * factor)
        case ast.Name(id=name) if name in names:
            factor, base = _base(names[name].unit)
            return _scaled(_Node(base, name=name), factor)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            part = _tree(operand, names)
            return _Node(part.unit, "*", (_Node(_base("ratio")[1], number=-1.0), part))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _combine(_OPERATORS[type(op)], _tree(left, names), _tree(right, names))
    raise ValueError(f"{ast.unparse(node)!r} is not allowed: only numbers, references, + - * / ** and parentheses")


def _finite(number: float) -> float:
    if abs(number) > sys.float_info.max:
        raise ValueError("a number in the expression is too large")
    return float(number)


def _scaled(node: _Node, factor: float) -> _Node:
    return node if factor == 1 else _Node(node.unit, "*", (node, _Node(_base("ratio")[1], number=factor)))


def _combine(symbol: str, first: _Node, second: _Node) -> _Node:
    match symbol:
        case "+" | "-":
            if first.unit != second.unit:
                raise ValueError(f"{_dimension(first.unit)} {symbol} {_dimension(second.unit)}: dimensions differ")
            return _Node(first.unit, symbol, (first, second))
        case "*":
            return _Node(first.unit * second.unit, symbol, (first, second))
        case "/":
            return _Node(first.unit / second.unit, symbol, (first, second))
    if second.names() or not second.unit.dimensionless:
        raise ValueError("an exponent must be a plain number")
    exponent = second.value({})
    return _Node(first.unit**exponent, "**", (first,), number=exponent)


def _dimension(unit: PlainUnit) -> str:
    return "a plain number" if unit.dimensionless else f"{unit:~C}"


@dataclass(frozen=True)
class Expression:
    """A parsed side of a check: its text split at references, what these are, and how to work it out."""

    pieces: tuple[str | Sourced, ...]
    sources: Mapping[str, Sourced]
    root: _Node

    @property
    def units(self) -> list[str]:
        """The units that it names: those of its references, then those of its numbers."""
        numbers = [p for piece in self.pieces if isinstance(piece, str) for p in _WITH_UNIT.findall(piece)]
        return [*(source.unit for source in self.sources.values()), *(unit for _, unit in numbers)]

    @property
    def value(self) -> float:
        """The result from the printed numbers, in base units."""
        return self.root.value({name: source.central for name, source in self.sources.items()})

    @property
    def interval(self) -> Interval:
        """The range of the result, in base units."""
        return self.interval_at(ABOUT)

    def interval_at(self, about: float) -> Interval:
        """Give the range of the result when "about" reaches so far either way; facts keep theirs."""
        ranges = {n: s.interval_at(about) if isinstance(s, Claim) else s.interval for n, s in self.sources.items()}
        return _enclose(self.root, ranges)


def parse(text: str, claims: Mapping[str, Claim], facts: Mapping[str, Fact]) -> Expression:
    """Parse one side of a check.

    Takes arithmetic (+ - * / ** and parentheses) on numbers, numbers with a unit (``1[hour]``), ``{claim-id}`` and
    ``{fact:fact-id}``.  Raises ValueError for anything else, an unknown id, an unknown unit, dimensions that do not
    fit, a number that is not finite, or more text than a reader could check.
    """
    if len(text) > _LONGEST:
        raise ValueError(f"an expression of {len(text):,} characters; at most {_LONGEST:,} are allowed")
    pieces: list[str | Sourced] = []
    sources: dict[str, Sourced] = {}
    names: dict[str, str] = {}
    code, at = "", 0
    for match in _REFERENCE.finditer(text):
        pool: Mapping[str, Sourced] = facts if match[1] else claims
        if match[2] not in pool:
            raise ValueError(f"no {'fact' if match[1] else 'claim'} {match[2]!r}")
        name = names.setdefault(match[0], f"_r{len(names)}")
        sources[name] = pool[match[2]]
        pieces += [text[at : match.start()], sources[name]]
        code += f"{text[at : match.start()]} {name} "
        at = match.end()
    pieces.append(text[at:])
    code += text[at:]
    if typed := _INTERNAL.search(_REFERENCE.sub("", text)):
        raise ValueError(f"{typed[0]!r} is not allowed: only numbers, references, + - * / ** and parentheses")
    try:
        root = _tree(ast.parse(code.strip(), mode="eval").body, sources)
    except (SyntaxError, MemoryError):
        raise ValueError(f"{text!r} is not an expression") from None
    except RecursionError:
        raise ValueError("the expression is nested too deeply") from None
    except ValueError as error:
        # Say it in the words of the check, not with the names put in for its references.
        references = {name: reference for reference, name in names.items()}
        raise ValueError(_INTERNAL.sub(lambda m: references.get(m[0], m[0]), str(error))) from error
    return Expression(tuple(piece for piece in pieces if piece != ""), sources, root)


# --- verdicts --------------------------------------------------------------------------------------------------


def verdict(kind: str, left: float, left_range: Interval, right_range: Interval, *, same_source: bool) -> str:
    """Judge a computed left side against a printed right side, both in one unit.

    consistent: ``left`` (from the numbers as printed) lies in the range that the right side stands for, so it would
    be printed the same.  rounding: it does not, but the two ranges meet.  Otherwise inconsistent; contested when the
    check holds two statements of one thing together (kind same or lookup) and they come from different sources.
    """
    if right_range.contains(left):
        return "consistent"
    if left_range.meets(right_range):
        return "rounding"
    return "contested" if kind in ("same", "lookup") and not same_source else "inconsistent"


def _speakers(expression: Expression) -> set[str]:
    return {
        source.attributed_to if isinstance(source, Claim) else source.source for source in expression.sources.values()
    }


def _display_unit(check: Check, left: Expression, right: Expression | None) -> str:
    """Choose the unit of the result: as printed on the right, else one that the check names, else a canonical one."""
    unit = left.root.unit
    if right is None and unit.dimensionless and check.kind in ("growth", "share", "ratio"):
        return "ratio" if check.kind == "ratio" else "percent"
    named = [unit for side in (right, left) if side is not None for unit in side.units]
    for candidate in (*named, *_CANONICAL):
        if _base(candidate)[1] == unit:
            return candidate
    return f"{unit:~C}"


def written(source: Sourced) -> str:
    """Write a claim's or a fact's number for readers; a fact's range only where it is more than rounding."""
    if isinstance(source, Claim):
        return format_value(source)
    if source.high - source.low <= abs(source.value) / 20:
        return format_quantity(source.value, source.unit, 7)
    return format_quantity(source.low, source.unit, 7, source.high)


_SIGNS = {"**": " ^ ", "*": " × ", "/": " ÷ ", "+": " + ", "-": " − "}
_WITH_UNIT = re.compile(r"([0-9.]+(?:e[-+]?[0-9]+)?)\s*\[([^\]]*)\]")


def readable(text: str) -> str:
    """Write the operators of an expression for readers (× ÷ −), and its numbers with a unit like every other."""
    parts = _WITH_UNIT.split(text)
    for i in range(0, len(parts), 3):
        parts[i] = re.sub(r"\s*(\*\*|(?<!e)[-+*/])\s*", lambda sign: _SIGNS[sign[1]], parts[i])
        if i:
            unit = parts[i - 1].replace(" ", "")
            parts[i - 2 : i] = [result_text(float(parts[i - 2]), unit, digits=12), ""]
    return "".join(parts)


def result_text(value: float, unit: str, digits: int = 4) -> str:
    """Write a computed value for readers to so many significant digits.

    A compound unit without a name of its own is written as it is spelt.
    """
    return format_quantity(value, unit, digits) if is_unit(unit) else f"{value:,.{digits}g} {unit}"


def working(left: Expression, right: Expression | None, value: float, unit: str) -> list[str | Sourced]:
    """Give the working of a check as text and references in turn: left side, its value, what it is held against."""
    parts: list[str | Sourced] = [readable(p) if isinstance(p, str) else p for p in left.pieces]
    first, result = parts[0], result_text(value, unit)
    # A side that is one number in the unit of the result is its own result.
    if len(parts) > 1 or (first != result if isinstance(first, str) else first.unit != unit):
        parts.append(f" = {result}")
    if right is not None:
        parts += ["; against ", *(readable(p) if isinstance(p, str) else p for p in right.pieces)]
    return parts


def _outcome(check: Check, claims: Mapping[str, Claim], facts: Mapping[str, Fact], about: float) -> dict[str, Any]:
    left = parse(check.left, claims, facts)
    right = parse(check.right, claims, facts) if check.right.strip() else None
    if right is not None and right.root.unit != left.root.unit:
        raise ValueError(
            f"left is {_dimension(left.root.unit)}, right is {_dimension(right.root.unit)}: dimensions differ"
        )
    unit = _display_unit(check, left, right)
    factor = _base(unit)[0]
    scale = Interval.point(factor)
    value, spread = left.value / factor, left.interval_at(about) / scale
    row: dict[str, Any] = {
        "check_id": check.check_id,
        "theme": check.theme,
        "kind": check.kind,
        "left": check.left,
        "right": check.right,
        "left_value": value,
        "left_low": spread.low,
        "left_high": spread.high,
        "right_value": math.nan,
        "right_low": math.nan,
        "right_high": math.nan,
        "unit": unit,
        "verdict": "derived",
        "working": "".join(p if isinstance(p, str) else written(p) for p in working(left, right, value, unit)),
        "comment_en": check.comment_en,
    }
    if right is not None:
        printed = right.interval_at(about) / scale
        row |= {
            "right_value": right.value / factor,
            "right_low": printed.low,
            "right_high": printed.high,
            "verdict": verdict(
                check.kind,
                value,
                spread,
                printed,
                same_source=not _speakers(left).isdisjoint(_speakers(right)),
            ),
        }
    return row


def run_audit(folder: Path | None = None, about: float = ABOUT) -> pd.DataFrame:
    """Work out every check of ``data/checks.csv`` (or of another data folder).

    ``about`` is how far "about" reaches either way, as a fraction of the number: the one width of
    `wattbook.intervals.RULES` that is a free choice and that many verdicts meet.
    Gives one row per check in file order, columns `RESULT_COLUMNS`: values and the ends of the ranges in ``unit``,
    the right side's NaN where nothing printed is compared, ``working`` with the numbers put in.  Raises InputError
    with the check's id for an unknown id, dimensions that do not fit, or anything but arithmetic.
    """
    folder = folder or DATA
    claims = all_claims(folder / "claims.csv")
    facts = load_facts(folder / "external" / "lookup_facts.csv")
    rows = []
    for check in load_checks(folder / "checks.csv"):
        try:
            rows.append(_outcome(check, claims, facts, about))
        except OverflowError as error:
            raise InputError(f"check {check.check_id}", "the result is too large") from error
        except (ValueError, ZeroDivisionError) as error:
            raise InputError(f"check {check.check_id}", str(error)) from error
    return pd.DataFrame(rows, columns=list(RESULT_COLUMNS))


def load_metrics(path: Path | None = None) -> dict[str, str]:
    """Read how each metric behaves over time (``data/metrics.csv``): level, flow or change; none without the file.

    A level holds at any moment of its period, so a quarter and its year speak of the same thing; a flow adds up over
    its period, and a change compares its two ends.
    """
    path = path or DATA / "metrics.csv"
    rows = read_rows(path, _METRIC_COLUMNS) if path.exists() else []
    return {row["metric"]: row["over_time"] for _, row in rows}


def find_conflicts(claims: pd.DataFrame, metrics: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Find claims on the same thing (subject, metric and period) whose ranges do not meet.

    Takes a table from `load_claims`, and what `load_metrics` gives (the default).  Pairs come from different articles
    or speakers, and only those whose units can be compared.  For a metric that is a level, a period inside the other
    counts as the same: ``periods`` is then "nested" instead of "same".  Gives one row per pair in ledger order:
    subject, metric, period (of the first), then per side id, article, speaker and number, then periods.
    """
    metrics = load_metrics() if metrics is None else metrics
    columns = ["subject", "metric", "period"]
    sides = [f"{what}_{side}" for side in "ab" for what in ("claim", "article", "attributed_to", "value")]
    groups: dict[tuple[str, str], list[Claim]] = {}
    for claim in as_claims(claims).values():
        groups.setdefault((claim.subject, claim.metric), []).append(claim)
    rows = []
    for (subject, metric), members in groups.items():
        for a, b in itertools.combinations(members, 2):
            inside = metrics.get(metric) == "level" and nested(a.period, b.period)
            if (a.period != b.period and not inside) or (a.article_id, a.attributed_to) == (
                b.article_id,
                b.attributed_to,
            ):
                continue
            (factor_a, base_a), (factor_b, base_b) = _base(a.unit), _base(b.unit)
            if base_a == base_b and not (a.interval * Interval.point(factor_a)).meets(
                b.interval * Interval.point(factor_b)
            ):
                cells = [(c.claim_id, c.article_id, c.attributed_to, format_value(c)) for c in (a, b)]
                rows.append([subject, metric, a.period, *cells[0], *cells[1], "nested" if inside else "same"])
    return pd.DataFrame(rows, columns=[*columns, *sides, "periods"])


def render(results: pd.DataFrame, form: str) -> str:
    """Write the results of `run_audit` as ``table``, ``csv`` or ``json`` text, a newline at its end.

    The table has a line per check and ends with the number of each verdict; CSV and JSON carry every column, an
    infinite end as ``inf`` in CSV and as null in JSON, which knows no infinity.
    """
    match form:
        case "csv":
            return str(results.to_csv(index=False, lineterminator="\n"))
        case "json":
            rows = [
                {k: None if isinstance(v, float) and not math.isfinite(v) else v for k, v in row.items()}
                for row in results.to_dict("records")
            ]
            return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
        case "table":
            width = max((len(check_id) for check_id in results["check_id"]), default=0)
            lines = [
                f"{check_id:<{width}}  {verdict:<12}  {working}"
                for check_id, verdict, working in zip(
                    results["check_id"], results["verdict"], results["working"], strict=True
                )
            ]
            counts = results["verdict"].value_counts()
            total = ", ".join(f"{counts[v]} {v}" for v in VERDICTS if v in counts)
            return "\n".join([*lines, f"{len(results)} checks: {total}" if total else "no checks"]) + "\n"
    raise ValueError(f"no format {form!r}")
