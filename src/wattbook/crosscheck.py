"""Printed numbers beside independent ones: every check that holds a claim against a public fact, as a table."""

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from wattbook.audit import Expression, Fact, load_checks, load_facts, parse, result_text, run_audit
from wattbook.ledger import THEMES, Claim, all_claims, format_value, read_rows
from wattbook.paths import DATA

COLUMNS = (
    "claim_id",
    "printed",
    "independent",
    "source",
    "difference",
    "difference_percent",
    "explanation",
    "verdict",
    "theme",
    "basis",
    "check_id",
)
GAP_COLUMNS = ("theme", "group", "claim_ids", "why", "needed")


@dataclass(frozen=True)
class _Pair:
    """One comparison: the claim, its side as a number and for readers, the other side, both in ``unit``."""

    claim: Claim
    printed: float
    written: str
    independent: float
    unit: str
    facts: tuple[Fact, ...]
    mixed: bool


def crosschecks(folder: Path | None = None) -> pd.DataFrame:
    """List every comparison of a claim with independent figures, one row per check and its claim.

    The rows are the checks with at least one claim and one public fact: those that compare two sides, and ratios of a
    claim to facts, or of facts to a claim, that have no verdict ("derived") because the two are near but not the same
    thing, such as a month and its year.  ``printed`` and ``independent`` are written for readers; ``difference`` is
    printed less independent, in the same unit and in per cent of the independent figure, ``difference_percent`` the
    latter as a number (NaN where that figure is zero); ``source`` names the facts' sources; ``explanation`` says what
    explains the difference; ``basis`` is "independent", or "with printed figures" where the other side needs a number
    of the articles too.
    """
    folder = folder or DATA
    claims = all_claims(folder / "claims.csv")
    facts = load_facts(folder / "external" / "lookup_facts.csv")
    outcomes = {row["check_id"]: row for row in run_audit(folder).to_dict("records")}
    rows = []
    for check in load_checks(folder / "checks.csv"):
        outcome = outcomes[check.check_id]
        left = parse(check.left, claims, facts)
        right = parse(check.right, claims, facts) if check.right.strip() else None
        values, unit = (outcome["left_value"], outcome["right_value"]), outcome["unit"]
        if right is not None:
            pair = _compared(left, right, values, unit)
        else:
            pair = _divided(left, values[0], unit) if check.kind == "ratio" else None
        if pair is None:
            continue
        gap = pair.printed - pair.independent
        rows.append(
            {
                "claim_id": pair.claim.claim_id,
                "printed": pair.written,
                "independent": result_text(pair.independent, pair.unit, digits=6),
                "source": "; ".join(dict.fromkeys(fact.source for fact in pair.facts)),
                "difference": _gap(gap, pair),
                "difference_percent": 100 * gap / abs(pair.independent) if pair.independent else math.nan,
                "explanation": check.comment_en,
                "verdict": outcome["verdict"],
                "theme": check.theme,
                "basis": "with printed figures" if pair.mixed else "independent",
                "check_id": check.check_id,
            }
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _gap(gap: float, pair: _Pair) -> str:
    if math.isclose(pair.printed, pair.independent, rel_tol=1e-9):
        return "none"
    text = result_text(gap, "percentage_point" if pair.unit == "percent" else pair.unit, digits=3)
    return f"{text} ({gap / abs(pair.independent):+.1%})".replace("-", "−") if pair.independent else text


def _parts(expression: Expression) -> tuple[tuple[Claim, ...], tuple[Fact, ...]]:
    sources = expression.sources.values()
    return tuple(s for s in sources if isinstance(s, Claim)), tuple(s for s in sources if isinstance(s, Fact))


def _compared(left: Expression, right: Expression, values: tuple[float, float], unit: str) -> _Pair | None:
    """Take the side with facts as the independent one (the left, where both have), the other as the printed one."""
    sides = [(left, values[0]), (right, values[1])]
    if not _parts(left)[1]:
        sides.reverse()
    (independent, theirs), (printed, ours) = sides
    claims, (more, facts) = _parts(printed)[0], _parts(independent)
    if not facts or not claims:
        return None
    alone = len(printed.pieces) == 1 and claims[0].unit == unit
    written = format_value(claims[0]) if alone else result_text(ours, unit, digits=6)
    return _Pair(claims[0], ours, written, theirs, unit, facts, bool(more))


def _divided(left: Expression, value: float, unit: str) -> _Pair | None:
    """Take a claim over facts, or facts over a claim, apart again."""
    claims, facts = _parts(left)
    if left.root.operation != "/" or len(claims) != 1 or not facts or not left.root.unit.dimensionless:
        return None
    kinds = [{type(left.sources[name]) for name in part.names()} for part in left.root.parts]
    if kinds not in ([{Claim}, {Fact}], [{Fact}, {Claim}]) or left.root.names().count(_name(left, claims[0])) != 1:
        return None
    claim, ratio = claims[0], value / 100 if unit == "percent" else value
    independent = claim.central / ratio if kinds[0] == {Claim} else claim.central * ratio
    return _Pair(claim, claim.central, format_value(claim), independent, claim.unit, facts, mixed=False)


def _name(expression: Expression, claim: Claim) -> str:
    return next(name for name, source in expression.sources.items() if source is claim)


def load_gaps(path: Path | None = None) -> pd.DataFrame:
    """Read what could not be held against independent data (``data/crosscheck_gaps.csv``), and why.

    Columns `GAP_COLUMNS`: theme, what is meant (group), the claims concerned (ids with spaces between), why no
    independent figure stands beside them, and what it would take.
    """
    rows = [row for _, row in read_rows(path or DATA / "crosscheck_gaps.csv", GAP_COLUMNS)]
    return pd.DataFrame(rows, columns=list(GAP_COLUMNS)).astype("str")


def coverage(folder: Path | None = None) -> pd.DataFrame:
    """Count per theme the claims, those held against independent figures, and the gaps on record."""
    folder = folder or DATA
    found, gaps = crosschecks(folder), load_gaps(folder / "crosscheck_gaps.csv")
    claims = pd.Series([claim.theme for claim in all_claims(folder / "claims.csv").values()])
    checked = found.drop_duplicates("claim_id")["claim_id"].map(
        {claim.claim_id: claim.theme for claim in all_claims(folder / "claims.csv").values()}
    )
    return pd.DataFrame(
        {
            "theme": THEMES,
            "claims": [int((claims == theme).sum()) for theme in THEMES],
            "cross_checked": [int((checked == theme).sum()) for theme in THEMES],
            "comparisons": [int((found["theme"] == theme).sum()) for theme in THEMES],
            "gaps": [int((gaps["theme"] == theme).sum()) for theme in THEMES],
        }
    )
