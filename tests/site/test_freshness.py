"""What makes notebooks run again, and what makes pages be written again."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wattbook.paths import ROOT
from wattbook.site import freshness

FILES = {
    "src/wattbook/models/power.py": "a",
    "src/wattbook/site/page.py": "b",
    "data/claims.csv": "c",
    "book/_theme/layout.html": "d",
    "book/_templates/search.html": "e",
    **{name: name for name in ("requirements.lock", "_config.yml", "_toc.yml", "CITATION.cff", "CHANGELOG.md")},
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(freshness, "ROOT", tmp_path)
    monkeypatch.setattr(freshness, "DATA", tmp_path / "data")
    monkeypatch.setattr(freshness, "_SITE", tmp_path / "src" / "wattbook" / "site")
    return tmp_path


def changes(project: Path, name: str, digest: Callable[[], str]) -> bool:
    before = digest()
    (project / name).write_text("changed")
    return digest() != before


@pytest.mark.parametrize("name", FILES)
def test_every_file_changes_the_pages(project: Path, name: str) -> None:
    assert changes(project, name, freshness.fingerprint)


@pytest.mark.parametrize("name", FILES)
def test_package_data_and_environment_run_the_notebooks_again(project: Path, name: str) -> None:
    runs = name in ("src/wattbook/models/power.py", "data/claims.csv", "requirements.lock")
    assert changes(project, name, freshness.execution_fingerprint) is runs


def test_a_file_that_is_renamed_or_gone_counts(project: Path) -> None:
    before = freshness.execution_fingerprint()
    (project / "data/claims.csv").rename(project / "data/other.csv")
    assert freshness.execution_fingerprint() != before


def test_nothing_that_notebooks_use_depends_on_the_site() -> None:
    """Else a change there would have to run them again."""
    package = [path for path in (ROOT / "src" / "wattbook").rglob("*.py") if "site" not in path.parts]
    notebooks = list((ROOT / "notebooks").glob("*.ipynb"))
    assert len(package) > 20 and len(notebooks) >= 7
    assert [path.name for path in [*package, *notebooks] if "wattbook.site" in path.read_text(encoding="utf-8")] == []
