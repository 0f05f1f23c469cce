"""The frame of each page: theme, contents list, accent colour, and nothing loaded that the page does not use."""

import re
from html import escape
from typing import Any

from docutils import nodes
from markupsafe import Markup
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from wattbook.cite import author_name, metadata
from wattbook.paths import ROOT
from wattbook.site.language import mark_chinese

THEME = ROOT / "book" / "_theme"

# Per chapter the theme whose colour it has (see wattbook.charts.theme.THEME_COLOURS), and the line over its title.
CHAPTERS = {
    "notebooks/00_corpus": ("", "The texts"),
    "notebooks/01_grid_constraints": ("grid", "The grid"),
    "notebooks/02_capex_race": ("capex", "The spending"),
    "notebooks/03_h200_policy": ("h200", "The chip for sale"),
    "notebooks/04_domestic_chip_share": ("chipshare", "The domestic share"),
    "notebooks/05_depreciation_debate": ("depreciation", "The write-offs"),
    "notebooks/06_synthesis": ("", "The whole chain"),
}
# Pages in this part of the contents are wide tables and have no margin notes.
_WIDE_PART = "Evidence"

# What Sphinx and its extensions add to every page and this theme does without.
_UNUSED = (
    "basic.css", "pygments.css", "mystnb.", "documentation_options.js", "doctools.js", "sphinx_highlight.js",
)  # fmt: skip
# Docutils writes roles that ARIA 1.2 has deprecated or does not allow where they stand.
_DROPPED_ROLES = (' role="doc-biblioentry"', ' role="list"')
_CODE_SUMMARY = re.compile(
    r'<summary aria-label="Toggle hidden content">\s*<p class="collapsed[^>]*>.*?</p>\s*<p class="expanded.*?</p>\s*'
    r"</summary>",
    re.DOTALL,
)
_SETTINGS = re.compile(r'(<div class="cell [^"]*tag_parameters[^"]*">\s*<details[^>]*>\s*<summary>)Code(?=</summary>)')
# The tables of evidence fit any width by themselves, but those of entities.
_TABLE = re.compile(r'<table class="(?:wb-evidence wb-entit(?:y|ies) )?docutils.*?</table>', re.DOTALL)
_CAPTION = re.compile(r"<figcaption>.*?</figcaption>", re.DOTALL)


def _correct(body: str) -> str:
    for role in _DROPPED_ROLES:
        body = body.replace(role, "")
    body = _CODE_SUMMARY.sub("<summary>Code</summary>", body)
    body = _SETTINGS.sub(r"\1Settings you can change", body)
    # What may be wider than a phone scrolls by itself, and what scrolls must be reachable from the keyboard.
    body = body.replace('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">')
    body = _TABLE.sub(r'<div class="wb-scroll" role="group" aria-label="Table" tabindex="0">\g<0></div>', body)
    return "</figure>".join(map(_caption_first, body.split("</figure>")))


def _caption_first(body: str) -> str:
    """Move the caption of a text's last figure before its picture: read first, and in the margin where there is one."""
    before, opening, figure = body.rpartition("<figure ")
    caption = _CAPTION.search(figure)
    if not opening or caption is None:
        return body
    start = figure.index(">") + 1
    return f"{before}{opening}{figure[:start]}{caption[0]}{figure[start : caption.start()]}{figure[caption.end() :]}"


def _toctrees(env: BuildEnvironment, page: str) -> list[addnodes.toctree]:
    return list(env.tocs[page].findall(addnodes.toctree)) if page in env.tocs else []


def _sections(env: BuildEnvironment, page: str) -> list[dict[str, str]]:
    """List the sections of the first level of a page."""
    top = next(env.tocs[page].findall(nodes.list_item), None)
    inner = next((child for child in top or () if isinstance(child, nodes.bullet_list)), None)
    links = [next(item.findall(nodes.reference), None) for item in inner or ()]
    return [{"anchor": link["anchorname"].lstrip("#"), "title": link.astext()} for link in links if link is not None]


def contents(app: Sphinx, page: str) -> list[dict[str, Any]]:
    """Give the contents list as page ``page`` shows it: parts with entries, its own sections under its own entry.

    Pages inside an entry (one for each entity) are not listed: their own list is that entry's page.
    """
    env, builder = app.env, app.builder

    def entry(title: str | None, name: str) -> dict[str, Any]:
        return {
            "title": Markup(mark_chinese(escape(title or env.titles[name].astext()))),
            "link": builder.get_relative_uri(page, name),
            "current": "page" if name == page else "true" if page in _inside(env, name) else "",
            "accent": CHAPTERS.get(name, ("",))[0],
            "sections": _sections(env, name) if name == page else [],
        }

    return [
        {
            "caption": tree.get("caption") or "",
            "entries": [entry(title, name) for title, name in tree["entries"] if name in env.titles],
        }
        for tree in _toctrees(env, env.config.root_doc)
    ]


def _inside(env: BuildEnvironment, page: str) -> list[str]:
    """List the pages that a page has in a contents list of its own."""
    return [name for tree in _toctrees(env, page) for _, name in tree["entries"]]


def _part(env: BuildEnvironment, page: str) -> str:
    """Name the part of the contents that a page is in."""
    for tree in _toctrees(env, env.config.root_doc):
        names = [name for _, name in tree["entries"]]
        if page in names or any(page in _inside(env, name) for name in names):
            return str(tree.get("caption") or "")
    return ""


def _kind(app: Sphinx, page: str) -> str:
    if page == app.config.root_doc:
        return "landing"
    if page in CHAPTERS:
        return "chapter"
    return "wide" if _part(app.env, page) == _WIDE_PART else "text"


def _is_used(asset: Any) -> bool:
    return not str(getattr(asset, "filename", asset)).rpartition("/")[2].startswith(_UNUSED)


def _complete(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if "body" in context:
        context["body"] = mark_chinese(_correct(context["body"]))
    context["css_files"] = [asset for asset in context["css_files"] if _is_used(asset)]
    context["script_files"] = [asset for asset in context["script_files"] if _is_used(asset)]
    # MyST adds a second one of these.
    context["metatags"] = re.sub(r'<meta name="viewport"[^>]*>\s*', "", context.get("metatags", ""))
    book = metadata()
    accent, kicker = CHAPTERS.get(page, ("", ""))
    context |= {
        "wb_book": book,
        "wb_authors": ", ".join(map(author_name, book["authors"])),
        "wb_repository": book.get("repository-code"),
        "wb_kind": _kind(app, page),
        "wb_accent": accent,
        "wb_kicker": kicker,
        "wb_nav": contents(app, page),
    }


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the theme ``wattbook`` and connect the extension."""
    app.add_html_theme("wattbook", str(THEME))
    # jupyter-book sets it for an extension that the book does without; nobody reads it.
    app.add_config_value("comments_config", {}, "")
    # After the extensions that add tags, scripts and controls.
    app.connect("html-page-context", _complete, priority=900)
    return {"version": "2", "parallel_read_safe": True, "parallel_write_safe": True}
