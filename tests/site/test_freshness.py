"""What makes notebooks run again, and what makes pages be written again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from wattbook.paths import ROOT
from wattbook.site import freshness

FILES = {
    "src/wattbook/models/power.py": "a",
    "src/wattbook/site/page.py": "b",
    "src/wattbook/site/evidence.py": "b",
    "benchmarks/results/ingest.csv": "f",
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
    site = tmp_path / "src" / "wattbook" / "site"
    monkeypatch.setattr(freshness, "_SITE", site)
    monkeypatch.setattr(freshness, "_USED_IN_PAGES", site / "evidence.py")
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
    runs = name.endswith(("power.py", "evidence.py", ".csv", "requirements.lock"))
    assert changes(project, name, freshness.execution_fingerprint) is runs


def test_a_file_that_is_renamed_or_gone_counts(project: Path) -> None:
    before = freshness.execution_fingerprint()
    (project / "data/claims.csv").rename(project / "data/other.csv")
    assert freshness.execution_fingerprint() != before


def test_code_in_pages_uses_one_module_of_the_site() -> None:
    """Else a change in another one would have to run the pages again."""
    package = [path for path in (ROOT / "src" / "wattbook").rglob("*.py") if "site" not in path.parts]
    pages = [*(ROOT / "notebooks").glob("*.ipynb"), *(ROOT / "book").glob("*.md")]
    assert len(package) > 20 and len(pages) >= 20
    used = re.compile(r"^[\s\"]*(?:from|import) wattbook\.site\.?(\w*)", re.MULTILINE)

    def imported(path: Path) -> set[str]:
        return set(used.findall(path.read_text(encoding="utf-8")))

    assert set().union(*map(imported, package)) == set()
    assert set().union(*map(imported, pages)) <= {"evidence"}
    assert imported(ROOT / "src" / "wattbook" / "site" / "evidence.py") == set()
