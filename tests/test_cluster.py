"""Ingest on a Dask cluster: a real scheduler and two real workers, one of them killed half way."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from pyarrow import parquet

from wattbook import cluster
from wattbook import ingest as ingesting
from wattbook.cli import main
from wattbook.corpus import stream_corpus
from wattbook.errors import InputError
from wattbook.features import COLUMNS, FLOATS, INTEGERS
from wattbook.ingest import CSV, PARQUET, ingest
from wattbook.paths import ROOT
from wattbook.samples import sample_path, write_corpus

distributed = pytest.importorskip("distributed")


class Cluster(NamedTuple):
    address: str
    workers: list[subprocess.Popen[bytes]]


def dask(*arguments: str, folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    settings = os.environ | {"PYTHONPATH": str(ROOT / "src")} | environment
    with (folder / f"{arguments[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
            cwd=folder,
            env=settings,
            stdout=log,
            stderr=log,
        )


def start_worker(address: str, folder: Path, **environment: str) -> subprocess.Popen[bytes]:
    options = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--local-directory", str(folder))
    return dask("worker", address, *options, folder=folder, **environment)


@pytest.fixture
def empty_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler without workers."""
    folder = tmp_path_factory.mktemp("scheduler")
    known = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(known))
    process = dask("scheduler", *options, folder=folder)
    deadline = time.monotonic() + 60
    while not known.exists() or not known.read_text("utf-8"):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    yield json.loads(known.read_text("utf-8"))["address"]
    process.kill()
    process.wait()


@pytest.fixture
def two_workers(empty_cluster: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = [start_worker(empty_cluster, tmp_path_factory.mktemp("worker")) for _ in range(2)]
    with distributed.Client(empty_cluster, timeout=30, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield Cluster(empty_cluster, started)
    for process in started:
        process.kill()
        process.wait()


def test_a_killed_worker_loses_nothing(two_workers: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are those of the CSV files, in parts whose names do not depend on who did the work."""
    corpus, here, there = (tmp_path / name for name in ("corpus", "here", "there"))
    corpus.mkdir()
    write_corpus(corpus, 120_000)
    count = sum(1 for _ in stream_corpus(corpus))
    monkeypatch.setattr(ingesting, "PARQUET", PARQUET._replace(batch=2_000))
    done = 0

    def kill_half_way(articles: int) -> None:
        nonlocal done
        before, done = done, done + articles
        if before < count / 2 <= done:
            os.kill(two_workers.workers[0].pid, signal.SIGKILL)

    ingest(corpus, there, scheduler=two_workers.address, advance=kill_half_way)
    assert two_workers.workers[0].wait(timeout=10) == -signal.SIGKILL
    assert two_workers.workers[1].poll() is None
    assert done == count
    ingest(corpus, here, workers=1)

    parts = {name: sorted(path.name for path in (there / name).iterdir()) for name in COLUMNS}
    assert {path.name for path in there.iterdir()} == set(COLUMNS)
    assert len(parts["articles"]) > 10
    for name, columns in COLUMNS.items():
        assert parts[name] == [f"part-{number:05d}.parquet" for number in range(len(parts[name]))]
        table = parquet.read_table(there / name)
        kinds = {"int64": INTEGERS, "double": FLOATS}
        for field in table.schema:
            assert field.name in kinds.get(str(field.type), COLUMNS[name])
            assert (str(field.type) == "string") == (field.name not in INTEGERS | FLOATS)
        rows = [tuple(row[column] for column in columns) for row in table.to_pylist()]
        expected = (here / f"{name}.csv").read_bytes().split(b"\n", 1)[1]
        assert CSV.encode(name, rows) == expected, name


def test_a_cluster_without_workers_or_with_another_lexicon_is_refused(
    empty_cluster: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    with pytest.raises(InputError, match="no worker"):
        ingest(sample_path().parent, tmp_path / "out", scheduler=empty_cluster)
    other = tmp_path / "other"
    (other / "lexicon").mkdir(parents=True)
    (other / "lexicon" / "dictionary.csv").write_text("term\n", encoding="utf-8")
    worker = start_worker(empty_cluster, tmp_path, WATTBOOK_DATA=str(other))
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 60)
    with pytest.raises(InputError, match="other word lists"):
        ingest(sample_path().parent, tmp_path / "out", scheduler=empty_cluster)
    worker.kill()
    worker.wait()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense", "carrier-pigeon://host:1", ""])
def test_a_wrong_address_is_one_line(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    out = tmp_path / "out"
    started = time.monotonic()
    result = CliRunner().invoke(main, ["ingest", str(sample_path().parent), "--out", str(out), "--scheduler", address])
    assert time.monotonic() - started < 15
    assert result.exit_code == 2
    assert result.stdout == ""
    assert (
        result.stderr
        == f"wattbook: {address or '--scheduler'}: no Dask scheduler answers there "
        + result.stderr[result.stderr.rindex("(") :]
    )
    assert result.stderr.count("\n") == 1
    assert not out.exists()
