"""What a published book has beside its pages: a 404 page, a feed of the changelog, a social card, a sitemap.

Where the book is published is known once CITATION.cff has its ``url``.  Until then there is no sitemap, pages name no
social card and no canonical address, and the feed's links are relative.
"""

import re
import uuid
from html import escape
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import vl_convert
from docutils import nodes
from markdown_it import MarkdownIt
from sphinx.application import Sphinx
from sphinx.config import Config

from wattbook.audit import VERDICTS, run_audit
from wattbook.charts.text import text_width, wrap
from wattbook.charts.theme import COLOURS, THEME_COLOURS, VERDICT_COLOURS
from wattbook.cite import metadata
from wattbook.ledger import all_claims
from wattbook.paths import ROOT

FEED = "feed.xml"
CARD = "social-card.png"
_CARD_SIZE = (1200, 630)
_CHANGES_PAGE = "book/changelog.html"
_RELEASE = re.compile(
    r"^## (?P<version>\S+) \((?P<date>\d{4}-\d\d-\d\d)\)\n(?P<text>.*?)(?=^## |^\(sec-|\Z)", re.M | re.S
)
_DESCRIPTION = 200


def address() -> str | None:
    """Give the address at which the book is published, without a slash at its end; None where it is not known."""
    url = metadata().get("url")
    return str(url).rstrip("/") if url else None


# --- feed ---------------------------------------------------------------------------------------------------------


def feed(changelog: str, book: dict[str, Any], base: str | None) -> str:
    """Write the releases of a changelog as an Atom feed (RFC 4287), the latest first.

    Ids are made from title and version, so they stay when the book moves.
    """
    releases = [found.groupdict() for found in _RELEASE.finditer(changelog)]
    page = f"{base}/{_CHANGES_PAGE}" if base else _CHANGES_PAGE
    title = str(book["title"])
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<title>{escape(title)}: changes</title>",
        f"<id>{_identifier(title)}</id>",
        f"<updated>{releases[0]['date']}T00:00:00Z</updated>",
        *(f"<author><name>{escape(author['name'])}</name></author>" for author in book["authors"]),
        f'<link rel="self" href={quoteattr(f"{base}/{FEED}" if base else FEED)}/>',
        f"<link href={quoteattr(page)}/>",
    ]
    for release in releases:
        anchor = f"sec-changelog-{release['version'].replace('.', '-')}"
        lines += [
            "<entry>",
            f"<title>Version {release['version']}</title>",
            f"<id>{_identifier(title, release['version'])}</id>",
            f"<updated>{release['date']}T00:00:00Z</updated>",
            f"<link href={quoteattr(f'{page}#{anchor}')}/>",
            f'<content type="html">{escape(MarkdownIt().render(release["text"]))}</content>',
            "</entry>",
        ]
    return "\n".join([*lines, "</feed>", ""])


def _identifier(*parts: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, ' '.join(parts))}"


def sitemap(pages: list[str], base: str, date: str) -> str:
    """Write the sitemap of pages, given as paths from the book's root, of a book released on ``date``."""
    entries = [f"<url><loc>{escape(f'{base}/{page}')}</loc><lastmod>{date}</lastmod></url>" for page in pages]
    start = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([start, *entries, "</urlset>", ""])


# --- social card --------------------------------------------------------------------------------------------------


