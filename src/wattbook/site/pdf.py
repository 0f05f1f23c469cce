"""Print the built book to one PDF with Chromium: ``python -m wattbook.site.pdf OUT``.

The articles of all pages are put into one document, so that links between pages become links inside the file, and
Chromium prints it twice: the first print tells on which page each heading is, the second has these numbers in its list
of contents.  Bookmarks and tags are Chromium's.
"""

import os
import posixpath
import re
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pikepdf
from lxml import html
from lxml.html import HtmlElement
from playwright.sync_api import sync_playwright

from wattbook.cite import author_name, metadata, pages
from wattbook.errors import InputError
from wattbook.paths import ROOT

_STYLE = Path(__file__).with_suffix(".css")
# Controls, copies for other screens, and code, which is in the notebooks.
_LEFT_OUT = {
    "headerlink", "wb-cite", "wb-cite-line", "wb-chart-controls", "wb-series", "wb-chart-more", "wb-chart-narrow",
    "wb-claim-note", "wb-copy", "cell_input", "bd-header-article", "prev-next-footer", "onlyprint",
    "wb-turn",
}  # fmt: skip
_NO_PRINT = {"script", "style", "button", "form", "input", "select", "template", "dialog", "noscript", "summary"}
# References to ids that are not links; what they name is left out of the print.
_REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for", "headers")
# An entry of a ToUnicode map that gives a Kangxi radical or one of the supplement of radicals.
_RADICAL = re.compile(rb"((?:<(?:[0-9A-F]{2}){1,2}>\s*){1,2})<(2[EF][0-9A-F]{2})>")
# The pages of single entities repeat the rows of the ledger and the audit.
_NOT_PRINTED = "book/entities/"
# Evidence and reference pages, which are long tables, in small type.
_SMALL = ("book/ledger", "book/audit", "book/entities", "book/data_dictionary", "book/glossary", "book/references")


def _authors(book: dict[str, Any]) -> str:
    return ", ".join(author_name(author) for author in book["authors"])


def merge(folder: Path, names: list[str], book: dict[str, Any], numbers: dict[str, int] | None = None) -> str:
    """Put the built pages ``names`` of ``folder`` into one document with a cover and a list of contents.

    ``book`` is what ``wattbook.cite.metadata`` gives.  ``numbers`` gives per anchor of the document the page that it is
    printed on; without it the contents have a blank in the number's place.
    """
    articles = {name: _article(folder, name) for name in names}
    ids = {element.get("id") for article in articles.values() for element in article.iterfind(".//*[@id]")}
    for name, article in articles.items():
        for link in list(article.iter("a")):
            _relink(link, name, set(names), ids)
    styles = dict.fromkeys(link for name in names for link in _style_sheets(folder, name))
    rules, body = [], []
    for name, article in articles.items():
        title = next(article.iter("h1")).text_content().strip()
        rules.append(f'@page {_slug(name)} {{ @top-right {{ content: "{_css_string(title)}" }} }}')
        small = " wb-small" if name.startswith(_SMALL) else ""
        content = html.tostring(article, encoding="unicode")
        body.append(f'<div class="wb-page{small}" id="{_slug(name)}" style="page: {_slug(name)}">{content}</div>')
    head = "".join(f'<link rel="stylesheet" href="{escape(style)}">' for style in styles)
    rules.append(f'@page {{ @top-left {{ content: "{_css_string(book["title"])}" }} }}')
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="utf-8">'
        f"<title>{escape(book['title'])}</title>{head}"
        f"<style>{_STYLE.read_text(encoding='utf-8')}{' '.join(rules)}</style></head><body>"
        f"{_cover(book)}{_contents(articles, numbers or {})}{''.join(body)}</body></html>"
    )


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name)


def _css_string(text: str) -> str:
    return re.sub(r'["\\<\n]', lambda found: f"\\{ord(found[0]):x} ", text)


def _style_sheets(folder: Path, name: str) -> Iterator[str]:
    page = folder / f"{name}.html"
    for link in html.parse(str(page)).iterfind(".//link[@rel='stylesheet']"):
        yield (page.parent / urlsplit(link.get("href")).path).resolve().as_uri()


def _article(folder: Path, name: str) -> HtmlElement:
    """Give a page's article as it is printed: no controls, ids of its own among those of all pages."""
    page = folder / f"{name}.html"
    article = html.document_fromstring(page.read_text(encoding="utf-8")).find(".//article")
    for element in list(article.iter()):
        hidden = element.tag == "details" and "hide" in element.get("class", "").split()
        if element.tag in _NO_PRINT or hidden or not _LEFT_OUT.isdisjoint(element.get("class", "").split()):
            element.drop_tree()
    for element in article.iter("details"):
        element.set("open", "")
    for element in article.iter(html.etree.Element):
        if "id" in element.attrib:
            element.set("id", f"{_slug(name)}--{element.get('id')}")
        for key, value in element.attrib.items():
            if key in _REFERENCES:
                del element.attrib[key]
            elif "url(#" in value:
                element.set(key, value.replace("url(#", f"url(#{_slug(name)}--"))
            elif key == "src":
                element.set(key, (page.parent / unquote(urlsplit(value).path)).resolve().as_uri())
    return article


