"""Sphinx extension: the ledger and the audit as tables, complete without script, with controls where script runs.

The directives ``{claims-ledger}``, ``{audit-table}`` and ``{cross-checks}`` write rows; ``{explorer}`` writes the
controls that filter and sort the rows of its page.  The rows are the one source: what the controls offer is counted
from the same data, and each row carries what it is filtered by.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from html import escape
from typing import Any, ClassVar, TypeAlias

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from wattbook.audit import VERDICTS, Fact, parse, result_text, working, written
from wattbook.crosscheck import crosschecks, load_gaps
from wattbook.ledger import KINDS, THEMES, Claim, format_value
from wattbook.paths import DATA
from wattbook.site.claims import EntityLink, RowLink, UsedIn, check_link, claim_link, rows_of
from wattbook.site.downloads import links
from wattbook.site.evidence import (
    CHECK_KIND_NAMES,
    KIND_NAMES,
    THEME_NAMES,
    Evidence,
    depend,
    evidence,
)

logger = logging.getLogger(__name__)

Cell: TypeAlias = list[nodes.Node]


class DataRow(nodes.row):  # type: ignore[misc]
    """A table row that carries ``data``: what it is filtered and sorted by, written as ``data-…`` attributes."""


class Controls(nodes.General, nodes.Element):  # type: ignore[misc]
    """The controls over the rows of a page, ``html``; other writers leave them out."""


def _choice(values: tuple[str, ...]) -> Callable[[str], str]:
    return lambda argument: str(directives.choice(argument, values))


def paragraph(*parts: str | nodes.Node, note: bool = False) -> nodes.paragraph:
    """Make a paragraph of texts and nodes; a note is set smaller."""
    inside = [nodes.Text(part) if isinstance(part, str) else part for part in parts]
    return nodes.paragraph("", "", *inside, classes=["wb-note"] if note else [])


def chinese(text: str, *classes: str) -> nodes.inline:
    """Mark a text as Chinese: the HTML writer makes a lang attribute of the class."""
    return nodes.inline("", text, classes=[*classes, "language-zh-Hant"])


def entity_link(entity_id: str, data: Evidence, *, both: bool = False) -> EntityLink:
    """Write an entity's name, in ``both`` scripts where asked, as a link to its page."""
    link = EntityLink("", "", nodes.Text(data.name(entity_id)), entity=entity_id)
    known = data.entities.get(entity_id)
    if both and known is not None and known.name_zh not in ("", known.name_en):
        link += [nodes.Text(" "), chinese(known.name_zh)]
    return link


class RowsDirective(SphinxDirective):
    """A table whose rows can be linked to."""

    def host(self, target: str) -> None:
        """Say that this page has a row."""
        depend(self.env)
        rows = rows_of(self.env).setdefault(self.env.docname, [])
        if target in rows:
            message = "the row %r stands on this page twice"
            logger.warning(message, target, type="wattbook", subtype="row", location=self.get_location())
        rows.append(target)

    def table(
        self, name: str, columns: tuple[str, ...], rows: Iterable[tuple[str, dict[str, str], list[Cell]]]
    ) -> nodes.table:
        """Build a table: per row its anchor (or nothing), its data, and one cell per column."""
        table = nodes.table(classes=["wb-evidence", name, "colwidths-auto"])
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
        for target, values, cells in rows:
            row = DataRow(data=values)
            if target:
                self.host(target)
                row["ids"].append(target)
            for cell in cells:
                row += nodes.entry("", *cell)
            body += row
        return table


class ClaimsLedger(RowsDirective):
    """``{claims-ledger}``: every claim, or those of ``:theme:``, one row each."""

    option_spec: ClassVar = {"theme": _choice(THEMES)}

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        data = evidence()
        chosen = [c for c in data.claims.values() if self.options.get("theme", c.theme) == c.theme]
        columns = ("Value", "What it is", "Who says so, and where", "Checks")
        rows = [(f"claim-{c.claim_id}", claim_data(c, data), self.cells(c, data)) for c in chosen]
        return [self.table("wb-ledger", columns, rows)]

    def cells(self, claim: Claim, data: Evidence) -> list[Cell]:
        """Build the cells of one claim."""
        value = paragraph(nodes.strong("", format_value(claim)))
        about = paragraph(entity_link(claim.subject, data, both=True), f": {claim.metric.replace('_', ' ')}", note=True)
        what: Cell = [about, paragraph(claim.statement_en)]
        if claim.note:
            what.append(paragraph(claim.note, note=True))
        what.append(_permalink(f"claim-{claim.claim_id}", claim.claim_id))
        printed = chinese(claim.printed, "wb-printed")
        where = paragraph(f"{data.label(claim.article_id)}, {claim.start}–{claim.end}: ", printed)
        used = UsedIn(target=f"claim-{claim.claim_id}")
        who: Cell = [paragraph(entity_link(claim.attributed_to, data)), where, used]
        return [[value, paragraph(data.kind(claim), note=True)], what, who, checks_cell(claim, data)]


