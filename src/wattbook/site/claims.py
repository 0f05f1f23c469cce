"""Sphinx extension: numbers in the prose that come from the claims ledger, and the ledger and audit pages.

In running text ``{claim}`id``` writes a claim's number and ``{check}`id``` a check's verdict, each a link to its row.
The directives ``{claims-ledger}`` and ``{audit-table}`` write the rows.  An id that does not exist is a warning of type
``wattbook``, so a build that turns warnings into errors fails.
"""

import html
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, TypeAlias

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.errors import ExtensionError, NoUri
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from wattbook.audit import VERDICTS, Fact, load_facts, parse, result_text, run_audit, working, written
from wattbook.errors import InputError
from wattbook.ledger import THEMES, Claim, UnknownIdError, all_claims, format_value
from wattbook.lexicon import load_entities
from wattbook.paths import DATA

logger = logging.getLogger(__name__)

_SOURCES = ("claims.csv", "checks.csv", "external/lookup_facts.csv", "lexicon/entities.csv", "article_notes.csv")
_KIND = {
    "observed": "reported figure",
    "estimate": "estimate",
    "forecast": "forecast",
    "target": "target",
    "announced": "announcement",
    "opinion": "opinion",
}


class RowLink(nodes.Inline, nodes.TextElement):  # type: ignore[misc]
    """A link to a row of the ledger or the audit: ``target`` is the row's anchor, ``note`` what to tell beside it.

    Where the row is can only be said when every page is read, so ``refuri`` is set late.
    """


class UsedIn(nodes.General, nodes.Element):  # type: ignore[misc]
    """The place of the list of pages that cite the row ``target``; filled when every page is read."""


@dataclass(frozen=True)
class _Data:
    claims: dict[str, Claim]
    facts: dict[str, Fact]
    results: dict[str, dict[str, Any]]
    names: dict[str, str]
    labels: dict[str, str]

    def note(self, claim: Claim) -> str:
        """Say beside a number who says it, for when, and where it is printed."""
        said = ", ".join(part for part in (self.name(claim.attributed_to), _KIND[claim.kind], claim.period) if part)
        return f"{said}: {claim.statement_en} Printed in {self.label(claim.article_id)}."

    def name(self, entity_id: str) -> str:
        return self.names.get(entity_id, entity_id)

    def label(self, article_id: str) -> str:
        return self.labels.get(article_id, article_id)


@cache
def _data() -> _Data:
    notes = DATA / "article_notes.csv"
    labels = pd.read_csv(notes, dtype=str, keep_default_na=False) if notes.exists() else None
    entities = load_entities()
    return _Data(
        all_claims(DATA / "claims.csv"),
        load_facts(DATA / "external" / "lookup_facts.csv"),
        {str(row["check_id"]): {str(k): v for k, v in row.items()} for row in run_audit().to_dict("records")},
        dict(zip(entities["entity_id"], entities["name_en"], strict=True)),
        {} if labels is None else dict(zip(labels["article_id"], labels["label"], strict=True)),
    )


def _load(app: Sphinx) -> None:
    """Read the data once, before any page, so that a fault in them is one plain line."""
    _data.cache_clear()
    try:
        data = _data()
    except InputError as error:
        raise ExtensionError(str(error)) from error
    for claim in data.claims.values():
        if claim.attributed_to not in data.names:
            message = "claim %r is attributed to %r, which is no entity"
            logger.warning(
                message, claim.claim_id, claim.attributed_to, type="wattbook", subtype="entity", location="claims.csv"
            )


# --- which page cites which row, and which page has it ------------------------------------------------------------


def _uses(env: BuildEnvironment) -> dict[str, list[tuple[str, str]]]:
    """Give, per page, the rows it cites with the anchor of each citation."""
    if not hasattr(env, "wattbook_uses"):
        env.wattbook_uses = {}  # type: ignore[attr-defined]
    return env.wattbook_uses  # type: ignore[no-any-return,attr-defined]


