"""Reference pages made from the data: named entities, the data dictionary, the rules of printed numbers."""

import json
from typing import Any

import pandas as pd
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from wattbook.intervals import RULES
from wattbook.ledger import format_quantity, load_claims
from wattbook.lexicon import load_entities
from wattbook.paths import DATA

# An entity named in one passing remark is no main entity.
MAIN_MENTIONS = 5
_LINKED_CLAIMS = 6


class EntityList(SphinxDirective):
    """``{entity-list} TYPE…``: the main entities of these types, most named first."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Give a definition list."""
        counts = mention_counts()
        entities = load_entities().merge(counts, left_on="entity_id", right_index=True)
        chosen = entities[entities["type"].isin(self.arguments[0].split()) & (entities["mentions"] >= MAIN_MENTIONS)]
        lines = []
        for _, row in chosen.sort_values(["mentions", "entity_id"], ascending=[False, True]).iterrows():
            lines += _entity(row)
        return self.parse_text_to_nodes("\n".join(lines))


def mention_counts() -> pd.DataFrame:
    """Count per entity id its mentions and the articles that name it."""
    mentions = pd.read_csv(DATA / "features" / "mentions.csv", dtype=str)
    grouped = mentions.groupby("entity_id")["article_id"]
    return pd.DataFrame({"mentions": grouped.size(), "articles": grouped.nunique()})


def _entity(row: "pd.Series[Any]") -> list[str]:
    claims = load_claims()
    about = list(claims.loc[claims["subject"] == row["entity_id"], "claim_id"])
    by = list(claims.loc[claims["attributed_to"] == row["entity_id"], "claim_id"])
    name = f"{row['name_en']} {row['name_zh']}" if row["name_zh"] not in ("", row["name_en"]) else row["name_en"]
    counted = f"named {row['mentions']} times in {row['articles']} article{'s' if row['articles'] > 1 else ''}"
    lines = [f"(entity-{row['entity_id']})=", "", f"**{name}**", f": {counted}"]
    for title, ids in (("about it", about), ("it says", by)):
        if ids:
            shown = ", ".join(f"{{claim}}`{claim_id}`" for claim_id in ids[:_LINKED_CLAIMS])
            rest = f" and {len(ids) - _LINKED_CLAIMS} more" if len(ids) > _LINKED_CLAIMS else ""
            lines += ["", f"  {title} ({len(ids)}): {shown}{rest}"]
    return [*lines, ""]


class DataDictionary(SphinxDirective):
    """``{data-dictionary} FOLDER``: the files of a folder under ``data/`` (``.``: data/ itself), column by column."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give a table per file."""
        folder = self.arguments[0]
        package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
        found = []
        for resource in package["resources"]:
            parent = resource["path"].rpartition("/")[0] or "."
            if parent == folder:
                found += self.parse_text_to_nodes("\n".join(_resource(resource)))
        return found


def _resource(resource: dict[str, Any]) -> list[str]:
    lines = ["", f"**`{resource['path']}`** — {resource['description']}", ""]
    fields = resource.get("schema", {}).get("fields", [])
    if fields:
        lines += [
            "```{list-table}",
            ":header-rows: 1",
            ":widths: 25 12 63",
            "",
            "* - column",
            "  - type",
            "  - meaning",
        ]
        for field in fields:
            lines += [f"* - `{field['name']}`", f"  - {field['type']}", f"  - {field['description']}"]
        lines += ["```", ""]
    return lines


class IntervalRules(SphinxDirective):
    """``{interval-rules}``: the rules by which a printed number stands for a range, each with its example."""

    def run(self) -> list[nodes.Node]:
        """Give one table."""
        lines = ["```{list-table}", ":header-rows: 1", ":widths: 16 50 14 20", "", "* - rule", "  - what it says"]
        lines += ["  - printed", "  - commits to"]
        for name, rule in RULES.items():
            # Two dollar signs in a line would be read as mathematics.
            ends = [
                format_quantity(end, rule.unit).replace("$", r"\$") for end in (rule.interval.low, rule.interval.high)
            ]
            lines += [f"* - {name}", f"  - {rule.text}", f"  - {rule.printed}", f"  - {ends[0]} to {ends[1]}"]
        return self.parse_text_to_nodes("\n".join([*lines, "```"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives."""
    app.add_directive("entity-list", EntityList)
    app.add_directive("data-dictionary", DataDictionary)
    app.add_directive("interval-rules", IntervalRules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