def claim_data(claim: Claim, data: Evidence) -> dict[str, str]:
    """Give what a claim is filtered and sorted by."""
    verdicts = {data.results[check]["verdict"] for check in data.checks_of.get(claim.claim_id, [])}
    return {
        "theme": claim.theme,
        "about": claim.subject,
        "says": claim.attributed_to,
        "article": claim.article_id,
        "kind": claim.kind,
        "verdict": " ".join(v for v in VERDICTS if v in verdicts) or "none",
        "unit": claim.unit,
        "low": f"{claim.low:g}",
        "period": claim.period,
        "start": str(claim.start),
    }


def checks_cell(claim: Claim, data: Evidence) -> Cell:
    """List the checks that draw on a claim, each with its verdict."""
    cell: Cell = []
    for check_id in data.checks_of.get(claim.claim_id, []):
        row = data.results[check_id]
        cell.append(paragraph(check_link(row, row["verdict"]), f" {check_id}", note=True))
    return cell or [paragraph("none", note=True)]


def _permalink(anchor: str, text: str) -> nodes.paragraph:
    reference = nodes.reference("", "", nodes.literal("", text), refid=anchor, internal=True)
    return paragraph(reference, note=True)


class AuditTable(RowsDirective):
    """``{audit-table}``: every check, or those of ``:theme:`` and ``:verdict:``, with its verdict and working."""

    option_spec: ClassVar = {"theme": _choice(THEMES), "verdict": _choice(VERDICTS)}

    def run(self) -> list[nodes.Node]:
        """Build the table."""
        data = evidence()
        chosen = [
            row
            for row in data.results.values()
            if all(self.options.get(option, row[option]) == row[option] for option in ("theme", "verdict"))
        ]
        columns = ("Verdict", "Working", "What it means")
        rows = [(f"check-{r['check_id']}", check_data(r, data), self.cells(r, data)) for r in chosen]
        return [self.table("wb-audit", columns, rows)]

    def cells(self, row: dict[str, Any], data: Evidence) -> list[Cell]:
        """Build the cells of one check."""
        badge = nodes.inline("", row["verdict"], classes=["wb-verdict", f"wb-verdict-{row['verdict']}"])
        meaning: Cell = [paragraph(row["comment_en"]), _permalink(f"check-{row['check_id']}", row["check_id"])]
        meaning.append(UsedIn(target=f"check-{row['check_id']}"))
        kind = paragraph(CHECK_KIND_NAMES[row["kind"]], note=True)
        return [[paragraph(badge), kind], self.working(row, data), meaning]

    def working(self, row: dict[str, Any], data: Evidence) -> Cell:
        """Write the sum with its numbers put in, each claim a link to its row."""
        unit = row["unit"]
        left = parse(row["left"], data.claims, data.facts)
        right = parse(row["right"], data.claims, data.facts) if row["right"].strip() else None
        sums = nodes.paragraph()
        for part in working(left, right, row["left_value"], unit):
            match part:
                case Claim():
                    sums += claim_link(part)
                case Fact():
                    sums += nodes.Text(f"{written(part)} ({part.source})")
                case str():
                    sums += nodes.Text(part)
        cell: Cell = [sums]
        if row["verdict"] not in ("consistent", "derived"):
            low, high, printed_low, printed_high = (
                result_text(row[end], unit) for end in ("left_low", "left_high", "right_low", "right_high")
            )
            text = f"As rounded, the left side is {low} to {high}; the right side stands for "
            cell.append(paragraph(f"{text}{printed_low} to {printed_high}."))
        if articles := _articles(row["check_id"], data):
            cell.append(paragraph("; ".join(map(data.label, articles)), note=True))
        return cell


def _articles(check_id: str, data: Evidence) -> list[str]:
    """List the articles that a check draws on, in their order."""
    return sorted({data.claims[claim_id].article_id for claim_id in data.claims_of.get(check_id, [])})


