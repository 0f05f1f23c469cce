"""Claims, checks, entities and articles as the site's pages need them: read once, with names for readers."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
from sphinx.environment import BuildEnvironment

from wattbook.audit import Fact, load_facts, run_audit
from wattbook.intervals import Interval
from wattbook.ledger import Claim, all_claims, format_quantity
from wattbook.lexicon import Entity, load_entities
from wattbook.paths import DATA
from wattbook.relations import check_sources

SOURCES = ("claims.csv", "checks.csv", "external/lookup_facts.csv", "lexicon/entities.csv", "article_notes.csv")
THEME_NAMES = {
    "grid": "Grid",
    "capex": "Capital spending",
    "h200": "H200 policy",
    "chipshare": "Domestic chip share",
    "depreciation": "Depreciation",
    "market": "Markets and other context",
}
KIND_NAMES = {
    "observed": "reported figure",
    "estimate": "estimate",
    "forecast": "forecast",
    "target": "target",
    "announced": "announcement",
    "opinion": "opinion",
}
CHECK_KIND_NAMES = {
    "sum": "sum",
    "ratio": "ratio",
    "growth": "growth",
    "share": "share",
    "conversion": "conversion of units",
    "price": "price per unit",
    "power": "power",
    "prior": "implied earlier value",
    "date": "dates",
    "same": "the same thing twice",
    "lookup": "public figure",
    "count": "count",
}


@dataclass(frozen=True)
class Evidence:
    """Everything by its id; ``checks_of`` and ``claims_of`` say which checks and claims belong together."""

    claims: dict[str, Claim]
    facts: dict[str, Fact]
    results: dict[str, dict[str, Any]]
    entities: dict[str, Entity]
    labels: dict[str, str]
    dates: dict[str, str]
    checks_of: dict[str, list[str]]
    claims_of: dict[str, list[str]]

    def name(self, entity_id: str) -> str:
        """Give an entity's English name; an id that nobody has entered stands for itself."""
        return self.entities[entity_id].name_en if entity_id in self.entities else entity_id

    def label(self, article_id: str) -> str:
        """Give an article's short label."""
        return self.labels.get(article_id, article_id)

    def kind(self, claim: Claim) -> str:
        """Say of which kind a claim is, and for when."""
        return ", ".join(part for part in (KIND_NAMES[claim.kind], claim.period) if part)


@cache
def evidence() -> Evidence:
    """Read the data.  Raises InputError where they are faulty."""
    notes = pd.read_csv(DATA / "article_notes.csv", dtype=str, keep_default_na=False)
    results = run_audit()
    checks_of: dict[str, list[str]] = {}
    claims_of: dict[str, list[str]] = {}
    drawn = check_sources(results).query("kind == 'claim'")
    for check_id, claim_id in drawn[["check_id", "source_id"]].drop_duplicates().itertuples(index=False):
        checks_of.setdefault(claim_id, []).append(check_id)
        claims_of.setdefault(check_id, []).append(claim_id)
    entities = load_entities()[list(Entity._fields)].itertuples(index=False, name=None)
    return Evidence(
        claims=all_claims(),
        facts=load_facts(),
        results={str(row["check_id"]): {str(k): v for k, v in row.items()} for row in results.to_dict("records")},
        entities={row[0]: Entity._make(row) for row in entities},
        labels=dict(zip(notes["article_id"], notes["label"], strict=True)),
        dates=dict(zip(notes["article_id"], notes["date"], strict=True)),
        checks_of=checks_of,
        claims_of=claims_of,
    )


def depend(env: BuildEnvironment) -> None:
    """Say that the page which is being read follows from the data."""
    for source in SOURCES:
        env.note_dependency(str(DATA / source))


def range_text(interval: Interval, unit: str) -> str:
    """Write the range that a number stands for: "10.5 hours to 11.5 hours", "over US$423 billion", "at most 5"."""
    low, high = (format_quantity(end, unit, digits=7) for end in (interval.low, interval.high))
    if interval.bounded:
        return low if low == high else f"{low} to {high}"
    if interval.high == float("inf"):
        return f"{'over' if interval.low_open else 'at least'} {low}"
    return f"{'under' if interval.high_open else 'at most'} {high}"
