"""Article files to the tables of `features.COLUMNS`: as a stream, on all cores or on a Dask cluster, all or nothing.

Articles go out in batches and their rows come back as the bytes that are to be written, a few batches under way at a
time.  What is in memory is bounded by the batches under way and by the longest article; the one table that needs the
whole corpus, the word pairs, is kept on disk until the end.
"""

import csv
import io
import os
import signal
import sqlite3
import tempfile
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from wattbook.cluster import connected
from wattbook.corpus import Article, stream_corpus
from wattbook.errors import InputError
from wattbook.features import COLUMNS, FLOATS, INTEGERS, extract
from wattbook.segment import Engine

PAIR_SEEN = 2

# Rows of the word pairs that are written at a time.
_PAIR_ROWS = 50_000

Rows: TypeAlias = Sequence[tuple[Any, ...]]
Submit: TypeAlias = Callable[..., Any]


class Format(NamedTuple):
    """How tables are written: ``encode`` runs where the articles are worked on, ``store`` where the tables go.

    ``batch`` is the number of characters that are worked on together; ``suffix`` makes a table's name that of its file
    or folder.
    """

    suffix: str
    batch: int
    encode: Callable[[str, Rows], bytes]
    store: Callable[[Path, int, bytes], None]


class Part(NamedTuple):
    """What a batch of articles adds: encoded rows by table, and word pairs with their counts and articles."""

    articles: int
    tables: dict[str, bytes]
    pairs: list[tuple[str, str, int, int]]


def _csv_bytes(table: str, rows: Rows) -> bytes:
    """Write rows as CSV without a header."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    has_floats = not FLOATS.isdisjoint(COLUMNS[table])
    writer.writerows([[_plain(value) for value in row] for row in rows] if has_floats else rows)
    return out.getvalue().encode()


def _plain(value: Any) -> Any:
    """Write a float that is whole without its point, and a missing one as nothing."""
    if isinstance(value, float):
        if value != value:
            return ""
        return int(value) if value.is_integer() else repr(value)
    return value


def _append(path: Path, number: int, data: bytes) -> None:
    with path.open("ab") as file:
        if number == 0:
            file.write(_header(path.stem))
        file.write(data)


def _header(table: str) -> bytes:
    return (",".join(COLUMNS[table]) + "\n").encode()


def _parquet_bytes(table: str, rows: Rows) -> bytes:
    """Write rows as a Parquet file; a missing number is null."""
    import pyarrow as pa
    from pyarrow import parquet

    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS[table])
    types = [pa.int64() if c in INTEGERS else pa.float64() if c in FLOATS else pa.string() for c in COLUMNS[table]]
    arrays = [pa.array(values, kind, from_pandas=True) for values, kind in zip(columns, types, strict=True)]
    out = pa.BufferOutputStream()
    parquet.write_table(pa.table(arrays, names=list(COLUMNS[table])), out)
    return bytes(out.getvalue())


def _add_part(path: Path, number: int, data: bytes) -> None:
    path.mkdir(exist_ok=True)
    (path / f"part-{number:05d}.parquet").write_bytes(data)


CSV = Format(".csv", 20_000, _csv_bytes, _append)
PARQUET = Format("", 400_000, _parquet_bytes, _add_part)


def derive(articles: list[Article], engine: Engine, encode: Callable[[str, Rows], bytes]) -> Part:
    """Derive the features of a batch of articles and encode them."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS if name != "collocations"}
    counts: Counter[tuple[str, str]] = Counter()
    seen_in: Counter[tuple[str, str]] = Counter()
    for one in (extract(article, engine) for article in articles):
        for name, table in rows.items():
            table += [one.article] if name == "articles" else getattr(one, name)
        counts.update(one.pairs)
        seen_in.update(one.pairs.keys())
    pairs = [(*pair, count, seen_in[pair]) for pair, count in sorted(counts.items())]
    return Part(len(articles), {name: encode(name, table) for name, table in rows.items()}, pairs)


