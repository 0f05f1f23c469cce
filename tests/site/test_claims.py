import csv
import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from wattbook.ledger import COLUMNS

CLAIM = {
    "theme": "grid",
    "subject": "us-eia",
    "metric": "saidi",
    "period": "2024",
    "modifier": "exact",
    "kind": "observed",
    "attributed_to": "us-eia",
    "article_id": "900-01",
    "start": "7",
    "statement_en": "Minutes without power per customer.",
    "note": "All events.",
}
CONF = """
extensions = ["myst_parser", "wattbook.site.explorer"]
"""
LEDGER = """# Ledger

```{claims-ledger}
:theme: grid
```

```{claims-ledger}
:theme: capex
```
"""
AUDIT = """# Audit

```{audit-table}
```
"""
CHAPTER = """# Chapter {claim}`outage`

Customers waited {claim}`outage` <b>and</b> {claim}`spend` was spent; the sum is {check}`adds-up`.

## How long it lasted

Again {claim}`outage`, and {claim}`outage`. That is {result}`adds-up`.
"""
INDEX = "# Book\n\n```{toctree}\nbook/ledger\nbook/audit\nnotebooks/chapter\n```\n"


@pytest.fixture
def book(tmp_path):
    """A tiny book with a data folder of its own; gives a function that builds it."""
    data = tmp_path / "data"
    for folder in ("lexicon", "external", "features"):
        (data / folder).mkdir(parents=True)
    rows = [
        {"claim_id": "outage", "printed": "662.6分鐘", "low": 662.6, "high": 662.6, "unit": "minute"},
        {"claim_id": "outage-hours", "printed": "11小時", "low": 11, "high": 11, "unit": "hour", "modifier": "about"},
        {
            "claim_id": "spend",
            "theme": "capex",
            "printed": "4,230億美元",
            "low": 423e9,
            "high": 423e9,
            "unit": "USD",
            "modifier": "over",
            "statement_en": 'Spending, "all in" & <more>.',
        },
    ]
    with (data / "claims.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(CLAIM | row | {"end": 7 + len(row["printed"])} for row in rows)
    (data / "checks.csv").write_text(
        "check_id,theme,kind,left,right,comment_en\n"
        "adds-up,grid,conversion,{outage},{outage-hours},An hour has 60 minutes.\n"
        "too-much,capex,sum,{spend}*2,1e9[USD],It does not.\n"
        "looked-up,grid,lookup,{fact:filing},{outage},Another count.\n"
    )
    (data / "external" / "lookup_facts.csv").write_text(
        "fact_id,value,low,high,unit,source,note\nfiling,600,,,minute,A register,\n"
    )
    (data / "lexicon" / "entities.csv").write_text(
        "entity_id,name_en,name_zh,type,parent_id,wikidata\nus-eia,US Energy Information Administration,,agency,,\n"
    )
    (data / "article_notes.csv").write_text("article_id,label,date\n900-01,Sample · grid,2025-11-19\n")

    source = tmp_path / "source"
    pages = {
        "conf.py": CONF,
        "index.md": INDEX,
        "book/ledger.md": LEDGER,
        "book/audit.md": AUDIT,
        "notebooks/chapter.md": CHAPTER,
    }
    for name, text in pages.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")

    class Book:
        root, out = source, tmp_path / "out"

        def build(self, *options, builder="html"):
            command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", builder, *options]
            return subprocess.run(
                [*command, str(source), str(self.out / builder)],
                env=os.environ | {"WATTBOOK_DATA": str(data)},
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
            )

        def page(self, name):
            return Page((self.out / "html" / f"{name}.html").read_text(encoding="utf-8"))

        def edit(self, name, old, new):
            path = source / name if (source / name).exists() else data / name
            text = path.read_text(encoding="utf-8")
            assert old in text
            path.write_text(text.replace(old, new), encoding="utf-8")

    return Book()


class Page(HTMLParser):
    """The elements of a page: name, attributes and text, in order."""

    def __init__(self, source):
        super().__init__()
        self.source, self.elements, self._open = source, [], []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": ""} | dict(attrs)
        self.elements.append(element)
        if tag not in ("meta", "link", "input", "br", "img", "hr", "col"):
            self._open.append(element)

    def handle_endtag(self, tag):
        while self._open and self._open.pop()["tag"] != tag:
            pass

    def handle_data(self, text):
        for element in self._open:
            element["text"] += text

    def find(self, **wanted):
        name = wanted.pop("cls", None)
        return [
            element
            for element in self.elements
            if all(element.get(key) == value for key, value in wanted.items())
            and (name is None or name in (element.get("class") or "").split())
        ]

    def one(self, **wanted):
        (element,) = self.find(**wanted)
        return element


def built(book, *options, **kinds):
    done = book.build(*options, **kinds)
    assert done.returncode == 0, done.stderr
    return book


def test_a_claim_links_to_its_row_and_says_who(book):
    page = built(book).page("notebooks/chapter")
    values = [
        link for link in page.find(tag="a", href="../book/ledger.html#claim-outage") if "aria-describedby" in link
    ]
    assert [link["text"] for link in values] == ["662.6 minutes"] * 4
    note = page.one(id=values[1]["aria-describedby"])
    assert note["role"] == "tooltip"
    assert "hidden" in note
    assert note["text"] == (
        "662.6 minutes. "
        "US Energy Information Administration, reported figure, 2024: Minutes without power per customer. "
        "Printed as 662.6分鐘, which stands for 662.55 minutes to 662.65 minutes, in Sample · grid, 2025-11-19."
    )
    spend = page.one(tag="a", href="../book/ledger.html#claim-spend")
    assert spend["text"] == "over US$423 billion"
    assert 'Spending, "all in" & <more>.' in page.one(id=spend["aria-describedby"])["text"]
    assert len(page.find(cls="wb-claim")) == 5
    ids = [element["id"] for element in page.elements if "id" in element]
    assert len(ids) == len(set(ids))


def test_a_check_shows_its_verdict_and_links_to_its_row(book):
    page = built(book).page("notebooks/chapter")
    link = page.find(tag="a", href="../book/audit.html#check-adds-up")[0]
    assert link["text"] == "consistent"
    assert page.find(cls="wb-check")[0]["class"].split() == ["wb-check", "wb-verdict", "wb-verdict-consistent"]
    assert page.one(id=link["aria-describedby"])["text"] == (
        "consistent. 662.6 minutes = 11.04 hours; against about 11 hours. An hour has 60 minutes."
    )


def test_a_result_shows_the_number_that_the_check_works_out(book):
    links = built(book).page("notebooks/chapter").find(tag="a", href="../book/audit.html#check-adds-up")
    assert [link["text"] for link in links] == ["consistent", "11 hours"]


def test_the_ledger_has_a_row_per_claim_of_its_theme(book):
    page = built(book).page("book/ledger")
    assert [row["id"] for row in page.find(tag="tr") if "id" in row] == [
        "claim-outage",
        "claim-outage-hours",
        "claim-spend",
    ]
    assert len(page.find(tag="table", cls="wb-ledger")) == 2
    row = " ".join(page.one(id="claim-outage")["text"].split())
    assert row == (
        "662.6 minutes reported figure, 2024 "
        "US Energy Information Administration: saidi Minutes without power per customer. All events. outage "
        "US Energy Information Administration Sample · grid, 7–14: 662.6分鐘 "
        "Used in Chapter 662.6 minutes: How long it lasted "
        "consistent: adds-up contested: looked-up"
    )
    assert page.one(tag="a", href="#claim-outage")["text"] == "outage"
    assert page.find(tag="a", href="audit.html#check-adds-up")[0]["text"] == "consistent: adds-up"
    printed = page.find(cls="wb-printed")[0]
    assert printed["lang"] == "zh-Hant"


def test_rows_carry_what_they_are_filtered_by(book):
    book.edit("claims.csv", "outage-hours,grid,us-eia", "outage-hours,grid,eia")
    book.edit("lexicon/entities.csv", "us-eia,", "eia,The EIA,能源署,agency,,\nus-eia,")
    row = built(book).page("book/ledger").one(id="claim-outage-hours")
    carried = {key: value for key, value in row.items() if key.startswith("data-")}
    assert carried == {
        "data-theme": "grid",
        "data-about": "eia",
        "data-says": "us-eia",
        "data-article": "900-01",
        "data-kind": "observed",
        "data-verdict": "consistent",
        "data-unit": "hour",
        "data-low": "11",
        "data-period": "2024",
        "data-start": "7",
    }
    assert "The EIA 能源署: saidi" in row["text"]
    check = book.page("book/audit").one(id="check-adds-up")
    assert (check["data-about"], check["data-says"], check["data-article"]) == ("us-eia eia", "us-eia", "900-01")
    assert book.page("book/ledger").one(id="claim-spend")["data-verdict"] == "inconsistent"


def test_used_in_names_each_section_once_and_leads_to_the_place(book):
    pages = built(book).page("book/ledger"), book.page("notebooks/chapter")
    used = pages[0].find(cls="wb-used-in")
    assert [cell["text"] for cell in used] == [
        "Used in Chapter 662.6 minutes: How long it lasted",
        "Used in Chapter 662.6 minutes",
    ]
    hrefs = [link["href"] for link in pages[0].find(tag="a") if "#wb-ref-" in link.get("href", "")]
    assert len(hrefs) == 3
    for href in hrefs:
        page, _, anchor = href.partition("#")
        assert page == "../notebooks/chapter.html"
        assert pages[1].one(id=anchor)["class"] == "wb-claim"
    audit = book.page("book/audit")
    assert "Chapter" in audit.one(id="check-adds-up")["text"]
    assert "Chapter" not in audit.one(id="check-too-much")["text"]


def test_notes_are_numbered_for_print(book):
    page = built(book).page("notebooks/chapter")
    assert [number["text"] for number in page.find(cls="wb-note-number")] == ["1", "1", "2", "3", "1", "1", "3"]
    end = page.one(cls="wb-end-notes")
    assert "hidden" in end
    # Three rows are cited, each listed once, as its note tells it.
    notes = [item["text"] for item in page.find(tag="li") if "stands for" in item["text"] or "against" in item["text"]]
    assert len(notes) == 3
    assert notes[0] == page.find(cls="wb-claim-note")[0]["text"]
    assert notes[2].startswith("consistent.")
    assert not book.page("book/ledger").find(cls="wb-end-notes")


def test_script_and_style_come_only_where_they_are_used(book):
    (book.root / "plain.md").write_text("---\norphan: true\n---\n# Nothing to check\n", encoding="utf-8")
    wanted = {"notebooks/chapter": ["evidence.css", "notes.js"], "book/ledger": ["evidence.css"], "plain": []}
    built(book)
    for name, files in wanted.items():
        source = book.page(name).source
        found = [file for file in ("evidence.css", "notes.js", "explorer.js") if f"_static/{file}" in source]
        assert found == files, name


def test_the_audit_shows_working_with_links_and_ranges(book):
    page = built(book).page("book/audit")
    assert [row["id"] for row in page.find(tag="tr") if "id" in row] == [
        "check-adds-up",
        "check-too-much",
        "check-looked-up",
    ]
    badges = [badge["text"] for badge in page.find(cls="wb-verdict")]
    assert badges == ["consistent", "inconsistent", "contested"]
    assert page.find(cls="wb-verdict-inconsistent")[0]["text"] == "inconsistent"
    wrong = " ".join(page.one(id="check-too-much")["text"].split())
    assert "over US$423 billion × 2 = US$846 billion; against US$1 billion" in wrong
    assert "the left side is US$846 billion to ∞; the right side stands for US$1 billion to US$1 billion" in wrong
    fine = page.one(id="check-adds-up")["text"]
    assert "As rounded" not in fine
    assert "600 minutes (A register); against 662.6 minutes" in page.one(id="check-looked-up")["text"]
    assert page.find(tag="a", href="ledger.html#claim-spend")[0]["text"] == "over US$423 billion"
    # Links in the working carry no note of their own.
    assert not page.find(cls="wb-claim-note")
    assert "Sample · grid" in page.one(id="check-adds-up")["text"]


def test_the_audit_can_be_narrowed(book):
    book.edit("book/audit.md", "{audit-table}", "{audit-table}\n:theme: grid\n:verdict: contested")
    # The ledger links every check, so another page has the rest.
    (book.root / "rest.md").write_text("---\norphan: true\n---\n# Rest\n\n```{audit-table}\n```\n", encoding="utf-8")
    page = built(book).page("book/audit")
    assert [row["id"] for row in page.find(tag="tr") if "id" in row] == ["check-looked-up"]


@pytest.mark.parametrize(
    ("role", "message"),
    [
        ("{claim}`outrage`", "no claim 'outrage'; close: outage, outage-hours"),
        ("{check}`add-up`", "no check 'add-up'; close: adds-up"),
    ],
)
def test_an_unknown_id_fails_the_build_and_names_the_line(book, role, message):
    book.edit("notebooks/chapter.md", "was spent", f"was\n{role} spent")
    done = book.build()
    assert done.returncode != 0
    assert re.search(rf"chapter\.md:[34]: WARNING: {re.escape(message)}", done.stderr)
    assert "Traceback" not in done.stderr


def test_a_row_that_no_page_has_fails_the_build(book):
    book.edit("book/ledger.md", ":theme: capex", ":theme: market")
    done = book.build()
    assert done.returncode != 0
    assert "no page has the row 'claim-spend'" in done.stderr


def test_a_row_twice_on_a_page_fails_the_build(book):
    book.edit("book/ledger.md", ":theme: capex", "")
    done = book.build()
    assert done.returncode != 0
    assert "the row 'claim-outage' stands on this page twice" in done.stderr


def test_a_speaker_who_is_no_entity_fails_the_build(book):
    book.edit("lexicon/entities.csv", "us-eia,", "eia,")
    done = book.build()
    assert done.returncode != 0
    assert "claim 'outage' is attributed to 'us-eia', which is no entity" in done.stderr
    assert "claim 'outage' is about 'us-eia', which is no entity" in done.stderr


def test_an_unknown_theme_is_an_error(book):
    book.edit("book/ledger.md", ":theme: capex", ":theme: weather")
    done = book.build()
    assert done.returncode != 0
    assert "weather" in done.stderr


def test_a_fault_in_the_data_is_one_line(book):
    book.edit("checks.csv", "{spend}*2", "{spent}*2")
    done = book.build()
    assert done.returncode != 0
    assert "check too-much: no claim 'spent'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_build_changes_what_must_change(book):
    built(book)
    before = (book.out / "html" / "book" / "ledger.html").read_text(encoding="utf-8")
    built(book)
    assert (book.out / "html" / "book" / "ledger.html").read_text(encoding="utf-8") == before
    # A citation goes: the ledger page, itself unchanged, must no longer list it.
    book.edit("notebooks/chapter.md", "{claim}`spend`", "much")
    assert "Chapter" not in built(book).page("book/ledger").one(id="claim-spend")["text"]
    # The rows move to another page: the citing page, itself unchanged, must follow.
    book.edit("book/ledger.md", "```{claims-ledger}\n:theme: grid\n```\n", "")
    book.edit("book/audit.md", "# Audit\n", "# Audit\n\n```{claims-ledger}\n:theme: grid\n```\n")
    assert built(book).page("notebooks/chapter").find(tag="a", href="../book/audit.html#claim-outage")
    # The data change: every page that shows the number must show the new one.
    book.edit("claims.csv", "662.6,662.6", "662.7,662.7")
    book.edit("claims.csv", "662.6分鐘", "662.7分鐘")
    page = built(book).page("notebooks/chapter")
    assert page.find(cls="wb-claim")[0]["text"].startswith("662.7 minutes")


def test_roles_work_in_notebooks(book):
    (book.root / "conf.py").write_text(
        'extensions = ["myst_nb", "wattbook.site.explorer"]\nnb_execution_mode = "off"\n'
    )
    (book.root / "notebooks" / "chapter.md").unlink()
    cells = ["# Chapter", "A value: {claim}`outage`, checked: {check}`adds-up`, {claim}`spend`."]
    notebook = {
        "cells": [{"cell_type": "markdown", "id": f"c{n}", "metadata": {}, "source": c} for n, c in enumerate(cells)],
        "metadata": {"language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = book.root / "notebooks" / "chapter.ipynb"
    path.write_text(json.dumps(notebook))
    page = built(book).page("notebooks/chapter")
    assert page.one(tag="a", href="../book/ledger.html#claim-outage")["text"] == "662.6 minutes"
    assert page.one(tag="a", href="../book/audit.html#check-adds-up")["text"] == "consistent"
    assert "Chapter" in book.page("book/ledger").one(id="claim-outage")["text"]
    path.write_text(path.read_text().replace("{claim}`spend`", "{claim}`spent`"))
    done = book.build()
    assert done.returncode != 0
    assert re.search(r"chapter\.ipynb:\d+: WARNING: no claim 'spent'", done.stderr)


def test_reading_in_parallel_gives_the_same_pages(book):
    built(book)
    alone = {p.name: p.read_text(encoding="utf-8") for p in (book.out / "html").rglob("*.html")}
    # Sphinx reads in parallel from six pages on.
    for n in range(6):
        (book.root / f"extra{n}.md").write_text(f"---\norphan: true\n---\n# Extra {n}\n\nSo {{claim}}`spend`.\n")
    built(book, "-j", "2", "-E")
    used = book.page("book/ledger").one(id="claim-spend")["text"]
    assert all(f"Extra {n}" in used for n in range(6))
    for name in ("chapter.html", "audit.html"):
        path = next((book.out / "html").rglob(name))
        assert path.read_text(encoding="utf-8") == alone[name]


def test_other_builders_keep_the_links(book):
    built(book, builder="latex")
    (tex,) = (book.out / "latex").glob("*.tex")
    text = tex.read_text(encoding="utf-8")
    assert r"book/ledger:claim-outage" in text
    assert re.search(r"\\(phantomsection\\)?label\{\\detokenize\{book/ledger:claim-outage\}\}", text)
    assert "reported figure, 2024:" not in text
    assert "Sources of the numbers" not in text
    built(book, builder="text")
    assert "662.6 minutes" in (book.out / "text" / "notebooks" / "chapter.txt").read_text(encoding="utf-8")
