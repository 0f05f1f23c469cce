"""The printed book: one document with links inside, then a file with numbers, bookmarks and tags."""

from pathlib import Path
from typing import Any

import pytest
from lxml import html
from pypdf import PdfReader

from wattbook.site.pdf import merge, print_book

TOC = "format: jb-book\nroot: book/intro\nparts:\n  - caption: Rest\n    chapters:\n      - file: notebooks/one\n"
CFF = """cff-version: 1.2.0
title: Watts "and" more
abstract: What it is.
authors:
  - name: A & B
version: "1.0"
date-released: 2026-01-02
"""
INTRO = """<html><head><link rel="stylesheet" href="../_static/book.css?v=1"></head><body><article><section id="intro">
<span id="sec-intro"></span><h1>Intro<a class="headerlink" href="#intro">#</a></h1>
<p>See <a href="../notebooks/one.html#sec-two">the second part</a>, <a href="../notebooks/one.html#gone">a place</a>,
<a href="#sec-intro">here</a>, <a href="../_static/data.csv">a file</a>
and <a href="https://example.org/">a site</a>.</p>
<button>press</button><details><summary>more</summary><p>Opened.</p></details></section></article></body></html>"""
ONE = """<html><head></head><body><article><section id="one"><h1>One &lt;of&gt; them 電網</h1>
<svg role="img" aria-label="A rising line" width="300" height="200" viewBox="0 0 300 200"><clipPath id="clip0"><rect
 width="300" height="200"/></clipPath><path clip-path="url(#clip0)" d="M0 200L300 0" stroke="black"/></svg>
<section id="two"><span id="sec-two"></span><h2>Two</h2><p>Text with 電網老化 in it.</p></section>
</section></article></body></html>"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    built = {"book/intro.html": INTRO, "notebooks/one.html": ONE, "_static/book.css": "p { margin: 0 }"}
    for name, text in built.items():
        path = tmp_path / "html" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name in ("book/intro.md", "notebooks/one.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("(sec-x)=\n# x\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    (tmp_path / "CITATION.cff").write_text(CFF, encoding="utf-8")
    return tmp_path


def merged(root: Path) -> Any:
    book = {"title": "T", "abstract": "A", "version": "1", "date-released": "d", "authors": [{"name": "N"}]}
    names, numbers = ["book/intro", "notebooks/one"], {"notebooks-one--two": 7}
    return html.document_fromstring(merge(root / "html", names, book, numbers))


def test_links_lead_to_places_of_the_one_document(root: Path) -> None:
    tree = merged(root)
    links = {link.text_content(): link.get("href") for link in tree.xpath("//article//a")}
    assert links == {
        "the second part": "#notebooks-one--sec-two",
        "a place": "#notebooks-one",
        "here": "#book-intro--sec-intro",
        "a site": "https://example.org/",
    }
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links.values() if link.startswith("#")} <= set(ids)


def test_what_has_no_use_on_paper_is_left_out(root: Path) -> None:
    tree = merged(root)
    assert not tree.xpath("//button | //summary | //script | //*[@class='headerlink']")
    assert "a file" in tree.text_content()
    assert tree.xpath("string(//details[@open]/p)") == "Opened."
    clip = tree.xpath("//svg/path/@clip-path")[0]
    assert clip == f"url(#{tree.xpath('//svg//@id')[0]})"


def test_the_contents_have_the_numbers(root: Path) -> None:
    lines = merged(root).xpath("//nav[@class='wb-contents']//a")
    assert [(line[0].text, line[1].text, line.get("href")) for line in lines] == [
        ("Intro", None, "#book-intro--intro"),
        ("One <of> them 電網", None, "#notebooks-one--one"),
        ("Two", "7", "#notebooks-one--two"),
    ]


def titles(outline: list[Any]) -> list[str]:
    return [t for one in outline for t in (titles(one) if isinstance(one, list) else [one.title])]


@pytest.mark.browser
def test_the_file_has_numbers_bookmarks_tags_and_links(root: Path) -> None:
    print_book(root / "out.pdf", root / "html", root)
    reader = PdfReader(root / "out.pdf")
    text = [page.extract_text() for page in reader.pages]
    # Cover, contents, one page for each of the two.
    assert len(text) == 4
    assert 'Watts "and" more' in text[0] and "Version 1.0, 2026-01-02" in text[0]
    assert [line.split() for line in text[1].splitlines() if line.startswith(("Intro", "Two"))] == [
        ["Intro", "3"],
        ["Two", "4"],
    ]
    assert "電網老化" in text[3].replace(" ", "") and "\n4\n" in text[3]
    assert titles(reader.outline)[-3:] == ["Intro", "One <of> them 電網", "Two"]
    catalogue = reader.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"] and catalogue["/Lang"] == "en"
    assert reader.get_destination_page_number(reader.named_destinations["/notebooks-one--sec-two"]) == 3
    assert not [image for page in reader.pages for image in page.images]
    assert not list(root.glob("tmp*"))
