"""What stands beside the pages: feed, sitemap, social card, description."""

from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes

from wattbook.cite import metadata
from wattbook.paths import ROOT
from wattbook.site.publish import card, description, feed, sitemap

ATOM = "{http://www.w3.org/2005/Atom}"
LOG = """(sec-changelog)=
# Changelog

(sec-changelog-0-2-0)=
## 0.2.0 (2027-01-05)

Second <release>.

(sec-changelog-0-1-0)=
## 0.1.0 (2026-11-21)

- One *thing*.
"""
BOOK = {"title": "A & B", "authors": [{"name": "Us"}]}


def test_the_feed_has_an_entry_per_release_latest_first() -> None:
    root = ElementTree.fromstring(feed(LOG, BOOK, "https://example.org/book"))
    entries = root.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["Version 0.2.0", "Version 0.1.0"]
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated") == "2027-01-05T00:00:00Z"
    assert entries[1].find(f"{ATOM}link").get("href") == (
        "https://example.org/book/book/changelog.html#sec-changelog-0-1-0"
    )
    assert entries[1].findtext(f"{ATOM}content").strip() == "<ul>\n<li>One <em>thing</em>.</li>\n</ul>"
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Us"


def test_ids_stay_when_the_book_moves() -> None:
    def ids(base: str | None) -> list[str]:
        return [element.text for element in ElementTree.fromstring(feed(LOG, BOOK, base)).iter(f"{ATOM}id")]

    assert ids(None) == ids("https://example.org")
    assert len(set(ids(None))) == 3


def test_the_books_own_changelog_makes_a_feed() -> None:
    root = ElementTree.fromstring(feed((ROOT / "CHANGELOG.md").read_text("utf-8"), metadata(), None))
    assert root.find(f"{ATOM}entry/{ATOM}title").text == f"Version {metadata()['version']}"


def test_the_sitemap_names_every_page() -> None:
    root = ElementTree.fromstring(sitemap(["book/a.html", "book/b.html"], "https://example.org", "2026-11-21"))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    assert [found.text for found in root.iter(f"{space}loc")] == [
        "https://example.org/book/a.html",
        "https://example.org/book/b.html",
    ]


def test_the_card_shows_verdicts_in_proportion(tmp_path: Path) -> None:
    svg = ElementTree.fromstring(card("Title", "a line", {"consistent": 30, "inconsistent": 10}, 7))
    bars = [float(bar.get("width")) for bar in svg if bar.get("height") == "58"]
    assert len(bars) == 2
    assert abs((bars[0] + 4) / (bars[1] + 4) - 3) < 0.01
    words = [text.text for text in svg if text.tag.endswith("text")]
    assert "7 claims, 40 checks" in words
    assert "30 consistent" in words


def test_a_description_passes_over_remarks_and_is_short() -> None:
    document = nodes.document(None, None)
    document += nodes.paragraph("", "", nodes.emphasis("", "About 5 minutes."))
    document += nodes.paragraph("", "word " * 100)
    said = description(document)
    assert said.startswith("word word")
    assert said.endswith("word …")
    assert len(said) <= 202
