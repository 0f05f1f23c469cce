"""Reference pages made from the data: the data dictionary, the rules of printed numbers."""

import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from wattbook.intervals import RULES
from wattbook.ledger import format_quantity
from wattbook.paths import DATA


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
    app.add_directive("data-dictionary", DataDictionary)
    app.add_directive("interval-rules", IntervalRules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
