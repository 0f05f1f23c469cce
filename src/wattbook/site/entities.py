"""Sphinx extension: a page for every main entity, and the lists of all that are named.

The pages are written from the data before Sphinx looks for pages, into a folder that is not kept in the repository; a
page holds headings and one directive under each, ``{entity} PART ID``.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from wattbook.articles import load_articles
from wattbook.errors import InputError
from wattbook.external import caption_source
from wattbook.ledger import Claim
from wattbook.lexicon import entity, load_aliases
from wattbook.paths import DATA
from wattbook.profiles import (
    VIEWS,
    collocates,
    companions,
    entity_counts,
    glosses,
    load_mentions,
    public_rows,
    public_tables,
)
from wattbook.script import to_simplified_converter
from wattbook.site.claims import ENTITY_PAGES, claim_link
from wattbook.site.evidence import Evidence, depend, evidence
from wattbook.site.explorer import Cell, RowsDirective, checks_cell, chinese, entity_link, paragraph

_TOP = 12
_SHORT = 18

Part: TypeAlias = Callable[["EntityPart", str, Evidence], list[nodes.Node]]


_TITLES = {
    "about": "What is claimed about it",
    "says": "What it says",
    "named": "Where it is named",
    "words": "Words beside its name",
    "together": "Who is named with it",
    "data": "Independent data",
}


def parts(entity_id: str) -> list[str]:
    """List the parts of an entity's page that have something to show, in their order."""
    counts = entity_counts().loc[entity_id]
    there = {
        "about": counts["about"] > 0,
        "says": counts["says"] > 0,
        "named": counts["mentions"] > 0,
        "words": len(collocates(entity_id)) > 0,
        "together": len(companions(entity_id)) > 0,
        "data": bool(public_tables(entity_id)),
    }
    return [part for part in _TITLES if there[part]]


def page_text(entity_id: str) -> str:
    """Write the Markdown of an entity's page: its headings, each with a label, and a directive under each."""
    one = entity(entity_id)
    title = " ".join(dict.fromkeys(filter(None, (one.name_en, one.name_zh))))
    label = f"sec-entity-{entity_id}"
    lines = [f"({label})=", f"(entity-{entity_id})=", f"# {title}", "", *_directive("facts", entity_id)]
    for part in parts(entity_id):
        lines += ["", f"({label}-{part})=", f"## {_TITLES[part]}", "", *_directive(part, entity_id)]
    return "\n".join(lines) + "\n"


def _directive(part: str, entity_id: str) -> list[str]:
    return [f"```{{entity}} {part} {entity_id}", "```"]


def write_pages(folder: Path) -> None:
    """Write the page of every main entity into a folder, and take out the pages of all others.

    A page that has not changed is not touched, so that Sphinx reads it again only when something else changed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    counts = entity_counts()
    pages = {folder / f"{entity_id}.md": page_text(entity_id) for entity_id in counts.index[counts["main"]]}
    for old in set(folder.glob("*.md")) - pages.keys():
        old.unlink()
    for path, text in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


class EntityPart(RowsDirective):
    """``{entity} PART ID``: one part of an entity's page."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Build the part."""
        depend(self.env)
        part, entity_id = self.arguments
        return _PARTS[part](self, entity_id, evidence())

    def plain(self, columns: tuple[str, ...], rows: Iterable[Iterable[str | nodes.Node]]) -> nodes.table:
        """Build a table without anchors, one paragraph in each cell."""
        return self.table("wb-entity", columns, (("", {}, [[paragraph(cell)] for cell in row]) for row in rows))

    def claims(self, entity_id: str, data: Evidence, chosen: list[Claim], role: str) -> list[nodes.Node]:
        """Build a table of claims and lead to the same rows in the ledger."""
        other = "Who says so" if role == "about" else "About"
        rows: list[list[Cell]] = []
        for claim in chosen:
            named = entity_link(claim.attributed_to if role == "about" else claim.subject, data)
            where = paragraph(data.label(claim.article_id), note=True)
            value: Cell = [paragraph(claim_link(claim)), paragraph(data.kind(claim), note=True)]
            rows.append([value, [paragraph(claim.statement_en)], [paragraph(named), where], checks_cell(claim, data)])
        table = self.table("wb-claims", ("Value", "What it is", other, "Checks"), (("", {}, row) for row in rows))
        ledger = "../" * (self.env.docname.count("/") - 1) + "ledger.html"
        address = f"{ledger}?entity={entity_id}&amp;as={role}"
        return [table, nodes.raw("", f'<p><a href="{address}">These rows in the ledger</a></p>', format="html")]


def _facts(page: EntityPart, entity_id: str, data: Evidence) -> list[nodes.Node]:
    one, counts = entity(entity_id), entity_counts().loc[entity_id]
    facts: list[tuple[str, list[str | nodes.Node]]] = [("Kind", [one.type])]
    if one.parent_id:
        facts.append(("Part of", [entity_link(one.parent_id, data, both=True)]))
    children = [child.entity_id for child in data.entities.values() if child.parent_id == entity_id]
    if children:
        links = [part for child in children for part in (", ", entity_link(child, data))]
        facts.append(("Belongs to it", links[1:]))
    facts += _names(entity_id)
    if one.wikidata:
        facts.append(("Wikidata", [one.wikidata]))
    times = "once" if counts["mentions"] == 1 else f"{counts['mentions']} times"
    facts.append(("Named", [f"{times} in {counts['articles']} of {len(load_articles())} articles"]))
    items = [
        nodes.definition_list_item("", nodes.term("", term), nodes.definition("", paragraph(*inside)))
        for term, inside in facts
    ]
    return [nodes.definition_list("", *items, classes=["wb-entity-facts"])]


