"""Citing from the page: a control at each part that can be cited, and tags that reference managers read.

The control is a link to the part itself, which is its permanent address; with script it opens a dialog
(``_static/cite.js``) that shows the citations.  They are all made here, one file of them per page, which the dialog
loads when it is first asked for.
"""

from collections import defaultdict
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from wattbook.cite import STYLES, Citable, author_name, citables, csl, metadata, render
from wattbook.site.charts import script_json

_FILE_FORMATS = ("bibtex", "ris", "csl-json")


@cache
def _by_page() -> dict[str, dict[str, Citable]]:
    found: dict[str, dict[str, Citable]] = defaultdict(dict)
    for one in citables().values():
        found[one.page][one.id] = one
    return found


def control(part: Citable, name: str | None = None) -> str:
    """Give the HTML of the control of one part, named "Cite:" and the part's title or as ``name`` says."""
    label = escape(name or f"Cite: {part.title}", quote=True)
    return f'<a class="wb-cite" href="#{part.id}" data-cite="{part.id}" aria-label="{label}">cite</a>'


def citations(part: Citable, book: dict[str, Any]) -> dict[str, str]:
    """Give every citation of a part, by style of the text or by format, and its title."""
    item = csl(part, book)
    texts = {style: render(item, "text", style) for style in STYLES}
    return {"title": part.full_title} | texts | {form: render(item, form) for form in _FILE_FORMATS}


def page_file(page: str) -> str:
    """Name the file with the citations of a page, as seen from ``_static``."""
    return f"cite/{page.replace('/', '-')}.js"


def _add_controls(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.name != "html":
        return
    known = _by_page().get(docname, {})
    for section in list(doctree.findall(nodes.section)):
        label = next((name for name in section["ids"] if name in known), None)
        title = section.next_node(nodes.title)
        if label and title is not None:
            # Inside the heading, which has the title: the control's own name need not say it again.
            title += _raw(f" {control(known[label], f'Cite this {known[label].kind}')}")
            _add_to_tables(section, label, known)
    for figure in list(doctree.findall(nodes.figure)):
        name = next((name for name in figure["ids"] if name in known), None)
        caption = figure.next_node(nodes.caption)
        if name and caption is not None:
            caption += _raw(f" {control(known[name])}")


def _add_to_tables(section: nodes.section, label: str, known: dict[str, Citable]) -> None:
    """Name the tables of a section that have no name, in the order in which ``wattbook.cite`` counts them."""
    for number, table in enumerate(filter(_is_unnamed_table, list(_own(section))), start=1):
        part = known.get(f"tbl-{label.removeprefix('sec-')}-{number}")
        if part:
            place = table.parent.index(table)
            table.parent.insert(place + 1, _raw(f'<p class="wb-cite-line">{control(part)}</p>'))
            table.parent.insert(place, nodes.target("", "", ids=[part.id]))


def _own(section: nodes.Element) -> "list[nodes.Node]":
    """List what is in a section and not in a section or figure inside it."""
    found: list[nodes.Node] = []
    for child in section.children:
        if isinstance(child, (nodes.section, nodes.figure)):
            continue
        found.append(child)
        if isinstance(child, nodes.Element) and not isinstance(child, nodes.table):
            found += _own(child)
    return found


def _is_unnamed_table(node: nodes.Node) -> bool:
    if isinstance(node, nodes.table):
        return not node["names"]
    return isinstance(node, nodes.raw) and "html" in node["format"] and 'class="wb-scroll"' in node.astext()


def _raw(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def tags(chapter: Citable, book: dict[str, Any]) -> list[str]:
    """Give the tags of a page: Highwire Press (Google Scholar, Zotero), Dublin Core, schema.org."""
    names = [author_name(author) for author in book["authors"]]
    pairs = {
        "citation_title": chapter.title,
        "citation_inbook_title": book["title"],
        "citation_publication_date": book["date-released"].replace("-", "/"),
        "citation_language": "en",
        "DC.title": chapter.title,
        "DC.date": book["date-released"],
        "DC.isPartOf": book["title"],
        "DC.language": "en",
        "DC.rights": "CC BY 4.0",
        "DC.type": "Text",
    }
    described = {
        "@context": "https://schema.org",
        "@type": "Chapter",
        "name": chapter.title,
        "author": [_described(author) for author in book["authors"]],
        "datePublished": book["date-released"],
        "inLanguage": "en",
        "version": book["version"],
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isPartOf": {"@type": "Book", "name": book["title"]},
    }
    if "url" in book:
        address = csl(chapter, book)["URL"].partition("#")[0]
        pairs |= {"citation_fulltext_html_url": address, "DC.identifier": address}
        described["url"] = address
    lines = [f'<meta name="{name}" content="{escape(value, quote=True)}">' for name, value in pairs.items()]
    for name in names:
        lines += [f'<meta name="{tag}" content="{escape(name)}">' for tag in ("citation_author", "DC.creator")]
    return [*lines, f'<script type="application/ld+json">{script_json(described)}</script>']


def _described(author: dict[str, str]) -> dict[str, str]:
    if "name" in author:
        return {"@type": "Organization", "name": author["name"]}
    given, family = author.get("given-names", ""), author.get("family-names", "")
    return {"@type": "Person", "name": author_name(author), "givenName": given, "familyName": family}


def _add_tags(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    parts = list(_by_page().get(page, {}).values())
    if parts and doctree is not None:
        lines = [*tags(parts[0], metadata()), f'<meta name="wb-citations" content="{page_file(page)}">']
        context["metatags"] = context.get("metatags", "") + "\n".join(lines)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    book = metadata()
    static = Path(app.outdir) / "_static"
    (static / "cite").mkdir(parents=True, exist_ok=True)
    for page, parts in _by_page().items():
        found = {part_id: citations(part, book) for part_id, part in parts.items()}
        # A script, not JSON: a page opened from a folder may not fetch.
        (static / page_file(page)).write_text(f"window.wattbookCitations = {script_json(found)};\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("doctree-resolved", _add_controls)
    app.connect("html-page-context", _add_tags)
    app.connect("build-finished", _write)
    app.add_js_file("cite.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
