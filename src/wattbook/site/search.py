"""Search over the built book: one index of its sections, rows and terms, read by ``_static/search_engine.js``.

The index is made from the pages as readers see them.  A record is what a result can lead to: a section, a figure or
table, a row of the ledger or the audit, an entity or a term of the glossary.  Folding, word forms and ranking are the
engine's; what it cannot know comes from here: which characters are one in the two scripts, which Han words the book
has, and which names and terms stand for the same thing.

Sphinx's own search does not cut Chinese queries and does not fold scripts, so it is switched off and not shipped.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from lxml import html
from lxml.html import HtmlElement
from sphinx.application import Sphinx

from wattbook.lexicon import fold, load_aliases, load_entities, load_synonyms
from wattbook.segment import Segmenter
from wattbook.site.charts import script_json

INDEX = "search_index.js"
KINDS = ("chapter", "section", "sources", "figure", "table", "claim", "check", "entity", "term")

_HAN = re.compile(r"[\u3400-\u9fff]+")
_ROW = re.compile(r"(claim|check|entity|term|fig|tbl)-")
_ENTITY = "sec-entity-"
_ROW_KINDS = {"fig": "figure", "tbl": "table"}
_LABEL = re.compile(r"sec-[a-z0-9-]+")
# The first paragraph of a cell that is not a note to another.
_FIRST = "(.//p[not(contains(@class, 'wb-note'))])[1]"
# Lists of literature, which have many words and are about none of them.
_SOURCES = ("-sources", "-references")
# What is in the page but not in its text: controls, code, drawings, notes that repeat a ledger row, section numbers.
_LEFT_OUT = {
    "headerlink", "wb-cite", "wb-cite-line", "cell_input", "wb-claim-note", "wb-chart-controls", "wb-chart-more",
    "wb-chart-head", "wb-note-number", "wb-used-in", "caption-number", "visually-hidden",
}  # fmt: skip
_NO_TEXT = {"script", "style", "svg", "button", "select", "input", "form", "summary"}
_INLINE = {"a", "abbr", "b", "cite", "code", "em", "i", "kbd", "mark", "span", "strong", "sub", "sup"}
# Sphinx's search and its highlighter of search terms, which no page uses.
_STOCK = ("searchtools.js", "language_data.js", "sphinx_highlight.js")


@dataclass(frozen=True)
class Record:
    """What a search result can lead to.

    ``page`` is the page's document name, ``anchor`` the id to jump to there, ``kind`` one of ``KINDS``, ``parent`` the
    place in the list of records of the section that it stands in, None for a chapter.
    """

    page: str
    anchor: str
    kind: str
    title: str
    text: str
    parent: int | None


def records(root: Path, pages: Iterable[str]) -> list[Record]:
    """Read the built pages, given as document names in reading order, into records; a section before its parts."""
    found: list[Record] = []
    for page in pages:
        tree = html.document_fromstring((root / f"{page}.html").read_text(encoding="utf-8"))
        for section in tree.xpath("//article//section[not(ancestor::section)]"):
            _read(section, page, None, found)
    return found


def _read(element: HtmlElement, page: str, parent: int | None, found: list[Record]) -> None:
    """Add the record of a section or row, then those inside it."""
    place = len(found)
    inside = [inner for child in element for inner in _records_in(child)]
    if element.tag == "section":
        heading = next(child for child in element if re.fullmatch("h[1-6]", str(child.tag)))
        ids = [element.get("id", ""), *(span.get("id", "") for span in element.xpath("./span[@id]"))]
        anchor = next((name for name in ids if _LABEL.fullmatch(name)), ids[0])
        kind = "chapter" if parent is None else "section"
        if anchor.endswith(_SOURCES):
            kind = "sources"
        elif anchor.startswith(_ENTITY):
            # The rest of an entity's page are rows that the ledger and the audit have.
            kind = "entity"
        title, skipped = _text(heading, []), [heading, *inside]
    else:
        anchor = element.get("id", "")
        kind = anchor.partition("-")[0]
        kind = _ROW_KINDS.get(kind, kind)
        title, used = _row_title(element, kind)
        skipped = [*used, *inside]
    text = _text(element, skipped)
    if element.tag == "figure":
        text = " ".join([text, *element.xpath(".//svg[@role='img']/@aria-label")])
    # The caption belongs to the section's text, too: it is where a section says what was found.
    captions = [_text(caption, []) for figure in inside for caption in figure.xpath("self::figure/figcaption")]
    found.append(Record(page, anchor, kind, title, " ".join([text, *captions]).strip(), parent))
    for inner in inside if kind != "entity" else ():
        _read(inner, page, place, found)


def _records_in(element: HtmlElement) -> Iterator[HtmlElement]:
    """Give the outermost sections and rows at or under an element."""
    if not isinstance(element.tag, str) or _is_left_out(element):
        return
    # An empty span is a place to jump to, before a table for one.
    if element.tag == "section" or (element.tag != "span" and _ROW.match(element.get("id", ""))):
        yield element
    else:
        for child in element:
            yield from _records_in(child)


def _is_left_out(element: HtmlElement) -> bool:
    return element.tag in _NO_TEXT or not _LEFT_OUT.isdisjoint(element.get("class", "").split())


def _row_title(row: HtmlElement, kind: str) -> tuple[str, list[HtmlElement]]:
    """Say what a row is in a few words; give them and the parts of the row that they are the text of."""
    if kind == "figure":
        drawn = row.xpath("string(.//*[starts-with(@aria-label, 'Chart: ')]/@aria-label)")
        return drawn.removeprefix("Chart: ") or _text(row, []), []
    cells = row.xpath("./*[self::td or self::dt or self::caption or self::figcaption]")
    if kind == "term":
        used = cells[:-1]
    elif kind == "claim" and len(cells) > 1:
        used = [*cells[0].xpath(_FIRST), *cells[1].xpath(_FIRST)]
    elif kind == "check" and len(cells) > 2:
        used = [*cells[0].xpath(_FIRST), *cells[2].xpath(_FIRST)]
    else:
        used = cells[:1]
    title = (" · " if kind == "term" else " — ").join(_text(part, []) for part in used)
    return title or row.get("id", ""), used


def _text(element: HtmlElement, skipped: list[HtmlElement]) -> str:
    """Give an element's text on one line, without the parts to be skipped and those that are not text."""
    out: list[str] = []

    def walk(node: HtmlElement) -> None:
        if isinstance(node.tag, str) and node not in skipped and not _is_left_out(node):
            gap = "" if node.tag in _INLINE else " · " if node.tag in ("td", "th") else " "
            out.append(gap)
            out.append(node.text or "")
            for child in node:
                walk(child)
            out.append(gap)
        if node is not element:
            out.append(node.tail or "")

    walk(element)
    line = re.sub(r"\s+", " ", "".join(out))
    return re.sub(r"^[\s·]+|(?:\s+·)+(?=\s+·|\s*$)", "", line).strip()


