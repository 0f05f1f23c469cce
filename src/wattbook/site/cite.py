"""Citing from the page: a control beside each labelled heading, and tags that reference managers read."""

from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from wattbook.cite import Section, csl, metadata, render, sections
from wattbook.site.charts import script_json

# Format, its name for readers, the ending of its file.
_FILES = (("bibtex", "BibTeX", "bib"), ("ris", "RIS", "ris"), ("csl-json", "CSL-JSON", "json"))


@cache
def _known() -> dict[str, Section]:
    return {section.id: section for section in sections()}


def control(section: Section, book: dict[str, Any], static: str) -> str:
    """Give the HTML of the control of one section; ``static`` is the path from its page to ``_static``."""
    item = csl(section, book)
    links = "".join(f'<a href="{static}/cite/{section.id}.{ending}" download>{name}</a>' for _, name, ending in _FILES)
    return (
        f'<details class="wb-cite"><summary aria-label="Cite: {escape(section.title, quote=True)}">cite</summary>'
        f'<div class="highlight"><pre tabindex="0">{escape(render(item, "text"))}</pre></div>'
        f'<div class="highlight"><pre tabindex="0">{escape(render(item, "bibtex"))}</pre></div>'
        f'<p>{links} <a href="#{section.anchor}">permanent link</a></p></details>'
    )


def _add_controls(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.name != "html":
        return
    known, book = _known(), metadata()
    static = "../" * docname.count("/") + "_static"
    for node in list(doctree.findall(nodes.section)):
        label = next((name for name in node["ids"] if name in known), None)
        title = node.next_node(nodes.title)
        if label and title is not None:
            node.insert(node.index(title) + 1, nodes.raw("", control(known[label], book, static), format="html"))


def _add_tags(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    chapters = [section for section in _known().values() if section.page == page and section.level == 1]
    if not chapters or doctree is None:
        return
    book = metadata()
    names = [author["name"] for author in book["authors"]]
    tags = {
        "citation_title": chapters[0].title,
        "citation_inbook_title": book["title"],
        "citation_publication_date": book["date-released"].replace("-", "/"),
        "citation_language": "en",
        "DC.title": chapters[0].title,
        "DC.date": book["date-released"],
        "DC.isPartOf": book["title"],
        "DC.rights": "CC BY 4.0",
    }
    lines = [f'<meta name="{name}" content="{escape(value, quote=True)}">' for name, value in tags.items()]
    for name in names:
        lines += [f'<meta name="{tag}" content="{escape(name)}">' for tag in ("citation_author", "DC.creator")]
    described = {
        "@context": "https://schema.org",
        "@type": "Chapter",
        "name": chapters[0].title,
        "author": [{"@type": "Organization", "name": name} for name in names],
        "datePublished": book["date-released"],
        "version": book["version"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isPartOf": {"@type": "Book", "name": book["title"]},
    }
    lines.append(f'<script type="application/ld+json">{script_json(described)}</script>')
    context["metatags"] = context.get("metatags", "") + "\n".join(lines)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    folder = Path(app.outdir) / "_static" / "cite"
    folder.mkdir(parents=True, exist_ok=True)
    book = metadata()
    for section in _known().values():
        item = csl(section, book)
        for form, _, ending in _FILES:
            (folder / f"{section.id}.{ending}").write_text(render(item, form) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("doctree-resolved", _add_controls)
    app.connect("html-page-context", _add_tags)
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
