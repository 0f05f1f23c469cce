"""The tables of the section on the second reading, computed from the two readings and the ledger."""

import math
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from wattbook.articles import load_articles
from wattbook.ledger import load_claims
from wattbook.second_reading import agreement, by_article, load_reading, settlement

_FIELDS = {
    "value": "value or sign",
    "unit": "unit",
    "kind": "kind",
    "attributed_to": "speaker",
    "subject": "subject",
    "only in the first": "kept by the first only",
    "only in the second": "kept by the second only",
}


def _agreement() -> list[list[str]]:
    rows = [["measure", "figure", "of", "how"]]
    for row in agreement(load_reading("first"), load_reading("second")).itertuples():
        value = float(str(row.value))
        figure = {"count": f"{value:.0f}", "share": f"{value:.1%}", "kappa": f"{value:.2f}"}[str(row.unit)]
        if math.isnan(value):
            figure = "–"
        rows.append([str(row.measure), figure, "" if row.unit == "count" else str(row.n), str(row.how)])
    return rows


def _articles() -> list[list[str]]:
    labels = load_articles()["label"]
    rows = [["article", "first reading", "second reading", "both"]]
    for row in by_article(load_reading("first"), load_reading("second")).to_dict("records"):
        rows.append([str(labels.loc[row["article_id"]]), *(str(row[side]) for side in ("first", "second", "both"))])
    return rows


def _settlement() -> list[list[str]]:
    rows = [["what differs", "numbers", "first reading stands", "second reading stands", "otherwise"]]
    for row in settlement(load_reading("first"), load_reading("second"), load_claims()).to_dict("records"):
        counts = [int(row[column]) for column in ("differences", "first", "second")]
        rows.append([_FIELDS[row["what"]], *map(str, counts), str(counts[0] - counts[1] - counts[2])])
    return rows


_TABLES = {"agreement": _agreement, "articles": _articles, "settlement": _settlement}


class SecondReading(SphinxDirective):
    """``{second-reading} agreement``, ``articles`` or ``settlement``: one table each."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the table."""
        if self.arguments[0] not in _TABLES:
            raise self.error(f"no table {self.arguments[0]!r}; there are {', '.join(_TABLES)}")
        head, *body = _TABLES[self.arguments[0]]()
        lines = ["```{list-table}", ":header-rows: 1", ""]
        for row in (head, *body):
            lines += [f"{'*' if i == 0 else ' '} - {cell}" for i, cell in enumerate(row)]
        return self.parse_text_to_nodes("\n".join([*lines, "```"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("second-reading", SecondReading)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
