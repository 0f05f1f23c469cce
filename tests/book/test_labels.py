"""Every heading has a stable ASCII label, so that every section can be cited."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from wattbook.cite import citables
from wattbook.paths import ROOT

_INCLUDE = re.compile(r"^```\{include\} (\S+)\n```$", re.MULTILINE)
_LABEL = re.compile(r"\((sec-[a-z0-9-]+)\)=")


def pages() -> list[Path]:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"]] + [chapter["file"] for part in toc["parts"] for chapter in part["chapters"]]
    return [next(p for ending in (".md", ".ipynb") if (p := ROOT / (name + ending)).exists()) for name in names]


def prose(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
        text = "\n\n".join(c["source"] if isinstance(c["source"], str) else "".join(c["source"]) for c in cells)
    text = _INCLUDE.sub(lambda found: (path.parent / found[1]).read_text(encoding="utf-8"), text)
    return re.sub(r"^(`{3,}|~{3,}).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_every_heading_has_a_label(page: Path) -> None:
    lines = [line for line in prose(page).splitlines() if line.strip()]
    headings = [i for i, line in enumerate(lines) if re.match(r"#{1,6} ", line)]
    assert headings
    for i in headings:
        assert i > 0 and _LABEL.fullmatch(lines[i - 1].strip()), lines[i]


def test_labels_are_unique() -> None:
    counted = Counter(label for page in pages() for label in _LABEL.findall(prose(page)))
    assert [label for label, times in counted.items() if times > 1] == []


PUBLISHED = ROOT / "tests/book/published_labels.txt"


def test_no_published_anchor_disappears() -> None:
    """An anchor of a section, figure, table, claim or check stays once it is out: what cites it must find it.

    A renamed heading keeps its old label as a second one.
    """
    published = PUBLISHED.read_text(encoding="utf-8").split()
    assert published == sorted(set(published))
    now = set(citables())
    assert [anchor for anchor in published if anchor not in now] == []
    assert sorted(now - set(published)) == [], "new: run python tests/book/test_labels.py"


def add_new_anchors() -> None:
    """Add to the list what can be cited now; nothing is ever taken from it."""
    kept = set(PUBLISHED.read_text(encoding="utf-8").split())
    PUBLISHED.write_text("\n".join(sorted(kept | set(citables()))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    add_new_anchors()