def _rows(env: BuildEnvironment) -> dict[str, list[str]]:
    """Give, per page, the rows it holds."""
    if not hasattr(env, "wattbook_rows"):
        env.wattbook_rows = {}  # type: ignore[attr-defined]
    return env.wattbook_rows  # type: ignore[no-any-return,attr-defined]


def _hosts(env: BuildEnvironment) -> dict[str, str]:
    """Give the page of each row; of several the first by name."""
    rows = _rows(env)
    return {target: docname for docname in sorted(rows, reverse=True) for target in rows[docname]}


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _uses(env).pop(docname, None)
    _rows(env).pop(docname, None)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    uses, rows = _uses(other), _rows(other)
    _uses(env).update({docname: uses[docname] for docname in docnames if docname in uses})
    _rows(env).update({docname: rows[docname] for docname in docnames if docname in rows})


def _updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name the pages to write again: those with rows when citations changed, those that cite when rows moved."""
    hosts, uses = _hosts(env), {docname: list(cited) for docname, cited in _uses(env).items()}
    old_hosts, old_uses = getattr(env, "wattbook_seen", ({}, {}))
    env.wattbook_seen = (hosts, uses)  # type: ignore[attr-defined]
    again = set[str]()
    if uses != old_uses:
        again |= _rows(env).keys()
    if hosts != old_hosts:
        again |= uses.keys()
    return sorted(again)


# --- roles --------------------------------------------------------------------------------------------------------


class _RowRole(SphinxRole):
    def run(self) -> tuple[list[nodes.Node], list[Any]]:
        for source in _SOURCES:
            self.env.note_dependency(str(DATA / source))
        try:
            node = self.link(self.text.strip())
        except KeyError as error:
            logger.warning("%s", error, type="wattbook", subtype=self.name, location=self.get_location())
            return [nodes.literal(self.rawtext, self.text)], []
        anchor = f"wb-ref-{self.env.new_serialno('wattbook')}"
        node["ids"].append(anchor)
        self.set_source_info(node)
        _uses(self.env).setdefault(self.env.docname, []).append((node["target"], anchor))
        return [node], []

    def link(self, row_id: str) -> RowLink:
        """Make the link; raise KeyError for an id that does not exist."""
        raise NotImplementedError


class ClaimRole(_RowRole):
    """``{claim}`id```: a claim's number, who says it, a link to its row in the ledger."""

    def link(self, row_id: str) -> RowLink:
        """Make the link; raise UnknownIdError for an id that does not exist."""
        data = _data()
        if row_id not in data.claims:
            raise UnknownIdError(row_id, data.claims)
        return _claim_link(data.claims[row_id], data.note(data.claims[row_id]))


class CheckRole(_RowRole):
    """``{check}`id```: a check's verdict, its working, a link to its row in the audit."""

    def link(self, row_id: str) -> RowLink:
        """Make the link; raise KeyError for an id that does not exist."""
        results = _data().results
        if row_id not in results:
            raise UnknownIdError(row_id, results, what="check")
        row = results[row_id]
        classes = ["wb-check", "wb-verdict", f"wb-verdict-{row['verdict']}"]
        note = f"{row['working']}. {row['comment_en']}".strip()
        return RowLink("", row["verdict"], target=f"check-{row_id}", note=note, classes=classes)


def _claim_link(claim: Claim, note: str) -> RowLink:
    return RowLink("", format_value(claim), target=f"claim-{claim.claim_id}", note=note, classes=["wb-claim"])


# --- directives ---------------------------------------------------------------------------------------------------


def _choice(values: tuple[str, ...]) -> Callable[[str], str]:
    return lambda argument: str(directives.choice(argument, values))


_Cell: TypeAlias = nodes.Node | list[nodes.Node]


