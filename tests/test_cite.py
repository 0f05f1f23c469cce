"""Citations: the sections are found where the labels are, and every format says what CITATION.cff says."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from pybtex.database import parse_string

from wattbook.cite import FORMATS, Citable, citables, cite, csl, labelled, metadata, render
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

| a | b |
|---|---|
| 1 | 2 |

## No label

(fig-one)=
### A label of another kind

(sec-stray)=
A paragraph, not a heading.

```{include} ../more.md
```
"""
MORE = """\
(sec-more)=
## More

```{list-table} Two *numbers*. And more.
:name: tbl-more

* - 1
```
"""
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["(sec-power)=\n", "# Power"]},
        {"cell_type": "code", "source": ["# (sec-comment)=\n# a comment"], "outputs": [], "metadata": {}},
        {
            "cell_type": "markdown",
            "source": "(sec-power-old)=\n(sec-power-sums)=\n\n## Does it add up?\n\n(sec-cut-off)=",
        },
        {"cell_type": "code", "source": "from wattbook.views import table", "outputs": [], "metadata": {}},
        {
            "cell_type": "code",
            "source": "present(chart)",
            "outputs": [],
            "metadata": {
                "mystnb": {
                    "figure": {"name": "fig-power", "caption": "Watts by year, as {claim}`662.6` say. One of them."}
                }
            },
        },
        {"cell_type": "code", "source": "table(rows)", "outputs": [], "metadata": {}},
        {"cell_type": "markdown", "source": "## After code"},
    ]
}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "book" / "entities").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "_toc.yml").write_text(TOC, "utf-8")
    (tmp_path / "book" / "intro.md").write_text(INTRO, "utf-8")
    (tmp_path / "more.md").write_text(MORE, "utf-8")
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


def test_what_can_be_cited_is_what_has_a_label_in_reading_order(book: Path) -> None:
    whole, intro, power = "The whole book", "book/intro", "notebooks/01_power"
    sums = "Does it add up?"
    assert labelled(book) == [
        Citable("sec-intro", "section", whole, intro, whole),
        Citable("sec-intro-code", "section", "What H200 & watt mean", intro, whole),
        Citable("tbl-intro-code-1", "table", "What H200 & watt mean (1)", intro, whole),
        Citable("sec-more", "section", "More", intro, whole),
        Citable("tbl-more", "table", "Two *numbers*", intro, whole),
        Citable("sec-power", "section", "Power", power, "Power"),
        Citable("sec-power-old", "section", sums, power, "Power"),
        Citable("sec-power-sums", "section", sums, power, "Power"),
        Citable("fig-power", "figure", "Watts by year, as 662.6 say", power, "Power"),
        Citable("tbl-power-sums-1", "table", "Does it add up? (1)", power, "Power"),
        Citable("sec-notes", "section", "Notes", "book/notes", "Notes"),
        Citable("sec-entity-a", "section", "a", "book/entities/a", "a"),
        Citable("sec-entity-b", "section", "b", "book/entities/b", "b"),
    ]


def test_a_title_says_what_kind_of_part_it_is(book: Path) -> None:
    titles = {one.id: one.full_title for one in labelled(book)}
    assert titles["sec-power"] == "Power"
    assert titles["sec-power-sums"] == "Power — Does it add up?"
    assert titles["fig-power"] == "Power — Figure: Watts by year, as 662.6 say"
    assert titles["tbl-power-sums-1"] == "Power — Table: Does it add up? (1)"


def test_rows_of_the_ledger_and_the_audit_can_be_cited() -> None:
    known = citables()
    claim, check = known["claim-saidi-us-2024"], known["check-saidi-us-2024-eia861"]
    assert (claim.address, check.address) == (
        "book/ledger.html#claim-saidi-us-2024",
        "book/audit.html#check-saidi-us-2024-eia861",
    )
    assert claim.full_title.startswith("Claim saidi-us-2024: 662.6 minutes. ")
    assert check.full_title.startswith("Check saidi-us-2024-eia861: consistent. ")
    assert not claim.title.endswith(".")


