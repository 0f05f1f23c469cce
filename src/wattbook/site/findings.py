"""The findings of the landing page: ``{finding} THEME`` is a card with a headline, a small chart, text and a link.

The chart is a drawing and stays one: all that it shows is written in it, and its numbers are those of
``wattbook.findings``.
"""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from wattbook.charts import THEME_COLOURS, glance, use_in_notebook
from wattbook.charts.present import to_svg
from wattbook.charts.theme import with_css_variables
from wattbook.findings import FINDINGS
from wattbook.site.charts import as_picture
from wattbook.site.evidence import THEME_NAMES, depend


def chart(theme: str) -> str:
    """Give the HTML of the small chart of a finding."""
    use_in_notebook()
    found = FINDINGS[theme]()
    spec = glance(found.rows, colour=THEME_COLOURS[theme]).to_dict()
    svg = as_picture(to_svg(with_css_variables(spec)), found.alternative)
    return (
        f'<div class="wb-glance"><p class="wb-glance-title">{escape(found.measure)}</p>{svg}'
        f'<p class="wb-note">Source: {escape(found.source)}</p></div>'
    )


class FindingCard(SphinxDirective):
    """``{finding} THEME``: the first paragraph is the headline, what follows the chart is the text."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Build the card."""
        depend(self.env)
        theme = self.arguments[0]
        if theme not in FINDINGS:
            raise self.error(f"there is no finding {theme!r}: {', '.join(FINDINGS)}")
        card = nodes.container(classes=["wb-finding", f"wb-accent-{theme}"])
        card += nodes.paragraph("", THEME_NAMES[theme], classes=["wb-kicker"])
        headline, *rest = self.parse_content_to_nodes()
        headline["classes"].append("wb-finding-headline")
        card += [headline, nodes.raw("", chart(theme), format="html"), *rest]
        return [card]


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.add_directive("finding", FindingCard)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
