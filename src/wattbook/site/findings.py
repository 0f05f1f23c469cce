"""Sphinx extension for the landing page: ``{finding} THEME`` is a card with a theme's finding and its small chart."""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from wattbook.charts import use_in_notebook
from wattbook.charts.present import to_svg
from wattbook.charts.theme import with_css_variables
from wattbook.findings import finding_chart
from wattbook.site.charts import slim


class Finding(SphinxDirective):
    """``{finding} THEME``: the first paragraph of its content is the finding in a line, the chart comes after it."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Give the card; an unknown theme is an error."""
        theme = self.arguments[0]
        try:
            drawing = figure(theme)
        except KeyError:
            raise self.error(f"no finding on {theme!r}") from None
        line, *rest = self.parse_content_to_nodes()
        line["classes"].append("wb-finding-line")
        return [
            nodes.raw("", f'<div class="wb-finding" data-accent="{theme}">', format="html"),
            line,
            nodes.raw("", drawing, format="html"),
            *rest,
            nodes.raw("", "</div>", format="html"),
        ]


def figure(theme: str) -> str:
    """Give the HTML of a finding's chart; a theme without one raises KeyError."""
    told = finding_chart(theme)
    use_in_notebook()
    spec = told.chart.to_dict()
    spec["config"]["aria"] = False
    spec["padding"] = 1
    svg = slim(to_svg(with_css_variables(spec)))
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(told.alternative, quote=True)}" ', 1)
    return f'<div class="wb-finding-chart">{svg}<p>Source: {escape(told.source)}</p></div>'


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("finding", Finding)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
