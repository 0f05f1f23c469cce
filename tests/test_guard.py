"""No sentence of an article in the repository or in the built book."""

import subprocess
from pathlib import Path

import pytest
from guard import RUN, leaks, runs

from wattbook.corpus import Article
from wattbook.paths import ROOT

SENTENCE = "這是我們自己為了測試而寫下的一句很長的話它沒有任何標點符號也不屬於任何人"


def article(title: str, body: str) -> Article:
    return Article("t-01", title, None, body, "t.txt", 1, "題")


def test_runs_pass_over_marks_and_end_with_the_line() -> None:
    assert list(runs("電" * RUN + "3,網\n" + "力" * (RUN - 1))) == ["電" * RUN, "電" * (RUN - 1) + "網"]


@pytest.mark.parametrize("around", ["{}", "<p>前文{}</p>", '{{"x": "{}"}}'])
def test_a_planted_sentence_is_found(tmp_path: Path, around: str) -> None:
    planted = tmp_path / "page.html"
    planted.write_text(around.format(SENTENCE[3 : 3 + RUN]), encoding="utf-8")
    assert leaks([article("題", SENTENCE)], [planted])


def test_less_than_a_run_and_titles_pass(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(SENTENCE[: RUN - 1], encoding="utf-8")
    assert not leaks([article("題", SENTENCE)], [page])
    page.write_text(SENTENCE, encoding="utf-8")
    assert not leaks([article(SENTENCE, SENTENCE)], [page])


@pytest.mark.corpus
def test_tracked_files_hold_no_sentence(corpus) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    assert len(files) > 50
    assert leaks(corpus, files) == []


@pytest.mark.corpus
@pytest.mark.book
def test_the_built_book_holds_no_sentence(corpus, book: Path) -> None:
    files = [path for path in book.rglob("*") if path.is_file()]
    assert len(files) > 50
    assert leaks(corpus, files) == []


@pytest.mark.corpus
def test_a_planted_sentence_of_the_articles_is_found(corpus, tmp_path: Path) -> None:
    planted = tmp_path / "notes.md"
    for one in corpus:
        run = next(run for run in runs(one.body))
        planted.write_text(f"- {run}\n", encoding="utf-8")
        assert leaks(corpus, [planted]), one.id