def card(title: str, line: str, verdicts: dict[str, int], claims: int) -> str:
    """Draw the social card as SVG: the title, a line below it, and how the checks came out."""
    width, height = _CARD_SIZE
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="Wattbook Sans">',
        f'<rect width="{width}" height="{height}" fill="{COLOURS["paper"]}"/>',
    ]
    stripes = list(THEME_COLOURS.values())[:5]
    for number, colour in enumerate(stripes):
        part = width / len(stripes)
        out.append(f'<rect x="{number * part:g}" width="{part:g}" height="22" fill="{colour}"/>')
    for number, text in enumerate(wrap(title, width - 140, 84, bold=True)):
        y = 150 + 94 * number
        out.append(
            f'<text x="70" y="{y}" font-size="84" font-weight="700" fill="{COLOURS["ink"]}">{escape(text)}</text>'
        )
    for number, text in enumerate(wrap(line, width - 140, 36)):
        y = 300 + 48 * number
        out.append(f'<text x="70" y="{y}" font-size="36" fill="{COLOURS["muted"]}">{escape(text)}</text>')
    shown = {name: verdicts[name] for name in VERDICTS if verdicts.get(name)}
    total, x = sum(shown.values()), 70.0
    out.append(
        f'<text x="70" y="452" font-size="30" font-weight="700" fill="{COLOURS["ink"]}">'
        f"{claims} claims, {total} checks</text>"
    )
    for name, count in shown.items():
        part = (width - 140) * count / total
        out.append(f'<rect x="{x:.1f}" y="474" width="{part - 4:.1f}" height="58" fill="{VERDICT_COLOURS[name]}"/>')
        x += part
    x = 70.0
    for name, count in shown.items():
        label = f"{count} {name}"
        out.append(f'<rect x="{x:.1f}" y="559" width="18" height="18" fill="{VERDICT_COLOURS[name]}"/>')
        out.append(f'<text x="{x + 26:.1f}" y="577" font-size="26" fill="{COLOURS["ink"]}">{label}</text>')
        x += 26 + text_width(label, 26) + 36
    return "".join([*out, "</svg>"])


# --- the extension ------------------------------------------------------------------------------------------------


def _configure(app: Sphinx, config: Config) -> None:
    base = address()
    if base:
        config.html_baseurl = f"{base}/"


def _pages(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    if app.builder.name != "html":
        return []
    context = {"title": "Page not found", "wb_address": address()}
    return [("404", context, "404.html"), ("index", {"title": metadata()["title"]}, "index.html")]


def description(doctree: nodes.document) -> str:
    """Give the first words of a page that say something: not a line all in italics, not a heading."""
    for paragraph in doctree.findall(nodes.paragraph):
        text = re.sub(r"\s+", " ", paragraph.astext()).strip()
        is_remark = len(paragraph.children) == 1 and isinstance(paragraph.children[0], nodes.emphasis)
        if text and not is_remark:
            return text if len(text) <= _DESCRIPTION else text[:_DESCRIPTION].rpartition(" ")[0] + " …"
    return ""


def _add_tags(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    depth = "../" * page.count("/")
    feed_link = f'<link rel="alternate" type="application/atom+xml" title="Changes" href="{depth}{FEED}">'
    context["metatags"] = f"{context.get('metatags', '')}\n{feed_link}"
    if doctree is None:
        return
    said = {
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:site_name": metadata()["title"],
        "og:title": re.sub(r"<[^>]+>", "", context.get("title", "")),
        "og:description": description(doctree),
    }
    base = address()
    if base:
        width, height = _CARD_SIZE
        said |= {"og:url": f"{base}/{page}.html", "og:image": f"{base}/_static/{CARD}"}
        said |= {"og:image:width": str(width), "og:image:height": str(height)}
    tags = [f'<meta name="description" content="{escape(said["og:description"], quote=True)}">']
    tags += [f'<meta property="{name}" content="{escape(value, quote=True)}">' for name, value in said.items()]
    if base:
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    context["metatags"] += "\n" + "\n".join(tags)


def _write(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.name != "html":
        return
    out, book, base = Path(app.outdir), metadata(), address()
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    (out / FEED).write_text(feed(changelog, book, base), encoding="utf-8")
    verdicts = run_audit()["verdict"].value_counts()
    line = "Fifteen Chinese articles on AI, power and chips, read word by word and checked number by number"
    drawn = card(
        str(book["title"]), line, {str(name): int(count) for name, count in verdicts.items()}, len(all_claims())
    )
    (out / "_static" / CARD).write_bytes(vl_convert.svg_to_png(drawn, scale=1))
    if base:
        pages = sorted(f"{name}.html" for name in app.env.found_docs)
        (out / "sitemap.xml").write_text(sitemap(pages, base, book["date-released"]), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the extension."""
    app.connect("config-inited", _configure)
    app.connect("html-collect-pages", _pages)
    app.connect("html-page-context", _add_tags)
    app.connect("build-finished", _write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