class _RowsDirective(SphinxDirective):
    """A table whose rows can be linked to."""

    def host(self, target: str) -> None:
        for source in _SOURCES:
            self.env.note_dependency(str(DATA / source))
        rows = _rows(self.env).setdefault(self.env.docname, [])
        if target in rows:
            logger.warning(
                "the row %r stands on this page twice",
                target,
                type="wattbook",
                subtype="row",
                location=self.get_location(),
            )
        rows.append(target)

    def table(self, name: str, columns: tuple[str, ...], rows: list[tuple[str, list[_Cell]]]) -> nodes.table:
        """Build a table: per row its anchor and one cell per column."""
        table = nodes.table(classes=[name, "colwidths-given"])
        group = nodes.tgroup(cols=len(columns))
        table += group
        for _ in columns:
            # HTML sizes columns by itself; the text writer never ends where one is narrower than a Han character.
            group += nodes.colspec(colwidth=20)
        head = nodes.row()
        for column in columns:
            head += nodes.entry("", nodes.paragraph("", column))
        group += nodes.thead("", head)
        body = nodes.tbody()
        group += body
        for target, cells in rows:
            self.host(target)
            row = nodes.row(ids=[target])
            for cell in cells:
                row += nodes.entry("", *(cell if isinstance(cell, list) else [cell]))
            body += row
        return table


class ClaimsLedger(_RowsDirective):
    """``{claims-ledger}``: every claim, or those of ``:theme:``, one row each."""

    option_spec: ClassVar = {"theme": _choice(THEMES)}

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        data = _data()
        chosen = [c for c in data.claims.values() if self.options.get("theme", c.theme) == c.theme]
        columns = ("Value", "What it is", "Who says so, and where")
        return [self.table("wb-ledger", columns, [(f"claim-{c.claim_id}", self.cells(c, data)) for c in chosen])]

    def cells(self, claim: Claim, data: _Data) -> list[nodes.Node]:
        """Build the cells of one claim."""
        value = nodes.paragraph("", "", nodes.strong("", format_value(claim)))
        kind = ", ".join(part for part in (_KIND[claim.kind], claim.period) if part)
        where = nodes.paragraph("", f"{data.label(claim.article_id)}, {claim.start}–{claim.end}: ")
        # The HTML writer makes a lang attribute of this class.
        where += nodes.inline("", claim.printed, classes=["wb-printed", "language-zh-Hant"])
        what = nodes.container("", nodes.paragraph("", claim.statement_en))
        if claim.note:
            what += nodes.paragraph("", claim.note, classes=["wb-note"])
        what += nodes.paragraph("", "", nodes.literal("", claim.claim_id), classes=["wb-note"])
        who = nodes.container("", nodes.paragraph("", data.name(claim.attributed_to)), where)
        who += UsedIn(target=f"claim-{claim.claim_id}")
        return [nodes.container("", value, nodes.paragraph("", kind, classes=["wb-note"])), what, who]


