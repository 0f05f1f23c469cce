"""Measure `wattbook ingest`: speed, speed-up and peak memory, with plain ``jieba.cut`` over the same text beside it.

    python benchmarks/ingest.py [MB ...] [--write]

MB are the sizes of the generated corpora (1, 10 and 100 without them); every size is read with all cores, the second
(or only) one also with one process and by jieba.  A run is a fresh process, its start and its dictionaries included.
Memory is the resident memory of all its processes together, read twenty times a second; pages that two processes
share count twice.  ``--write`` puts the figures into benchmarks/results/ingest.csv, which the methods page draws.
"""

import argparse
import csv
import os
import platform
import resource
import sys
import tempfile
import time
from pathlib import Path

import psutil

from wattbook.samples import write_corpus

RESULTS = Path(__file__).resolve().parent / "results" / "ingest.csv"
INGEST = "from wattbook.cli import main; main()"
PEER = """
import sys
from pathlib import Path
import jieba
from wattbook.corpus import stream_corpus
jieba.setLogLevel(60)
for article in stream_corpus(Path(sys.argv[1])):
    for word in jieba.cut(article.prose):
        pass
"""
MEGA = 1e6


def resident(process: psutil.Process) -> int:
    """Add up the resident memory of a process and its children, in bytes."""
    total = 0
    try:
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for one in family:
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def run(name: str, corpus: Path, workers: int, *command: str) -> dict[str, object]:
    """Run a Python command on a corpus and tell its time, processor time and peak memory."""
    size = sum(path.stat().st_size for path in corpus.iterdir()) / MEGA
    load = os.getloadavg()[0]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = psutil.Popen([sys.executable, "-c", *command])
    peak = 0
    while process.poll() is None:
        peak = max(peak, resident(process))
        time.sleep(0.05)
    seconds = time.perf_counter() - started
    if process.returncode:
        sys.exit(f"{name} failed")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {
        "run": name,
        "workers": workers,
        "corpus_mb": round(size),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(busy, 1),
        "mb_per_second": round(size / seconds, 3),
        "mb_per_cpu_second": round(size / busy, 3),
        "peak_memory_mb": round(peak / MEGA),
        "load_before": round(load, 1),
        "date": time.strftime("%Y-%m-%d"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("megabytes", metavar="MB", nargs="*", type=int, default=[1, 10, 100])
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/ingest.csv")
    arguments = parser.parse_args()
    cores = os.cpu_count() or 1
    rows = []
    for number, megabytes in enumerate(arguments.megabytes):
        with tempfile.TemporaryDirectory() as folder:
            corpus, out = Path(folder, "corpus"), Path(folder, "out")
            corpus.mkdir()
            write_corpus(corpus, int(megabytes * MEGA))
            ingest = (INGEST, "ingest", str(corpus), "--out", str(out), "--workers")
            runs = [("wattbook ingest", cores, (*ingest, str(cores)))]
            if number == min(1, len(arguments.megabytes) - 1):
                runs += [("wattbook ingest", 1, (*ingest, "1")), ("jieba.cut", 1, (PEER, str(corpus)))]
            for name, workers, command in runs:
                rows.append(run(name, corpus, workers, *command))
                print(*(f"{key}={value}" for key, value in rows[-1].items()), flush=True)
    if arguments.write:
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


if __name__ == "__main__":
    main()
