"""What a published site needs beside its pages: a page for addresses that lead nowhere, a feed, a sitemap, share tags.

All of it follows CITATION.cff.  As long as that file names no address of the book (``url``) there is nothing to list in
a sitemap and no absolute address for a picture, so neither is written; the rest is there without it.
"""

import re
import uuid
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from docutils import nodes
from markdown_it import MarkdownIt
from sphinx.application import Sphinx
from sphinx.config import Config

from wattbook.audit import run_audit
from wattbook.cite import author_name, metadata
from wattbook.errors import InputError
from wattbook.paths import ROOT
from wattbook.site.card import CARD_SIZE, card
from wattbook.site.page import CHAPTERS

NOT_FOUND = "404"
_BOOK_LINE = "Fifteen Chinese articles on AI, power and chips, checked number by number"
_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
# An entry's id never changes, address or no address (RFC 4287, 4.2.6): a name-based UUID (RFC 9562, 5.5) in this space.
_FEED_IDS = uuid.UUID("b6f7d3b0-6a51-5c58-9a53-3f1c2a7f9d41")
_RELEASE = re.compile(
    r"^## (?P<version>\d+\.\d+\.\d+) \((?P<date>\d{4}-\d{2}-\d{2})\)\n(?P<text>.*?)(?=^## |^\(sec-|\Z)", re.M | re.S
)
_RELATIVE = re.compile(r'(?P<name>\s(?:href|src|data-content_root))="(?![#/]|[a-z]+:)(?:\./)?')
_NOT_FOUND_BODY = """\
<section id="not-found"><h1>There is no such page</h1>
<p>The address leads nowhere in this book. Section labels, claim ids and check ids are permanent, so an old link to one
of them still works on the page that holds it.</p>
<ul>
<li><a href="{start}">The book's first page</a> says what was found.</li>
<li><a href="search.html">The search</a> takes Chinese in both scripts and English.</li>
<li><a href="book/ledger.html">The ledger</a> lists every claim,
<a href="book/audit.html">the audit</a> every check.</li>
</ul>
</section>"""


def releases(changelog: str) -> list[tuple[str, str, str]]:
    """Give version, date (ISO) and text (Markdown) of every release in a changelog, as it lists them.

    Raises InputError where the changelog has no release with a date that exists.
    """
    found = [(match["version"], match["date"], match["text"].strip()) for match in _RELEASE.finditer(changelog)]
    for version, day, _ in found:
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise InputError("CHANGELOG.md", f"{version}: {error}") from error
    if not found:
        raise InputError("CHANGELOG.md", "no release of the form '## 1.0.0 (2026-01-31)'")
    return found


def feed(changelog: str, book: dict[str, Any]) -> bytes:
    """Write the releases of a changelog as an Atom feed (RFC 4287); ``book`` is what `wattbook.cite.metadata` gives."""
    found = releases(changelog)
    address = f"{book['url'].rstrip('/')}/" if "url" in book else ""
    root = ElementTree.Element("feed", {"xmlns": _ATOM, "xml:lang": "en"})
    _add(root, "title", f"{book['title']}: changes")
    _add(root, "id", _feed_id("feed"))
    _add(root, "updated", f"{max(day for _, day, _ in found)}T00:00:00Z")
    for author in book["authors"]:
        _add(_add(root, "author"), "name", author_name(author))
    if address:
        _add(root, "link", rel="self", href=f"{address}feed.xml")
    _add(root, "link", href=f"{address}book/changelog.html")
    markdown = MarkdownIt()
    for version, day, text in found:
        entry = _add(root, "entry")
        _add(entry, "title", f"{version}")
        _add(entry, "id", _feed_id(version))
        _add(entry, "updated", f"{day}T00:00:00Z")
        anchor = f"sec-changelog-{version.replace('.', '-')}"
        _add(entry, "link", href=f"{address}book/changelog.html#{anchor}")
        _add(entry, "content", markdown.render(text), type="html")
    return _xml(root)


