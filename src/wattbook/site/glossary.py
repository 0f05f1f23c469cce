"""Sphinx extension: the first use of a term in a chapter is a link to its row in the glossary.

A term is a Chinese word that stands by itself, as in brackets after its English, or an English one that the chapter
sets in bold where it explains it.
"""

import re
from functools import cache
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import NoUri

from wattbook.paths import ROOT

GLOSSARY = "book/glossary"
CHAPTERS = "notebooks/"
_HAN = "[\u3400-\u9fff]"
_RUN = re.compile(f"{_HAN}+")
_NOT_IN = (nodes.title, nodes.literal, nodes.literal_block, nodes.reference, nodes.raw, nodes.math, nodes.table)


class Term(NamedTuple):
    """A row of the glossary: the anchor of the row, its English, its Traditional words, its meaning."""

    anchor: str
    english: str
    words: tuple[str, ...]
    meaning: str


def anchor(english: str) -> str:
    """Make the anchor of a row from its English."""
    return "term-" + re.sub(r"[^a-z0-9]+", "-", english.lower()).strip("-")


@cache
def terms() -> dict[str, Term]:
    """Read the glossary's tables: rows by their Traditional words and by their English in lower case."""
    found: dict[str, Term] = {}
    for line in (ROOT / f"{GLOSSARY}.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split("|")]
        if not line.startswith("| ") or len(cells) != 4 or cells[0] == "English":
            continue
        english, traditional, _, meaning = cells
        row = Term(anchor(english), english, tuple(re.split("、", traditional)), meaning)
        for name in (*row.words, english.lower()):
            found.setdefault(name, row)
    return found


def _mark(app: Sphinx, doctree: nodes.document) -> None:
    """Give each row of the glossary its anchor."""
    if app.env.docname != GLOSSARY:
        return
    for body in doctree.findall(nodes.tbody):
        for row in body.findall(nodes.row):
            row["ids"].append(anchor(row[0].astext()))


def _hidden(node: nodes.Node) -> bool:
    parent = node.parent
    while parent is not None:
        # A number or verdict of the ledger is a link of its own kind.
        if isinstance(parent, _NOT_IN) or "target" in getattr(parent, "attributes", {}):
            return True
        parent = parent.parent
    return False


def link_first_uses(doctree: nodes.Element, base: str) -> list[str]:
    """Turn the first use of each term into a link; give the terms linked, in the order of the page.

    ``base`` is the address of the glossary from the page.
    """
    known, seen = terms(), list[str]()
    for text in list(doctree.findall(nodes.Text)):
        if _hidden(text):
            continue
        if isinstance(text.parent, nodes.strong) and (term := known.get(text.astext().lower().rstrip("."))):
            places = [(0, len(text), term)]
        else:
            runs = ((run.start(), run.end(), known.get(run[0])) for run in _RUN.finditer(text.astext()))
            places = [(start, end, term) for start, end, term in runs if term]
        parts: list[nodes.Node] = []
        at = 0
        for start, end, term in places:
            if term.anchor in seen:
                continue
            seen.append(term.anchor)
            label = nodes.Text(text[start:end])
            title = f"{term.english}: {term.meaning}"
            address = f"{base}#{term.anchor}"
            link = nodes.reference("", "", label, refuri=address, internal=True, reftitle=title, classes=["wb-term"])
            parts += [nodes.Text(text[at:start]), link]
            at = end
        if parts:
            text.parent.replace(text, [part for part in (*parts, nodes.Text(text[at:])) if part.astext()])
    return seen


def _link(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if not docname.startswith(CHAPTERS) or app.builder.format != "html" or GLOSSARY not in app.env.all_docs:
        return
    try:
        link_first_uses(doctree, app.builder.get_relative_uri(docname, GLOSSARY))
    except NoUri:
        return


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("builder-inited", lambda _: terms.cache_clear())
    app.connect("doctree-read", _mark)
    app.connect("doctree-resolved", _link)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
