"""The search index: what a built page gives, and what the engine is told of scripts, words and names."""

import json
from pathlib import Path

import pytest

from wattbook.site.search import Record, fold_table, index, records, synonyms, words

PAGE = """<html><body><article class="bd-article">
<section id="the-grid"><span id="sec-grid"></span><h1>The grid<a class="headerlink" href="#the-grid">#</a></h1>
<details class="wb-cite"><summary>cite</summary><pre>never found</pre></details>
<p>Wires <span class="wb-claim"><a href="#">662.6 minutes</a><span class="wb-claim-note">a note</span></span>.</p>
<section id="what-is-claimed"><span id="sec-grid-claims"></span><h2>What is <em>claimed</em></h2>
<div class="cell"><div class="cell_input">import this</div></div>
<figure id="fig-grid"><div class="wb-chart-frame" aria-label="Chart: Storms make the peaks"><svg role="img"
 aria-label="A line rises."><text>axis</text></svg></div><figcaption><p><span class="caption-number">Fig. 1 </span>Ten
 years.</p></figcaption></figure>
<table><tbody>
<tr id="claim-saidi"><td><p>662.6 minutes</p><p>2024</p></td><td><p>How long.</p></td><td><p>EIA</p></td></tr>
<tr id="check-saidi"><td><p>consistent</p></td><td><p>a = b</p></td><td><p>It holds.</p></td></tr>
<tr id="term-grid"><td>grid</td><td>電網</td><td>电网</td><td>wires &lt;and&gt; poles</td></tr>
</tbody></table>
<dl id="entity-eia"><dt>EIA</dt><dd>named twice</dd></dl>
</section>
<section id="sources"><span id="sec-grid-sources"></span><h2>Sources</h2><p>A list.</p></section>
</section></article></body></html>"""


@pytest.fixture
def found(tmp_path: Path) -> list[Record]:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "grid.html").write_text(PAGE, encoding="utf-8")
    return records(tmp_path, ["book/grid"])


def test_a_page_gives_its_sections_and_rows_each_with_its_section(found: list[Record]) -> None:
    assert [(r.anchor, r.kind, r.parent) for r in found] == [
        ("sec-grid", "chapter", None),
        ("sec-grid-claims", "section", 0),
        ("fig-grid", "figure", 1),
        ("claim-saidi", "claim", 1),
        ("check-saidi", "check", 1),
        ("term-grid", "term", 1),
        ("entity-eia", "entity", 1),
        ("sec-grid-sources", "sources", 0),
    ]
    assert {r.page for r in found} == {"book/grid"}


def test_titles_and_texts_are_what_a_reader_sees(found: list[Record]) -> None:
    by_anchor = {r.anchor: (r.title, r.text) for r in found}
    assert by_anchor == {
        "sec-grid": ("The grid", "Wires 662.6 minutes."),
        "sec-grid-claims": ("What is claimed", "Ten years."),
        "fig-grid": ("Storms make the peaks", "Ten years. A line rises."),
        "claim-saidi": ("662.6 minutes — How long.", "2024 · EIA"),
        "check-saidi": ("consistent — It holds.", "a = b"),
        "term-grid": ("grid · 電網 · 电网", "wires <and> poles"),
        "entity-eia": ("EIA", "named twice"),
        "sec-grid-sources": ("Sources", "A list."),
    }


def test_the_fold_table_has_what_can_be_found_and_no_more() -> None:
    from_, to = fold_table("電網 网")
    assert dict(zip(from_, to, strict=True)) == {"電": "电", "網": "网"}


def test_words_are_folded_and_cut_as_the_project_cuts_them() -> None:
    # A dictionary term stays whole; a word of one character cuts nothing.
    assert words(["折舊年限 is 的 useful life", "电网"]) == ["折旧年限", "电网"]


def test_every_name_of_an_entity_and_every_synonym_finds_the_others() -> None:
    groups = synonyms()
    assert all(len(group) > 1 for group in groups)
    nvidia = next(group for group in groups if "NVDA" in group)
    assert {"Nvidia", "輝達"} <= set(nvidia)
    # One of those that fold to the same form is enough.
    assert len([term for term in nvidia if term in ("英偉達", "英伟达")]) == 1


def test_the_index_is_one_script_that_no_page_can_break(found: list[Record]) -> None:
    text = index(found)
    assert text == index(found)
    assert "<" not in text
    content = json.loads(text.removeprefix("window.wattbookSearchIndex = ").removesuffix(";\n"))
    assert content["pages"] == ["book/grid"]
    assert len(content["records"]) == len(found)
    assert content["records"][1] == [0, "sec-grid-claims", 1, "What is claimed", "Ten years.", 0]