def test_the_pages_have_no_order_without_a_table_of_contents(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"_toc\.yml: no such file"):
        citables(tmp_path)


def test_metadata_without_citation_file_is_an_input_error(book: Path) -> None:
    (book / "CITATION.cff").unlink()
    with pytest.raises(InputError, match=r"CITATION\.cff: no such file"):
        cite("sec-power", root=book)


def test_metadata_keeps_a_version_as_written(book: Path) -> None:
    path = book / "CITATION.cff"
    path.write_text(path.read_text("utf-8").replace(f"version: {CFF['version']}\n", "version: 1.10\n"), "utf-8")
    assert metadata(book)["version"] == "1.10"


def test_chicago(book: Path) -> None:
    authors, title, version = CFF["authors"][0]["name"], CFF["title"], CFF["version"]
    start = f"{authors}. {DATE[:4]}. “Power — Does it add up?” In {title}, version {version}, {DATE}. "
    anchor = "notebooks/01_power.html#sec-power-sums"
    assert cite("sec-power-sums", root=book, style="chicago") == f"{start}{anchor}."
    assert "“Power.” In" in cite("sec-power", root=book, style="chicago")


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
    section = Citable("sec-a", "section", "A", "book/a", "A")
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


def test_unknown_id_names_the_closest(book: Path) -> None:
    with pytest.raises(InputError, match=r"^sec-powr: nothing has this id; close to sec-power\b"):
        cite("sec-powr", root=book)
    with pytest.raises(InputError, match=r"^xyz: nothing has this id$"):
        cite("xyz", root=book)


def test_unknown_format_names_the_formats(book: Path) -> None:
    with pytest.raises(InputError, match=r"^endnote: no such format; there are text, bibtex, ris, csl-json$"):
        cite("sec-power", "endnote", book)
    assert FORMATS == ("text", "bibtex", "ris", "csl-json")


def test_unknown_style_names_the_styles(book: Path) -> None:
    with pytest.raises(InputError, match=r"^mla: no such style; there are apa, chicago$"):
        cite("sec-power", root=book, style="mla")


def test_citations_of_all_kinds_of_parts_read_back() -> None:
    book = metadata()
    for one in list(citables().values())[::15]:
        item = csl(one, book)
        (entry,) = parse_string(render(item, "bibtex"), "bibtex").entries.values()
        assert entry.key == one.id
        assert entry.fields["booktitle"] == f"{{{CFF['title']}}}"
        assert dict(ris_fields(render(item, "ris")))["TI"] == one.full_title
        for style in ("apa", "chicago"):
            text = render(item, "text", style)
            assert one.full_title in text and CFF["version"] in text and DATE in text and one.address in text


def test_the_citation_file_is_valid_cff() -> None:
    """Against the published schema of CFF 1.2.0, in which dates are strings.

    The schema is the one that cffconvert 2.0.0 ships: Druskat et al., 2021-08-09, CC BY 4.0; its address is its $id.
    """
    schema = json.loads((ROOT / "tests/data/cff-1.2.0-schema.json").read_text("utf-8"))
    content = yaml.load((ROOT / "CITATION.cff").read_text("utf-8"), Loader=yaml.BaseLoader)
    for part in (content, content["preferred-citation"]):
        for name in ("year", "month"):
            if name in part:
                part[name] = int(part[name])
    jsonschema.validate(content, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content | {"date-released": "21 November"}, schema)


def test_the_printed_book_and_the_software_are_the_same_release() -> None:
    book = CFF["preferred-citation"]
    assert {key: book[key] for key in ("title", "authors", "version", "date-released")} == {
        key: CFF[key] for key in ("title", "authors", "version", "date-released")
    }
    assert f"{book['year']}-{book['month']}" == f"{CFF['date-released']:%Y-%m}"
