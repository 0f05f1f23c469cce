"""Ingest as a whole: the same tables however the work is cut up, and all of them or none."""

import os
import signal
import subprocess
import sys
import time
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wattbook import ingest as ingesting
from wattbook.corpus import Article, read_corpus, stream_corpus
from wattbook.errors import InputError
from wattbook.features import COLUMNS, extract
from wattbook.ingest import CSV, PARQUET, Part, WordPairs, batches, in_order, ingest
from wattbook.paths import DATA, corpus_dir
from wattbook.samples import sample_path, write_corpus

COMMAND = [sys.executable, "-c", "from wattbook.cli import main; main()", "ingest"]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_memory(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The tables by the plain way: all articles in memory, one after the other."""
    derived = [extract(article) for article in read_corpus(folder)]
    rows = {
        name: [row for one in derived for row in getattr(one, name)]
        for name in COLUMNS.keys() - {"articles"} - {"collocations"}
    }
    rows["articles"] = [one.article for one in derived]
    pairs = sum((one.pairs for one in derived), Counter())
    spread = Counter(pair for one in derived for pair in one.pairs)
    rows["collocations"] = sorted((*pair, count, spread[pair]) for pair, count in pairs.items() if count >= 2)
    return rows


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated")
    write_corpus(folder, 80_000)
    return folder


@pytest.mark.parametrize(("engine", "workers"), [("rjieba", 1), ("jieba", 2)])
def test_streamed_tables_are_those_made_in_memory(
    generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, engine: Any, workers: int
) -> None:
    monkeypatch.setattr(ingesting, "CSV", CSV._replace(batch=1_000 * workers))
    monkeypatch.setattr(ingesting, "_PAIR_ROWS", 100)
    steps: list[int] = []
    count = ingest(generated, tmp_path, engine=engine, workers=workers, advance=steps.append)
    assert len(steps) > 10
    assert sum(steps) == count == sum(1 for _ in stream_corpus(generated))
    for name, rows in in_memory(generated).items():
        expected = (",".join(COLUMNS[name]) + "\n").encode() + CSV.encode(name, rows)
        assert (tmp_path / f"{name}.csv").read_bytes() == expected, name
        assert rows or name.startswith("damage"), name


def test_numbers_in_csv_are_short_and_missing_ones_empty() -> None:
    rows = [
        ("a-01", 0, 2, '三"個', 3.0, float("nan"), "item", "exact", ""),
        ("a-01", 5, 8, "x,y", 1e21, 0.1, "W", "", ""),
    ]
    assert CSV.encode("quantities", rows).decode() == (
        'a-01,0,2,"三""個",3,,item,exact,\na-01,5,8,"x,y",1000000000000000000000,0.1,W,,\n'
    )


@pytest.mark.corpus
@pytest.mark.parametrize(("engine", "workers"), [("jieba", 1), ("rjieba", 3)])
def test_the_committed_features_are_those_of_the_articles(corpus, tmp_path: Path, engine: Any, workers: int) -> None:
    folder = corpus_dir()
    assert folder
    ingest(folder, tmp_path, engine=engine, workers=workers)
    assert everything(tmp_path) == everything(DATA / "features")


@given(st.lists(st.integers(1, 30)), st.integers(1, 40))
def test_batches_keep_order_and_size(lengths: list[int], characters: int) -> None:
    class One:
        def __init__(self, length: int) -> None:
            self.body = "電" * length

    articles: Any = [One(length) for length in lengths]
    made = list(batches(articles, characters))
    assert [one for batch in made for one in batch] == articles
    assert all(batch for batch in made)
    sizes = [sum(len(one.body) for one in batch) for batch in made]
    assert all(size >= characters for size in sizes[:-1])
    # Without its last article a batch would have been too small.
    assert all(sum(len(one.body) for one in batch[:-1]) < characters for batch in made)


@given(st.integers(0, 12), st.integers(1, 4))
def test_work_comes_back_in_order_and_is_bounded(pieces: int, ahead: int) -> None:
    under_way: set[int] = set()

    class Result:
        def __init__(self, number: int) -> None:
            self.number = number
            under_way.add(number)
            assert len(under_way) <= ahead

        def result(self) -> int:
            under_way.remove(self.number)
            return self.number

    assert list(in_order(Result, ((n,) for n in range(pieces)), ahead)) == list(range(pieces))


PAIRS = st.dictionaries(st.tuples(st.text("電網𠮷a\uffee", max_size=2), st.text("電網")), st.integers(1, 3), max_size=8)


@settings(max_examples=40)
@given(st.lists(PAIRS, max_size=6), st.integers(1, 4))
def test_word_pairs_add_up_in_the_order_of_code_points(
    tmp_path_factory: pytest.TempPathFactory, parts: list[dict[tuple[str, str], int]], times: int
) -> None:
    pairs = WordPairs(tmp_path_factory.mktemp("pairs") / "pairs")
    for part in parts:
        pairs.add([(*pair, count, 1) for pair, count in part.items()])
    total = sum((Counter(part) for part in parts), Counter())
    spread = Counter(pair for part in parts for pair in part)
    found = [row for rows in pairs.seen(times) for row in rows]
    pairs.close()
    assert found == sorted((*pair, count, spread[pair]) for pair, count in total.items() if count >= times)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """A folder with the tables of an earlier run and something else."""
    out = tmp_path / "out"
    ingest(sample_path().parent, out, workers=1)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    return out


def test_a_faulty_second_file_leaves_the_old_tables(
    generated: Path, earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault is met when most of the work is done."""
    monkeypatch.setattr(ingesting, "CSV", CSV._replace(batch=1_000))
    before = everything(earlier)
    for path in generated.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes() + ("只有標題\n".encode() if "001" in path.name else b""))
    steps: list[int] = []
    with pytest.raises(InputError, match=r"001_generated\.txt:\d+: a title without a body"):
        ingest(tmp_path, earlier, workers=2, advance=steps.append)
    assert steps
    assert everything(earlier) == before


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failure_in_the_work_leaves_nothing(
    generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    def fail(articles: int) -> None:
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        ingest(generated, tmp_path / "a" / "b", workers=workers, advance=fail)
    assert list(tmp_path.iterdir()) == []


def test_a_killed_process_is_said_in_one_line(generated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingesting, "CSV", CSV._replace(batch=1_000))

    def kill(articles: int) -> None:
        for child in psutil.Process().children():
            child.kill()

    with pytest.raises(InputError, match="lack of memory"):
        ingest(generated, tmp_path / "out", workers=2, advance=kill)
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way from the files to the tables, without the features: ten times the articles, the same peak."""

    def copy(articles: list[Article], engine: str, encode: object) -> Part:
        text = "".join(article.body for article in articles).encode()
        pairs = [(article.title, article.file, 1, 1) for article in articles]
        return Part(len(articles), dict.fromkeys(COLUMNS.keys() - {"collocations"}, text), pairs)

    monkeypatch.setattr(ingesting, "derive", copy)
    peaks = []
    for size in (1_000_000, 10_000_000):
        corpus = tmp_path / str(size)
        corpus.mkdir()
        write_corpus(corpus, size)
        tracemalloc.start()
        ingest(corpus, tmp_path / "out", workers=1)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] < 3_000_000, peaks


def test_a_run_replaces_its_tables_and_nothing_else(earlier: Path) -> None:
    names = {path.name for path in earlier.iterdir()}
    assert names == {f"{name}.csv" for name in COLUMNS} | {"notes.txt"}
    first = everything(earlier)
    (earlier / "damage.csv").write_text("old", encoding="utf-8")
    ingest(sample_path().parent, earlier, workers=1)
    assert everything(earlier) == first


def test_what_is_in_the_way_is_not_removed(tmp_path: Path) -> None:
    """A folder of the reader's own that is called as a table is."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "part-one.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="not written by"), ingesting._all_or_nothing(tmp_path, PARQUET.suffix):
        pass
    assert everything(tmp_path) == {"articles/part-one.txt": b"mine"}
    (tmp_path / "articles.csv").mkdir()
    with pytest.raises(InputError, match="not written by"):
        ingest(sample_path().parent, tmp_path, workers=1)


@pytest.mark.parametrize(("most", "said"), [(1_000, "scratch file"), (8_192, "File too large")])
def test_a_place_that_cannot_be_written_is_said_in_one_line(tmp_path: Path, most: int, said: str) -> None:
    """No file may grow beyond so many bytes, as on a full disk: the word pairs meet the limit first, or a table."""
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most})); {COMMAND[2]}"
    command = [sys.executable, "-B", "-c", limited, "ingest", str(sample_path().parent), "--out", str(tmp_path / "out")]
    done = subprocess.run([*command, "--workers", "1"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1), done.stderr
    assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM], ids=lambda stop: stop.name)
def test_an_interrupted_run_leaves_nothing(tmp_path: Path, stop: signal.Signals) -> None:
    """Ctrl+C reaches the whole process group; a request to stop the first process only."""
    corpus, out = tmp_path / "corpus", tmp_path / "new" / "out"
    corpus.mkdir()
    write_corpus(corpus, 3_000_000)
    started = subprocess.Popen(
        [*COMMAND, str(corpus), "--out", str(out), "--workers", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A run of the tests in the background of a shell has Ctrl+C ignored, and would hand that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not any(path.stat().st_size for path in tmp_path.glob(".ingest-*/fresh/token_counts.csv")):
        assert started.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    family = psutil.Process(started.pid).children(recursive=True)
    assert len(family) == 2
    if stop == signal.SIGINT:
        os.killpg(started.pid, stop)
    else:
        started.send_signal(stop)
    said, complained = started.communicate(timeout=60)
    assert started.returncode == 1
    assert said == ""
    assert complained.strip() == "Aborted!"
    assert psutil.wait_procs(family, timeout=10)[1] == []
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]
