"""Sphinx extension: numbers in the prose that come from the claims ledger, and verdicts that come from the audit.

In running text ``{claim}`id``` writes a claim's number, ``{check}`id``` a check's verdict and ``{result}`id``` the
number that a check works out.  Each is a link to its row and has a note: on hover and focus in the page, numbered at
the end of the page in print.  An id that does not exist is a warning of type ``wattbook``, so a build that turns
warnings into errors fails.
"""

from collections.abc import Iterator
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError, NoUri
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from wattbook.errors import InputError
from wattbook.ledger import Claim, UnknownIdError, format_quantity, format_value
from wattbook.site.evidence import Evidence, depend, evidence, range_text

logger = logging.getLogger(__name__)

# A page per entity is written under this name; see wattbook.site.entities.
ENTITY_PAGES = "book/entities"


class RowLink(nodes.Inline, nodes.TextElement):  # type: ignore[misc]
    """A link to a row of the ledger or the audit: ``target`` is the row's anchor, ``note`` the lines to tell beside it.

    Where the row is can only be said when every page is read, so ``refuri`` is set late.
    """


class EntityLink(nodes.Inline, nodes.TextElement):  # type: ignore[misc]
    """The name of the entity ``entity``, a link where the book has a page or a row for it."""


class UsedIn(nodes.General, nodes.Element):  # type: ignore[misc]
    """The place of the list of sections that cite the row ``target``; filled when every page is read."""


class EndNotes(nodes.General, nodes.Element):  # type: ignore[misc]
    """The notes of a page's numbers for print; ``notes`` holds per number its text and its lines."""


class Use(NamedTuple):
    """One citation of a row: the row's anchor, the citation's own, and the heading that it stands under."""

    target: str
    anchor: str
    section: str


def _load(app: Sphinx) -> None:
    """Read the data once, before any page, so that a fault in them is one plain line."""
    evidence.cache_clear()
    try:
        data = evidence()
    except InputError as error:
        raise ExtensionError(str(error)) from error
    for claim in data.claims.values():
        for what, entity_id in (("attributed to", claim.attributed_to), ("about", claim.subject)):
            if entity_id not in data.entities:
                message = f"claim {claim.claim_id!r} is {what} {entity_id!r}, which is no entity"
                logger.warning(message, type="wattbook", subtype="entity", location="claims.csv")


# --- which page cites which row, and which page has it ------------------------------------------------------------


def _uses(env: BuildEnvironment) -> dict[str, list[Use]]:
    """Give, per page, its citations of rows."""
    if not hasattr(env, "wattbook_uses"):
        env.wattbook_uses = {}  # type: ignore[attr-defined]
    return env.wattbook_uses  # type: ignore[no-any-return,attr-defined]


def rows_of(env: BuildEnvironment) -> dict[str, list[str]]:
    """Give, per page, the anchors of the rows it holds."""
    if not hasattr(env, "wattbook_rows"):
        env.wattbook_rows = {}  # type: ignore[attr-defined]
    return env.wattbook_rows  # type: ignore[no-any-return,attr-defined]


