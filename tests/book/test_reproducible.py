"""Two builds of one state, in two folders, are the same file by file."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wattbook.paths import ROOT

pytestmark = pytest.mark.book

SOURCES = (
    "src",
    "data",
    "book",
    "notebooks",
    "benchmarks/results",
    "_config.yml",
    "_toc.yml",
    "requirements.lock",
    "CITATION.cff",
    "CHANGELOG.md",
)


def test_two_builds_are_identical(book: Path, tmp_path: Path) -> None:
    from wattbook.site.build import source_date_epoch

    copy = tmp_path / "elsewhere"
    copy.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    environment = os.environ | {"PYTHONPATH": str(copy / "src"), "SOURCE_DATE_EPOCH": source_date_epoch()}
    command = [sys.executable, "-m", "wattbook.site.build"]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    again = copy / "_build" / "html"
    first, second = (
        {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (book, again)
    )
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
