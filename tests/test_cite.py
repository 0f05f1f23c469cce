"""Citations: the sections are found where the labels are, and every format says what CITATION.cff says."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pybtex.database import parse_string

from wattbook.cite import FORMATS, Section, cite, csl, metadata, render, sections
from wattbook.errors import InputError
from wattbook.paths import ROOT

CFF: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
DATE = CFF["date-released"].isoformat()

TOC = """\
format: jb-book
root: book/intro
parts:
  - caption: Themes
    chapters:
      - file: notebooks/01_power
        sections:
          - file: book/written_by_the_build
      - file: book/notes.md
  - caption: Entities
    chapters:
      - glob: book/entities/*
"""
INTRO = """\
---
title: not a heading
---
(sec-intro)=
# The *whole* book

Text.

(sec-intro-code)=
## What `H200` & {term}`watt` mean

```md
(sec-not-a-section)=
# Only an example
```

:::{note}
(sec-not-this-either)=
# Inside a note
:::

## No label

(fig-one)=
### A label of another kind

(sec-stray)=
A paragraph, not a heading.

```{include} ../more.md
```
"""
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["(sec-power)=\n", "# Power"]},
        {"cell_type": "code", "source": ["# (sec-comment)=\n# a comment"], "outputs": []},
        {
            "cell_type": "markdown",
            "source": "(sec-power-old)=\n(sec-power-sums)=\n\n## Does it add up?\n\n(sec-cut-off)=",
        },
        {"cell_type": "code", "source": "1 + 1", "outputs": []},
        {"cell_type": "markdown", "source": "## After code"},
    ]
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "book" / "entities").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "_toc.yml").write_text(TOC, "utf-8")
    (tmp_path / "book" / "intro.md").write_text(INTRO, "utf-8")
    (tmp_path / "more.md").write_text("(sec-more)=\n## More\n", "utf-8")
    (tmp_path / "book" / "notes.md").write_text("(sec-notes)=\nNotes\n=====\n", "utf-8")
    (tmp_path / "book" / "unlisted.md").write_text("(sec-unlisted)=\n# Unlisted\n", "utf-8")
    for name in "ba":
        (tmp_path / "book" / "entities" / f"{name}.md").write_text(f"(sec-entity-{name})=\n# {name}\n", "utf-8")
    (tmp_path / "notebooks" / "01_power.ipynb").write_text(json.dumps(NOTEBOOK), "utf-8")
    shutil.copy(ROOT / "CITATION.cff", tmp_path)
    return tmp_path


def publish(book: Path, url: str) -> None:
    with (book / "CITATION.cff").open("a", encoding="utf-8") as file:
        file.write(f"url: {url}\n")


def test_sections_are_the_labelled_headings_in_reading_order(book: Path) -> None:
    whole = "The whole book"
    assert sections(book) == [
        Section("sec-intro", whole, "book/intro", "sec-intro", 1, whole),
        Section("sec-intro-code", "What H200 & watt mean", "book/intro", "sec-intro-code", 2, whole),
        Section("sec-more", "More", "book/intro", "sec-more", 2, whole),
        Section("sec-power", "Power", "notebooks/01_power", "sec-power", 1, "Power"),
        Section("sec-power-old", "Does it add up?", "notebooks/01_power", "sec-power-old", 2, "Power"),
        Section("sec-power-sums", "Does it add up?", "notebooks/01_power", "sec-power-sums", 2, "Power"),
        Section("sec-notes", "Notes", "book/notes", "sec-notes", 1, "Notes"),
        Section("sec-entity-a", "a", "book/entities/a", "sec-entity-a", 1, "a"),
        Section("sec-entity-b", "b", "book/entities/b", "sec-entity-b", 1, "b"),
    ]


def test_sections_without_a_table_of_contents_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"_toc\.yml: no such file"):
        sections(tmp_path)


def test_metadata_without_citation_file_is_an_input_error(book: Path) -> None:
    (book / "CITATION.cff").unlink()
    with pytest.raises(InputError, match=r"CITATION\.cff: no such file"):
        cite("sec-power", root=book)


def test_metadata_keeps_a_version_as_written(book: Path) -> None:
    path = book / "CITATION.cff"
    path.write_text(path.read_text("utf-8").replace(f"version: {CFF['version']}\n", "version: 1.10\n"), "utf-8")
    assert metadata(book)["version"] == "1.10"


@pytest.mark.parametrize("url", ["https://example.org/watts", "https://example.org/watts/"])
def test_text(book: Path, url: str) -> None:
    authors, title, version = CFF["authors"][0]["name"], CFF["title"], CFF["version"]
    start = f"{authors}. ({DATE[:4]}). Power — Does it add up? In {title} (Version {version}, {DATE}). "
    assert cite("sec-power-sums", "text", book) == f"{start}notebooks/01_power.html#sec-power-sums"
    publish(book, url)
    assert cite("sec-power-sums", "text", book) == (
        f"{start}https://example.org/watts/notebooks/01_power.html#sec-power-sums"
    )


def test_text_is_the_default_and_a_chapter_is_named_once(book: Path) -> None:
    assert cite("sec-power", root=book) == cite("sec-power", "text", book)
    assert cite("sec-power", root=book).count("Power") == 1


def test_bibtex_reads_back(book: Path) -> None:
    (entry,) = parse_string(cite("sec-intro-code", "bibtex", book), "bibtex").entries.values()
    assert entry.key == "sec-intro-code"
    assert entry.type == "incollection"
    assert entry.fields["title"] == r"{The whole book — What H200 \& watt mean}"
    assert entry.fields["booktitle"] == f"{{{CFF['title']}}}"
    assert (entry.fields["year"], entry.fields["date"]) == (DATE[:4], DATE)
    assert entry.fields["version"] == CFF["version"]
    assert entry.fields["note"] == rf"Version {CFF['version']}, book/intro.html\#sec-intro-code"
    assert "url" not in entry.fields
    (author,) = entry.persons["author"]
    assert author.last_names == [f"{{{CFF['authors'][0]['name']}}}"]
    assert not author.first_names


def test_bibtex_url_is_verbatim(book: Path) -> None:
    publish(book, "https://example.org/the_book")
    (entry,) = parse_string(cite("sec-power", "bibtex", book), "bibtex").entries.values()
    assert entry.fields["url"] == "https://example.org/the_book/notebooks/01_power.html#sec-power"
    assert entry.fields["note"] == f"Version {CFF['version']}"


def ris_fields(text: str) -> list[tuple[str, str]]:
    lines = text.split("\n")
    assert all(line[2:6] == "  - " for line in lines)
    return [(line[:2], line[6:]) for line in lines]


def test_ris_lines(book: Path) -> None:
    expected = [
        ("TY", "CHAP"),
        ("ID", "sec-power-sums"),
        ("AU", CFF["authors"][0]["name"]),
        ("TI", "Power — Does it add up?"),
        ("BT", CFF["title"]),
        ("PY", DATE[:4]),
        ("DA", DATE.replace("-", "/") + "/"),
        ("ET", CFF["version"]),
        ("N1", "notebooks/01_power.html#sec-power-sums"),
        ("ER", ""),
    ]
    assert ris_fields(cite("sec-power-sums", "ris", book)) == expected
    publish(book, "https://example.org/watts")
    expected[-2] = ("UR", "https://example.org/watts/notebooks/01_power.html#sec-power-sums")
    assert ris_fields(cite("sec-power-sums", "ris", book)) == expected


CSL_SHAPE = {
    "type": "array",
    "minItems": 1,
    "maxItems": 1,
    "items": {
        "type": "object",
        "required": ["id", "type", "title", "container-title", "author", "issued", "version"],
        "additionalProperties": False,
        "properties": {
            **{name: {"type": "string", "minLength": 1} for name in ("id", "title", "container-title", "version")},
            "type": {"const": "chapter"},
            "author": {
                "type": "array",
                "minItems": 1,
                "items": {
                    "type": "object",
                    "required": ["literal"],
                    "additionalProperties": False,
                    "properties": {"literal": {"type": "string"}},
                },
            },
            "issued": {
                "type": "object",
                "required": ["date-parts"],
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "items": {"type": "array", "minItems": 3, "maxItems": 3, "items": {"type": "integer"}},
                    }
                },
            },
            "URL": {"type": "string", "pattern": "^https://"},
            "note": {"type": "string"},
        },
        "oneOf": [{"required": ["URL"]}, {"required": ["note"]}],
    },
}


@pytest.mark.parametrize("published", [False, True])
def test_csl_json_has_the_shape_and_the_facts(book: Path, published: bool) -> None:
    if published:
        publish(book, "https://example.org/watts")
    items = json.loads(cite("sec-power-sums", "csl-json", book))
    jsonschema.validate(items, CSL_SHAPE)
    item = items[0]
    assert item["id"] == "sec-power-sums"
    assert item["title"] == "Power — Does it add up?"
    assert item["container-title"] == CFF["title"]
    assert item["author"] == [{"literal": author["name"]} for author in CFF["authors"]]
    assert item["issued"]["date-parts"] == [[int(part) for part in DATE.split("-")]]
    assert item["version"] == CFF["version"]
    address = "notebooks/01_power.html#sec-power-sums"
    assert item.get("URL") == (f"https://example.org/watts/{address}" if published else None)
    assert item.get("note") == (None if published else address)


def test_persons_are_written_as_each_format_wants() -> None:
    section = Section("sec-a", "A", "book/a", "sec-a", 1, "A")
    person = {"family-names": "Surname", "given-names": "Given Q.", "name-particle": "van den", "name-suffix": "Jr."}
    item = csl(
        section,
        {"title": "B", "version": "2", "date-released": "2027-03-04", "authors": [person, {"name": "A group"}]},
    )
    assert render(item, "text").startswith(
        "van den Surname, G. Q., Jr., & A group. (2027). A. In B (Version 2, 2027-03-04)"
    )
    (entry,) = parse_string(render(item, "bibtex"), "bibtex").entries.values()
    first, second = entry.persons["author"]
    assert (first.first_names, first.middle_names, first.prelast_names) == (["Given"], ["Q."], ["van", "den"])
    assert (first.last_names, first.lineage_names, second.last_names) == (["Surname"], ["Jr."], ["{A group}"])
    assert [value for tag, value in ris_fields(render(item, "ris")) if tag == "AU"] == [
        "van den Surname, Given Q., Jr.",
        "A group",
    ]


def test_unknown_section_names_the_closest(book: Path) -> None:
    with pytest.raises(InputError, match=r"^sec-powr: no such section; close to sec-power\b"):
        cite("sec-powr", root=book)
    with pytest.raises(InputError, match=r"^xyz: no such section$"):
        cite("xyz", root=book)


def test_unknown_format_names_the_formats(book: Path) -> None:
    with pytest.raises(InputError, match=r"^endnote: no such format; there are text, bibtex, ris, csl-json$"):
        cite("sec-power", "endnote", book)
    assert FORMATS == ("text", "bibtex", "ris", "csl-json")


def test_the_printed_book_and_the_software_are_the_same_release() -> None:
    book = CFF["preferred-citation"]
    assert {key: book[key] for key in ("title", "authors", "version", "date-released")} == {
        key: CFF[key] for key in ("title", "authors", "version", "date-released")
    }
    assert f"{book['year']}-{book['month']}" == f"{CFF['date-released']:%Y-%m}"
