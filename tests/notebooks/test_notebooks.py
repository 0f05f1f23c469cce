"""Notebooks as they are committed: short cells, no outputs, the shape that the chapters share."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from wattbook.paths import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [
    "00_corpus",
    "01_grid_constraints",
    "02_capex_race",
    "03_h200_policy",
    "04_domestic_chip_share",
    "05_depreciation_debate",
    "06_synthesis",
]
# As ruff formats them: more, but shorter, lines than one would type.
LONGEST_CELL = 45


def load(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def code(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def figures(notebook: dict) -> list[dict]:
    return [c["metadata"]["mystnb"]["figure"] for c in code(notebook) if "figure" in c["metadata"].get("mystnb", {})]


def test_the_seven_notebooks_are_there() -> None:
    assert [path.stem for path in NOTEBOOKS] == NAMES


def test_cells_are_linted_and_formatted() -> None:
    for command in (["check"], ["format", "--check"]):
        ruff = [str(Path(sys.executable).with_name("ruff")), *command, *map(str, NOTEBOOKS)]
        done = subprocess.run(ruff, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_figure_names_are_unique() -> None:
    names = [figure["name"] for path in NOTEBOOKS for figure in figures(load(path))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_is_committed_without_outputs(self, path: Path) -> None:
        for cell in code(load(path)):
            assert cell["outputs"] == []
            assert cell["execution_count"] is None

    def test_defines_no_functions_of_its_own(self, path: Path) -> None:
        for cell in code(load(path)):
            made = [n for n in ast.walk(ast.parse(source(cell))) if isinstance(n, ast.FunctionDef | ast.ClassDef)]
            assert not made, source(cell)

    def test_cells_are_short(self, path: Path) -> None:
        for cell in code(load(path)):
            assert source(cell).count("\n") < LONGEST_CELL, source(cell)

    def test_has_one_parameters_cell(self, path: Path) -> None:
        tagged = [cell for cell in code(load(path)) if "parameters" in cell["metadata"].get("tags", [])]
        assert len(tagged) == 1
        assert "#" in source(tagged[0]), "the cell says what a change does"

    def test_has_eight_to_fourteen_charts_with_captions(self, path: Path) -> None:
        shown = figures(load(path))
        assert 8 <= len(shown) <= 14
        assert all(figure["caption"].strip() and figure["name"].startswith("fig-") for figure in shown)

    def test_every_figure_is_referred_to(self, path: Path) -> None:
        notebook = load(path)
        prose = "\n".join(source(c) for c in notebook["cells"] if c["cell_type"] == "markdown")
        for figure in figures(notebook):
            assert f"`{figure['name']}`" in prose, figure["name"]

    def test_opens_with_the_answer(self, path: Path) -> None:
        cells = load(path)["cells"]
        assert cells[0]["cell_type"] == "markdown"
        opening = "\n".join(source(cell) for cell in cells[:2])
        assert re.search(r"^# ", opening, re.MULTILINE)
        assert ":class: answer" in opening

    def test_ends_with_its_sources(self, path: Path) -> None:
        prose = "\n".join(source(c) for c in load(path)["cells"] if c["cell_type"] == "markdown")
        headings = re.findall(r"^## (.+)$", prose, re.MULTILINE)
        assert "sources" in headings[-1].lower()
        assert any("change the answer" in heading.lower() for heading in headings)