def _names(entity_id: str) -> list[tuple[str, list[str | nodes.Node]]]:
    """List the names that are looked for: Latin ones, and Chinese ones in each script."""
    aliases = load_aliases()
    names = list(aliases.loc[aliases["entity_id"] == entity_id, "alias"])
    han = [name for name in names if not name.isascii()]
    folded = {name: to_simplified_converter().convert(name) for name in han}
    # A name that another one folds to is that one's Simplified form.
    traditional = [name for name in han if name not in {folded[other] for other in han if other != name}]
    simplified = "、".join(dict.fromkeys(folded.values()))
    found: list[tuple[str, list[str | nodes.Node]]] = []
    if latin := [name for name in names if name.isascii()]:
        found.append(("Latin names", [", ".join(latin)]))
    if han:
        found.append(("Traditional", [chinese("、".join(traditional))]))
        found.append(("Simplified", [nodes.inline("", simplified, classes=["language-zh-Hans"])]))
    return found


def _about(page: EntityPart, entity_id: str, data: Evidence) -> list[nodes.Node]:
    return page.claims(entity_id, data, [c for c in data.claims.values() if c.subject == entity_id], "about")


def _says(page: EntityPart, entity_id: str, data: Evidence) -> list[nodes.Node]:
    return page.claims(entity_id, data, [c for c in data.claims.values() if c.attributed_to == entity_id], "says")


def _named(page: EntityPart, entity_id: str, data: Evidence) -> list[nodes.Node]:
    articles, mentions = load_articles(), load_mentions()
    mine = mentions[mentions["entity_id"] == entity_id]
    rows: list[list[str | nodes.Node]] = []
    for article_id in sorted(set(mine["article_id"])):
        names, article = mine.loc[mine["article_id"] == article_id, "alias"], articles.loc[article_id]
        rate = f"{1000 * len(names) / article['characters']:.1f}"
        spelt = chinese("、".join(names.drop_duplicates()))
        rows.append([data.label(article_id), str(article["date"]), str(len(names)), rate, spelt])
    return [page.plain(("Article", "Date", "Times", "Per 1,000 characters", "As"), rows)]


def _words(page: EntityPart, entity_id: str, data: Evidence) -> list[nodes.Node]:
    rows: list[list[str | nodes.Node]] = [
        [chinese(row["collocation"]), glosses().get(row["word"], ""), str(row["count"]), f"{row['log_dice']:.1f}"]
        for row in collocates(entity_id).head(_TOP).to_dict("records")
    ]
    said = "Word pairs that the articles print at least twice, strongest first by log-Dice (14 is the most)."
    return [paragraph(said), page.plain(("Pair", "The other word", "Times", "log-Dice"), rows)]


def _together(page: EntityPart, entity_id: str, data: Evidence) -> list[nodes.Node]:
    rows: list[list[str | nodes.Node]] = [
        [entity_link(row["entity_id"], data, both=True), str(row["passages"]), f"{row['log_dice']:.1f}"]
        for row in companions(entity_id).head(_TOP).to_dict("records")
    ]
    said = "Passages of about a hundred words that name both, strongest first by log-Dice (14 is the most)."
    return [paragraph(said), page.plain(("Entity", "Passages", "log-Dice"), rows)]


def _data(page: EntityPart, entity_id: str, data: Evidence) -> list[nodes.Node]:
    made: list[nodes.Node] = []
    for name in public_tables(entity_id):
        page.env.note_dependency(str(DATA / "external" / f"{name}.csv"))
        columns, rows = public_rows(entity_id, name)
        # A number stays with its unit, a date in one line; long texts may wrap.
        cells = [[nodes.inline("", c, classes=["wb-nowrap"]) if len(c) < _SHORT else c for c in row] for row in rows]
        made += [nodes.rubric("", VIEWS[name].title), page.plain(tuple(columns), cells)]
        made.append(paragraph(f"Source: {caption_source(name)}. {VIEWS[name].note}".strip(), note=True))
    return made


_PARTS: dict[str, Part] = {
    "facts": _facts,
    "about": _about,
    "says": _says,
    "named": _named,
    "words": _words,
    "together": _together,
    "data": _data,
}


class EntityList(RowsDirective):
    """``{entity-list} TYPE…``: the entities of these types that are named often enough, most named first."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Give a table with an anchor for each."""
        data, types = evidence(), self.arguments[0].split()
        counts = entity_counts().query("listed").sort_values("mentions", ascending=False, kind="stable")
        columns = ("Name", "Times named", "In articles", "Claims about it", "Claims by it")
        rows: list[tuple[str, dict[str, str], list[Cell]]] = []
        for row in counts.reset_index().to_dict("records"):
            if entity(row["entity_id"]).type in types:
                numbers = [str(row[what]) for what in ("mentions", "articles", "about", "says")]
                cells = [entity_link(row["entity_id"], data, both=True), *numbers]
                rows.append((f"entity-{row['entity_id']}", {}, [[paragraph(cell)] for cell in cells]))
        return [self.table("wb-entities", columns, rows)]


def _write(app: Sphinx, config: Config) -> None:
    try:
        write_pages(Path(app.srcdir) / ENTITY_PAGES)
    except InputError as error:
        raise ExtensionError(str(error)) from error


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension: the pages are there before the table of contents is read (priority 900)."""
    app.setup_extension("wattbook.site.explorer")
    app.add_directive("entity", EntityPart)
    app.add_directive("entity-list", EntityList)
    app.connect("config-inited", _write, priority=100)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
