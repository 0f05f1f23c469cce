"""Margin notes: beside each paragraph who says its printed numbers, and which article prints them.

The note that each number carries tells more and is there for every reader; the margin repeats its core for the eye, on
screens that have the room; in print the notes at the end of the page do.
"""

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from wattbook.articles import load_articles
from wattbook.ledger import all_claims, format_value
from wattbook.site.claims import RowLink
from wattbook.views import entity_name

_CLAIM = "claim-"


def notes(claim_ids: list[str]) -> list[str]:
    """Write the notes of claims, those of one speaker in one article together, in order of first appearance."""
    labels = load_articles()["label"]
    grouped: dict[tuple[str, str], list[str]] = {}
    for claim_id in dict.fromkeys(claim_ids):
        claim = all_claims()[claim_id]
        said = entity_name(claim.attributed_to), str(labels[claim.article_id])
        grouped.setdefault(said, []).append(format_value(claim))
    return [
        f"<b>{escape(', '.join(dict.fromkeys(values)))}</b> {escape(who)}"
        + ("" if where.startswith(who) else f", in {escape(where)}")
        for (who, where), values in grouped.items()
    ]


def _add(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.name != "html":
        return
    for paragraph in list(doctree.findall(nodes.paragraph)):
        if isinstance(paragraph.parent, nodes.entry):
            continue
        targets = [str(link["target"]) for link in paragraph.findall(RowLink)]
        claims = [target.removeprefix(_CLAIM) for target in targets if target.startswith(_CLAIM)]
        if claims:
            written = "".join(f"<span>{note}</span>" for note in notes(claims))
            aside = f'<aside class="wb-margin" aria-hidden="true">{written}</aside>'
            paragraph.parent.insert(paragraph.parent.index(paragraph), nodes.raw("", aside, format="html"))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    # The links are written once the ledger's pages are known.
    app.connect("doctree-resolved", _add, priority=800)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