class AuditTable(_RowsDirective):
    """``{audit-table}``: every check, or those of ``:theme:`` and ``:verdict:``, with its verdict and working."""

    option_spec: ClassVar = {"theme": _choice(THEMES), "verdict": _choice(VERDICTS)}

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        data = _data()
        chosen = [
            row
            for row in data.results.values()
            if all(self.options.get(option, row[option]) == row[option] for option in ("theme", "verdict"))
        ]
        columns = ("Verdict", "Working", "What it means")
        return [self.table("wb-audit", columns, [(f"check-{r['check_id']}", self.cells(r, data)) for r in chosen])]

    def cells(self, row: dict[str, Any], data: _Data) -> list[nodes.Node]:
        """Build the cells of one check."""
        badge = nodes.inline("", row["verdict"], classes=["wb-verdict", f"wb-verdict-{row['verdict']}"])
        meaning = nodes.container("", nodes.paragraph("", row["comment_en"]))
        meaning += nodes.paragraph("", "", nodes.literal("", row["check_id"]), classes=["wb-note"])
        meaning += UsedIn(target=f"check-{row['check_id']}")
        return [nodes.paragraph("", "", badge), self.working(row, data), meaning]

    def working(self, row: dict[str, Any], data: _Data) -> list[nodes.Node]:
        """Write the sum with its numbers put in, each claim a link to its row."""
        unit = row["unit"]
        left = parse(row["left"], data.claims, data.facts)
        right = parse(row["right"], data.claims, data.facts) if row["right"].strip() else None
        sums = nodes.paragraph()
        for part in working(left, right, row["left_value"], unit):
            match part:
                case Claim():
                    sums += _claim_link(part, "")
                case Fact():
                    sums += nodes.Text(f"{written(part)} ({part.source})")
                case str():
                    sums += nodes.Text(part)
        cell: list[nodes.Node] = [sums]
        if row["verdict"] not in ("consistent", "derived"):
            low, high, printed_low, printed_high = (
                result_text(row[end], unit) for end in ("left_low", "left_high", "right_low", "right_high")
            )
            text = f"As rounded, the left side is {low} to {high}; the right side stands for "
            cell.append(nodes.paragraph("", f"{text}{printed_low} to {printed_high}."))
        return cell


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
    for place in list(doctree.findall(UsedIn)):
        cited = _citing_pages(app, docname, place["target"])
        place.replace_self([cited] if len(cited) else [])
    if app.builder.format == "latex":
        # The LaTeX writer gives table rows no label: put it into their first cell.
        for row in doctree.findall(nodes.row):
            if row["ids"]:
                row[0][0].insert(0, nodes.target("", "", ids=row["ids"]))


def _citing_pages(app: Sphinx, docname: str, target: str) -> nodes.paragraph:
    uses = _uses(app.env)
    found = nodes.paragraph(classes=["wb-used-in", "wb-note"])
    for page in sorted(uses):
        anchor = next((anchor for cited, anchor in uses[page] if cited == target), None)
        if anchor is not None:
            found += nodes.Text(", " if len(found) else "Used in ")
            title = app.env.titles[page].astext()
            found += nodes.reference("", title, refuri=_uri(app, docname, page, anchor), internal=True)
    return found


def _uri(app: Sphinx, docname: str, to: str, anchor: str) -> str:
    try:
        return f"{app.builder.get_relative_uri(docname, to)}#{anchor}"
    except NoUri:
        return f"#{anchor}"


def _visit_html(self: Any, node: RowLink) -> None:
    """Write the link; its note is hidden until style sheet or screen reader takes it up."""
    if "refuri" not in node:
        # A copy in a table of contents, where links have no place, or a row that is nowhere (warned of).
        self.body.append("<span>")
        return
    described = f' aria-describedby="{node["ids"][0]}-note"' if node["note"] else ""
    self.body.append(self.starttag(node, "span", ""))
    self.body.append(f'<a class="reference internal" href="{html.escape(node["refuri"])}"{described}>')


def _depart_html(self: Any, node: RowLink) -> None:
    if "refuri" in node:
        self.body.append("</a>")
        if node["note"]:
            self.body.append(
                f'<span class="wb-claim-note" id="{node["ids"][0]}-note" role="tooltip" hidden>'
                f"{html.escape(node['note'])}</span>"
            )
    self.body.append("</span>")


def _plain(self: Any, node: RowLink) -> None:
    """Write the text alone: what is left for other writers are copies in tables of contents."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    plain = (_plain, _plain)
    app.add_node(RowLink, html=(_visit_html, _depart_html), latex=plain, text=plain, man=plain, texinfo=plain)
    app.add_role("claim", ClaimRole())
    app.add_role("check", CheckRole())
    app.add_directive("claims-ledger", ClaimsLedger)
    app.add_directive("audit-table", AuditTable)
    app.connect("builder-inited", _load)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _updated)
    app.connect("doctree-resolved", _resolve)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