def fold_table(text: str) -> tuple[str, str]:
    """Give two strings of one length: characters that a query may have, and what each is in the folded ``text``.

    Only characters that fold to one that the text has are listed: no other can be found.
    """
    here = set(fold(text))
    pairs = [(char, folded) for code in range(0x3400, 0xA000) if (folded := fold(char := chr(code))) != char]
    pairs = [pair for pair in pairs if pair[1] in here]
    return "".join(char for char, _ in pairs), "".join(folded for _, folded in pairs)


def words(texts: Iterable[str]) -> list[str]:
    """Give the Han words of two and more characters that the texts have, folded: what a query is cut into."""
    segmenter = Segmenter()
    cut = {fold(word) for text in texts for run in _HAN.findall(text) for word in segmenter.cut(run)}
    return sorted(word for word in cut if len(word) > 1 and _HAN.fullmatch(word))


def synonyms() -> list[list[str]]:
    """Give the groups of names and terms that stand for the same thing: the search groups and the entities' names."""
    groups: dict[str, list[str]] = {}
    for group, term in load_synonyms()[["group_id", "term"]].itertuples(index=False):
        groups.setdefault(group, []).append(term)
    for row in load_entities().itertuples(index=False):
        groups.setdefault(str(row.entity_id), []).extend(name for name in (str(row.name_en), str(row.name_zh)) if name)
    for entity_id, alias in load_aliases()[["entity_id", "alias"]].itertuples(index=False):
        groups[entity_id].append(alias)
    unique = (list({fold(term): term for term in terms}.values()) for terms in groups.values())
    return [terms for terms in unique if len(terms) > 1]


def index(found: list[Record]) -> str:
    """Write the index as a script: a page opened from a folder may not fetch, but it may load scripts."""
    pages = list(dict.fromkeys(record.page for record in found))
    everything = [f"{record.title} {record.text}" for record in found]
    groups = synonyms()
    content = {
        "pages": pages,
        "chapters": [number for number, page in enumerate(pages) if page.startswith("notebooks/")],
        "kinds": KINDS,
        "records": [
            [pages.index(r.page), r.anchor, KINDS.index(r.kind), r.title, r.text, -1 if r.parent is None else r.parent]
            for r in found
        ],
        "fold": fold_table(" ".join([*everything, *(term for group in groups for term in group)])),
        "words": words(everything),
        "synonyms": groups,
    }
    return f"window.wattbookSearchIndex = {script_json(content)};\n"


# --- the extension ------------------------------------------------------------------------------------------------


def _switch_off(app: Sphinx) -> None:
    # Sphinx then neither writes searchindex.js nor its search page.
    app.builder.search = False  # type: ignore[attr-defined]


def _search_page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    return [("search", {"title": "Search"}, "search.html")] if app.builder.name == "html" else []


def _name_terms(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give each row of the glossary's tables an id, so that a term can be linked to."""
    if not docname.endswith("glossary"):
        return
    for body in doctree.findall(nodes.tbody):
        for row in body.findall(nodes.row):
            row["ids"].append(f"term-{nodes.make_id(row.next_node(nodes.entry).astext())}")


def _drop_scripts(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    context["script_files"] = [
        script for script in context["script_files"] if not str(getattr(script, "filename", script)).endswith(_STOCK)
    ]


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    root = Path(app.outdir)
    for name in _STOCK:
        (root / "_static" / name).unlink(missing_ok=True)
    # The relations follow the table of contents: their keys are the pages in reading order.
    pages = [page for page in app.env.collect_relations() if (root / f"{page}.html").exists()]
    (root / "_static" / INDEX).write_text(index(records(root, pages)), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("builder-inited", _switch_off)
    app.connect("doctree-resolved", _name_terms)
    app.connect("html-collect-pages", _search_page)
    app.connect("html-page-context", _drop_scripts)
    app.connect("build-finished", _write)
    app.add_js_file("search.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
