"""The pages of the main entities: each heading labelled, none lost, none left behind."""

import re
from pathlib import Path

import pytest

from wattbook.ledger import load_claims
from wattbook.lexicon import entity, load_entities
from wattbook.paths import ROOT
from wattbook.profiles import entity_counts
from wattbook.site.entities import _PARTS, _names, page_text, parts, write_pages

MAIN = [str(entity_id) for entity_id in entity_counts().query("main").index]
PUBLISHED = ROOT / "tests" / "book" / "published_entities.txt"


def test_a_page_names_its_entity_and_its_parts() -> None:
    text = page_text("nvidia")
    assert text.startswith("(sec-entity-nvidia)=\n(entity-nvidia)=\n# Nvidia 輝達\n\n```{entity} facts nvidia\n```\n")
    assert parts("nvidia") == ["about", "says", "named", "words", "together", "data"]
    assert "(sec-entity-nvidia-says)=\n## What it says\n\n```{entity} says nvidia\n```\n" in text


def test_a_part_without_content_is_left_out() -> None:
    claims = load_claims()
    for entity_id in MAIN:
        shown = parts(entity_id)
        assert ("about" in shown) == (claims["subject"] == entity_id).any()
        assert ("says" in shown) == (claims["attributed_to"] == entity_id).any()
        assert shown
        assert set(shown) <= set(_PARTS)
    assert "data" not in parts("donald-trump")


@pytest.mark.parametrize("entity_id", MAIN)
def test_every_heading_has_a_label_of_its_own(entity_id: str) -> None:
    lines = [line for line in page_text(entity_id).splitlines() if line]
    headings = [i for i, line in enumerate(lines) if line.startswith("#")]
    labels = re.findall(r"^\(([a-z0-9-]+)\)=$", "\n".join(lines), re.MULTILINE)
    assert len(labels) == len(set(labels)) == len(headings) + 1
    assert all(lines[i - 1].startswith((f"(sec-entity-{entity_id}", f"(entity-{entity_id})")) for i in headings)


def test_pages_are_written_once_and_old_ones_taken_out(tmp_path: Path) -> None:
    folder = tmp_path / "entities"
    write_pages(folder)
    assert sorted(path.stem for path in folder.iterdir()) == sorted(MAIN)
    kept, changed = folder / "nvidia.md", folder / "meta.md"
    before = kept.stat().st_mtime_ns
    changed.write_text("# Something else\n", encoding="utf-8")
    (folder / "nobody.md").write_text("# Nobody\n", encoding="utf-8")
    write_pages(folder)
    assert kept.stat().st_mtime_ns == before
    assert changed.read_text(encoding="utf-8") == page_text("meta")
    assert not (folder / "nobody.md").exists()


def test_names_stand_under_their_script() -> None:
    found = {term: inside[0] if isinstance(inside[0], str) else inside[0].astext() for term, inside in _names("nvidia")}
    assert found["Latin names"].split(", ") == ["NVDA", "NVIDIA", "Nvidia"]
    assert set(found["Traditional"].split("、")) == {"英偉達", "輝達"}
    assert set(found["Simplified"].split("、")) == {"英伟达", "辉达"}


def test_every_listed_entity_has_a_place_in_the_lists() -> None:
    text = (ROOT / "book" / "entities.md").read_text(encoding="utf-8")
    types = [kind for line in re.findall(r"^```\{entity-list\} (.+)$", text, re.MULTILINE) for kind in line.split()]
    assert len(types) == len(set(types))
    assert set(load_entities()["type"]) <= {*types}
    assert {entity(str(one)).type for one in entity_counts().query("listed").index} <= set(types)


def test_no_published_address_of_an_entity_disappears() -> None:
    """What cites an entity must find it: its row in the lists, and its page where it has one."""
    published = PUBLISHED.read_text(encoding="utf-8").split()
    assert published == sorted(published)
    listed = entity_counts().query("listed").index
    now = {f"book/entities.html#entity-{one}" for one in listed} | {f"book/entities/{one}.html" for one in MAIN}
    assert [address for address in published if address not in now] == []
    assert sorted(now - set(published)) == [], "add the new addresses to published_entities.txt"