def batches(articles: Iterable[Article], characters: int) -> Iterator[list[Article]]:
    """Group articles, in order, into batches of at least so many characters; the last may be smaller."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.body)
        if size >= characters:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def in_order(submit: Submit, work: Iterable[tuple[Any, ...]], ahead: int) -> Iterator[Any]:
    """Submit pieces of work and give their results in the same order, never more than ``ahead`` under way."""
    under_way: deque[Any] = deque()
    for arguments in work:
        if len(under_way) == ahead:
            yield under_way.popleft().result()
        under_way.append(submit(*arguments))
    while under_way:
        yield under_way.popleft().result()


class WordPairs:
    """Word pairs with their counts, in a scratch file: however many pairs there are, little of it is in memory."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file)
        self._db.executescript(
            "PRAGMA journal_mode = off; PRAGMA cache_size = -32768;"
            "CREATE TABLE pairs (first TEXT, second TEXT, count INTEGER, articles INTEGER, PRIMARY KEY (first, second))"
            "WITHOUT ROWID"
        )

    def add(self, pairs: Rows) -> None:
        """Add counts; a pair that is there already has them added up."""
        self._db.executemany(
            "INSERT INTO pairs VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " count = count + excluded.count, articles = articles + excluded.articles",
            pairs,
        )

    def seen(self, times: int) -> Iterator[list[tuple[str, str, int, int]]]:
        """Give the pairs seen at least so many times by code point, in lists of bounded length: at least one list."""
        found = self._db.execute("SELECT * FROM pairs WHERE count >= ? ORDER BY first, second", (times,))
        yield found.fetchmany(_PAIR_ROWS)
        while rows := found.fetchmany(_PAIR_ROWS):
            yield rows

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _at_once(work: Callable[..., Any], *arguments: Any) -> Future[Any]:
    done: Future[Any] = Future()
    done.set_result(work(*arguments))
    return done


@contextmanager
def _processes(workers: int | None) -> Iterator[tuple[Submit, int]]:
    """Give a way to submit work to processes, and their number: one per core where it is not given."""
    count = workers or os.cpu_count() or 1
    if count == 1:
        yield _at_once, 1
        return
    pool = ProcessPoolExecutor(count, initializer=_leave_interrupts_to_the_parent)
    try:
        yield pool.submit, count
    except BrokenProcessPool:
        raise InputError("--workers", "a process was ended from outside, perhaps for lack of memory") from None
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _all_or_nothing(out: Path, suffix: str) -> Iterator[Path]:
    """Give a folder aside; what is in it takes its place in ``out`` when all went well, else nothing is left of it."""
    targets = {name: out / f"{name}{suffix}" for name in COLUMNS}
    there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
    if not there.is_dir():
        raise InputError(str(there), "exists and is no folder")
    for target in targets.values():
        if target.exists() and not _is_replaceable(target, suffix):
            raise InputError(str(target), "exists and was not written by `wattbook ingest`")
    try:
        with tempfile.TemporaryDirectory(prefix=".ingest-", dir=there) as aside:
            fresh, old = Path(aside, "fresh"), Path(aside, "old")
            fresh.mkdir()
            old.mkdir()
            yield fresh
            out.mkdir(parents=True, exist_ok=True)
            for target in targets.values():
                if target.is_dir():
                    target.rename(old / target.name)
                (fresh / target.name).replace(target)
    except OSError as error:
        raise InputError(str(out), error.strerror or "cannot be written") from None
    except sqlite3.Error as error:  # the scratch file of the word pairs, in the same place
        raise InputError(str(out), f"the scratch file beside it cannot be written: {error}") from None


def _is_replaceable(target: Path, suffix: str) -> bool:
    if suffix:
        return target.is_file()
    return target.is_dir() and all(path.match("part-*.parquet") for path in target.iterdir())


def ingest(
    folder: Path,
    out: Path,
    *,
    engine: Engine = "auto",
    workers: int | None = None,
    scheduler: str | None = None,
    advance: Callable[[int], object] = lambda articles: None,
) -> int:
    """Derive the features of the articles in ``folder`` and write them to ``out``; give the number of articles.

    Without ``scheduler`` the work is done by ``workers`` processes (one per core without a number) and each table is
    a CSV file.  With it, the Dask cluster at that address does the work and each table is a folder of Parquet files
    with the same rows; the articles are read and the tables written here, so the cluster needs neither folder.
    ``advance`` is called with the number of articles that were added.  Raises InputError for a file that cannot be
    used, a cluster that cannot be reached or is lost, a process that was killed and a place that cannot be written;
    ``out`` is then as it was.
    """
    form = CSV if scheduler is None else PARQUET
    done = 0
    with (
        _all_or_nothing(out, form.suffix) as fresh,
        closing(WordPairs(fresh / "pairs")) as pairs,
        _processes(workers) if scheduler is None else connected(scheduler) as (submit, cores),
    ):

        def store(table: str, number: int, data: bytes) -> None:
            form.store(fresh / f"{table}{form.suffix}", number, data)

        work = ((derive, batch, engine, form.encode) for batch in batches(stream_corpus(folder), form.batch))
        for number, part in enumerate(in_order(submit, work, ahead=2 * cores)):
            for table, data in part.tables.items():
                store(table, number, data)
            pairs.add(part.pairs)
            done += part.articles
            advance(part.articles)
        for number, rows in enumerate(pairs.seen(PAIR_SEEN)):
            store("collocations", number, form.encode("collocations", rows))
    return done
