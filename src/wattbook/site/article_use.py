"""Sphinx extension: which section uses which article, worked out from the pages themselves.

A section of a chapter uses an article when a number or a verdict in its text (``{claim}``, ``{check}``) comes from it,
or a claim that one of its code cells names.  ``{article-use}`` writes the table.
"""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from wattbook.site.claims import RowLink, reference
from wattbook.site.evidence import Evidence, depend, evidence

logger = logging.getLogger(__name__)

CHAPTERS = "notebooks/"
_QUOTED = re.compile(r"""["']([a-z0-9]+(?:-[a-z0-9]+)+)["']""")


class Section(NamedTuple):
    """A section of a chapter: its anchor, its heading, and the ids of the claims that it uses."""

    anchor: str
    title: str
    claims: tuple[str, ...]


class ArticleUse(nodes.General, nodes.Element):  # type: ignore[misc]
    """The place of the table; filled when every page is read."""


def used_claims(part: nodes.Element, data: Evidence) -> set[str]:
    """Give the claims that a part of a page uses: in its text, behind its verdicts, and named in its code cells."""
    found: set[str] = set()
    for link in part.findall(RowLink):
        kind, _, row = link["target"].partition("-")
        found.update(data.claims_of.get(row, ()) if kind == "check" else [row])
    for cell in part.findall(nodes.literal_block):
        named = _QUOTED.findall(cell.astext())
        found.update(named)
        found.update(claim for check in named for claim in data.claims_of.get(check, ()))
    return found & data.claims.keys()


def sections_of(doctree: nodes.document, data: Evidence) -> list[Section]:
    """List the sections of a page that use claims, each with what stands in it and not in a section inside it."""
    listed = []
    for section in doctree.findall(nodes.section):
        own = nodes.container()
        own.children = [child for child in section.children if not isinstance(child, nodes.section)]
        claims = used_claims(own, data)
        if claims:
            anchor = next((name for name in section["ids"] if name.startswith("sec-")), section["ids"][0])
            title = section.next_node(nodes.title)
            listed.append(Section(anchor, title.astext() if title is not None else "", tuple(sorted(claims))))
    return listed


def _found(env: BuildEnvironment) -> dict[str, list[Section]]:
    if not hasattr(env, "wattbook_article_use"):
        env.wattbook_article_use = {}  # type: ignore[attr-defined]
    return env.wattbook_article_use  # type: ignore[no-any-return,attr-defined]


def _pages(env: BuildEnvironment) -> set[str]:
    if not hasattr(env, "wattbook_article_tables"):
        env.wattbook_article_tables = set()  # type: ignore[attr-defined]
    return env.wattbook_article_tables  # type: ignore[no-any-return,attr-defined]


def _record(app: Sphinx, doctree: nodes.document) -> None:
    if app.env.docname.startswith(CHAPTERS):
        _found(app.env)[app.env.docname] = sections_of(doctree, evidence())


def _purge(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    _found(env).pop(docname, None)
    _pages(env).discard(docname)


def _merge(app: Sphinx, env: BuildEnvironment, docnames: list[str], other: BuildEnvironment) -> None:
    _found(env).update({name: found for name, found in _found(other).items() if name in docnames})
    _pages(env).update(_pages(other) & set(docnames))


def _updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the table again whenever a chapter was read."""
    return sorted(_pages(env))


class ArticleUseDirective(SphinxDirective):
    """``{article-use}``: one row per article, with the sections that use it."""

    def run(self) -> list[nodes.Node]:
        """Give the place of the table."""
        depend(self.env)
        _pages(self.env).add(self.env.docname)
        return [ArticleUse()]


def _resolve(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(ArticleUse)):
        place.replace_self(_table(app, docname, evidence()))


def _table(app: Sphinx, docname: str, data: Evidence) -> nodes.table:
    rows = []
    for article in data.labels:
        of_article = {claim.claim_id for claim in data.claims.values() if claim.article_id == article}
        used: set[str] = set()
        chapters = nodes.paragraph()
        for page, sections in sorted(_found(app.env).items()):
            mine = [section for section in sections if of_article.intersection(section.claims)]
            used.update(*(of_article.intersection(section.claims) for section in mine))
            if not mine:
                continue
            chapters += nodes.Text("; " if len(chapters) else "")
            chapters += nodes.strong("", app.env.titles[page].astext())
            for number, section in enumerate(mine):
                count = len(of_article.intersection(section.claims))
                link = reference(app, docname, page, section.anchor, section.title)
                chapters += [nodes.Text(", " if number else ": "), link, nodes.Text(f" ({count})")]
        if not used:
            logger.warning("no section uses article %s", article, type="wattbook", subtype="article", location=docname)
        label = nodes.paragraph("", f"{data.label(article)} ({article})")
        rows.append([label, nodes.paragraph("", f"{len(used)} of {len(of_article)}"), chapters])
    heads = [
        nodes.paragraph("", text) for text in ("Article", "Claims used", "Sections, with the claims that each uses")
    ]
    return _lay_out(heads, rows, (22, 12, 66))


def _lay_out(heads: Iterable[nodes.Node], rows: list[list[nodes.paragraph]], widths: tuple[int, ...]) -> nodes.table:
    group = nodes.tgroup("", cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    head, body = nodes.thead(), nodes.tbody()
    head += nodes.row("", *(nodes.entry("", cell) for cell in heads))
    body += [nodes.row("", *(nodes.entry("", cell) for cell in row)) for row in rows]
    group += [head, body]
    return nodes.table("", group, classes=["wb-article-use"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.add_node(ArticleUse)
    app.add_directive("article-use", ArticleUseDirective)
    app.connect("doctree-read", _record)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
    app.connect("env-updated", _updated)
    app.connect("doctree-resolved", _resolve)
    return {"version": "1", "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
