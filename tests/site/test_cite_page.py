"""Citing from the page: what the control offers is what `wattbook cite` says, and what is in the tags reads back."""

import json
import re
from typing import Any

import pytest
from lxml import html

from wattbook.cite import Citable, citables, cite, labelled, metadata
from wattbook.site.cite import citations, control, page_file, tags

BOOK = metadata()
PERSON = {"family-names": "Surname", "given-names": "Given", "name-suffix": "Jr."}


@pytest.mark.parametrize("part_id", ["sec-how-to-cite", "fig-grid-clocks", "tbl-cite-page-1", "claim-saidi-us-2024"])
def test_the_citations_are_those_of_the_command(part_id: str) -> None:
    made = citations(citables()[part_id], BOOK)
    assert made.pop("title") == citables()[part_id].full_title
    assert made == {
        "apa": cite(part_id),
        "chicago": cite(part_id, style="chicago"),
        "bibtex": cite(part_id, "bibtex"),
        "ris": cite(part_id, "ris"),
        "csl-json": cite(part_id, "csl-json"),
    }


def test_the_control_is_the_permanent_link_and_no_title_breaks_it() -> None:
    link = html.fromstring(control(Citable("sec-a", "section", '"><script>', "book/a", "A")))
    assert (link.tag, link.get("href"), link.get("data-cite")) == ("a", "#sec-a", "sec-a")
    assert link.get("aria-label") == 'Cite: "><script>'


def test_each_page_has_a_file_of_its_own() -> None:
    pages = {part.page for part in citables().values()}
    assert len({page_file(page) for page in pages}) == len(pages)


def read_back(lines: list[str]) -> tuple[dict[str, list[str]], dict[str, Any]]:
    head = html.document_fromstring(f"<html><head>{''.join(lines)}</head><body></body></html>")
    pairs: dict[str, list[str]] = {}
    for tag in head.iter("meta"):
        pairs.setdefault(tag.get("name"), []).append(tag.get("content"))
    (described,) = [json.loads(s.text) for s in head.iter("script")]
    return pairs, described


def test_the_tags_read_back() -> None:
    chapter = labelled()[0]
    book = BOOK | {"url": "https://example.org/watts/", "authors": [PERSON, {"name": "A & B"}], "title": 'The "book"'}
    pairs, described = read_back(tags(chapter, book))
    address = f"https://example.org/watts/{chapter.page}.html"
    assert pairs["citation_author"] == pairs["DC.creator"] == ["Given Surname Jr.", "A & B"]
    assert pairs["citation_title"] == pairs["DC.title"] == [chapter.title]
    assert pairs["citation_inbook_title"] == pairs["DC.isPartOf"] == ['The "book"']
    assert pairs["citation_publication_date"] == [BOOK["date-released"].replace("-", "/")]
    assert pairs["citation_fulltext_html_url"] == pairs["DC.identifier"] == [address]
    assert described["@type"] == "Chapter"
    assert described["isPartOf"] == {"@type": "Book", "name": 'The "book"'}
    assert (described["name"], described["url"]) == (chapter.title, address)
    assert [author["name"] for author in described["author"]] == ["Given Surname Jr.", "A & B"]
    assert (described["version"], described["datePublished"]) == (BOOK["version"], BOOK["date-released"])


def test_a_book_without_an_address_claims_none() -> None:
    lines = tags(labelled()[0], {key: value for key, value in BOOK.items() if key != "url"})
    assert not re.search("http(?!s://(schema|creativecommons).org)", "".join(lines))