def _relink(link: HtmlElement, name: str, names: set[str], ids: set[str | None]) -> None:
    """Point a link to the same place in this document; drop one to a file that is not in it."""
    address = urlsplit(link.get("href", ""))
    if address.scheme or address.netloc:
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address.path))) if address.path else ""
    page = target.removesuffix(".html") if target else name
    if page not in names or (target and not target.endswith(".html")):
        link.drop_tag()
        return
    anchor = f"{_slug(page)}--{unquote(address.fragment)}"
    link.set("href", f"#{anchor if anchor in ids else _slug(page)}")


def _cover(book: dict[str, Any]) -> str:
    return (
        f'<div class="wb-cover"><p class="wb-cover-title">{escape(book["title"])}</p>'
        f"<p>{escape(' '.join(book.get('abstract', '').split()))}</p>"
        f"<p>{escape(_authors(book))}</p>"
        f"<p>Version {escape(book['version'])}, {escape(book['date-released'])}</p></div>"
    )


def _contents(articles: dict[str, HtmlElement], numbers: dict[str, int]) -> str:
    lines = []
    for article in articles.values():
        for heading in article.iter("h1", "h2"):
            section = next((up for up in heading.iterancestors("section") if up.get("id")), None)
            if section is not None:
                anchor = section.get("id")
                title, number = escape(heading.text_content().strip()), numbers.get(anchor, "")
                link = f'<a href="#{anchor}"><span>{title}</span><span>{number}</span></a>'
                lines.append(f'<li class="wb-contents-{heading.tag}">{link}</li>')
    return f'<nav class="wb-contents"><h1>Contents</h1><ol>{"".join(lines)}</ol></nav>'


def _destinations(printed: Path) -> dict[str, int]:
    """Give the page, counted from 1, of each anchor of the document that a link leads to."""
    with pikepdf.open(printed) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        places = pdf.Root.get("/Dests", pikepdf.Dictionary())
        return {name.removeprefix("/"): numbers[place[0].objgen] for name, place in places.items()}


def _finish(printed: Path, out: Path, book: dict[str, Any]) -> None:
    """Write the file with its authors, with Han characters that can be searched for and copied, and packed.

    Several Han glyphs of the fonts stand for a character and for its Kangxi radical, and Chromium notes the radical:
    老 would be copied as U+2F3C and not be found.  The tags are tens of thousands of small objects, which Chromium
    writes one by one; in object streams they take a third of the room.
    """
    with pikepdf.open(printed) as pdf:
        pdf.docinfo["/Author"] = _authors(book)
        for found in pdf.objects:
            if isinstance(found, pikepdf.Dictionary) and isinstance(found.get("/ToUnicode"), pikepdf.Stream):
                found.ToUnicode.write(_RADICAL.sub(_unified, found.ToUnicode.read_bytes()))
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _unified(entry: re.Match[bytes]) -> bytes:
    character = unicodedata.normalize("NFKC", chr(int(entry[2], 16)))
    return entry[1] + b"<%04X>" % ord(character)


def print_book(out: Path, folder: Path = ROOT / "_build" / "html", root: Path = ROOT) -> None:
    """Print the book built in ``folder`` on A4.  Raises InputError where there is no Chromium or no built book."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise InputError("chromium", "not found: run tests/install_browser.sh")
    names = [name for name in pages(root) if not name.startswith(_NOT_PRINTED) and (folder / f"{name}.html").is_file()]
    if not names:
        raise InputError(str(folder), "no page of the book is there: build it first")
    book = metadata(root)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with tempfile.TemporaryDirectory(dir=out.parent) as scratch, sync_playwright() as playwright:
        document, printed = Path(scratch) / "book.html", Path(scratch) / "book.pdf"
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        numbers: dict[str, int] = {}
        for _ in range(2):
            document.write_text(merge(folder, names, book, numbers), encoding="utf-8")
            # Without script the charts are the static ones, which are complete.
            context = browser.new_context(java_script_enabled=False)
            page = context.new_page()
            page.set_default_timeout(300_000)
            page.goto(document.as_uri())
            page.pdf(path=str(printed), prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
            context.close()
            numbers = _destinations(printed)
        browser.close()
        finished = Path(scratch) / "finished.pdf"
        _finish(printed, finished, book)
        finished.replace(out)


if __name__ == "__main__":
    print_book(Path(sys.argv[1]).resolve())
    print(f"The book is in {sys.argv[1]}")
