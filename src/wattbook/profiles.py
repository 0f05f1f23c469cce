"""What is known of an entity: how often it is named and claimed about, who and what stands beside it, public data.

Everything is counted from the data folder; nothing is written down by hand but where the public tables name it
(``data/lexicon/entity_keys.csv``).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from wattbook.external import codebook, load
from wattbook.features import is_word
from wattbook.ledger import format_quantity, is_unit, load_claims
from wattbook.lexicon import fold, load_aliases, load_dictionary, load_entities, load_entity_keys, load_stopwords
from wattbook.paths import DATA
from wattbook.textstats import (
    collocations,
    cooccurrence,
    document_term_matrix,
    load_collocations,
    load_counts,
    term_counts,
)

# Who is named in one passing remark is not listed; who is named or claimed about more often is a main entity.
LISTED_MENTIONS = 5
MAIN_MENTIONS = 15
MAIN_CLAIMS = 5


@cache
def load_mentions() -> pd.DataFrame:
    """Give every mention of an entity: article_id, entity_id, start, end, alias."""
    mentions = pd.read_csv(DATA / "features" / "mentions.csv", dtype=str, keep_default_na=False)
    return mentions.astype({"start": "int64"})


@cache
def entity_counts() -> pd.DataFrame:
    """Count per entity: ``mentions``, ``articles`` that name it, claims ``about`` it and claims it ``says``.

    Indexed by ``entity_id``, every entity of the lexicon in its order; ``listed`` tells who is in the lists, ``main``
    who has a page.
    """
    named, claims = load_mentions().groupby("entity_id")["article_id"], load_claims()
    counts = pd.DataFrame(
        {
            "mentions": named.size(),
            "articles": named.nunique(),
            "about": claims["subject"].value_counts(),
            "says": claims["attributed_to"].value_counts(),
        },
    )
    counts = counts.reindex(load_entities()["entity_id"]).fillna(0).astype(int)
    claimed = counts[["about", "says"]].max(axis=1)
    main = (counts["mentions"] >= MAIN_MENTIONS) | (claimed >= MAIN_CLAIMS)
    return counts.assign(listed=main | (counts["mentions"] >= LISTED_MENTIONS), main=main)


@cache
def _passage_counts() -> pd.DataFrame:
    """Count the mentions per passage, in the form that `cooccurrence` takes: the entity is the token."""
    passages = pd.read_csv(DATA / "features" / "passages.csv", dtype=str).astype({"start": "int64"})
    placed = pd.merge_asof(
        load_mentions().sort_values("start", kind="stable"),
        passages[["passage_id", "article_id", "start"]].sort_values("start", kind="stable"),
        on="start",
        by="article_id",
    )
    counted = placed.groupby(["passage_id", "article_id", "entity_id"]).size().rename("count").reset_index()
    return counted.rename(columns={"entity_id": "token"})


def companions(entity_id: str) -> pd.DataFrame:
    """List who else is named in the passages that name an entity: entity_id, passages, log_dice, strongest first.

    One shared passage may be chance: two are asked for.
    """
    graph = _named_together()
    rows = [
        (other, edge["weight"], edge["log_dice"])
        for other, edge in dict(graph.adj.get(entity_id, {})).items()
        if edge["weight"] > 1
    ]
    table = pd.DataFrame(rows, columns=["entity_id", "passages", "log_dice"])
    return table.sort_values(["log_dice", "entity_id"], ascending=[False, True], ignore_index=True)


@cache
def _named_together() -> Any:
    counts = _passage_counts()
    return cooccurrence(counts, sorted(set(counts["token"])))


@cache
def _pairs() -> pd.DataFrame:
    """Give every word pair from either end: ``name`` (folded) beside a content ``word``, the pair as printed."""
    pairs = collocations(load_collocations(), term_counts(document_term_matrix(load_counts())))
    stop = load_stopwords()
    ends = [pairs.assign(name=pairs[a].map(fold), word=pairs[b]) for a, b in (("first", "second"), ("second", "first"))]
    both = pd.concat(ends, ignore_index=True)
    content = [is_word(word) and word not in stop and not word[0].isdigit() for word in both["word"]]
    return both[content]


def collocates(entity_id: str) -> pd.DataFrame:
    """List the words that stand next to an entity's names: word, collocation (the pair), count, log_dice.

    Strongest first.  Only names that are one word to the segmenter are found; function words, numbers and marks are
    left out.
    """
    names = {fold(alias) for alias in load_aliases().query("entity_id == @entity_id")["alias"]}
    pairs = _pairs()
    found = pairs[pairs["name"].isin(names) & ~pairs["word"].map(fold).isin(names)]
    ranked = found.sort_values(["log_dice", "collocation"], ascending=[False, True], ignore_index=True)
    return ranked[["word", "collocation", "count", "log_dice"]]


@cache
def glosses() -> dict[str, str]:
    """Give the English of the terms in the dictionary and of the Chinese names of entities."""
    terms = load_dictionary()
    names = load_aliases().merge(load_entities()[["entity_id", "name_en"]], on="entity_id")
    return dict(zip(terms["term"], terms["gloss_en"], strict=True)) | {
        alias: name for alias, name in zip(names["alias"], names["name_en"], strict=True) if not alias.isascii()
    }


# --- independent data -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class View:
    """How the rows of a public table are shown: title, columns with their headings, which rows, what to keep in mind.

    With ``pivot`` (a column whose values become columns) the first column stays, the last one fills the cells.
    """

    title: str
    columns: dict[str, str]
    rows: str = ""
    note: str = ""
    pivot: str = ""


VIEWS = {
    "sec_capex_facts": View(
        "From its filings, by fiscal year",
        {"fiscal_year": "Fiscal year", "usd": "US$"},
        rows="fiscal_period == 'FY'",
        pivot="metric",
        note="capex is gross of proceeds and without leases, as filed.",
    ),
    "useful_lives_disclosed": View(
        "Useful lives it discloses",
        {
            "asset_class": "Assets",
            "effective": "From",
            "life_low_years": "Least",
            "life_high_years": "Most",
            "effect_usd": "Effect",
            "effect_on": "on",
            "source": "Filing",
        },
    ),
    "ml_hardware": View(
        "Chips",
        {
            "chip": "Chip",
            "released": "Released",
            "fp16_flops": "16-bit",
            "fp8_flops": "8-bit",
            "memory_byte": "Memory",
            "memory_bandwidth_byte_per_s": "Bandwidth",
            "tdp_w": "Power",
            "source_tpp": "TPP",
        },
    ),
    "nvidia_prices": View(
        "Price per chip, as a model assumes it",
        {"chip": "Chip", "year": "Year", "price_low_usd": "Least", "price_high_usd": "Most"},
    ),
    "nvidia_chips_by_quarter": View(
        "Chips sold by quarter, an estimate",
        {"quarter": "Quarter", "chip": "Chip", "units": "Middle", "units_p5": "5th percentile", "units_p95": "95th"},
        rows="complete",
        note="h100 counts H100 and H200 together; b200 and b300 count packages of two dies.",
    ),
    "nvidia_chips_by_owner": View(
        "Nvidia chips it has, an estimate",
        {"end": "At the end of", "units": "Middle", "units_p5": "5th percentile", "units_p95": "95th"},
        rows="complete",
        note="Cumulative; nothing is taken off for chips that are retired.",
    ),
    "datacenters_frontier": View(
        "Frontier data centres",
        {
            "site": "Site",
            "owner": "Owner",
            "users": "Users",
            "power_w": "Power",
            "h100_equivalents": "H100 equivalents",
            "capital_cost_usd": "Capital cost",
        },
        note="What was built at the date of the copy; 0 where nothing ran yet.",
    ),
    "nvidia_revenue_by_geography": View(
        "Nvidia's revenue from it, by billing location", {"period": "Period", "usd": "Revenue", "form": "Form"}
    ),
    "generating_capacity_2023_2024": View(
        "Generating capacity", {"fuel": "Fuel", "nameplate_w": "Nameplate"}, pivot="year"
    ),
    "saidi_by_state_2024": View(
        "Minutes without power per customer, 2024",
        {
            "method": "Method",
            "utilities": "Utilities",
            "saidi_all_events_minutes": "All events",
            "saidi_without_major_events_minutes": "Without major events",
        },
    ),
}


def public_tables(entity_id: str) -> list[str]:
    """List the public tables that hold rows on an entity."""
    keys = load_entity_keys()
    return list(dict.fromkeys(keys.loc[keys["entity_id"] == entity_id, "table"]))


def public_rows(entity_id: str, name: str) -> tuple[list[str], list[list[str]]]:
    """Give the heading and the rows of a public table on an entity, each value written with its unit."""
    view, table = VIEWS[name], load(name)
    keys = load_entity_keys()
    wanted = keys[(keys["entity_id"] == entity_id) & (keys["table"] == name)]
    chosen = table[wanted["column"].iloc[0]].isin(wanted["value"])
    table = table[chosen] if not view.rows else table[chosen].query(view.rows)
    units = {field["name"]: field.get("unit", "") for field in codebook(name)}
    columns = list(view.columns)
    if not view.pivot:
        rows = [[_cell(row[c], units[c]) for c in columns] for row in table.to_dict("records")]
        return list(view.columns.values()), rows
    first, filled = columns
    wide = table.pivot(index=first, columns=view.pivot, values=filled)
    rows = [
        [_cell(label, units[first]), *(_cell(value, units[filled]) for value in values)]
        for label, values in zip(wide.index, wide.to_numpy(dtype=object), strict=True)
    ]
    return [view.columns[first], *(str(column).replace("_", " ") for column in wide.columns)], rows


def _cell(value: Any, unit: str) -> str:
    if pd.isna(value):
        return ""
    match value:
        case pd.Timestamp():
            return f"{value:%Y-%m-%d}"
        case str():
            return value.replace("_", " ")
    if unit == "year" and value == int(value) and value > 1000:
        return f"{value:.0f}"
    return format_quantity(float(value), unit) if is_unit(unit) else f"{value:,.0f}"