def _hosts(env: BuildEnvironment) -> dict[str, str]:
    """Give the page of each row; of several the first by name."""
    rows = rows_of(env)
    return {target: docname for docname in sorted(rows, reverse=True) for target in rows[docname]}


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _uses(env).pop(docname, None)
    rows_of(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    uses, rows = _uses(other), rows_of(other)
    _uses(env).update({docname: uses[docname] for docname in docnames if docname in uses})
    rows_of(env).update({docname: rows[docname] for docname in docnames if docname in rows})


def _record(app: Sphinx, doctree: nodes.document) -> None:
    """Note where a page cites rows, with the heading above each citation."""
    found = []
    for link in doctree.findall(RowLink):
        if link["ids"]:
            place: nodes.Node | None = link.parent
            while place is not None and not isinstance(place, nodes.section):
                place = place.parent
            heading = place.next_node(nodes.title) if place is not None else None
            found.append(Use(link["target"], link["ids"][0], heading.astext() if heading is not None else ""))
    if found:
        _uses(app.env)[app.env.docname] = found


def _updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again: those with rows when citations changed, those that cite when rows moved."""
    hosts, uses = _hosts(env), {docname: list(cited) for docname, cited in _uses(env).items()}
    old_hosts, old_uses = getattr(env, "wattbook_seen", ({}, {}))
    env.wattbook_seen = (hosts, uses)  # type: ignore[attr-defined]
    again = set[str]()
    if uses != old_uses:
        again |= rows_of(env).keys()
    if hosts != old_hosts:
        again |= uses.keys()
    return sorted(again)


# --- roles --------------------------------------------------------------------------------------------------------


class _RowRole(SphinxRole):
    def run(self) -> tuple[list[nodes.Node], list[Any]]:
        depend(self.env)
        try:
            node = self.link(self.text.strip(), evidence())
        except KeyError as error:
            logger.warning("%s", error, type="wattbook", subtype=self.name, location=self.get_location())
            return [nodes.literal(self.rawtext, self.text)], []
        node["ids"].append(f"wb-ref-{self.env.new_serialno('wattbook')}")
        self.set_source_info(node)
        return [node], []

    def link(self, row_id: str, data: Evidence) -> RowLink:
        """Make the link; raise KeyError for an id that does not exist."""
        raise NotImplementedError


class ClaimRole(_RowRole):
    """``{claim}`id```: a claim's number, who says it, a link to its row in the ledger."""

    def link(self, row_id: str, data: Evidence) -> RowLink:
        """Make the link; raise UnknownIdError for an id that does not exist."""
        if row_id not in data.claims:
            raise UnknownIdError(row_id, data.claims)
        return claim_link(data.claims[row_id], claim_note(data.claims[row_id], data))


class CheckRole(_RowRole):
    """``{check}`id```: a check's verdict, its working, a link to its row in the audit."""

    def link(self, row_id: str, data: Evidence) -> RowLink:
        """Make the link; raise UnknownIdError for an id that does not exist."""
        if row_id not in data.results:
            raise UnknownIdError(row_id, data.results, what="check")
        row = data.results[row_id]
        return check_link(row, self.said(row), [f"{row['verdict']}.", f"{row['working']}.", row["comment_en"]])

    def said(self, row: dict[str, Any]) -> str:
        """Give the words of the link."""
        return str(row["verdict"])


class ResultRole(CheckRole):
    """``{result}`id```: what a check works out, to three digits, with the same note and link as the verdict."""

    def said(self, row: dict[str, Any]) -> str:
        """Give the number with its unit."""
        return format_quantity(row["left_value"], row["unit"], digits=3)


def claim_note(claim: Claim, data: Evidence) -> list[str]:
    """Tell a claim beside its number: the value, who says it for when, what it is, where it is printed."""
    article = ", ".join(filter(None, (data.label(claim.article_id), data.dates.get(claim.article_id, ""))))
    return [
        f"{format_value(claim)}.",
        f"{data.name(claim.attributed_to)}, {data.kind(claim)}: {claim.statement_en}",
        f"Printed as {claim.printed}, which stands for {range_text(claim.interval, claim.unit)}, in {article}.",
    ]


def claim_link(claim: Claim, note: list[str] | None = None) -> RowLink:
    """Write a claim's number as a link to its row."""
    return RowLink("", format_value(claim), target=f"claim-{claim.claim_id}", note=note or [], classes=["wb-claim"])


def check_link(row: dict[str, Any], text: str, note: list[str] | None = None) -> RowLink:
    """Write ``text`` as a link to a check's row, coloured by its verdict."""
    classes = ["wb-check", "wb-verdict", f"wb-verdict-{row['verdict']}"]
    return RowLink("", text, target=f"check-{row['check_id']}", note=list(filter(None, note or [])), classes=classes)


# --- when every page is read --------------------------------------------------------------------------------------


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    hosts = _hosts(app.env)
    for node in list(doctree.findall(RowLink)):
        target = node["target"]
        if target not in hosts:
            logger.warning("no page has the row %r", target, type="wattbook", subtype="row", location=node)
            continue
        node["refuri"] = _uri(app, docname, hosts[target], target)
        if app.builder.format != "html":
            attributes = {"refuri": node["refuri"], "internal": True, "ids": node["ids"]}
            node.replace_self(nodes.reference("", node.astext(), **attributes))
    for name in list(doctree.findall(EntityLink)):
        name.replace_self(_entity(app, docname, name, hosts))
    for place in list(doctree.findall(UsedIn)):
        cited = _citing_sections(app, docname, place["target"])
        place.replace_self([cited] if len(cited) else [])
    if app.builder.format == "html":
        _number_notes(doctree)
    if app.builder.format == "latex":
        # The LaTeX writer gives table rows no label: put it into their first cell.
        for row in doctree.findall(nodes.row):
            if row["ids"]:
                row[0][0].insert(0, nodes.target("", "", ids=row["ids"]))


def _number_notes(doctree: nodes.document) -> None:
    """Number the notes of a page, one number for each row, and list them at its end."""
    numbers: dict[str, int] = {}
    notes = []
    for node in doctree.findall(RowLink):
        if node["note"] and "refuri" in node:
            if node["target"] not in numbers:
                numbers[node["target"]] = len(numbers) + 1
                notes.append(node["note"])
            node["number"] = numbers[node["target"]]
    if notes:
        doctree += EndNotes(notes=notes)


def _entity(app: Sphinx, docname: str, name: EntityLink, hosts: dict[str, str]) -> nodes.Node:
    page, anchor = f"{ENTITY_PAGES}/{name['entity']}", f"entity-{name['entity']}"
    if page in app.env.all_docs and page != docname:
        uri = app.builder.get_relative_uri(docname, page) if app.builder.format == "html" else f"#{anchor}"
    elif anchor in hosts and page != docname:
        uri = _uri(app, docname, hosts[anchor], anchor)
    else:
        return nodes.inline("", "", *name.children)
    return nodes.reference("", "", *name.children, refuri=uri, internal=True)


def _citing_sections(app: Sphinx, docname: str, target: str) -> nodes.paragraph:
    """List the sections that cite a row, page by page, each once, as links to the first citation in it."""
    found = nodes.paragraph(classes=["wb-used-in", "wb-note"])
    for page, cited in sorted(_uses(app.env).items()):
        first: dict[str, str] = {}
        for use in cited:
            if use.target == target:
                first.setdefault(use.section, use.anchor)
        if not first:
            continue
        title = app.env.titles[page].astext()
        found += nodes.Text("; " if len(found) else "Used in ")
        # What stands before a page's first section belongs to the page as a whole.
        whole = first.pop(title, None)
        links = [reference(app, docname, page, anchor, section) for section, anchor in first.items()]
        found += reference(app, docname, page, whole, title) if whole else nodes.Text(title)
        for number, link in enumerate(links):
            found += [nodes.Text(", " if number else ": "), link]
    return found


def reference(app: Sphinx, docname: str, page: str, anchor: str, text: str) -> nodes.reference:
    """Give a link from the page ``docname`` to an anchor of another page, or of the one file that holds all pages."""
    return nodes.reference("", text, refuri=_uri(app, docname, page, anchor), internal=True)


def _uri(app: Sphinx, docname: str, to: str, anchor: str) -> str:
    try:
        return f"{app.builder.get_relative_uri(docname, to)}#{anchor}"
    except NoUri:
        return f"#{anchor}"


# --- HTML ---------------------------------------------------------------------------------------------------------


def _visit_link(self: Any, node: RowLink) -> None:
    """Write the link; its note is hidden until style sheet or screen reader takes it up."""
    if "refuri" not in node:
        # A copy in a table of contents, where links have no place, or a row that is nowhere (warned of).
        self.body.append("<span>")
        return
    described = f' aria-describedby="{node["ids"][0]}-note"' if node["note"] else ""
    self.body.append(self.starttag(node, "span", ""))
    self.body.append(f'<a class="reference internal" href="{escape(node["refuri"])}"{described}>')


def _depart_link(self: Any, node: RowLink) -> None:
    if "refuri" in node:
        self.body.append("</a>")
        if node["note"]:
            lines = " ".join(f"<span>{escape(line)}</span>" for line in node["note"])
            self.body.append(
                f'<sup class="wb-note-number" aria-hidden="true" hidden>{node["number"]}</sup>'
                f'<span class="wb-claim-note" id="{node["ids"][0]}-note" role="tooltip" hidden>{lines}</span>'
            )
    self.body.append("</span>")


def _visit_notes(self: Any, node: EndNotes) -> None:
    items = "".join(f"<li>{escape(' '.join(note))}</li>" for note in node["notes"])
    title = "Sources of the numbers and verdicts on this page"
    self.body.append(f'<aside class="wb-end-notes" hidden><p>{title}</p><ol>{items}</ol></aside>')


def _nothing(self: Any, node: nodes.Element) -> None:
    """Write nothing but the children: all that is left for other writers are copies in tables of contents."""


def _add_files(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is not None and any(True for _ in _with_style(doctree)):
        app.add_css_file("evidence.css")
        if any(node["note"] for node in doctree.findall(RowLink)):
            app.add_js_file("notes.js", loading_method="defer")


def _with_style(doctree: nodes.document) -> Iterator[nodes.Node]:
    yield from doctree.findall(RowLink)
    yield from (table for table in doctree.findall(nodes.table) if "wb-evidence" in table["classes"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    plain = (_nothing, _nothing)
    others: dict[str, Any] = {"latex": plain, "text": plain, "man": plain, "texinfo": plain}
    app.add_node(RowLink, html=(_visit_link, _depart_link), **others)
    app.add_node(EntityLink, html=plain, **others)
    app.add_node(EndNotes, html=(_visit_notes, _nothing), **others)
    app.add_role("claim", ClaimRole())
    app.add_role("check", CheckRole())
    app.add_role("result", ResultRole())
    app.connect("builder-inited", _load)
    app.connect("doctree-read", _record)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _updated)
    app.connect("doctree-resolved", _resolve)
    app.connect("html-page-context", _add_files)
    return {"version": "1", "env_version": 2, "parallel_read_safe": True, "parallel_write_safe": True}