def check_data(row: dict[str, Any], data: Evidence) -> dict[str, str]:
    """Give what a check is filtered and sorted by."""
    claims = [data.claims[claim_id] for claim_id in data.claims_of.get(row["check_id"], [])]
    return {
        "theme": row["theme"],
        "verdict": row["verdict"],
        "rank": str(VERDICTS.index(row["verdict"])),
        "kind": row["kind"],
        "article": " ".join(_articles(row["check_id"], data)),
        "about": " ".join(dict.fromkeys(claim.subject for claim in claims)),
        "says": " ".join(dict.fromkeys(claim.attributed_to for claim in claims)),
    }


class CrossChecks(RowsDirective):
    """``{cross-checks} THEME``: the claims of a theme beside independent figures."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the table; nothing where the theme has none."""
        data, table = evidence(), crosschecks()
        chosen = table[table["theme"] == _choice(THEMES)(self.arguments[0])]
        columns = ("Claim", "Independent figure", "Difference", "What explains it")
        rows = [self.cells(row, data) for row in chosen.to_dict("records")]
        return [self.table("wb-cross-checks", columns, (("", {}, cells) for cells in rows))] if rows else []

    def cells(self, row: dict[Hashable, Any], data: Evidence) -> list[Cell]:
        """Build the cells of one comparison."""
        claim, check = data.claims[row["claim_id"]], data.results[row["check_id"]]
        link = RowLink("", row["printed"], target=f"claim-{claim.claim_id}", note=[], classes=["wb-claim"])
        printed: Cell = [paragraph(link), paragraph(claim.statement_en, note=True)]
        source: Cell = [paragraph(row["independent"]), paragraph(row["source"], note=True)]
        if row["basis"] != "independent":
            source.append(paragraph(row["basis"], note=True))
        difference: Cell = [paragraph(row["difference"]), paragraph(check_link(check, check["verdict"]), note=True)]
        return [printed, source, difference, [paragraph(row["explanation"])]]


class NotChecked(SphinxDirective):
    """``{not-checked} THEME``: what public data could not be held against, and why (``data/crosscheck_gaps.csv``)."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build a list; nothing where no gap is recorded."""
        path = DATA / "crosscheck_gaps.csv"
        if not path.exists():
            return []
        self.env.note_dependency(str(path))
        data, items, gaps = evidence(), nodes.bullet_list(), load_gaps()
        for gap in gaps[gaps["theme"] == _choice(THEMES)(self.arguments[0])].to_dict("records"):
            claims = [claim_link(data.claims[claim_id]) for claim_id in gap["claim_ids"].split()]
            shown = [part for link in claims for part in (", ", link)][1:]
            printed: list[str | nodes.Node] = [" (", *shown, ")"] if shown else []
            needed = f" Needed: {gap['needed']}" if gap["needed"] else ""
            items += nodes.list_item("", paragraph(nodes.strong("", gap["group"]), *printed, f": {gap['why']}{needed}"))
        return [paragraph("What could not be checked, and why:"), items] if len(items) else []


# --- controls -----------------------------------------------------------------------------------------------------

Option: TypeAlias = tuple[str, str]


def _options(options: Iterable[Option]) -> str:
    return "".join(f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in options)


def _select(name: str, label: str, first: str, options: Iterable[Option], **attributes: str) -> str:
    """Write a labelled list of choices of which the first, empty one leaves everything in."""
    extra = "".join(f' data-{key}="{escape(value)}"' for key, value in attributes.items())
    everything = f'<option value="">{escape(first)}</option>'
    return f'<label>{escape(label)}<select name="{name}"{extra}>{everything}{_options(options)}</select></label>'


def _counted(values: Iterable[str], names: Callable[[str], str], order: Iterable[str] | None = None) -> list[Option]:
    """Give the values that occur, each with its name and how many rows have it; by name unless ``order`` is given."""
    counts = Counter(values)
    ranked = [v for v in order if v in counts] if order is not None else sorted(counts, key=lambda v: names(v).lower())
    return [(value, f"{names(value)} ({counts[value]})") for value in ranked]


def _form(rows: list[dict[str, str]], filters: list[str], sorts: list[tuple[str, str, str]], table: str) -> str:
    """Write the controls of a page with these rows.

    ``sorts`` holds value, text and the data by which rows are sorted; ``table`` is the name of the table that the
    chosen rows are saved from.
    """
    options = "".join(
        f'<option value="{value}" data-keys="{keys}">{escape(text)}</option>' for value, text, keys in sorts
    )
    search = '<label>Search<input type="search" name="q" autocomplete="off" spellcheck="false"></label>'
    order = f'<label>Sort by<select name="sort"><option value="">order of the book</option>{options}</select></label>'
    back = '<label class="wb-check-box"><input type="checkbox" name="desc" value="1"> largest or last first</label>'
    save = "".join(
        f'<button type="button" data-save="{form}">These rows as {form.upper()}</button>' for form in ("csv", "json")
    )
    return (
        f'<form class="wb-explorer" role="search" aria-label="Filter and sort the rows" hidden data-table="{table}"'
        f' data-total="{len(rows)}" data-pagefind-ignore="all">'
        f'<div class="wb-explorer-fields">{search}{"".join(filters)}{order}{back}</div>'
        f'<p class="wb-explorer-state"><output role="status" aria-live="polite"></output> '
        f'<button type="reset">Show all rows</button>{save}</p></form>'
    )