def sitemap(pages: list[str], address: str, day: str) -> bytes:
    """List pages ("book/ledger.html") of the site at ``address``, changed on ``day`` (sitemaps.org protocol 0.9)."""
    root = ElementTree.Element("urlset", {"xmlns": _SITEMAP})
    for page in sorted(pages):
        entry = _add(root, "url")
        _add(entry, "loc", f"{address.rstrip('/')}/{page}")
        _add(entry, "lastmod", day)
    return _xml(root)


def share_tags(title: str, book: dict[str, Any], page: str, picture: str) -> str:
    """Give the Open Graph tags of a page ("book/ledger"); picture and address where the book's address is known."""
    pairs = {
        "og:title": title,
        "og:type": "article",
        "og:site_name": book["title"],
        "og:description": " ".join(book["abstract"].split()),
        "twitter:card": "summary_large_image" if "url" in book else "summary",
    }
    if "url" in book:
        address = book["url"].rstrip("/")
        width, height = CARD_SIZE
        pairs |= {
            "og:url": f"{address}/{page}.html",
            "og:image": f"{address}/{picture}",
            "og:image:width": str(width),
            "og:image:height": str(height),
            "og:image:alt": f"{title}: how many checks of the book came out how",
        }
    return "\n".join(
        f'<meta {"name" if name.startswith("twitter") else "property"}="{name}" content="{escape(value, quote=True)}">'
        for name, value in pairs.items()
    )


def description(doctree: nodes.document, book: dict[str, Any]) -> str:
    """Say what a page holds: the first paragraph right below a title, or the book's abstract where it has none."""
    sections = doctree.findall(nodes.section)
    first = (child.astext() for section in sections for child in section if isinstance(child, nodes.paragraph))
    return " ".join(next(first, book["abstract"]).split())


def from_root(page: str, prefix: str) -> str:
    """Make the relative addresses of a page absolute below ``prefix`` ("/book/"): it is shown for any address."""
    return _RELATIVE.sub(rf'\g<name>="{prefix}', page)


def _add(parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = text
    return child


def _xml(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    found: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def _feed_id(name: str) -> str:
    return uuid.uuid5(_FEED_IDS, name).urn


def _picture(page: str) -> str:
    """Name the card of a page: a chapter has its own, every other page the book's."""
    return f"_static/cards/{page.rpartition('/')[2] if page in CHAPTERS else 'book'}.png"


def _name_address(app: Sphinx, config: Config) -> None:
    config.html_baseurl = metadata().get("url", "")


def _add_share_tags(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    lines = [context.get("metatags", "")]
    if doctree is not None:
        book = metadata()
        lines.append(f'<meta name="description" content="{escape(description(doctree, book), quote=True)}">')
        lines.append(share_tags(app.env.titles[page].astext(), book, page, _picture(page)))
    address = context["pathto"]("feed.xml", 1)
    lines.append(f'<link rel="alternate" type="application/atom+xml" title="Changes" href="{address}">')
    context["metatags"] = "\n".join(lines)


def _not_found_page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    start = f"{app.config.root_doc}.html"
    yield NOT_FOUND, {"title": "No such page", "body": _NOT_FOUND_BODY.format(start=start)}, "page.html"


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    out, book = Path(app.outdir), metadata()
    (out / "feed.xml").write_bytes(feed((ROOT / "CHANGELOG.md").read_text("utf-8"), book))
    page = out / f"{NOT_FOUND}.html"
    prefix = urlsplit(book.get("url", "")).path.rstrip("/") + "/"
    page.write_text(from_root(page.read_text("utf-8"), prefix), encoding="utf-8")
    (out / "_static" / "cards").mkdir(exist_ok=True)
    checks = run_audit()
    for name, title in app.env.titles.items():
        if name in CHAPTERS or name == app.config.root_doc:
            theme = CHAPTERS.get(name, ("",))[0]
            line = title.astext() if name in CHAPTERS else _BOOK_LINE
            (out / _picture(name)).write_bytes(card(line, theme, book["title"], checks))
    if "url" in book:
        pages = [f"{name}.html" for name in app.env.found_docs]
        (out / "sitemap.xml").write_bytes(sitemap(pages, book["url"], book["date-released"]))


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("config-inited", _name_address)
    app.connect("html-collect-pages", _not_found_page)
    app.connect("html-page-context", _add_share_tags)
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
