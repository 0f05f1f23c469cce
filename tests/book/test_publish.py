"""The page for lost addresses, the feed, the sitemap, the share tags and cards."""

import re
import struct
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from docutils.core import publish_doctree
from playwright.sync_api import Browser

from wattbook.audit import run_audit
from wattbook.cite import metadata
from wattbook.errors import InputError
from wattbook.paths import ROOT
from wattbook.site.card import CARD_SIZE, card
from wattbook.site.page import CHAPTERS
from wattbook.site.publish import description, feed, from_root, releases, share_tags, sitemap

ATOM = "{http://www.w3.org/2005/Atom}"
CHANGELOG = """\
# Changelog

(sec-changelog-1-1-0)=
## 1.1.0 (2030-02-01)

- One **more**.

(sec-changelog-1-0-0)=
## 1.0.0 (2030-01-31)

First.
"""
BOOK = {
    "title": "A book",
    "abstract": "What it\n  says.",
    "authors": [{"given-names": "A", "family-names": "B"}],
    "date-released": "2030-02-01",
}
PLACED = BOOK | {"url": "https://example.org/shelf/"}


def size(png: bytes) -> tuple[int, ...]:
    assert png.startswith(b"\x89PNG")
    return struct.unpack(">II", png[16:24])


def tags(html: str) -> dict[str, str]:
    found = {}

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            if tag == "meta" and (name := given.get("property") or given.get("name")):
                found[name] = given.get("content")

    Reader().feed(html)
    return found


def test_a_changelog_gives_its_releases() -> None:
    assert releases(CHANGELOG) == [("1.1.0", "2030-02-01", "- One **more**."), ("1.0.0", "2030-01-31", "First.")]


@pytest.mark.parametrize("changelog", ["# Changelog\n", "## 1.0.0 (2030-02-30)\n\nFirst.\n"])
def test_a_changelog_without_a_dated_release_is_refused(changelog: str) -> None:
    with pytest.raises(InputError, match="CHANGELOG"):
        releases(changelog)


def test_the_feed_has_an_entry_per_release_whose_id_outlives_an_address() -> None:
    at_home, placed = (ElementTree.fromstring(feed(CHANGELOG, book)) for book in (BOOK, PLACED))
    entries = at_home.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["1.1.0", "1.0.0"]
    assert entries[0].findtext(f"{ATOM}updated") == at_home.findtext(f"{ATOM}updated") == "2030-02-01T00:00:00Z"
    assert "<strong>more</strong>" in (entries[0].findtext(f"{ATOM}content") or "")
    assert at_home.findtext(f"{ATOM}author/{ATOM}name") == "A B"
    ids = [[one.text for one in root.iter(f"{ATOM}id")] for root in (at_home, placed)]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3
    link = placed.find(f"{ATOM}entry/{ATOM}link")
    assert link is not None
    assert link.get("href") == "https://example.org/shelf/book/changelog.html#sec-changelog-1-1-0"


def test_the_sitemap_lists_every_page_in_order() -> None:
    root = ElementTree.fromstring(sitemap(["b/c.html", "a.html"], "https://example.org/shelf/", "2030-02-01"))
    assert [url[0].text for url in root] == ["https://example.org/shelf/a.html", "https://example.org/shelf/b/c.html"]
    assert {url[1].text for url in root} == {"2030-02-01"}


def test_share_tags_name_a_picture_only_where_the_address_is_known() -> None:
    at_home, placed = (tags(share_tags('5 > "4"', book, "book/x", "_static/cards/book.png")) for book in (BOOK, PLACED))
    assert at_home["og:title"] == placed["og:title"] == '5 > "4"'
    assert at_home["og:description"] == "What it says."
    assert "og:image" not in at_home
    assert placed["og:image"] == "https://example.org/shelf/_static/cards/book.png"
    assert placed["og:url"] == "https://example.org/shelf/book/x.html"


def test_a_page_is_described_by_its_first_paragraph_or_by_the_abstract() -> None:
    def described(text: str) -> str:
        source = f"Title\n=====\n\n{text}"
        return description(publish_doctree(source, settings_overrides={"doctitle_xform": False}), BOOK)

    assert described(".. note:: Aside.\n\nWhat this\npage *holds*.\n\nMore.\n") == "What this page holds."
    assert described("- An item.\n") == "What it says."


def test_relative_addresses_are_made_absolute_and_others_left() -> None:
    page = (
        '<a href="book/x.html#y"> <a href="#main"> <a href="https://a.b/"> <a href="/r"> '
        '<img src="./a.svg" data-content_root="./">'
    )
    assert from_root(page, "/shelf/") == (
        '<a href="/shelf/book/x.html#y"> <a href="#main"> <a href="https://a.b/"> <a href="/r"> '
        '<img src="/shelf/a.svg" data-content_root="/shelf/">'
    )


def test_a_card_has_its_size_and_shows_its_theme() -> None:
    checks = run_audit()
    pictures = {card("A long question about something?", theme, "A book", checks) for theme in ("", "grid", "h200")}
    assert len(pictures) == 3
    assert {size(picture) for picture in pictures} == {CARD_SIZE}


def test_the_built_book_has_its_feed_and_its_cards(book: Path) -> None:
    root = ElementTree.parse(book / "feed.xml").getroot()
    newest = root.findtext(f"{ATOM}entry/{ATOM}title")
    assert newest == metadata()["version"] == releases((ROOT / "CHANGELOG.md").read_text("utf-8"))[0][0]
    anchor = f"sec-changelog-{newest.replace('.', '-')}"
    assert f'id="{anchor}"' in (book / "book" / "changelog.html").read_text("utf-8")
    cards = {path.stem: size(path.read_bytes()) for path in (book / "_static" / "cards").glob("*.png")}
    assert set(cards) == {"book", *(name.rpartition("/")[2] for name in CHAPTERS)}
    assert set(cards.values()) == {CARD_SIZE}
    assert (book / "sitemap.xml").exists() == ("url" in metadata())


def test_every_page_has_share_tags_and_leads_to_the_feed(book: Path) -> None:
    for path in sorted(book.rglob("*.html")):
        html = path.read_text("utf-8")
        if path == book / "index.html":  # sends the reader on to the first page
            continue
        feeds = re.findall(r'<link rel="alternate" type="application/atom\+xml"[^>]* href="([^"]+)"', html)
        assert len(feeds) == 1, path
        if path.stem not in ("404", "search", "genindex"):
            assert (path.parent / feeds[0]).resolve() == book / "feed.xml", path
            assert tags(html)["og:title"], path
            assert tags(html)["description"], path


def test_the_page_for_lost_addresses_works_at_any_address(browser: Browser, site: str, book: Path) -> None:
    page = browser.new_page()
    lost = f"{site}a/b/c.html"
    page.route(lost, lambda route: route.fulfill(status=404, content_type="text/html", path=book / "404.html"))
    missing: list[str] = []
    page.on("response", lambda got: missing.append(got.url) if got.status >= 400 and got.url != lost else None)
    page.goto(lost, wait_until="networkidle")
    assert page.locator("h1").inner_text() == "There is no such page"
    links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href.split('#')[0])")
    for address in sorted(set(links) - {lost}):
        assert page.request.get(address).ok, address
    assert not missing
    page.close()