def _column(rows: list[dict[str, str]], *names: str) -> list[str]:
    """Give the values of some data of every row, one that a row has twice counted once."""
    return [value for row in rows for value in dict.fromkeys(v for name in names for v in row[name].split())]


def _common(rows: list[dict[str, str]], data: Evidence) -> list[str]:
    entities = _counted(_column(rows, "about", "says"), data.name)
    roles = [("about", "the subject"), ("says", "the speaker")]
    return [
        _select("theme", "Theme", "all themes", _counted(_column(rows, "theme"), THEME_NAMES.__getitem__, THEMES)),
        _select("entity", "Entity", "all entities", entities, fields="about says"),
        _select("as", "Entity is", "subject or speaker", roles, narrows="entity"),
        _select("article", "Article", "all articles", _counted(_column(rows, "article"), data.label)),
    ]


def ledger_controls(data: Evidence) -> str:
    """Write the controls of the ledger."""
    rows = [claim_data(claim, data) for claim in data.claims.values()]
    verdicts = _counted(_column(rows, "verdict"), lambda v: "no check" if v == "none" else v, [*VERDICTS, "none"])
    filters = [
        *_common(rows, data),
        _select("kind", "Kind", "all kinds", _counted(_column(rows, "kind"), KIND_NAMES.__getitem__, KINDS)),
        _select("verdict", "Verdict of a check", "any", verdicts),
    ]
    sorts = [
        ("value", "value, unit by unit", "unit low"),
        ("period", "period", "period"),
        ("subject", "subject", "about"),
        ("speaker", "speaker", "says"),
        ("place", "article and place in it", "article start"),
    ]
    return _form(rows, filters, sorts, "ledger")


def audit_controls(data: Evidence) -> str:
    """Write the controls of the audit."""
    rows = [check_data(row, data) for row in data.results.values()]
    filters = [
        *_common(rows, data),
        _select("verdict", "Verdict", "all verdicts", _counted(_column(rows, "verdict"), str, VERDICTS)),
        _select("kind", "Kind of check", "all kinds", _counted(_column(rows, "kind"), CHECK_KIND_NAMES.__getitem__)),
    ]
    sorts = [("verdict", "verdict", "rank"), ("kind", "kind of check", "kind"), ("article", "article", "article")]
    return _form(rows, filters, sorts, "audit")


class Explorer(SphinxDirective):
    """``{explorer} ledger`` or ``{explorer} audit``: the controls over the rows of the page, and their downloads."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Give the controls and the list of downloads."""
        depend(self.env)
        table = _choice(("ledger", "audit"))(self.arguments[0])
        build = ledger_controls if table == "ledger" else audit_controls
        static = "../" * self.env.docname.count("/") + "_static"
        return [Controls(html=f"{build(evidence())}<p>All rows: {links(table, static)}</p>")]


def _visit_controls(self: Any, node: Controls) -> None:
    self.body.append(node["html"])


def _visit_row(self: Any, node: DataRow) -> None:
    self.visit_row(node)
    values = "".join(f' data-{key}="{escape(value)}"' for key, value in node["data"].items() if value)
    self.body[-1] = self.body[-1].replace("<tr", f"<tr{values}", 1)


def _depart_row(self: Any, node: DataRow) -> None:
    self.depart_row(node)


def _nothing(self: Any, node: nodes.Element) -> None:
    """Leave the controls out."""


def _add_script(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if doctree is not None and next(iter(doctree.findall(Controls)), None) is not None:
        app.add_js_file("explorer.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.setup_extension("wattbook.site.claims")
    nothing = (_nothing, _nothing)
    app.add_node(Controls, html=(_visit_controls, _nothing), latex=nothing, text=nothing, man=nothing, texinfo=nothing)
    app.add_node(DataRow, html=(_visit_row, _depart_row))
    app.add_directive("claims-ledger", ClaimsLedger)
    app.add_directive("audit-table", AuditTable)
    app.add_directive("cross-checks", CrossChecks)
    app.add_directive("not-checked", NotChecked)
    app.add_directive("explorer", Explorer)
    app.connect("html-page-context", _add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
