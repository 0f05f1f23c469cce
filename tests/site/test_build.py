"""The build's frame: a failed build leaves the last good book, a good one takes its place."""

import subprocess
from pathlib import Path

import pytest

from wattbook.site import build as module
from wattbook.site.execute import ipython_folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "BUILD", tmp_path / "_build")
    good = tmp_path / "_build" / "html"
    good.mkdir(parents=True)
    (good / "index.html").write_text("old")
    return tmp_path


def pretend(monkeypatch: pytest.MonkeyPatch, project: Path, code: int) -> list[list[str]]:
    """Stand in for the tools that the build calls: they write a new book and end with ``code``."""
    called: list[list[str]] = []

    def run(command: list[str], **options: object) -> subprocess.CompletedProcess[str]:
        called.append(command)
        html = project / "_build" / "staging" / "_build" / "html"
        if any("jupyter-book" in part for part in command):
            html.mkdir(parents=True)
            (html / "index.html").write_text("new")
            (html / ".buildinfo").write_text("changes from build to build")
        return subprocess.CompletedProcess(command, code, stdout="1")

    monkeypatch.setattr(subprocess, "run", run)
    return called


def test_a_failed_build_leaves_the_last_good_book(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, project, 1)
    assert module.build() == 1
    assert (project / "_build" / "html" / "index.html").read_text() == "old"


def test_a_good_build_takes_its_place(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called = pretend(monkeypatch, project, 0)
    assert module.build() == 0
    assert (project / "_build" / "html" / "index.html").read_text() == "new"
    assert sorted(path.name for path in (project / "_build").iterdir()) == ["html", "staging"]
    assert not (project / "_build" / "html" / ".buildinfo").exists()
    assert {"-n", "-W", "--keep-going"} <= set(called[-1])


def test_kernels_of_the_build_read_no_file_of_the_readers(tmp_path: Path) -> None:
    folder = ipython_folder(tmp_path)
    assert [path.name for path in folder.rglob("*.py")] == ["00-build.py"]
